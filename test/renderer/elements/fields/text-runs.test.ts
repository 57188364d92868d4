import { expect, test } from 'vitest';
import type { AuthoredRun } from '../../../../shared/analysis/authors.ts';
import { runsOfText, touchedRuns } from '../../../../renderer/elements/fields/text-runs.ts';

const by = (replica: string) => ({ replica, isPending: false });

function parts(text: string, runs: readonly AuthoredRun[]): string[] {
  let at = 0;
  return runs.map(({ length, author }) => `${author?.replica ?? '-'}:${text.slice(at, (at += length))}`);
}

test.each([
  ['We meet Friday', ['-:We meet ', 'A:Friday']],
  ['We all meet Friday', ['-:We ', '-:all ', '-:meet ', 'A:Friday']],
  ['We meet Frxday', ['-:We meet ', 'A:Fr', '-:x', 'A:day']],
  ['We meet ', ['-:We meet ']],
  ['', []],
])('after another edit: %j', (now, expected) => {
  const authors = { kind: 'text', text: 'We meet Friday', runs: [{ length: 8, author: null }, { length: 6, author: by('A') }] } as const;
  const runs = runsOfText(authors, now);
  expect(runs.reduce((sum, { length }) => sum + length, 0)).toBe(now.length);
  expect(parts(now, runs)).toEqual(expected);
});

test('words that touch are drawn by themselves, where the text still reads so', () => {
  const runs = [{ length: 3, author: null }, { length: 6, author: by('A') }, { length: 7, author: by('C') }, { length: 1, author: null }];
  const touching = [{ index: 3, text: 'FridayTuesday', parts: [{ index: 3, text: 'Friday' }, { index: 9, text: 'Tuesday' }] }];
  const drawn = touchedRuns(runs, touching, 'on FridayTuesday.');
  expect(drawn.map(({ start, end, isTouching, isFirst }) => [start, end, isTouching, isFirst])).toEqual([[0, 3, false, false], [3, 9, true, true], [9, 16, true, true], [16, 17, false, false]]);
  expect(touchedRuns(runs, touching, 'in FridayXuesday.').some(({ isTouching }) => isTouching)).toBe(false);
  // One run of an author that is touched in its middle.
  expect(touchedRuns([{ length: 9, author: by('A') }], [{ index: 3, text: 'def', parts: [{ index: 3, text: 'def' }] }], 'abcdefghi').map(({ start, end, isTouching }) => [start, end, isTouching])).toEqual([[0, 3, false], [3, 6, true], [6, 9, false]]);
});
