import { expect, test } from 'vitest';
import { ShownRefusals } from '../../../renderer/controllers/shown-refusals.ts';
import type { NewestEdit } from '../../../shared/replica/open-edits.ts';

const refused = (): NewestEdit => ({ outcome: 'refused', reason: 'too few' });

test('a refusal is shown until another value stands in its place, and does not come back with the old value', () => {
  const refusals = new ShownRefusals();
  const newest = refused();
  const shown = (value: number): boolean => refusals.current('quorum/votes', newest, () => value) !== null;
  expect([shown(0), shown(0), shown(1), shown(0)]).toEqual([true, true, false, false]);
  // Another place, and another edit of the same place, have refusals of their own.
  expect(refusals.current('consensus/votes', newest, () => 1)).toBe(newest);
  const later = refused();
  expect(refusals.current('quorum/votes', later, () => 0)).toBe(later);
});

test('what was not refused is shown as it is', () => {
  const refusals = new ShownRefusals();
  for (const outcome of ['pending', 'accepted', 'unknown'] as const) {
    const newest: NewestEdit = { outcome, reason: null };
    expect(refusals.current('quorum/votes', newest, () => 0)).toBe(newest);
    expect(refusals.current('quorum/votes', newest, () => 1)).toBe(newest);
  }
  expect(refusals.current('quorum/votes', null, () => 1)).toBeNull();
});
