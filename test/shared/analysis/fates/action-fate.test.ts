/** How a run of typing ended, of how its parts ended. */
import { expect, test } from 'vitest';
import { VersionVector } from '../../../../shared/clocks/version-vector.ts';
import { actionFate, type Part } from '../../../../shared/analysis/fates/action-fate.ts';
import type { Disposition, Fate } from '../../../../shared/analysis/fates/fate.ts';

let counter = 0;

/** An edit that typed and removed so many characters. `erasedBy`: how many of what it typed which edit erased. */
function part(disposition: Disposition, typed: number, removed = 0, erasedBy: Readonly<Record<string, number>> = {}, lost = disposition === 'lost' ? typed : 0): Part {
  counter++;
  const record = {
    dot: { replica: 'A', counter },
    context: VersionVector.empty,
    field: 'notes',
    intent: { kind: 'splice' as const, index: 0, removed: 'x'.repeat(removed), inserted: 'y'.repeat(typed) },
    wallMs: 0,
    hybrid: { ms: 0, counter: 0 },
    traces: {},
  };
  const isJudged = !['pending', 'unknown', 'refused'].includes(disposition);
  return { record, fate: { disposition, ...(isJudged ? { characters: { typed, lost, superseded: new Map(Object.entries(erasedBy)) } } : {}) } };
}

function fateOf(...makers: readonly (() => Part)[]): Fate {
  counter = 0;
  return actionFate(makers.map((make) => make()));
}

test('[ALL10] of different ends it has the first of pending, unknown, lost, refused, sibling, resurrected, visible, superseded', () => {
  const order: readonly Disposition[] = ['pending', 'unknown', 'lost', 'refused', 'sibling', 'visible', 'superseded'];
  order.forEach((first, at) => {
    for (const later of order.slice(at)) {
      expect(fateOf(() => part(first, 1), () => part(later, 1)).disposition, `${first}, ${later}`).toBe(first);
      expect(fateOf(() => part(later, 1), () => part(first, 1)).disposition, `${later}, ${first}`).toBe(first);
    }
  });
});

test('what it typed and erased itself is no part of it', () => {
  expect(fateOf(() => part('superseded', 1, 0, { 'A:2': 1 }), () => part('visible', 0, 1), () => part('lost', 3))).toEqual({ disposition: 'lost', characters: { typed: 3, lost: 3 } });
  expect(fateOf(() => part('visible', 3, 0, { 'A:2': 1 }), () => part('visible', 0, 1)).characters).toEqual({ typed: 2, lost: 0 });
});

test('a run that erased all that it typed is what it removed of others; superseded where it removed nothing else', () => {
  expect(fateOf(() => part('superseded', 1, 0, { 'A:2': 1 }), () => part('visible', 0, 1)).disposition).toBe('superseded');
  expect(fateOf(() => part('superseded', 1, 0, { 'A:2': 1 }), () => part('resurrected', 0, 3)).disposition).toBe('resurrected');
});

test('a run that typed nothing is what it removed', () => {
  expect(fateOf(() => part('visible', 0, 1), () => part('resurrected', 0, 1)).disposition).toBe('resurrected');
});

test('where it removed beside what it typed, only what it typed counts', () => {
  expect(fateOf(() => part('resurrected', 0, 4), () => part('visible', 2)).disposition).toBe('visible');
});

test('a pending run ends so far as its parts would', () => {
  const pendingAs = (soFar: Fate) => (): Part => ({ ...part('pending', 1), fate: { disposition: 'pending', soFar } });
  const lost: Fate = { disposition: 'lost', characters: { typed: 1, lost: 1 } };
  const visible: Fate = { disposition: 'visible', characters: { typed: 1, lost: 0 } };
  expect(fateOf(() => part('visible', 1), pendingAs(lost), pendingAs(visible))).toMatchObject({ disposition: 'pending', soFar: { disposition: 'lost', characters: { typed: 3, lost: 1 } } });
  expect(fateOf(() => part('visible', 1), () => part('pending', 1))).toEqual({ disposition: 'pending' });
});
