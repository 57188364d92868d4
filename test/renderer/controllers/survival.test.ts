/** A window says that every edit survived only when nothing that could change it is pending, unknown, hidden or out of reach. */
import { describe, expect, test } from 'vitest';
import { type KnownOfEdits, survivalOf } from '../../../renderer/controllers/survival.ts';
import type { StrategyTotals } from '../../../shared/analysis/strategy-figures.ts';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import type { StrategyId } from '../../../shared/history/record.ts';

const clock = VersionVector.of([['A', 2], ['B', 1]]);

function totalsOf(strategy: StrategyId, counts: Partial<StrategyTotals> = {}): StrategyTotals {
  const none = { kept: 0, superseded: 0, lost: 0, toResolve: 0, resurrected: 0, refused: 0, unknown: 0, pending: 0, wasUnknown: 0, putBack: 0, touching: 0, choices: 0, reads: 0, readsRefused: 0, readLatencyMs: null, readLatencyP95Ms: null, latencyP95Ms: 0, charactersTyped: 0, charactersLost: 0, ruleBroken: 0, oversold: 0, staleReads: 0 };
  return { ...none, strategy, actions: 3, edits: 3, latencyMs: 0, ...counts };
}

function known(change: Partial<KnownOfEdits> = {}): KnownOfEdits {
  const windows = [{ replica: 'A', clock: { A: 2, B: 1 } }, { replica: 'B', clock: { A: 2, B: 1 } }];
  return { name: 'A', clock, saved: clock, windows, totals: [totalsOf('crdt', { kept: 3 })], shown: ['crdt'], isJudged: true, ...change };
}

describe('whether every edit survived', () => {
  test('all open windows and the relay have the same, and nothing is open', () => {
    expect(survivalOf(known())).toEqual({ kind: 'survived', sentence: 'Every edit survived.' });
  });

  test.each<[what: string, change: Partial<KnownOfEdits>, sentence: string]>([
    ['a window lacks an edit', { windows: [{ replica: 'B', clock: { A: 1, B: 1 } }] }, 'Nothing is lost so far. Waiting for B.'],
    ['a window that is cut off has an edit that is not here', { windows: [{ replica: 'C', clock: { A: 2, B: 1, C: 4 } }] }, 'Nothing is lost so far. Waiting for C.'],
    ['two of them', { windows: [{ replica: 'C', clock: {} }, { replica: 'B', clock: {} }] }, 'Nothing is lost so far. Waiting for B and C.'],
    ['the relay has not confirmed an edit of this window', { saved: VersionVector.of([['A', 1]]) }, 'Nothing is lost so far. Waiting for the relay.'],
    ['the lab cannot be asked', { windows: null }, 'Nothing is lost so far. Waiting for the relay.'],
    ['an answer is open', { totals: [totalsOf('quorum', { pending: 1 }), totalsOf('consensus', { unknown: 1 })] }, 'Nothing is lost so far. Waiting for answers under Quorum and Consensus.'],
    ['what came was not looked at yet', { isJudged: false }, 'Nothing is lost so far. Waiting for this window to look at what came.'],
  ])('%s: so far', (_, change, sentence) => {
    expect(survivalOf(known(change))).toEqual({ kind: 'so far', sentence });
  });

  test.each<[what: string, change: Partial<KnownOfEdits>, sentence: string]>([
    ['a hidden column lost something', { totals: [totalsOf('crdt'), totalsOf('last-writer-wins', { lost: 2 })] }, 'Not every edit survived: Last writer wins, which is hidden, lost 2.'],
    ['more was sold than there was', { totals: [totalsOf('crdt', { oversold: 1 })] }, 'Not every edit survived: CRDT (Yjs) oversold 1.'],
    ['several, and something is open beside', { totals: [totalsOf('crdt', { lost: 1, oversold: 1, pending: 2 }), totalsOf('siblings', { toResolve: 2 })] }, 'Not every edit survived: CRDT (Yjs) lost 1 and oversold 1 and Siblings, which is hidden, has to be resolved: 2.'],
  ])('%s: not all', (_, change, sentence) => {
    expect(survivalOf(known(change))).toEqual({ kind: 'not all', sentence });
  });
});
