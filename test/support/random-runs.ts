/**
 * Random runs of whole replicas under random faults: 5 replicas, 200 edits, at least 15 faults of every kind, all six strategies with settings that follow
 * from the seed. A failure is printed small, with the command that repeats it.
 */
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { plainCodec } from '../../shared/protocol/codec.ts';
import { labGround } from '../../shared/scenarios/lab-ground.ts';
import { RandomRuns, wrongOf } from '../../shared/scenarios/random-runs.ts';
import type { Ground } from '../../shared/scenarios/random-scenario.ts';
import { addTally, emptyTally } from './random-tally.ts';

const runs = Number(process.env['REJOIN_RUNS'] ?? 200);
/** Some cannot be done when their turn comes: about 200 are. */
const triedEdits = 220;
const onlySeed = process.env['REJOIN_SEED'];

/** R and W of the quorum: strict, asking all, and too few to promise anything. */
const quorums = [[3, 3], [1, 5], [2, 4], [1, 1]] as const;

/** The document, with the settings that the run of this seed has. */
export function groundOf(seed: number): Ground {
  const [r, w] = quorums[seed % quorums.length]!;
  return {
    ...labGround(['A', 'B', 'C', 'D', 'E']),
    settings: {
      lastWriterWins: { granularity: seed % 2 === 0 ? 'field' : 'document', clock: seed % 4 < 2 ? 'wall' : 'hybrid' },
      siblings: { sets: seed % 3 === 0 ? 'union' : 'ask', numbers: seed % 5 === 0 ? 'maximum' : 'ask' },
      quorum: { r, w, writeBack: seed % 3 === 0, sloppy: seed % 7 === 0 },
      singleLeader: { replication: (['majority', 'asynchronous', 'all'] as const)[seed % 3]! },
    },
  };
}

/** Half of the seeds, so that two files share the work of two cores. */
export function testRandomRuns(half: 'first' | 'second'): void {
  const all = onlySeed === undefined ? Array.from({ length: runs }, (_, i) => i + 1) : [Number(onlySeed)];
  const seeds = half === 'first' ? all.slice(0, Math.ceil(all.length / 2)) : all.slice(Math.ceil(all.length / 2));

  it(`[ALL4] converge, the ${half} half of the seeds, and the ledger of every replica is complete and true [ALL7]`, { timeout: 1_800_000 }, async () => {
    const did = emptyTally();
    for (const seed of seeds) {
      // Some read every byte; the others need not read again what they have written.
      const random = new RandomRuns(groundOf(seed), { edits: triedEdits, verdicts: false, ...(seed % 8 === 0 ? { codec: plainCodec } : {}) });
      const checked = await random.run(seed).catch((error: unknown) => error as Error);
      if (checked instanceof Error || wrongOf(checked).length > 0) throw await failure(random, seed);
      addTally(did, checked);
    }
    // The runs must have done something, or they prove nothing; a handful may miss what is rare.
    if (seeds.length < 50) return;
    const atLeast = { edits: 190, faults: 15, offline: 1, islands: 0.5, links: 1.5, crashes: 0.5, skews: 0.5, lost: 5, skewed: 1, resurrected: 0.1, rolledBack: 0.2, refusedByConsensus: 5, keptByConsensus: 3, lostByQuorum: 0.5 };
    for (const [what, aRun] of Object.entries(atLeast)) expect(did[what as keyof typeof atLeast], `${what} in ${seeds.length} runs`).toBeGreaterThan(seeds.length * aRun);
  });
}

async function failure(random: RandomRuns, seed: number): Promise<Error> {
  const small = await random.small(seed);
  return new Error([
    `seed ${seed}: ${small.wrong.join('; ')}`,
    `repeat with: REJOIN_SEED=${seed} npx vitest run --project unit test/simulation/random-runs`,
    `made small, ${small.steps} of ${small.stepsBefore} steps; as a file: npx rejoin run FILE --seed ${seed}`,
    stringify(small.scenario, { lineWidth: 0 }),
  ].join('\n'));
}
