/**
 * What every adapter of the Store port must do. Runs in Node and in browsers.
 */
import { afterEach, describe, expect, test } from 'vitest';
import type { Store, StoreChange } from '../../shared/ports/store.ts';

let storeCount = 0;

/** Registers the suite. `open` opens the store of this name; opened again after it was closed, it must hold what was written. */
export function storeContract(name: string, open: (location: string) => Promise<Store>): void {
  describe(`store contract: ${name}`, () => {
    const opened: Store[] = [];

    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close();
    });

    const openAt = async (location: string): Promise<Store> => {
      const store = await open(location);
      opened.push(store);
      return store;
    };
    const openNew = (): Promise<Store> => openAt(`store-contract-${Date.now()}-${++storeCount}`);

    test('an empty store has no entries', async () => {
      expect(await entries(await openNew())).toEqual([]);
    });

    test('a value comes back byte for byte, empty ones and all byte values too', async () => {
      const store = await openNew();
      const all = Uint8Array.from({ length: 256 }, (_, i) => i);
      await store.write([put('all', all), put('empty', new Uint8Array(0))]);
      const read = await collect(store, '');
      expect([...(read.get('all') ?? [])]).toEqual([...all]);
      expect(read.get('empty')).toHaveLength(0);
      expect(read.get('all')).toBeInstanceOf(Uint8Array);
    });

    test('only keys with the prefix are read, in ascending order of their UTF-16 code units', async () => {
      const store = await openNew();
      const keys = ['b/2', 'b/10', 'b/1', 'b', 'b/', 'a/1', 'c', 'b0', 'b/\u{1f600}', 'b/\uffee', 'b/é', 'b/\uffff', 'b/~'];
      await store.write(keys.map((key) => put(key, text(key))));
      const expected = keys.filter((key) => key.startsWith('b/')).sort();
      expect(await entries(store, 'b/')).toEqual(expected.map((key) => [key, key]));
      expect((await entries(store)).map(([key]) => key)).toEqual([...keys].sort());
    });

    test('a later write replaces and removes', async () => {
      const store = await openNew();
      await store.write([put('a', text('1')), put('b', text('1'))]);
      await store.write([put('a', text('2')), remove('b'), remove('never there')]);
      expect(await entries(store)).toEqual([['a', '2']]);
    });

    test('within one write the last change of a key counts', async () => {
      const store = await openNew();
      await store.write([put('a', text('1')), remove('a'), put('b', text('1')), put('b', text('2')), remove('c'), put('c', text('3'))]);
      expect(await entries(store)).toEqual([['b', '2'], ['c', '3']]);
    });

    test('writes that are asked for together are carried out in their order', async () => {
      const store = await openNew();
      await Promise.all(Array.from({ length: 50 }, (_, i) => store.write([put('last', text(String(i))), put(`n/${i}`, text(''))])));
      expect((await entries(store, 'last'))[0]).toEqual(['last', '49']);
      expect(await entries(store, 'n/')).toHaveLength(50);
    });

    test('a write of nothing succeeds', async () => {
      const store = await openNew();
      await store.write([]);
      expect(await entries(store)).toEqual([]);
    });

    test('what was written is there after the store is closed and opened again', async () => {
      const location = `store-contract-${Date.now()}-${++storeCount}`;
      const first = await openAt(location);
      await first.write([put('a', text('1')), put('b', text('2'))]);
      await first.write([remove('b')]);
      await first.close();
      expect(await entries(await openAt(location))).toEqual([['a', '1']]);
    });

    test('closing ends the writes under way first', async () => {
      const location = `store-contract-${Date.now()}-${++storeCount}`;
      const first = await openAt(location);
      const written = first.write([put('a', text('1'))]);
      await first.close();
      await written;
      expect(await entries(await openAt(location))).toEqual([['a', '1']]);
    });

    test('closing twice is fine; a closed store rejects writes and reads', async () => {
      const store = await openNew();
      await store.close();
      await store.close();
      await expect(store.write([put('a', text('1'))])).rejects.toThrow();
      await expect(entries(store)).rejects.toThrow();
    });

    test('changing bytes after the write, or those that were read, does not change what is stored', async () => {
      const store = await openNew();
      const value = text('good');
      await store.write([put('a', value)]);
      value.fill(0);
      (await collect(store, '')).get('a')?.fill(0);
      expect(await entries(store)).toEqual([['a', 'good']]);
    });
  });
}

function put(key: string, value: Uint8Array): StoreChange {
  return { key, value };
}

function remove(key: string): StoreChange {
  return { key, value: null };
}

function text(characters: string): Uint8Array {
  return new TextEncoder().encode(characters);
}

async function collect(store: Store, prefix: string): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for await (const { key, value } of store.read(prefix)) found.set(key, value);
  return found;
}

async function entries(store: Store, prefix = ''): Promise<[string, string][]> {
  return [...(await collect(store, prefix))].map(([key, value]) => [key, new TextDecoder().decode(value)]);
}
