/** What the outbox stores at a time: own records with all that they may have seen, what nobody waits for in parts. */
import { expect, test } from 'vitest';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import type { JournalRecord } from '../../../shared/history/record.ts';
import type { Store, StoreChange } from '../../../shared/ports/store.ts';
import { Outbox } from '../../../shared/replica/outbox.ts';
import { VirtualClock } from '../../../shared/simulation/virtual-clock.ts';

/** A store whose writes end one after the other, when they are let. */
function opened() {
  const writes: { readonly changes: readonly StoreChange[]; readonly end: () => void }[] = [];
  const store: Store = {
     
    async *read() {},
    write: (changes) => new Promise((end) => void writes.push({ changes, end })),
    close: () => Promise.resolve(),
  };
  const released: string[] = [];
  const outbox = new Outbox(store, new VirtualClock(), (records) => released.push(...records.map(({ dot }) => `${dot.replica}:${dot.counter}`)), () => {});
  return { outbox, writes, released };
}

const others: readonly StoreChange[] = Array.from({ length: 1_000 }, (_, at) => ({ key: `other ${at}`, value: new Uint8Array([1]) }));
const own = { dot: { replica: 'A', counter: 1 }, context: VersionVector.empty, wallMs: 1, hybrid: { ms: 1, counter: 0 }, field: 'votes', intent: { kind: 'increment', by: 1 }, traces: {} } as unknown as JournalRecord;

test('what can be had again is stored in parts', async () => {
  const { outbox, writes } = opened();
  outbox.writeLater(others);
  const settled = outbox.settled();
  for (let at = 0; at < 4; at++) {
    await expect.poll(() => writes.length).toBe(at + 1);
    writes[at]!.end();
  }
  await settled;
  expect(writes.map(({ changes }) => changes.length)).toEqual([256, 256, 256, 232]);
  expect(writes.flatMap(({ changes }) => changes.map(({ key }) => key))).toEqual(others.map(({ key }) => key));
});

test('an own record that comes between two parts goes with all of the rest, and is released when that is stored', async () => {
  const { outbox, writes, released } = opened();
  outbox.writeLater(others);
  const settled = outbox.settled();
  outbox.store(own, [{ key: 'of the record', value: new Uint8Array([2]) }]);
  writes[0]!.end();
  await expect.poll(() => writes.length).toBe(2);
  expect(writes[1]!.changes).toHaveLength(2 + 1_000 - 256);
  expect(released).toEqual([]);
  writes[1]!.end();
  await settled;
  expect(released).toEqual(['A:1']);
});
