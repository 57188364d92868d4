/**
 * Random runs of whole replicas under random faults: 5 replicas, 200 edits, at least 15 faults of every kind, all six strategies with settings that follow
 * from the seed. A failure is printed small, with the command that repeats it.
 */
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { type Ledger, ledgerOf } from '../../shared/analysis/ledger.ts';
import { plainCodec } from '../../shared/protocol/codec.ts';
import { RandomRuns, wrongOf } from '../../shared/scenarios/random-runs.ts';
import type { ScenarioRun } from '../../shared/scenarios/run-scenario.ts';
import { runTemplateOf } from './random-run-template.ts';
import { repeatWith, seedsOf } from './run-counts.ts';
import { addTally, emptyTally } from './random-tally.ts';

/** Some cannot be done when their turn comes: about 200 are. */
const triedEdits = 220;

/** Half of the seeds, so that two files share the work of two cores. */
export function testRandomRuns(half: 'first' | 'second'): void {
  test(`[ALL4] converge, the ${half} half of the seeds, and the ledger of every replica is complete and true [ALL7]`, { timeout: 3_600_000, tags: ['runs'] }, async () => {
    const seeds = seedsOf('random-runs', { number: half === 'first' ? 0 : 1, of: 2 });
    const did = emptyTally();
    for (const seed of seeds) {
      const random = new RandomRuns(runTemplateOf(seed), optionsOf(seed));
      const checked = await random.run(seed).catch((error: unknown) => error as Error);
      if (checked instanceof Error || wrongOf(checked).length > 0) throw await failure(random, seed);
      expect(ledgerAtLast(checked.run), `the ledger of the last replica; ${repeatWith('random-runs', seed)}`).toEqual(checked.run.ledger.totals);
      addTally(did, checked);
    }
    // The runs must have done something, or they prove nothing. Some settings never roll back or lose by a skewed clock: in 40 runs that none does is as good as
    // impossible (two thirds of the runs that may, do), in a handful it is not.
    if (seeds.length < 40) return;
    const atLeast = { edits: 190, faults: 15, offline: 1, islands: 0.5, links: 1.5, crashes: 0.5, skews: 0.5, lost: 5, skewed: 1, resurrected: 0.1, rolledBack: 0.2, refusedByConsensus: 5, keptByConsensus: 3, lostByQuorum: 0.5 };
    for (const [what, aRun] of Object.entries(atLeast)) expect(did[what as keyof typeof atLeast], `${what} in ${seeds.length} runs`).toBeGreaterThan(seeds.length * aRun);
  });
}

function optionsOf(seed: number): ConstructorParameters<typeof RandomRuns>[1] {
  return {
    edits: triedEdits,
    verdicts: false,
    slowDocumentStore: seed % 3 === 0,
    // Some read every byte; the others need not read again what they have written.
    ...(seed % 8 === 0 ? { codec: plainCodec } : {}),
  };
}

/** The totals of the ledger that the last replica makes of what it has: all that there is. */
function ledgerAtLast({ scenario, room }: ScenarioRun): Ledger['totals'] {
  const { replica, strategies } = room.replicas.at(-1)!;
  return ledgerOf({
    schema: scenario.schema,
    records: replica.records,
    crdt: strategies.crdt.doc,
    lastWriterWins: strategies.lastWriterWins,
    siblings: strategies.siblings,
    strategies: scenario.strategies,
    everywhere: room.everywhere,
  }).totals;
}

async function failure(random: RandomRuns, seed: number): Promise<Error> {
  const small = await random.small(seed);
  return new Error([
    `seed ${seed}: ${small.wrong.join('; ')}`,
    repeatWith('random-runs', seed),
    `made small, ${small.steps} of ${small.stepsBefore} steps; as a file: npx rejoin run FILE --seed ${seed}`,
    stringify(small.scenario, { lineWidth: 0 }),
  ].join('\n'));
}
