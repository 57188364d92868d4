/**
 * Reads a scenario from YAML or JSON. Anything that is wrong is one line that names the file, the line, and what was expected.
 *
 * Guarantees: bounded in time and memory for any text up to `textLengthMax`; keys of the text never become members of anything but maps made for them.
 */
import { isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { zodMessages, describeIssue, standing } from './zod-messages.ts';
import type { Scenario } from './scenario.ts';
import { scenarioShape } from './scenario-format.ts';
import { parseScenario } from './parse-scenario.ts';
import { type At, pathText, ScenarioError } from './scenario-error.ts';
import { misplacedIn, tooMuchIn } from './yaml-limits.ts';
import { yamlTrouble } from './yaml-words.ts';

/** Longest scenario, in UTF-16 code units. */
export const textLengthMax = 1_000_000;

/** `name` is what the file is called in messages. Throws a RangeError of one line: "trip.yaml:12: steps[3].offline: …". */
export function readScenario(text: string, name: string): Scenario {
  const fail = (line: number | null, message: string): never => {
    throw new RangeError(`${name}${line === null ? '' : `:${line}`}: ${oneLine(message)}`);
  };
  if (text.length > textLengthMax) fail(null, `it has ${text.length.toLocaleString('en')} characters; ${textLengthMax.toLocaleString('en')} is the most`);
  if (text.includes('\0')) fail(null, 'expected text in UTF-8, YAML or JSON; it has zero bytes, as UTF-16 and programs have');
  const much = tooMuchIn(text);
  if (much) fail(much.line, much.message);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, resolveKnownTags: false, version: '1.2' });
  const lineOf = (path: At): number | null => lineAt(document, lines, path);
  const [wrong] = [...document.errors, ...document.warnings];
  if (wrong) {
    const { at, message } = yamlTrouble(wrong, text, document, (place) => lines.linePos(place).line);
    fail(lines.linePos(at).line, `it is not YAML or JSON: ${message}`);
  }
  const misplaced = misplacedIn(document);
  if (misplaced) fail(lines.linePos(misplaced.at).line, misplaced.message);
  if (document.contents === null) fail(null, 'expected a scenario, which begins with "title: "; it is empty');
  const value = plainOf(document, fail);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(lineOf([]), `expected members such as "title: Trip", each on its line, not ${standing(value)}`);
  const parsed = scenarioShape.safeParse(value, zodMessages);
  if (!parsed.success) {
    const { path, message } = describeIssue(parsed.error.issues, value);
    return fail(lineOf(path), `${placeText(path)}${message}`);
  }
  try {
    return parseScenario(parsed.data, lineOf);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return fail(lineOf(error.path), `${placeText(error.path)}${error.message}`);
  }
}

function plainOf(document: Document, fail: (line: null, message: string) => never): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    // The only thing that goes wrong here: all else was looked at before.
    if (error instanceof ReferenceError) return fail(null, `expected values that are few enough to be read; what is named with "&" and used with "*" unfolds to too many`);
    throw error;
  }
}

/** "steps[3].offline: " */
function placeText(path: At): string {
  return path.length === 0 ? '' : `${pathText(path)}: `;
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

/** What a terminal takes as text and nothing else, on one line. */
function oneLine(message: string): string {
  return message.replaceAll(/\s+/g, ' ').replaceAll(/\p{C}/gu, '\ufffd').slice(0, 500);
}
