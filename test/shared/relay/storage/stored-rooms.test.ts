/** The rooms in a store, listed page by page: by the control API, from memory and from LevelDB. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Store } from '../../../../shared/ports/store.ts';
import { roomPath } from '../../../../shared/protocol/room-name.ts';
import { MemoryStore } from '../../../support/memory-store.ts';
import { openLevelStore } from '../../../../server/storage/level-store.ts';
import { atEnd, documentOf, joinAsApp, startLab, type TestLab, until } from '../../../support/lab-fixture.ts';

interface Page {
  readonly stored: readonly { readonly name: string; readonly loaded: boolean }[] | null;
  readonly next: string | null;
}

async function page(lab: TestLab, query = ''): Promise<Page> {
  return (await (await fetch(`${lab.url}/-/api/rooms${query}`)).json()) as Page;
}

async function openLevel(): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'rejoin-stored-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const store = await openLevelStore(folder);
  atEnd(() => store.close());
  return store;
}

const rooms = ['a', 'a/b', 'a-b', 'a0', 'org/my doc', 'Größe', 'z'];

test.each<[string, () => Promise<Store> | Store]>([['memory', () => new MemoryStore()], ['LevelDB', openLevel]])('all rooms are listed, once each, whatever the size of the pages: %s', async (_kind, open) => {
  const store = await open();
  await store.write([{ key: 'other/thing', value: Uint8Array.of(1) }, { key: 'zoo', value: Uint8Array.of(1) }]);
  const lab = await startLab({ store });
  expect(await page(lab)).toMatchObject({ stored: [], next: null });
  for (const room of rooms) {
    const app = joinAsApp(lab, roomPath(room));
    app.doc.getMap('map').set('one', 1);
    app.doc.getMap('map').set('two', 2);
    await until(async () => (await documentOf(lab, room)).map['two'] === 2);
    if (room !== 'z') app.destroy();
  }
  await until(() => lab.relay.roomNames().length === 1 && lab.relay.storing.unsavedSinceMs === null);
  const all = await page(lab);
  expect(all.next).toBeNull();
  expect([...all.stored!].sort((one, other) => (one.name < other.name ? -1 : 1))).toEqual([...rooms].sort().map((name) => ({ name, loaded: name === 'z' })));
  for (const limit of [1, 2, 3, rooms.length]) {
    const found: string[] = [];
    let next: string | null = null;
    do {
      const one: Page = await page(lab, `?limit=${limit}${next === null ? '' : `&after=${encodeURIComponent(next)}`}`);
      expect(one.stored!.length).toBeLessThanOrEqual(limit);
      found.push(...one.stored!.map(({ name }) => name));
      next = one.next;
    } while (next !== null);
    expect(found).toEqual(all.stored!.map(({ name }) => name));
  }
});

test('a store that cannot be read: the rooms in memory are told all the same', async () => {
  const inner = new MemoryStore();
  const lab = await startLab({ store: { read: (prefix) => (prefix === 'room/' ? failing() : inner.read(prefix)), write: (changes) => inner.write(changes), close: () => inner.close() } });
  joinAsApp(lab, 'lab');
  await until(() => lab.relay.roomNames().length === 1);
  expect(await page(lab)).toMatchObject({ rooms: [{ room: 'lab' }], stored: null, next: null });
});

test.each(['0', '1001', 'many', '-1', ''])('a page of %j rooms: 400', async (limit) => {
  const lab = await startLab();
  expect((await fetch(`${lab.url}/-/api/rooms?limit=${limit}`)).status).toBe(400);
});

async function* failing(): AsyncGenerator<never> {
  throw new Error('unreadable');
}
