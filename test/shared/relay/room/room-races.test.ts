/** People come and go while a room is being loaded, stored and let go of, at a store that takes its time: nobody sees less than was there before. */
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { MemoryStore } from '../../../support/memory-store.ts';
import { SeededRandom } from '../../../../shared/network/seeded-random.ts';
import type { Store, StoreChange, StoreEntry } from '../../../../shared/ports/store.ts';
import { repeatWith, seedsOf } from '../../../support/run-counts.ts';
import { connectRaw, type RawClient, startLab, syncFrame, until, updateOf } from '../../../support/lab-fixture.ts';

/** Reads and writes after a few turns of the event loop, another number each time. */
class SlowStore implements Store {
  constructor(private readonly inner: Store, private readonly random: SeededRandom) {}

  async *read(prefix: string): AsyncIterable<StoreEntry> {
    await this.someTurns();
    for await (const entry of this.inner.read(prefix)) {
      yield entry;
      await this.someTurns();
    }
  }

  async write(changes: readonly StoreChange[]): Promise<void> {
    await this.someTurns();
    await this.inner.write(changes);
    await this.someTurns();
  }

  async close(): Promise<void> {}

  private async someTurns(): Promise<void> {
    for (let left = this.random.below(40); left > 0; left--) await new Promise(setImmediate);
  }
}

const isStepTwo = (frame: Uint8Array): boolean => frame[0] === 0 && frame[1] === 1;

/** What the relay has by now, as this client is told. */
async function told(client: RawClient): Promise<Record<string, unknown>> {
  const answers = client.frames.filter(isStepTwo).length;
  client.send(syncFrame(0, Uint8Array.of(0)));
  await until(() => client.frames.filter(isStepTwo).length > answers);
  const frame = client.frames.filter(isStepTwo).at(-1)!;
  let at = 2;
  while (frame[at]! >= 0x80) at++;
  const doc = new Y.Doc();
  Y.applyUpdate(doc, frame.subarray(at + 1));
  return doc.getMap('map').toJSON();
}

async function race(seed: number): Promise<void> {
  const random = new SeededRandom(seed);
  const lab = await startLab({ store: new SlowStore(new MemoryStore(), random) });
  const known = new Set<string>();
  let count = 0;
  const person = async (): Promise<void> => {
    for (let left = 6; left > 0; left--) {
      for (let turns = random.below(60); turns > 0; turns--) await new Promise(setImmediate);
      const before = [...known];
      const client = await connectRaw(lab, '/lab');
      const seen = await told(client);
      expect(before.filter((key) => !(key in seen)), 'edits that were there and are not').toEqual([]);
      const key = `edit ${++count}`;
      client.send(syncFrame(2, updateOf(key, seed)));
      // Once it has been answered behind it, it was taken; not yet stored.
      expect(await told(client)).toHaveProperty([key]);
      known.add(key);
      if (random.chance(0.5)) client.socket.terminate();
      else client.socket.close();
      if (random.chance(0.5)) await client.closed;
    }
  };
  await Promise.all(Array.from({ length: 1 + random.below(3) }, person));
  await until(() => lab.relay.roomNames().length === 0);
  expect(Object.keys(await told(await connectRaw(lab, '/lab'))).sort()).toEqual([...known].sort());
  expect(lab.lines).toEqual([]);
}

test('whoever comes while a room is loaded, stored or let go of sees all that was taken before', { timeout: 3_600_000, tags: ['runs'] }, async () => {
  for (const seed of seedsOf('room-races')) {
    try {
      await race(seed);
    } catch (error) {
      throw new Error(`seed ${seed}; ${repeatWith('room-races', seed)}`, { cause: error });
    }
  }
});
