/** People keep seeds: where a change gives one another run, the version of the simulation says so. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { encodeRecords } from '../../../shared/history/record-codec.ts';
import { RandomRuns } from '../../../shared/scenarios/random-runs.ts';
import { labRunTemplate } from '../../../shared/scenarios/run-template.ts';
import { simulationVersion } from '../../../shared/simulation/simulated-room.ts';

test('seed 1 gives the records that it gave in this version; for others, simulationVersion is counted up', async () => {
  const { run } = await new RandomRuns(labRunTemplate(['A', 'B', 'C']), { edits: 60, faults: 8, verdicts: false }).run(1);
  const digest = createHash('sha256').update(encodeRecords(run.records)).digest('hex').slice(0, 16);
  expect([simulationVersion, digest]).toEqual([3, 'd5e0bb4e9a8e90f6']);
});
