/** How a large write of a room that relays share is divided, and what is left when it fails. */
import { expect, test } from 'vitest';
import { writeParts, type WritePart } from '../../../../shared/relay/cluster/write-parts.ts';
import { recordKey, RoomStorage } from '../../../../shared/relay/storage/room-storage.ts';
import type { SharedStore } from '../../../../shared/ports/shared-store.ts';
import { encodeRecord } from '../../../../shared/history/record-codec.ts';
import { MemoryStore } from '../../../support/memory-store.ts';
import { SharedMemory } from '../../../support/memory-shared-store.ts';
import { overriddenWrites } from '../../../support/overridden-writes.ts';
import { connectReplica, encodedRecords, record, startLab, until } from '../../../support/lab-fixture.ts';

const prefix = 'room/lab/';
const keyOf = (dot: { replica: string; counter: number }): string => recordKey(prefix, dot);

/** A write of so many updates and records. */
function writeOf(updateCount: number, recordCount: number): WritePart {
  const storage = new RoomStorage(new MemoryStore(), 'lab', () => {}, 'writer');
  const updates = Array.from({ length: updateCount }, (_, i) => new Uint8Array(1_000).fill(i % 251));
  const records = Array.from({ length: recordCount }, (_, i) => {
    const edit = record('A', i + 1);
    return { record: edit, bytes: encodeRecord(edit) };
  });
  return {
    changes: [...storage.addUpdates(updates), ...records.map((each) => storage.addRecord(each))],
    updates: updates.map((update) => ({ place: '', update })),
    records: records.map((each) => ({ place: '', dot: each.record.dot, bytes: each.bytes })),
  };
}

test('each part has few changes and bytes, and nothing is missing or twice', () => {
  const write = writeOf(5_000, 8_000);
  const parts = writeParts(write, keyOf);
  expect(parts.flatMap(({ changes }) => changes)).toEqual(write.changes);
  expect(parts.flatMap(({ updates }) => updates)).toEqual(write.updates);
  expect(parts.flatMap(({ records }) => records)).toEqual(write.records);
  for (const { changes } of parts) {
    expect(changes.length).toBeLessThanOrEqual(500);
    const bytes = changes.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
    expect(bytes).toBeLessThan(2 * 1024 * 1024);
  }
});

test('what others hear is in the part that stores it', () => {
  const parts = writeParts(writeOf(3_000, 3_000), keyOf, { changesMax: 100, bytesMax: 100_000 });
  expect(parts.length).toBeGreaterThan(30);
  for (const { changes, updates, records } of parts) {
    const keys = new Set(changes.map(({ key }) => key));
    for (const { dot } of records) expect(keys).toContain(keyOf(dot));
    const stored = changes.flatMap((change) => ('updates' in change ? change.updates : []));
    for (const { update } of updates) expect(stored).toContain(update);
  }
});

test('what compacts the document comes before what it replaces is removed', () => {
  const storage = new RoomStorage(new MemoryStore(), 'lab', () => {}, 'writer');
  for (let i = 0; i < 700; i++) storage.addUpdates([Uint8Array.of(i % 251)]);
  const update = Uint8Array.of(1, 2, 3);
  const changes = storage.replaceUpdates(Uint8Array.of(9), [update]);
  const parts = writeParts({ changes, updates: [{ place: '', update }], records: [] }, keyOf);
  expect(parts).toHaveLength(2);
  expect(parts[0]!.changes[0]!.value).not.toBeNull();
  expect(parts[0]!.updates).toHaveLength(1);
  const removed = parts.flatMap((part) => part.changes).filter(({ value }) => value === null);
  expect(removed).toHaveLength(700);
});

test('what is stored already and only to be heard is divided too', () => {
  const { updates, records } = writeOf(3_000, 1_000);
  const parts = writeParts({ changes: [], updates, records }, keyOf);
  expect(parts.length).toBeGreaterThan(3);
  expect(parts.flatMap((part) => part.updates)).toEqual(updates);
  expect(parts.flatMap((part) => part.records)).toEqual(records);
});

/** A store that fails after so many large writes. */
function failing(store: SharedStore, writes: { left: number }): SharedStore {
  return overriddenWrites(store, (room, write) => {
    const isLarge = write.changes.length > 100;
    if (isLarge && writes.left-- <= 0) return Promise.reject(new Error('gone'));
    return room.write(write);
  });
}

test('a write that fails half way is heard without gaps as far as it came, and is finished later', async () => {
  const memory = new SharedMemory();
  const writes = { left: Infinity };
  const [one, two] = [
    await startLab({ store: failing(memory.open(), writes) }),
    await startLab({ store: memory.open() }),
  ];
  const a = await connectReplica(one, 'lab', 'A');
  const b = await connectReplica(two, 'lab', 'B');
  await until(() => a.last('saved') && b.last('roster')?.present.length === 2);
  writes.left = 3;
  a.say(encodedRecords(...Array.from({ length: 4_000 }, (_, i) => record('A', i + 1))));
  const heard = (): number =>
    b.messages().reduce((sum, each) => sum + (each.kind === 'records' ? each.records.length : 0), 0);
  await until(() => one.lines.some((line) => line.includes('storing failed')));
  await until(() => heard() === 1_500);
  expect(a.last('saved')?.summary.get('A')).toBe(0);
  writes.left = Infinity;
  await until(() => a.last('saved')?.summary.get('A') === 4_000 && heard() === 4_000);
});
