/** Which steps a number was made of that somebody read, in runs: every strategy, with and without a cut. */
import { describe, expect, test } from 'vitest';
import { observedRoom } from '../../../shared/analysis/observed-room.ts';
import { type StrategyId, strategyIds } from '../../../shared/history/record.ts';
import type { ScenarioRun } from '../../../shared/scenarios/run-scenario.ts';
import { played } from '../../support/played-scenario.ts';

const levels = ['causal', 'read-your-writes', 'monotonic-reads', 'monotonic-writes', 'writes-follow-reads'] as const;
const foundIn = (run: ScenarioRun, strategy: StrategyId): string[] => levels.map((level) => run.verdicts[strategy]!.levels[level].verdict);
const numbersRead = (run: ScenarioRun, strategy: StrategyId) => observedRoom(run.scenario.schema, run.records, strategy).operations.flatMap((each) => (each.kind === 'read' && each.field === 'votes' ? [[each.value, each.madeOf && [...each.madeOf].length]] : []));

const whole = ['{ at: A, increment: votes, times: 2 }', '{ at: B, read: B }', '{ at: B, increment: votes }', '{ at: C, read: C }', '{ at: A, read: A }'];
const cut = ['{ at: A, increment: votes }', 'offline: B', '{ at: B, increment: votes }', '{ at: A, increment: votes }', '{ at: B, read: B }', '{ at: A, read: A }', 'online: B', 'wait: 5 s', '{ at: B, read: B }', '{ at: A, read: A }'];

describe('nobody is cut off', () => {
  test.each(strategyIds)('%s: each number is made of all steps, and all levels hold', async (strategy) => {
    const { run } = await played(whole);
    expect(numbersRead(run, strategy)).toEqual([[7, 2], [8, 3], [8, 3]]);
    expect(foundIn(run, strategy)).toEqual(levels.map(() => 'holds'));
  });
});

describe('a step on both sides of a cut', () => {
  test('crdt: numbers of either side lack the other side, and contain all in the end: causal', async () => {
    const { run } = await played(cut);
    expect(numbersRead(run, 'crdt')).toEqual([[7, 2], [7, 2], [8, 3], [8, 3]]);
    expect(foundIn(run, 'crdt')).toEqual(levels.map(() => 'holds'));
  });

  test("last writer wins: the number that won is not made of the other side's step, which its maker had been told yes to", async () => {
    const { run } = await played(cut);
    expect(numbersRead(run, 'last-writer-wins').map(([, count]) => count)).toEqual([2, 2, 2, 2]);
    expect(run.verdicts['last-writer-wins']!.levels['read-your-writes']).toMatchObject({ verdict: 'broken', witness: { sentence: "B read 7 after B's own change by +1 had been acknowledged, and without it." } });
  });

  test('siblings: while two wait, and after a choice, nobody knows of what a number is made; it says so', async () => {
    const { run } = await played(cut);
    expect(numbersRead(run, 'siblings').map(([, count]) => count)).toEqual([2, 2, undefined, undefined]);
    expect(run.verdicts.siblings!.levels.causal).toMatchObject({ verdict: 'unknown', reason: expect.stringContaining('nobody can say of which') as string });
  });
});
