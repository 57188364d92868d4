/**
 * Where a splice of a text falls: in the text that it was made on, and in any other one, as a person may type in any strategy's column.
 *
 * Guarantees: on the text that it was made on, a splice falls on its own index. Elsewhere it removes only text that reads like what it removed, at the
 * index or at the nearest other place; a pure insertion goes after the nearest place that reads like the text to its left, else to the index, clamped.
 * Of two equally near places it is the one to the left. No surrogate pair is cut. Splices without `left`, which earlier versions made, are clamped
 * to the text whatever stands there, so that old histories give the values that they gave (docs/decisions/0030).
 * Indexes count UTF-16 code units.
 */
import { leftLengthMax, type TextIntent } from './intent.ts';

/** Why a splice is refused where the text that it removed is not to be found. */
export const otherText = 'this column has another text here';

/** A string, or another text that can be read in part: the whole is asked for only where a splice does not stand at its own index. */
export interface SplicedText {
  readonly length: number;
  slice(start: number, end: number): string;
  toString(): string;
}

export interface SplicePlace {
  readonly index: number;
  /** How many code units are removed from there on. */
  readonly removed: number;
}

/** The splice that replaces so much of this text from `index` on. It is clamped to the text, and widened where it would cut a surrogate pair. */
export function spliceOf(text: string, index: number, removed: number, inserted: string): TextIntent {
  const start = wholeStart(text, Math.min(index, text.length));
  const end = Math.min(index + removed, text.length);
  const wholeEnd = cutsPair(text, end) && end > start ? end + 1 : Math.max(start, end);
  const near = text.slice(Math.max(0, start - leftLengthMax), start);
  const left = isLowSurrogate(near.charCodeAt(0)) ? near.slice(1) : near;
  return { kind: 'splice', index: start, removed: text.slice(start, removed === 0 ? start : wholeEnd), inserted, left };
}

/** Where a splice falls in a text; null where the text does not have what it removed: then it is refused. */
export function placeSplice(text: SplicedText, { index, removed, left }: TextIntent): SplicePlace | null {
  if (left === undefined) {
    const start = Math.min(index, text.length);
    return { index: start, removed: Math.min(removed.length, text.length - start) };
  }
  if (removed !== '') {
    const start = isAt(text, removed, index) ? index : nearest(text.toString(), removed, index);
    return start === null ? null : { index: start, removed: removed.length };
  }
  const wanted = index - left.length;
  if (isAt(text, left, wanted)) return { index, removed: 0 };
  const whole = text.toString();
  const start = left === '' ? null : nearest(whole, left, wanted);
  return { index: start === null ? wholeStart(whole, Math.min(index, whole.length)) : start + left.length, removed: 0 };
}

/** The text after a splice that falls there. */
export function splicedAt(text: string, { index, removed }: SplicePlace, inserted: string): string {
  return text.slice(0, index) + inserted + text.slice(index + removed);
}

/** Whether `wanted` stands just there, with no surrogate pair cut. */
function isAt(text: SplicedText, wanted: string, index: number): boolean {
  const end = index + wanted.length;
  if (index < 0 || end > text.length) return false;
  const from = Math.max(0, index - 1);
  const around = text.slice(from, Math.min(end + 1, text.length));
  return around.startsWith(wanted, index - from) && !cutsPair(around, index - from) && !cutsPair(around, end - from);
}

/** Where `wanted` stands in the text, nearest to `index`; null where it does not. No surrogate pair is cut. */
export function nearest(text: string, wanted: string, index: number): number | null {
  const before = found(text, wanted, index, -1);
  const after = found(text, wanted, index, 1);
  if (before === null || after === null) return before ?? after;
  return index - before <= after - index ? before : after;
}

/** The first place from `index` on, in one direction, that cuts no surrogate pair. */
function found(text: string, wanted: string, index: number, direction: 1 | -1): number | null {
  if (direction < 0 && index < 0) return null;
  let at = direction < 0 ? text.lastIndexOf(wanted, index) : text.indexOf(wanted, index);
  while (at >= 0 && (cutsPair(text, at) || cutsPair(text, at + wanted.length))) {
    if (direction < 0 && at === 0) return null;
    at = direction < 0 ? text.lastIndexOf(wanted, at - 1) : text.indexOf(wanted, at + 1);
  }
  return at < 0 ? null : at;
}

function wholeStart(text: string, index: number): number {
  return cutsPair(text, index) ? index - 1 : index;
}

function cutsPair(text: string, at: number): boolean {
  return at > 0 && isLowSurrogate(text.charCodeAt(at)) && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
}

function isLowSurrogate(code: number): boolean {
  return (code & 0xfc00) === 0xdc00;
}
