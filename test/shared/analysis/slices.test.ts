/** Computations in slices: the same result in any slices, given up between two of them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inParts, runSliced, runWhole, type Sliced, sorted } from '../../../shared/analysis/slices.ts';

function* sum(items: readonly number[]): Sliced<number> {
  let total = 0;
  for (const part of inParts(items, 3)) {
    for (const each of part) total += each;
    yield;
  }
  return total;
}

/** A clock that goes on by a millisecond whenever it is looked at. */
function tickingClock(): { nowMs: () => number } {
  let nowMs = 0;
  return { nowMs: () => nowMs++ };
}

test('a computation gives the same whole and in slices', async () => {
  const items = Array.from({ length: 100 }, (_, i) => i);
  let pauses = 0;
  const pause = (): Promise<void> => Promise.resolve(void pauses++);
  expect(await runSliced(sum(items), { clock: tickingClock(), pause, sliceMs: 5 })).toBe(runWhole(sum(items)));
  expect(pauses).toBeGreaterThan(4);
});

test('a computation that was given up does not go on', async () => {
  let parts = 0;
  function* counted(): Sliced<void> {
    for (;;) {
      parts++;
      yield;
    }
  }
  const running = runSliced(counted(), { clock: tickingClock(), pause: () => Promise.reject(new Error('the room is closed')), sliceMs: 5 });
  await expect(running).rejects.toThrow('the room is closed');
  expect(parts).toBeLessThan(10);
});

test('sorting in slices is sorting: in order, and stable', () => {
  fc.assert(fc.property(fc.array(fc.nat(40), { maxLength: 3_000, size: 'max' }), (numbers) => {
    const items = numbers.map((key, place) => ({ key, place }));
    const byKey = (a: { key: number }, b: { key: number }): number => a.key - b.key;
    expect(runWhole(sorted(items, byKey))).toEqual([...items].sort(byKey));
  }), { numRuns: 30 });
});
