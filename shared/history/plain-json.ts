/**
 * JSON from strangers: values that nest no deeper than is allowed, without keys that change what an object is.
 *
 * Guarantees: work and memory in proportion to the text, no recursion beyond the allowed depth, a RangeError on anything else.
 */

/** Shorter texts cannot be nested so deep that parsing them hurts; they are looked through only afterwards. */
const scanFromLength = 10_000;

/** Parses a text whose values are nested at most `depthMax` deep. Throws a RangeError that says what is wrong, never quoting more than a key. */
export function parsePlainJson(text: string, depthMax: number): unknown {
  if (text.length > scanFromLength) mustBeShallow(text, depthMax);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RangeError(text.trim() === '' ? 'nothing' : isCut(text, error) ? 'JSON that is cut short' : 'no JSON');
  }
  mustBePlain(value, depthMax);
  return value;
}

/** As V8 says it: it wanted more where the text ends. */
function isCut(text: string, error: unknown): boolean {
  const message = error instanceof Error ? error.message : '';
  return /end of JSON|Unterminated/.test(message) || Number(/at position (\d+)/.exec(message)?.[1] ?? 0) >= text.trimEnd().length;
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

/** A short text for any value. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'object' && value !== null ? (Array.isArray(value) ? 'a list' : 'an object') : JSON.stringify(value).slice(0, 40);
}
