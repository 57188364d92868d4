/** Random runs of whole replicas with all six strategies under random faults. A failing seed is printed with the command that repeats it. */
import { expect, it } from 'vitest';
import { checkRun, randomRun } from './check-run.ts';

const runs = Number(process.env['REJOIN_RUNS'] ?? 200);
const onlySeed = process.env['REJOIN_SEED'];

/** Half of the seeds, so that two files share the work of two cores. */
export function testRandomRuns(half: 'first' | 'second'): void {
  const all = onlySeed === undefined ? Array.from({ length: runs }, (_, i) => i + 1) : [Number(onlySeed)];
  const seeds = half === 'first' ? all.slice(0, Math.ceil(all.length / 2)) : all.slice(Math.ceil(all.length / 2));

  it(`[ALL4] converge, the ${half} half of the seeds, and the ledger of every replica is complete and true [ALL7]`, { timeout: 900_000 }, async () => {
    const did = { lost: 0, skewed: 0, resurrected: 0, rolledBack: 0, refusedByConsensus: 0, keptByConsensus: 0, lostByQuorum: 0 };
    for (const seed of seeds) {
      try {
        const lab = await randomRun(seed);
        checkRun(lab, seed);
        for (const { fates } of lab.ledger('A').rows) {
          if (fates['last-writer-wins']?.disposition === 'lost') did.lost++;
          if (fates['last-writer-wins']?.reason === 'skew') did.skewed++;
          if (fates.siblings?.disposition === 'resurrected' || fates.crdt?.disposition === 'resurrected') did.resurrected++;
          if (fates['single-leader']?.reason === 'rolled-back') did.rolledBack++;
          if (fates.consensus?.disposition === 'refused') did.refusedByConsensus++;
          if (fates.consensus?.disposition === 'visible') did.keptByConsensus++;
          if (fates.quorum?.disposition === 'lost') did.lostByQuorum++;
        }
      } catch (error) {
        throw new Error(`seed ${seed}: repeat with: REJOIN_SEED=${seed} npx vitest run --project unit test/simulation/random-runs`, { cause: error });
      }
    }
    // The runs must have done something, or they prove nothing.
    if (onlySeed !== undefined) return;
    const atLeast = { lost: 5, skewed: 1, resurrected: 0.1, rolledBack: 0.5, refusedByConsensus: 5, keptByConsensus: 3, lostByQuorum: 0.5 };
    for (const [what, aRun] of Object.entries(atLeast)) expect(did[what as keyof typeof atLeast], `${what} in ${seeds.length} runs`).toBeGreaterThan(seeds.length * aRun);
  });
}
