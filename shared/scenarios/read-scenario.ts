/**
 * Reads a scenario from YAML or JSON. Anything that is wrong is one line that names the file, the line, and what was expected.
 *
 * Guarantees: bounded in time and memory for any text up to `textLengthMax`; keys of the text never become members of anything but maps made for them.
 */
import { isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import type { Scenario } from './scenario.ts';
import { scenarioShape } from './scenario-format.ts';
import { scenarioOf } from './scenario-parts.ts';
import { type At, ScenarioTrouble } from './scenario-trouble.ts';

/** Longest scenario, in UTF-16 code units. */
export const textLengthMax = 4_000_000;
/** Deepest nesting. */
const depthMax = 40;

/** `name` is what the file is called in messages. Throws a RangeError of one line: "trip.yaml:12: steps[3].offline: …". */
export function readScenario(text: string, name: string): Scenario {
  const fail = (line: number | null, message: string): never => {
    throw new RangeError(`${name}${line === null ? '' : `:${line}`}: ${message.replaceAll(/\s+/g, ' ').slice(0, 500)}`);
  };
  if (text.length > textLengthMax) fail(null, `it has ${text.length.toLocaleString('en')} characters; ${textLengthMax.toLocaleString('en')} is the most`);
  if (text.includes('\0')) fail(null, 'it is not text: a scenario is YAML or JSON');
  const deep = tooDeep(text);
  if (deep !== null) fail(deep, `values are nested deeper than ${depthMax}`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, version: '1.2' });
  const lineOf = (path: At): number | null => lineAt(document, lines, path);
  const [wrong] = document.errors;
  if (wrong) fail(lines.linePos(wrong.pos[0]).line, `it is not YAML or JSON: ${wrong.message}`);
  const parsed = scenarioShape.safeParse(plainOf(document, fail));
  if (!parsed.success) {
    const { path, message } = plainest(parsed.error.issues);
    return fail(lineOf(path), `${pathText(path)}${message}`);
  }
  try {
    return scenarioOf(parsed.data);
  } catch (error) {
    if (!(error instanceof ScenarioTrouble)) throw error;
    return fail(lineOf(error.path), `${pathText(error.path)}${error.message}`);
  }
}

function plainOf(document: Document, fail: (line: null, message: string) => never): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return fail(null, error instanceof Error ? error.message : String(error));
  }
}

/** The issue to tell, and in words of ours. */
function plainest(issues: readonly z.core.$ZodIssue[]): { readonly path: At; readonly message: string } {
  const issue = issues[0]!;
  const path = issue.path as At;
  if (issue.code === 'unrecognized_keys') return { path: [...path, issue.keys[0]!], message: 'there is no such member here' };
  if (issue.code === 'invalid_key') return { path, message: issue.issues[0]?.message ?? 'this cannot be a name here' };
  return { path, message: issue.message.replace(/^Invalid input: /, '') };
}

/** "steps[3].offline: " */
function pathText(path: At): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part + 1}]` : `.${part}`)).join('').replace(/^\./, '');
  return text === '' ? '' : `${text}: `;
}

/** The line of what the path names, or of the nearest thing around it that is there. */
function lineAt(document: Document, lines: LineCounter, path: At): number | null {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : keyOrValue(document, path.slice(0, length));
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return null;
}

interface Ranged {
  readonly range?: readonly [number, number, number] | null | undefined;
}

/** The key, where the path ends in a member: a value may begin on a later line. */
function keyOrValue(document: Document, path: At): Ranged | null {
  const last = path.at(-1);
  const parent = path.length === 1 ? document.contents : (document.getIn(path.slice(0, -1), true) as unknown);
  const pairs = (parent as { items?: readonly unknown[] } | null)?.items;
  if (typeof last === 'string' && Array.isArray(pairs)) {
    const pair = (pairs as { key?: unknown }[]).find(({ key }) => isScalar(key) && String(key.value) === last);
    if (pair) return pair.key as Ranged;
  }
  return (document.getIn(path as unknown[], true) as Ranged | undefined) ?? null;
}

/** The line where brackets or indentation nest too deep for a reader that calls itself; null where they do not. */
function tooDeep(text: string): number | null {
  let depth = 0;
  let line = 1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10) {
      line++;
      if (indentation(text, at + 1) > 20 * depthMax) return line;
    } else if (code === 91 || code === 123) depth++;
    else if (code === 93 || code === 125) depth = Math.max(0, depth - 1);
    if (depth > depthMax) return line;
  }
  return null;
}

/** How far in a line begins, list dashes included. */
function indentation(text: string, start: number): number {
  let at = start;
  while (at < text.length && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 45 || text.charCodeAt(at) === 9)) at++;
  return at - start;
}
