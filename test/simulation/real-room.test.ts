/**
 * Random runs at the room of the real relay, in virtual time: whatever people and the network did,
 * every promise that random runs check is kept. That broken relays break one, the variants show.
 */
import { expect, test } from 'vitest';
import { RandomRuns, wrongOf } from '../../shared/scenarios/random-runs.ts';
import { realRoom } from '../support/real-room.ts';
import { repeatWith, seedsOf } from '../support/run-counts.ts';
import { wrongIn } from './real-room-run.ts';

const title =
  'at the room of the real relay, replicas under random faults converge ' +
  'and every ledger is complete and true';

test(title, { timeout: 600_000, tags: ['runs'] }, async () => {
  for (const seed of seedsOf('real-room')) {
    const wrong = await wrongIn({ RandomRuns, wrongOf, realRoom }, seed);
    expect(wrong, repeatWith('real-room', seed)).toEqual([]);
  }
});
