import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { causallyConvergent } from '../../../../shared/analysis/verdicts/causal.ts';
import { levels } from '../../../../shared/analysis/verdicts/levels.ts';
import { linearizable } from '../../../../shared/analysis/verdicts/linearizable.ts';
import type { ObservedHistory } from '../../../../shared/analysis/verdicts/observed-history.ts';
import { sequential } from '../../../../shared/analysis/verdicts/sequential.ts';
import { verdictsOf } from '../../../../shared/analysis/verdicts/verdicts.ts';
import { causal } from '../../../../shared/analysis/verdicts/causal.ts';
import { monotonicReads, monotonicWrites, readYourWrites, writesFollowReads } from '../../../../shared/analysis/verdicts/session-guarantees.ts';
import { partsOf } from '../../../support/run-counts.ts';
import { isLinearizable, isSequential } from './brute-force.ts';
import { anyHistory, linearizableHistory, type Shape, withOneReadChanged } from './random-history.ts';

const seed = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const flags = { unique: fc.boolean(), namesWrites: fc.boolean(), sessions: fc.integer({ min: 2, max: 5 }), fields: fc.integer({ min: 1, max: 3 }), openPart: fc.constantFrom(0, 0.1, 0.3) };
const large: fc.Arbitrary<Shape> = fc.record({ ...flags, operations: fc.integer({ min: 20, max: 80 }) });
const small: fc.Arbitrary<Shape> = fc.record({ ...flags, operations: fc.integer({ min: 3, max: 7 }) });
const { runs, atLeast, areAll } = partsOf('verdict-properties');

describe('histories made from a real order', { tags: ['runs'] }, () => {
  test('are linearizable, and all that follows from it', () => {
    fc.assert(fc.property(seed, large, (number, shape) => {
      const history = linearizableHistory(number, shape);
      const { levels: found, strongest } = verdictsOf(history);
      expect(strongest).toBe('linearizable');
      expect(levels.slice(0, 7).map((level) => found[level].verdict)).toEqual(Array(7).fill('holds'));
      expect(sequential(history).verdict).not.toBe('broken');
    }), runs(400));
  });

  test('with one answer changed: caught iff brute force says so', () => {
    let caught = 0;
    fc.assert(fc.property(seed, small, (number, shape) => {
      const changed = withOneReadChanged(linearizableHistory(number, shape), number);
      if (changed === null) return;
      const { verdict } = linearizable(changed);
      if (verdict === 'broken') caught++;
      expect(verdict).toBe(isLinearizable(changed) ? 'holds' : 'broken');
    }), runs(2_000));
    expect(caught).toBeGreaterThan(atLeast(300));
  });

  test('with one answer changed, large ones: the witness is wrong by brute force too', () => {
    let caught = 0;
    fc.assert(fc.property(seed, large, (number, shape) => {
      const changed = withOneReadChanged(linearizableHistory(number, shape), number);
      const core = changed === null ? null : coreOf(changed, linearizable(changed));
      if (core === null || core.operations.length > 7) return;
      caught++;
      expect(isLinearizable(core)).toBe(false);
    }), runs(400));
    expect(caught).toBeGreaterThan(atLeast(100));
  });
});

describe('the chain of levels', { tags: ['runs'] }, () => {
  test('linearizable ⇒ sequential ⇒ causally convergent ⇒ causal ⇒ each session guarantee', () => {
    const met = new Set<string>();
    // One of the chains below is so rare that not every 5,000 histories have it.
    const rare = areAll ? { seed: 1 } : {};
    const checkers = [linearizable, sequential, causallyConvergent, causal];
    fc.assert(fc.property(seed, small, fc.boolean(), (number, shape, isMade) => {
      const history = isMade ? (withOneReadChanged(linearizableHistory(number, shape), number) ?? anyHistory(number, shape)) : anyHistory(number, shape);
      const chain = checkers.map((check) => check(history).verdict);
      const sessions = [readYourWrites, monotonicReads, monotonicWrites, writesFollowReads].map((check) => check(history).verdict);
      met.add(chain.join());
      for (let i = 1; i < chain.length; i++) if (chain[i] === 'broken') expect(chain[i - 1], JSON.stringify(history.operations)).toBe('broken');
      if (sessions.includes('broken')) expect(chain.at(-1), JSON.stringify(history.operations)).toBe('broken');
    }), { ...runs(5_000), ...rare });
    if (!areAll) return;
    for (const step of ['holds,holds,holds,holds', 'broken,holds,holds,holds', 'broken,broken,holds,holds', 'broken,broken,broken,holds', 'broken,broken,broken,broken']) expect(met).toContain(step);
  });

  test('all verdicts together never contradict the chain', () => {
    fc.assert(fc.property(seed, small, (number, shape) => {
      const { levels: found } = verdictsOf(anyHistory(number, shape));
      const rank = { broken: 0, unknown: 1, holds: 2 };
      const at = levels.map((level) => rank[found[level].verdict]);
      expect(at[0]).toBeLessThanOrEqual(at[1]!);
      expect(at[1]).toBeLessThanOrEqual(at[2]!);
      for (const session of at.slice(3, 7)) expect(at[2]).toBeLessThanOrEqual(session);
    }), runs(1_000));
  });
});

describe('witnesses', { tags: ['runs'] }, () => {
  test.each([['linearizable', linearizable, isLinearizable], ['sequential', sequential, isSequential]] as const)('of what is not %s are as small as can be', (_, check, isFine) => {
    let looked = 0;
    fc.assert(fc.property(seed, small, (number, shape) => {
      const history = anyHistory(number, shape);
      const core = coreOf(history, check(history));
      if (core === null) return;
      looked++;
      expect(isFine(core)).toBe(false);
      for (const gone of core.operations) {
        const isRead = core.operations.some((each) => each.kind === 'read' && gone.kind === 'write' && each.field === gone.field && each.value === gone.value);
        if (!isRead) expect(isFine({ operations: core.operations.filter((each) => each !== gone) }), `${gone.id} of ${JSON.stringify(core.operations)}`).toBe(true);
      }
    }), runs(1_500));
    expect(looked).toBeGreaterThan(atLeast(400));
  });

  test('are sentences', () => {
    fc.assert(fc.property(seed, small, (number, shape) => {
      const history = anyHistory(number, shape);
      const ids = new Set(history.operations.map(({ id }) => id));
      for (const verdict of Object.values(verdictsOf(history).levels)) {
        if (verdict.verdict === 'unknown') expect(verdict.reason).toMatch(/^[A-Z].*\.$/);
        if (verdict.verdict !== 'broken') continue;
        expect(verdict.witness.sentence).toMatch(/^[A-Z].*\.$/);
        expect(verdict.witness.sentence).not.toMatch(/undefined|null|\[object/);
        expect(verdict.witness.operations.length).toBeGreaterThan(0);
        for (const id of verdict.witness.operations) expect(ids).toContain(id);
      }
    }), runs(500));
  });
});

/** The part of the history that a witness is about. */
function coreOf(history: ObservedHistory, verdict: ReturnType<typeof linearizable>): ObservedHistory | null {
  if (verdict.verdict !== 'broken') return null;
  return { operations: history.operations.filter(({ id }) => verdict.witness.operations.includes(id)) };
}
