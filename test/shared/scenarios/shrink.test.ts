import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shrink } from '../../../shared/scenarios/shrink.ts';

/** All sublists, in their order. */
function sublists(items: readonly number[]): number[][] {
  return items.reduce<number[][]>((all, item) => [...all, ...all.map((each) => [...each, item])], [[]]);
}

/** The failing lists of which no failing list is a part, by going through all. */
function minimalOf(items: readonly number[], fails: (list: readonly number[]) => boolean): string[] {
  const failing = sublists(items).filter(fails);
  return failing.filter((list) => !failing.some((other) => other.length < list.length && other.every((item) => list.includes(item)))).map((list) => list.join());
}

const items = fc.integer({ min: 1, max: 10 }).map((length) => Array.from({ length }, (_, i) => i));

describe('what is left of a failing list', () => {
  test('is one of the smallest that fail, where more never makes it pass', async () => {
    await fc.assert(fc.asyncProperty(items.chain((list) => fc.tuple(fc.constant(list), fc.array(fc.subarray(list), { minLength: 1, maxLength: 4 }))), async ([list, causes]) => {
      const fails = (left: readonly number[]): boolean => causes.some((cause) => cause.every((item) => left.includes(item)));
      const small = await shrink(list, async (left) => fails(left));
      expect(minimalOf(list, fails)).toContain(small.join());
    }), { numRuns: 300 });
  });

  test('fails, and no single step can be left out, whatever fails', async () => {
    await fc.assert(fc.asyncProperty(items, fc.array(fc.boolean(), { minLength: 64, maxLength: 64 }), async (list, table) => {
      const fails = (left: readonly number[]): boolean => left.length === list.length || table[left.reduce((sum, item) => (sum * 31 + item + 7) % 64, 0)]!;
      const small = await shrink(list, async (left) => fails(left));
      expect(fails(small)).toBe(true);
      for (let at = 0; at < small.length; at++) expect(fails(small.filter((_, i) => i !== at))).toBe(false);
    }), { numRuns: 300 });
  });

  test('is the list itself where nothing can be left out, and nothing where nothing is needed', async () => {
    expect(await shrink([1, 2, 3], async (left) => left.length === 3)).toEqual([1, 2, 3]);
    expect(await shrink([1, 2, 3], async () => true)).toEqual([]);
    expect(await shrink([], async () => true)).toEqual([]);
  });

  test('one step of a thousand is found in a few dozen tries; tries end at their limit, with what fails', async () => {
    const list = Array.from({ length: 1_000 }, (_, i) => i);
    let tries = 0;
    const found = await shrink(list, async (left) => (tries++, left.includes(617)));
    expect(found).toEqual([617]);
    expect(tries).toBeLessThan(60);
    tries = 0;
    const partly = await shrink(list, async (left) => (tries++, left.includes(617)), 5);
    expect(tries).toBe(5);
    expect(partly).toContain(617);
    expect(partly.length).toBeLessThan(1_000);
  });
});
