/** What is left of a stored room when LevelDB's newest file was cut short, as by a power cut, or has a wrong byte. */
import { cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLevelStore } from '../../../server/storage/level-store.ts';
import { RoomStorage, type StoredRoom } from '../../../shared/relay/storage/room-storage.ts';
import { encodeRecord } from '../../../shared/history/record-codec.ts';
import { atEnd, record, updateOf } from '../../support/lab-fixture.ts';

interface Folder {
  readonly path: string;
  /** Its newest file of writes that were not sorted in yet. */
  readonly log: string;
}

async function newFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'rejoin-torn-'));
  atEnd(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function logOf(path: string): Promise<string> {
  return join(path, (await readdir(path)).filter((name) => name.endsWith('.log')).sort().at(-1)!);
}

/** A folder with this many writes: each an update and a record, synced by itself. `sizes`: how long the newest file was after each. */
async function written(count: number): Promise<Folder & { readonly sizes: readonly number[] }> {
  const path = await newFolder();
  const store = await openLevelStore(path);
  const storage = new RoomStorage(store, 'lab', () => {});
  const sizes: number[] = [];
  for (let i = 1; i <= count; i++) {
    const edit = record('A', i);
    await store.write([...storage.addUpdates([updateOf(`key ${i}`, i)]), storage.addRecord({ bytes: encodeRecord(edit), record: edit })]);
    sizes.push((await stat(await logOf(path))).size);
  }
  await store.close();
  return { path, log: await logOf(path), sizes };
}

/** Opens a folder and reads the room. */
async function read(path: string): Promise<{ readonly room: StoredRoom; readonly lines: readonly string[] }> {
  const lines: string[] = [];
  const store = await openLevelStore(path);
  try {
    return { room: await new RoomStorage(store, 'lab', (line) => lines.push(line)).load(), lines };
  } finally {
    await store.close();
  }
}

async function copyOf({ path, log }: Folder): Promise<Folder> {
  const copy = await newFolder();
  await cp(path, copy, { recursive: true });
  return { path: copy, log: join(copy, log.slice(path.length + 1)) };
}

test('a file that was cut at any byte of its last two writes opens, and has all writes before the cut whole and none in part', { timeout: 120_000 }, async () => {
  const folder = await written(4);
  const [, second, , fourth] = folder.sizes;
  expect(fourth! - second!).toBeGreaterThan(200);
  for (let length = second!; length <= fourth!; length++) {
    const torn = await copyOf(folder);
    await truncate(torn.log, length);
    const whole = folder.sizes.filter((size) => size <= length).length;
    const { room, lines } = await read(torn.path);
    expect([length, room.updates.length, room.records.map((each) => each.record.dot.counter), lines]).toEqual([length, whole, [1, 2, 3, 4].slice(0, whole), []]);
    await rm(torn.path, { recursive: true, force: true });
  }
});

test('a folder that was torn takes writes again and keeps them', async () => {
  const folder = await written(3);
  await truncate(folder.log, folder.sizes[2]! - 1);
  const store = await openLevelStore(folder.path);
  const storage = new RoomStorage(store, 'lab', () => {});
  await storage.load();
  const edit = record('A', 3);
  await store.write([storage.addRecord({ bytes: encodeRecord(edit), record: edit })]);
  await store.close();
  const { room } = await read(folder.path);
  expect([room.updates.length, room.records.length]).toEqual([2, 3]);
});

test('a wrong byte in the last two writes is never taken for data: what is read is what was written, the writes before it whole', { timeout: 120_000 }, async () => {
  const folder = await written(4);
  const intact = await read(folder.path);
  // Reading has sorted them into another file: the copies are made of what was written.
  const fresh = await written(4);
  const bytes = await readFile(fresh.log);
  const written2 = intact.room.records.map((each) => Buffer.from(each.bytes).toString('hex'));
  // Every third: opening a folder takes its time.
  for (let at = fresh.sizes[1]!; at < fresh.sizes[3]!; at += 3) {
    const damaged = await copyOf(fresh);
    const changed = Buffer.from(bytes);
    changed[at]! ^= 0xff;
    await writeFile(damaged.log, changed);
    const { room } = await read(damaged.path);
    const records = room.records.map((each) => Buffer.from(each.bytes).toString('hex'));
    expect(records.length, `byte ${at}`).toBeGreaterThanOrEqual(2);
    expect(written2.slice(0, records.length), `byte ${at}`).toEqual(records);
    expect(records.length, `byte ${at}`).toBeLessThan(4);
    await rm(damaged.path, { recursive: true, force: true });
  }
});

test('a wrong byte in a sorted file: the folder opens, and what is read is what was written or is reported; where LevelDB cannot read on, it says so', { timeout: 120_000 }, async () => {
  const folder = await written(4);
  const intact = await read(folder.path);
  const file = (await readdir(folder.path)).find((name) => name.endsWith('.ldb'))!;
  const bytes = await readFile(join(folder.path, file));
  const good = { updates: new Set(intact.room.updates.map(hex)), records: new Set(intact.room.records.map((each) => hex(each.bytes))) };
  const seen = { whole: 0, reported: 0, unreadable: 0 };
  for (let at = 0; at < bytes.length; at += 3) {
    const damaged = await newFolder();
    await cp(folder.path, damaged, { recursive: true });
    const changed = Buffer.from(bytes);
    changed[at]! ^= 0xff;
    await writeFile(join(damaged, file), changed);
    const found = await read(damaged).catch((error: Error) => error.message);
    if (typeof found === 'string') {
      expect(found, `byte ${at}`).toMatch(/^(Corruption|IO error): /);
      seen.unreadable++;
    } else {
      for (const update of found.room.updates) expect(good.updates.has(hex(update)), `byte ${at}`).toBe(true);
      for (const { bytes: each } of found.room.records) expect(good.records.has(hex(each)), `byte ${at}`).toBe(true);
      seen[found.lines.length > 0 ? 'reported' : 'whole']++;
    }
    await rm(damaged, { recursive: true, force: true });
  }
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10);
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
