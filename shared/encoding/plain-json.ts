/**
 * JSON from strangers: values that nest no deeper than is allowed, without keys that change what an object is.
 *
 * Guarantees: work and memory in proportion to the text, no recursion beyond the allowed depth, a RangeError on anything else.
 */

import { errorText } from './error-text.ts';

/** Shorter texts cannot be nested so deep that parsing them hurts; they are looked through only afterwards. */
const scanFromLength = 10_000;

/** What was found in the place of JSON, in words that follow a "not". `line`: where, counted from 1; null where nobody can tell. */
export class NotJson extends RangeError {
  constructor(message: string, readonly line: number | null = null) {
    super(message);
  }
}

/** Parses a text whose values are nested at most `depthMax` deep. Throws a RangeError that says what is wrong, in words that follow a "not", quoting only a few letters. */
export function parsePlainJson(text: string, depthMax: number): unknown {
  if (text.length > scanFromLength) mustBeShallow(text, depthMax);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw notJson(text, errorText(error));
  }
  mustBePlain(value, depthMax);
  return value;
}

/** `message`: V8's, which says where the text stops being JSON if that is not at its beginning. */
function notJson(text: string, message: string): NotJson {
  if (text.trim() === '') return new NotJson('nothing');
  const at = placeIn(text, message);
  if (/end of JSON|Unterminated/.test(message) || at >= text.trimEnd().length) return new NotJson('JSON that is cut short');
  if (at === 0) return new NotJson(quotedStart(text));
  const before = text.slice(0, at).split('\n');
  return new NotJson(`JSON that goes wrong at character ${before.at(-1)!.length + 1}: ${quotedStart(text.slice(at))}`, before.length);
}

/** Where V8 says that the text stops being JSON: by a number, or by what stands ten places around it; 0 where it does not say. */
function placeIn(text: string, message: string): number {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  const [, sign, before, around = '', after] = /^Unexpected token '(.)', (\.{3})?"([^]*)"(\.{3})? is not valid JSON$/u.exec(message) ?? [];
  const at = before !== undefined ? text.indexOf(around) + 10 : after !== undefined ? around.length - 10 : 0;
  return text[at] === sign ? at : 0;
}

/** Longest part of a text that is quoted. */
const lettersMax = 30;

/** How a text begins. */
export function quotedStart(text: string): string {
  const line = text.slice(0, 1_000).trimStart().split(/[\r\n]/)[0]!.trimEnd();
  if (line === '') return 'a blank line';
  return line.length > lettersMax ? `“${line.slice(0, lettersMax)}…”` : `“${line}”`;
}

const [quote, backslash] = ['"'.charCodeAt(0), '\\'.charCodeAt(0)];
const [openers, closers] = [new Set([...'[{'].map((each) => each.charCodeAt(0))), new Set([...']}'].map((each) => each.charCodeAt(0)))];

/** Before parsing: a text of nothing but brackets would fill the memory. */
function mustBeShallow(text: string, depthMax: number): void {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === quote) i = endOfString(text, i);
    else if (openers.has(code) && ++depth > depthMax) throw tooDeep(depthMax);
    else if (closers.has(code)) depth--;
  }
}

/** Where the string that begins here ends. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes++;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}

function mustBePlain(value: unknown, depthLeft: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depthLeft === 0) throw tooDeep();
  if (Array.isArray(value)) {
    for (const part of value) if (typeof part === 'object') mustBePlain(part, depthLeft - 1);
    return;
  }
  if (Object.hasOwn(value, '__proto__')) throw new RangeError('an object with the key "__proto__"');
  for (const part of Object.values(value)) if (typeof part === 'object') mustBePlain(part, depthLeft - 1);
}

function tooDeep(depthMax?: number): RangeError {
  return new RangeError(`values that are nested deeper than ${depthMax === undefined ? 'any of ours' : `${depthMax} levels`}`);
}
