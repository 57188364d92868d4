import { expect, test } from 'vitest';
import { instancePattern } from '../../../shared/protocol/wire-fields.ts';
import { discardedMax, firstLife, isDiscarded, nextLife, withDiscarded } from '../../../shared/protocol/room-life.ts';

const random = (digit: string): string => digit.repeat(32);
const old = 'AbCdEfGhIjKlMnOpQrStUv';

test('a life is over once a later one of its line began, named or not', () => {
  const first = firstLife(random('a'));
  const second = nextLife(first, random('b'));
  const third = nextLife(second, random('c'));
  expect(isDiscarded(first, third, [])).toBe(true);
  expect(isDiscarded(third, third, [])).toBe(false);
  expect(isDiscarded(third, second, [])).toBe(false);
  expect(new Set([first, second, third]).size).toBe(3);
  for (const life of [first, second, third]) expect(life).toMatch(instancePattern);
});

test('a life of another line was not thrown away: what copies have of it may come back', () => {
  const current = nextLife(firstLife(random('a')), random('b'));
  expect(isDiscarded(firstLife(random('c')), current, [])).toBe(false);
  expect(isDiscarded(old, current, [])).toBe(false);
});

test('lives from before there were lines are listed; a line follows them', () => {
  const current = nextLife(old, random('a'));
  expect(current).toBe(firstLife(random('a')));
  expect(isDiscarded(old, current, withDiscarded([], old))).toBe(true);
});

test('the list stays short; the old lives without a line are kept apart from the others', () => {
  let [life, discarded] = [nextLife(old, random('a')), withDiscarded([], old)];
  for (let i = 0; i < 1_000; i++) [life, discarded] = [nextLife(life, random('a')), withDiscarded(discarded, life)];
  expect(discarded).toHaveLength(discardedMax + 1);
  expect(isDiscarded(old, life, discarded)).toBe(true);
});
