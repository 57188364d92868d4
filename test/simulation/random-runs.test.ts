/** Random runs of whole replicas under random faults. A failing seed is printed with the command that repeats it. */
import { describe, expect, it } from 'vitest';
import { checkRun, randomRun } from '../support/check-run.ts';

const runs = Number(process.env['REJOIN_RUNS'] ?? 200);
const onlySeed = process.env['REJOIN_SEED'];
const seeds = onlySeed === undefined ? Array.from({ length: runs }, (_, i) => i + 1) : [Number(onlySeed)];

describe('random runs: 5 replicas, 200 steps, cuts, crashes and skewed clocks', () => {
  it('[ALL4] converge, and the ledger of every replica is complete and true [ALL7]', { timeout: 600_000 }, async () => {
    let lost = 0;
    let skewed = 0;
    let resurrected = 0;
    for (const seed of seeds) {
      try {
        const lab = await randomRun(seed);
        checkRun(lab, seed);
        for (const { fates } of lab.ledger('A').rows) {
          if (fates['last-writer-wins']?.disposition === 'lost') lost++;
          if (fates['last-writer-wins']?.reason === 'skew') skewed++;
          if (fates.siblings?.disposition === 'resurrected' || fates.crdt?.disposition === 'resurrected') resurrected++;
        }
      } catch (error) {
        throw new Error(`seed ${seed}: repeat with: REJOIN_SEED=${seed} npx vitest run --project unit test/simulation/random-runs.test.ts`, { cause: error });
      }
    }
    // The runs must have done something, or they prove nothing.
    if (onlySeed === undefined) expect([lost > runs * 5, skewed > runs, resurrected > runs / 10]).toEqual([true, true, true]);
  });
});
