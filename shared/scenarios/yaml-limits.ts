/**
 * Looks at a text before a YAML reader does: such readers call themselves for each level of nesting, compare every key of a map with every other, and make
 * an error object for each mistake, so that a small hostile text could take minutes, gigabytes or the whole stack.
 *
 * Guarantees: takes time in proportion to the text. Brackets within texts and comments do not count.
 */
import { isAlias, isCollection, isMap, isPair, isScalar, isSeq, Lexer, type Document, type Node, type Pair } from 'yaml';

/** Deepest nesting by brackets, or by dashes on one line. */
const depthMax = 40;
/** Furthest that a line begins to the right, list dashes included. */
const indentationMax = 20 * depthMax;
/** Most anchors (&a), aliases (*a) and tags (!a) of a text. */
const marksMax = 1_000;

/** Something that is refused. `line` counts from 1. */
export interface TooMuch {
  readonly line: number;
  readonly message: string;
}

const scalarFollows = '\u001f';
const deep = `values are nested deeper than ${depthMax}`;

/** Null where a reader may go on. */
export function tooMuchIn(text: string): TooMuch | null {
  let [line, depth, indicators, marks] = [1, 0, 0, 0];
  let isText = false;
  let last = '';
  for (const token of new Lexer().lex(text)) {
    const fail = (message: string): TooMuch => ({ line, message });
    if (isText || token === scalarFollows) {
      isText = !isText;
      indicators = 0;
    } else if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth = Math.max(0, depth - 1);
    else if (token === '-' || token === '?' || token === ':') indicators++;
    else if (token === ',' && last === ',') return fail('it is not YAML or JSON: expected a value before the comma, not a second comma');
    else if (/^[&*!]/.test(token)) marks++;
    if (depth > depthMax || indicators > depthMax) return fail(deep);
    if (marks > marksMax) return fail(`it has more than ${marksMax.toLocaleString('en')} anchors, aliases and tags`);
    if (token.trim() !== '') last = token;
    if (!token.includes('\n')) {
      if (token.length > indentationMax && token.trim() === '') return fail(deep);
      continue;
    }
    indicators = 0;
    for (const character of token) if (character === '\n') line++;
  }
  return null;
}

/** A place in the text and what is wrong there. `at` counts UTF-16 code units. */
export interface Misplaced {
  readonly at: number;
  readonly message: string;
}

const halfPair = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** What no scenario has: a key twice, half a character, a key that is no text, one that changes what objects are, or an alias of nothing. Null where there is none. */
export function misplacedIn(document: Document): Misplaced | null {
  const anchors = new Set<string>();
  const left: unknown[] = [document.contents];
  while (left.length > 0) {
    const node = left.pop();
    if (isAlias(node) && !anchors.has(node.source)) return { at: startOf(node), message: `expected "&${node.source}" before "*${node.source}"; there is none` };
    if (isPair(node)) left.push(node.value);
    if (isScalar(node) && typeof node.value === 'string' && halfPair.test(node.value)) return { at: startOf(node), message: 'a text has half a character (a surrogate without its other one)' };
    if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined) anchors.add(node.anchor);
    const wrong = isMap(node) ? wrongKey(node.items) : null;
    if (wrong) return wrong;
    // In the order of the text: an alias comes after what it names.
    if (isMap(node) || isSeq(node)) for (let i = node.items.length - 1; i >= 0; i--) left.push(node.items[i]);
  }
  return null;
}

function wrongKey(pairs: readonly Pair[]): Misplaced | null {
  const known = new Set<string>();
  for (const { key } of pairs) {
    if (!isScalar(key)) return { at: startOf(key as Node | null), message: `expected a text as a name, not ${isMap(key) ? 'members and values' : isSeq(key) ? 'a list' : 'what "*" stands for'}` };
    const name = String(key.value);
    if (name === '__proto__') return { at: startOf(key), message: '"__proto__" cannot be a name here' };
    if (known.has(name)) return { at: startOf(key), message: `expected each name once; "${name.slice(0, 60)}" is there twice` };
    known.add(name);
  }
  return null;
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}
