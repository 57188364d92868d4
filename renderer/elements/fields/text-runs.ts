/** The authors of a text as it is now, of what was known of it a moment ago: what was typed meanwhile is nobody's yet. */
import type { Author, AuthoredRun, FieldAuthors } from '../../../shared/analysis/authors.ts';
import { smallestSplice } from './text-binding.ts';

/** Runs whose lengths add up to the length of `text`. */
export function runsOfText(authors: Extract<FieldAuthors, { kind: 'text' }>, text: string): readonly AuthoredRun[] {
  const splice = smallestSplice(authors.text, text);
  if (!splice) return authors.runs;
  const { index, removed, inserted } = splice;
  const typed: AuthoredRun[] = inserted === '' ? [] : [{ length: inserted.length, author: null }];
  return [...partOf(authors.runs, 0, index), ...typed, ...partOf(authors.runs, index + removed.length, authors.text.length)];
}

function partOf(runs: readonly AuthoredRun[], start: number, end: number): AuthoredRun[] {
  const part: AuthoredRun[] = [];
  let at = 0;
  for (const { length, author } of runs) {
    const [from, to] = [Math.max(at, start), Math.min(at + length, end)];
    if (from < to) part.push({ length: to - from, author });
    at += length;
  }
  return part;
}

/** Where words of several people stand in a text, and whose each is. */
export interface TouchingWords {
  readonly index: number;
  readonly text: string;
  readonly parts: readonly { readonly index: number; readonly text: string }[];
}

/** A part of a text as it is drawn; `isFirst`: the first of one author's words. Positions count UTF-16 code units. */
export interface DrawnRun {
  readonly start: number;
  readonly end: number;
  readonly author: Author | null;
  readonly isTouching: boolean;
  readonly isFirst: boolean;
}

/** Places where the text reads differently by now are left out. */
export function touchedRuns(runs: readonly AuthoredRun[], touching: readonly TouchingWords[], text: string): DrawnRun[] {
  const parts = touching.filter((place) => text.startsWith(place.text, place.index)).flatMap((place) => place.parts);
  const drawn: DrawnRun[] = [];
  let at = 0;
  for (const { length, author } of runs) {
    const end = at + length;
    const edges = parts.flatMap((part) => [part.index, part.index + part.text.length]).filter((edge) => edge > at && edge < end);
    const cuts = [at, ...[...new Set(edges)].sort((a, b) => a - b), end];
    for (const [index, start] of cuts.slice(0, -1).entries()) {
      const part = parts.find((each) => each.index <= start && start < each.index + each.text.length);
      drawn.push({ start, end: cuts[index + 1]!, author, isTouching: part !== undefined, isFirst: part?.index === start });
    }
    at = end;
  }
  return drawn;
}
