/** The store that relays share carries a write out, and its answer is lost. */
import { expect, test } from 'vitest';
import type { SharedStore } from '../../../../shared/ports/shared-store.ts';
import { SharedMemory } from '../../../support/memory-shared-store.ts';
import { overriddenWrites } from '../../../support/overridden-writes.ts';
import { startLab, until } from '../../../support/lab-fixture.ts';

/** A store whose first answer to a write that divides a room is lost. */
function losing(store: SharedStore, lost: { count: number }): SharedStore {
  return overriddenWrites(store, async (room, write) => {
    if (write.division === undefined) return room.write(write);
    lost.count++;
    // Tried again before this relay has heard its own write: it is behind.
    if (lost.count === 2) return { kind: 'behind' };
    const outcome = await room.write(write);
    if (lost.count === 1) throw new Error('the answer is lost');
    return outcome;
  });
}

test('a room is divided once, and the call answers', async () => {
  const memory = new SharedMemory();
  const lost = { count: 0 };
  const one = await startLab({ store: losing(memory.open(), lost) });
  const two = await startLab({ store: memory.open() });
  const islands = async (lab: { url: string }): Promise<string> =>
    (await fetch(`${lab.url}/-/api/rooms/lab/islands`)).text();
  expect([await islands(one), await islands(two)]).toEqual(['[]', '[]']);
  const lease = await two.relay.lease('lab');
  const answer = await fetch(`${one.url}/-/api/rooms/lab/islands`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([['A'], ['B']]),
  });
  expect([answer.status, lost.count]).toEqual([200, 3]);
  for (const lab of [one, two]) await until(async () => (await islands(lab)) === '[["A"],["B"]]');
  expect(lease.room.islands.isDivided).toBe(true);
  lease.release();
});
