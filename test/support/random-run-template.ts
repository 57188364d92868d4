/** The document of random runs of whole replicas, with settings that follow from the seed. */
import { labRunTemplate } from '../../shared/scenarios/run-template.ts';
import type { RunTemplate } from '../../shared/scenarios/random-scenario.ts';

/** R and W of the quorum: strict, asking all, and too few to promise anything. */
const quorums = [
  [3, 3],
  [1, 5],
  [2, 4],
  [1, 1],
] as const;

/** The document, with the settings that the run of this seed has. */
export function runTemplateOf(seed: number): RunTemplate {
  const [r, w] = quorums[seed % quorums.length]!;
  return {
    ...labRunTemplate(['A', 'B', 'C', 'D', 'E']),
    settings: {
      lastWriterWins: {
        granularity: seed % 2 === 0 ? 'field' : 'document',
        clock: seed % 4 < 2 ? 'wall' : 'hybrid',
      },
      siblings: {
        sets: seed % 3 === 0 ? 'union' : 'ask',
        numbers: seed % 5 === 0 ? 'maximum' : seed % 5 === 1 ? 'sum' : 'ask',
      },
      quorum: { r, w, writeBack: seed % 3 === 0, sloppy: seed % 7 === 0 },
      singleLeader: {
        replication: (['majority', 'asynchronous', 'all'] as const)[seed % 3]!,
        promotion: seed % 2 === 0 ? 'anybody' : 'majority',
      },
    },
  };
}
