/** The review's list as rows: headings, filters, counts, and what was answered in its place. */
import { describe, expect, test } from 'vitest';
import { filterCounts, rejoinWords, type ReviewRow, rowsOf, withAnswered } from '../../../../renderer/elements/replica/review-rows.ts';
import type { RejoinView } from '../../../../shared/analysis/rejoin-views.ts';
import type { ReviewItem, ReviewKind } from '../../../../shared/analysis/review-item.ts';

const item = (key: string, kind: ReviewKind, rejoin: number | null, field: string): ReviewItem => ({
  key, kind, rejoin, field, author: 'A', mark: '+1', strategies: ['crdt'], parts: [], order: 0,
  reasons: [], putBack: null, adds: false, isPutBack: false, retry: [], turn: null, release: null, clocks: [],
});

const items = [
  item('a', 'rule', 1, 'seats'), item('b', 'lost', 1, 'seats'), item('c', 'touching', 1, 'notes'),
  item('d', 'lost', 0, 'seats'), item('e', 'came back', 0, 'tags'), item('f', 'refused', null, 'votes'),
];

const words = (rows: readonly ReviewRow[]): string => rows.map((row) => (row.kind === 'item' ? row.item.key : row.kind === 'field' ? row.field : `rejoin ${row.rejoin}`)).join(', ');

describe('rows', () => {
  test('have a heading for each rejoin and each field in it; before any rejoin only for the fields', () => {
    expect(words(rowsOf(items, 'all', true))).toBe('rejoin 1, seats, a, b, notes, c, rejoin 0, seats, d, tags, e, rejoin null, votes, f');
    expect(words(rowsOf([items[5]!], 'all', false))).toBe('votes, f');
  });

  test.each([['lost', 'rejoin 1, seats, b, rejoin 0, seats, d'], ['rule', 'rejoin 1, seats, a, rejoin 0, tags, e'], ['turn', 'rejoin 1, notes, c'], ['unknown', '']] as const)('under %s', (filter, expected) => {
    expect(words(rowsOf(items, filter, true))).toBe(expected);
  });
});

test('counts go down with what is done; filters stay as long as they have anything', () => {
  const counts = filterCounts(items, ({ key }) => key === 'b' || key === 'c');
  expect([...counts]).toEqual([['all', 4], ['lost', 1], ['turn', 0], ['rule', 2], ['refused', 1]]);
  expect([...filterCounts([], () => false)]).toEqual([['all', 0]]);
});

describe('what was answered here', () => {
  const keys = (found: readonly ReviewItem[]): string => found.map(({ key }) => key).join('');

  test('is not doubled where it is still told', () => expect(withAnswered(items, [items[0]!])).toBe(items));

  test('stays with its field, or else at the end of its rejoin', () => {
    expect(keys(withAnswered(items, [item('x', 'rule', 1, 'seats')]))).toBe('abxcdef');
    expect(keys(withAnswered(items, [item('x', 'sibling', 1, 'title')]))).toBe('abcxdef');
    expect(keys(withAnswered([], [item('x', 'sibling', null, 'title')]))).toBe('x');
  });
});

describe('the heading of a rejoin', () => {
  const beganMs = new Date(2026, 3, 1, 14, 32, 8).getTime();
  const rejoin = (change: Partial<RejoinView>): RejoinView => ({ beganMs, endedMs: beganMs + 5, met: ['A', 'B'], here: 1, there: 1, fields: [], isJudged: true, totals: [], ...change });

  test.each([
    [{ cutMs: beganMs - 130_000, wasOffline: true }, 'Rejoin at 14:32:08. C was cut off for 2 min 10 s.'],
    [{ cutMs: beganMs - 9_000, wasOffline: false }, 'Rejoin at 14:32:08. C was apart from A and B for 9 s.'],
    [{ endedMs: null }, 'Rejoin at 14:32:08. Not all has arrived yet.'],
  ])('says when it was, and for how long they were apart: %j', (change, expected) => expect(rejoinWords(rejoin(change), 'C')).toBe(expected));

  test('of none says so', () => expect(rejoinWords(undefined, 'C')).toBe('Not at a rejoin'));
});
