/** Reading part of a Y.Text, which Yjs has no call for: where a range that is counted in code points lies, and what stands in it. */
import * as Y from 'yjs';

export interface TextRange {
  /** Where it begins, in UTF-16 code units. */
  readonly index: number;
  readonly text: string;
}

/**
 * The range that begins at a position and is so long, both in Unicode code points. `isPlain` says that the text has no character beyond the Basic
 * Multilingual Plane, so that code points and UTF-16 code units count alike. Throws a RangeError where the text is shorter.
 * Costs time in proportion to the number of Yjs items before its end; none for an empty range of a plain text.
 */
export function textRange(text: Y.Text, position: number, length: number, isPlain: boolean): TextRange {
  if (position + length > text.length) throw beyond(position + length, text.length);
  if (isPlain && length === 0) return { index: position, text: '' };
  let index = 0;
  let [before, wanted] = [position, length];
  let found = '';
  for (let item = text._start; item !== null && (before > 0 || wanted > 0); item = item.right) {
    if (item.deleted || !(item.content instanceof Y.ContentString)) continue;
    const { str } = item.content;
    const start = unitsOf(str, before, isPlain);
    before -= pointsIn(str, start, isPlain);
    index += start;
    if (before > 0 || start === str.length) continue;
    const rest = start === 0 ? str : str.slice(start);
    const part = rest.slice(0, unitsOf(rest, wanted, isPlain));
    wanted -= pointsIn(part, part.length, isPlain);
    found += part;
  }
  if (before > 0 || wanted > 0) throw beyond(position + length, position + length - before - wanted);
  return { index, text: found };
}

function beyond(end: number, length: number): RangeError {
  return new RangeError(`a patch reaches to position ${end} of a text of ${length} characters`);
}

/** How many code units the first `points` code points take; all where there are fewer. */
function unitsOf(text: string, points: number, isPlain: boolean): number {
  if (isPlain || points >= text.length) return Math.min(points, text.length);
  let units = 0;
  for (let left = points; left > 0 && units < text.length; left--) units += text.codePointAt(units)! > 0xffff ? 2 : 1;
  return units;
}

/** How many code points the first `units` code units are. */
function pointsIn(text: string, units: number, isPlain: boolean): number {
  if (isPlain) return units;
  let points = 0;
  for (let at = 0; at < units; at += text.codePointAt(at)! > 0xffff ? 2 : 1) points++;
  return points;
}
