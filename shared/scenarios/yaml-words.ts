/**
 * What is wrong with a text that is no YAML, in a person's words: what was expected, and what stands there.
 *
 * Guarantees: the library's own words, which name its calls and tokens, are never shown; each of its errors has words here.
 */
import { type Document, isCollection, isScalar, visit, type YAMLError } from 'yaml';
import { quotedStart } from '../encoding/plain-json.ts';

/** A place in the text, in UTF-16 code units, and what is wrong there. */
export interface YamlTrouble {
  readonly at: number;
  readonly message: string;
}

interface Words {
  /** Of errors with one code: what the library says of this one. */
  readonly when?: RegExp;
  /** What was expected. */
  readonly expected: string;
}

const brackets = 'a comma, or the end of the brackets';
const noTag = 'a value without a tag (what begins with "!" is one)';
const besideThem = 'a line that begins below those it belongs to';

/** The first that fits is taken; the last one of a code always does. */
const words: Readonly<Record<YAMLError['code'], readonly Words[]>> = {
  ALIAS_PROPS: [{ expected: 'a value after "&" or "!", which cannot be one that begins with "*"' }],
  BAD_ALIAS: [{ when: /ambiguous/, expected: 'a space before the ":" that follows a name with "&" or "*"' }, { expected: 'a name after "&" or "*"' }],
  BAD_COLLECTION_TYPE: [{ expected: noTag }],
  BAD_DIRECTIVE: [{ expected: 'the first member, as no line of a scenario begins with "%"' }],
  BAD_DQ_ESCAPE: [{ expected: String.raw`\\, \", \n, \t or \u and four digits after a backslash, which is like any other letter in single quotes` }],
  BAD_INDENT: [{ when: /Block scalar/, expected: 'the lines of a text after "|" or ">" further to the right' }, { expected: besideThem }],
  BAD_PROP_ORDER: [{ expected: '"- " or ": " before what begins with "&" or "!"' }],
  BAD_SCALAR_START: [{ expected: 'quotes around a text that begins with a sign such as @, ` or %' }],
  BLOCK_AS_IMPLICIT_KEY: [{ when: /sequence/, expected: 'a name before ":"' }, { expected: 'one ": " after a name; a text with ": " in it needs quotes' }],
  BLOCK_IN_FLOW: [{ expected: brackets }],
  DUPLICATE_KEY: [{ expected: 'each name once' }],
  IMPOSSIBLE: [{ expected: besideThem }],
  KEY_OVER_1024_CHARS: [{ expected: 'a name of at most 1,024 characters before ":"' }],
  MISSING_CHAR: [
    { when: /Comments/, expected: 'a space before "#"' },
    { when: /Tags and anchors|sequence props/, expected: 'a space or a new line after what begins with "&" or "!"' },
    { when: /Missing , between/, expected: 'a comma' },
    { when: /Missing , or :/, expected: 'a comma or ":"' },
    { when: /Missing space/, expected: 'a space after ":"' },
    { when: /marker/, expected: 'nothing beside "---" on its line' },
    { when: /directives/, expected: '"---" after a line that begins with "%", which no scenario needs' },
    { when: /map keys/, expected: '": " after a name' },
    { when: /indicator$/, expected: '"- " before an item' },
    { expected: besideThem },
  ],
  MULTILINE_IMPLICIT_KEY: [{ expected: 'a name and ": " on one line' }],
  MULTIPLE_ANCHORS: [{ expected: 'one name with "&" for a value' }],
  MULTIPLE_DOCS: [{ expected: 'one scenario and then the end of the file' }],
  MULTIPLE_TAGS: [{ expected: noTag }],
  NON_STRING_KEY: [{ expected: 'a text as a name' }],
  RESOURCE_EXHAUSTION: [{ expected: 'values that are not nested so deep' }],
  TAB_AS_INDENT: [{ expected: 'spaces at the beginning of a line, which has a tab' }],
  TAG_RESOLVE_FAILED: [{ expected: noTag }],
  UNEXPECTED_TOKEN: [
    { when: /header/, expected: 'a new line after "|" or ">"' },
    { when: /^Unexpected (,|empty)/, expected: 'a value before the comma' },
    { when: /same line with key/, expected: '"- " on a line of its own, below the name' },
    { expected: 'the end of the value before it' },
  ],
};

/** `text`: what `document` was read from. `lineOf`: the line of a place in it. */
export function yamlTrouble({ code, message, pos: [at] }: Pick<YAMLError, 'code' | 'message' | 'pos'>, text: string, document: Document, lineOf: (at: number) => number): YamlTrouble {
  const open = /closing|end with a/.test(message) ? openAt(document, at) : null;
  if (open !== null) {
    const sign = text[open]!;
    const end = { '[': ']', '{': '}' }[sign] ?? sign;
    const next = beginningFrom(text, at);
    const line = next < text.length && lineOf(next) !== lineOf(open) ? ` on line ${lineOf(next)}` : '';
    return { at: open, message: `expected ${end} as the end of what begins with ${sign} here, not ${standingAt(text, next)}${line}` };
  }
  if (code === 'BAD_DIRECTIVE') return troubleAt(text.lastIndexOf('\n', at - 1) + 1, words[code], message, text);
  const lineEnd = text.indexOf('\n', at);
  // The second ":" stands on a later line, which begins too far to the right.
  const isBelow = code === 'BLOCK_AS_IMPLICIT_KEY' && lineEnd >= 0 && !/:\s/.test(text.slice(at, lineEnd));
  return isBelow ? troubleAt(beginningFrom(text, lineEnd), words.IMPOSSIBLE, message, text) : troubleAt(at, words[code], message, text);
}

function troubleAt(at: number, cases: readonly Words[], message: string, text: string): YamlTrouble {
  const { expected } = cases.find(({ when }) => when === undefined || when.test(message))!;
  return { at, message: `expected ${expected}, not ${standingAt(text, at)}` };
}

/** Where something stands, from a place on. */
function beginningFrom(text: string, at: number): number {
  const rest = text.slice(at);
  return at + rest.length - rest.trimStart().length;
}

/** Where the innermost brackets or quotes begin that an error at this place left open; null where there are none. */
function openAt(document: Document, at: number): number | null {
  let open: number | null = null;
  visit(document, {
    Node: (_, node) => {
      const isOpen = isCollection(node) ? node.flow === true : isScalar(node) && ['QUOTE_DOUBLE', 'QUOTE_SINGLE'].includes(node.type ?? '');
      if (isOpen && node.range && node.range[0] < at && node.range[2] >= at) open = node.range[0];
    },
  });
  return open;
}

function standingAt(text: string, at: number): string {
  const rest = text.slice(beginningFrom(text, at));
  return rest === '' ? 'the end of the file' : quotedStart(rest);
}
