import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findLogDamage } from '../../../server/storage/level-log.ts';
import { repairLevelFolder } from '../../../server/storage/level-folder.ts';
import { openLevelStore } from '../../../server/storage/level-store.ts';
import type { Store } from '../../../shared/ports/store.ts';
import { SeededRandom } from '../../../shared/network/seeded-random.ts';
import { TornLogDatabase, type TornLogDisk } from '../../support/torn-log-database.ts';
import { atEnd } from '../../support/lab-fixture.ts';

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rejoin-level-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'rooms');
}

/** Writes so many values of so many bytes, each in a write of its own, and closes. Returns the name of the log. */
async function write(folder: string, count: number, valueBytes: number, first = 1): Promise<string> {
  const store = await openLevelStore(folder);
  for (let i = first; i < first + count; i++) await store.write([{ key: keyOf(i), value: new Uint8Array(valueBytes).fill(i) }]);
  await store.close();
  return (await readdir(folder)).find((name) => name.endsWith('.log'))!;
}

function keyOf(number: number): string {
  return `n/${String(number).padStart(4, '0')}`;
}

async function keysOf(store: Store): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.read('')) keys.push(key);
  return keys;
}

const put = (key: string): { key: string; value: Uint8Array } => ({ key, value: Uint8Array.of(1) });

for (const failing of ['append', 'sync'] as const) {
  test(`a failed ${failing}: no later write is confirmed before the store was opened anew, and each of these is there after a kill`, async () => {
    const disk: TornLogDisk = { log: [], failing: null };
    const open = (): Promise<Store> => openLevelStore('/nowhere', { database: () => new TornLogDatabase(disk) });
    const store = await open();
    await store.write([put('before')]);
    disk.failing = failing;
    await expect(store.write([put('failed')])).rejects.toThrow('No space left on device');
    await expect(store.write([put('failed too')])).rejects.toThrow(/cannot be opened: No space left on device$/);
    disk.failing = null;
    await store.write([put('failed')]);
    await Promise.all([store.write([put('failed too')]), store.write([put('after')])]);
    expect(await keysOf(store)).toEqual(['after', 'before', 'failed', 'failed too']);
    // Killed: nothing is closed.
    expect(await keysOf(await open())).toEqual(['after', 'before', 'failed', 'failed too']);
  });
}

test('reads that are under way when a write fails end before the store is opened anew; later ones wait for it', async () => {
  const disk: TornLogDisk = { log: [], failing: null };
  const store = await openLevelStore('/nowhere', { database: () => new TornLogDatabase(disk) });
  await store.write(['a', 'b', 'c'].map(put));
  const reading = store.read('')[Symbol.asyncIterator]();
  expect((await reading.next()).value).toMatchObject({ key: 'a' });
  disk.failing = 'append';
  await expect(store.write([put('d')])).rejects.toThrow();
  disk.failing = null;
  const again = store.write([put('d')]);
  const later = keysOf(store);
  expect((await reading.next()).value).toMatchObject({ key: 'b' });
  expect((await reading.next()).value).toMatchObject({ key: 'c' });
  expect((await reading.next()).done).toBe(true);
  await again;
  expect((await later).slice(0, 3)).toEqual(['a', 'b', 'c']);
  await store.close();
});

test('a log that ends anywhere is a log after a crash, and no damage is found in it', async () => {
  const folder = await newFolder();
  const log = await readFile(join(folder, await write(folder, 40, 3_000)));
  expect(log.length).toBeGreaterThan(3 * 32_768);
  const random = new SeededRandom(Date.now() % 2 ** 31);
  const ends = [0, 1, 7, 32_768, log.length, ...Array.from({ length: 60 }, () => random.below(log.length))];
  for (const end of ends) expect(findLogDamage(log.subarray(0, end)), `cut at ${end}`).toBe(null);
});

test('a wrong byte anywhere before the last record of a log is found', async () => {
  const folder = await newFolder();
  const log = await readFile(join(folder, await write(folder, 40, 3_000)));
  const random = new SeededRandom(Date.now() % 2 ** 31);
  for (let i = 0; i < 60; i++) {
    const at = random.below(log.length - 3_100);
    // The zeros at the end of a block are read by nobody.
    if (32_768 - (at % 32_768) < 7) continue;
    const damaged = Buffer.from(log);
    damaged[at]! ^= 0x40;
    expect(findLogDamage(damaged), `byte ${at}`).not.toBe(null);
  }
});

test('a log whose middle cannot be read is reported when the folder is opened, and kept', async () => {
  const folder = await newFolder();
  const name = await write(folder, 10, 100);
  const log = await readFile(join(folder, name));
  log[300]! ^= 0xff;
  await writeFile(join(folder, name), log);
  const lines: string[] = [];
  const store = await openLevelStore(folder, { report: (line) => lines.push(line) });
  const kept = await keysOf(store);
  await store.close();
  expect(kept.length).toBeLessThan(10);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(new RegExp(`^the data folder's log ${name} is damaged: \\d+ bytes at \\d+ cannot be read, .* is kept as .*${name}$`));
  expect(await readFile(join(`${folder}.damaged`, name))).toEqual(log);
  const again: string[] = [];
  await (await openLevelStore(folder, { report: (line) => again.push(line) })).close();
  expect(again).toEqual([]);
});

test('a folder with data files and no CURRENT is refused as it stands, with what to do; repairing it brings everything back', async () => {
  const folder = await newFolder();
  await write(folder, 10, 100);
  await write(folder, 10, 100, 11);
  await rm(join(folder, 'CURRENT'));
  const before = (await readdir(folder)).sort();
  await expect(openLevelStore(folder)).rejects.toThrow(
    /^the data folder .* has \d+ data files but no file CURRENT, which names those that count; put a backup in its place, or start once with --repair, [^\n]+$/,
  );
  expect((await readdir(folder)).sort()).toEqual(before);
  const copy = await repairLevelFolder(folder);
  expect(copy).toBe(`${folder}.before-repair`);
  expect((await readdir(copy!)).sort()).toEqual(before);
  const store = await openLevelStore(folder);
  atEnd(() => store.close());
  expect(await keysOf(store)).toEqual(Array.from({ length: 20 }, (_, i) => keyOf(i + 1)));
});

test('a backup is a copy of the folder of a relay that has ended', async () => {
  const folder = await newFolder();
  await write(folder, 10, 100);
  await cp(folder, `${folder}.backup`, { recursive: true });
  const store = await openLevelStore(`${folder}.backup`);
  atEnd(() => store.close());
  expect(await keysOf(store)).toHaveLength(10);
});

test('repairing a folder that is not there does nothing', async () => {
  expect(await repairLevelFolder(await newFolder())).toBe(null);
});
