/** The colours of replicas: everybody has another one, as far as there are six, and all who know the same names agree. */
import { expect, test } from 'vitest';
import { colourSlots, slotOf } from '../../../shared/analysis/colour-slots.ts';

const shown = (names: readonly string[]) => {
  const slots = colourSlots(names);
  return Object.fromEntries(names.map((name) => {
    const { slot, isRing } = slotOf(name, slots);
    return [name, `${slot}${isRing ? ' ring' : ''}`];
  }));
};

test('letters have their own, in every life; from the seventh on with a ring', () => {
  expect(shown(['A', 'B', 'F', 'G', 'A.2'])).toEqual({ A: 'a', B: 'b', F: 'f', G: 'a ring', 'A.2': 'a' });
  expect(slotOf('C', colourSlots([]))).toEqual({ slot: 'c', isRing: false });
});

test('names have those that are free, whatever they begin with and whoever was known first', () => {
  expect(shown(['shop', 'yard', 'office'])).toEqual({ office: 'a', shop: 'b', yard: 'c' });
  expect(shown(['yard', 'office', 'shop'])).toEqual({ office: 'a', shop: 'b', yard: 'c' });
  expect(shown(['B', 'boat', 'bus', 'boat.3'])).toEqual({ B: 'b', boat: 'a', bus: 'c', 'boat.3': 'a' });
  expect(new Set(Object.values(shown(['s1', 's2', 's3', 's4', 's5', 's6', 's7', 's8']))).size).toBe(8);
});
