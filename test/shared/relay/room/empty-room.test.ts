import { expect, test } from 'vitest';
import type { Store, StoreChange } from '../../../../shared/ports/store.ts';
import { MemoryStore } from '../../../support/memory-store.ts';
import { connectReplica, HeldStore, startLab, syncFrame, until, updateOf } from '../../../support/lab-fixture.ts';

/** Fails the write that empties a room: before it is carried out, or after it. */
class DoubtfulStore extends HeldStore implements Store {
  fails: 'before' | 'after' | null = null;

  override async write(changes: readonly StoreChange[]): Promise<void> {
    const isEmptying = changes.some(({ value }) => value === null);
    if (isEmptying && this.fails === 'before') throw new Error('disk full');
    await super.write(changes);
    if (isEmptying && this.fails === 'after') throw new Error('the disk does not say whether it synced');
  }
}

test.each(['before', 'after'] as const)('a write that empties a room fails %s it was carried out: memory and store agree, and what is confirmed later is kept', async (when) => {
  const disk = new Map<string, Uint8Array>();
  const store = new DoubtfulStore(new MemoryStore(disk));
  const lab = await startLab({ store });
  const a = await connectReplica(lab, 'lab', 'A');
  a.send(syncFrame(2, updateOf('one', '1')));
  await until(() => a.last('saved')?.yjsFrames === 1);
  const epoch = a.last('welcome')!.epoch;
  store.fails = when;
  const emptied = lab.relay.emptyRoom('lab');
  if (when === 'before') await expect(emptied).rejects.toThrow('disk full');
  else await emptied;
  store.fails = null;
  const b = await connectReplica(lab, 'lab', 'B');
  expect(b.last('welcome')!.epoch === epoch).toBe(when === 'before');
  b.send(syncFrame(2, updateOf('two', '2')));
  await until(() => b.last('saved')?.yjsFrames === 1);
  await lab.close();
  const again = await startLab({ store: new MemoryStore(disk) });
  const c = await connectReplica(again, 'lab', 'C');
  expect(c.last('welcome')!.epoch).toBe(b.last('welcome')!.epoch);
  expect(c.last('welcome')!.discarded.includes(epoch)).toBe(when === 'after');
});
