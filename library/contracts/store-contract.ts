/** What every adapter of the Store port must do. Runs in Node and in browsers. */
import type { Store, StoreChange } from '../../shared/ports/store.ts';
import { mustEqual, mustReject } from './checks.ts';
import type { TestFunctions } from './test-functions.ts';

let storeCount = 0;

/**
 * Registers the suite.
 *
 *     import { describe, test } from 'vitest';
 *     storeContract({ describe, test }, 'my store', (location) => MyStore.open(location));
 *
 * `open` opens the store of this name; opened again after it was closed, it must hold what was
 * written. Each test closes the stores that it opened.
 */
export function storeContract(
  { describe, test }: TestFunctions,
  name: string,
  open: (location: string) => Promise<Store>,
): void {
  const newLocation = (): string => `store-contract-${Date.now()}-${++storeCount}`;

  /** Runs a test with what opens stores, and closes them after it. */
  const withStores = (body: (openAt: typeof open) => Promise<void>) => async (): Promise<void> => {
    const opened: Store[] = [];
    try {
      await body(async (location) => {
        const store = await open(location);
        opened.push(store);
        return store;
      });
    } finally {
      for (const store of opened) await store.close();
    }
  };
  const withStore = (body: (store: Store) => Promise<void>): (() => Promise<void>) =>
    withStores(async (openAt) => body(await openAt(newLocation())));

  describe(`store contract: ${name}`, () => {
    test('an empty store has no entries', withStore(async (store) => {
      mustEqual(await entries(store), []);
    }));

    test(
      'a value comes back byte for byte, empty ones and all byte values too',
      withStore(async (store) => {
        const all = Uint8Array.from({ length: 256 }, (_, i) => i);
        await store.write([put('all', all), put('empty', new Uint8Array(0))]);
        const read = await collect(store, '');
        mustEqual([...(read.get('all') ?? [])], [...all]);
        mustEqual(read.get('empty')?.length, 0);
        mustEqual(read.get('all') instanceof Uint8Array, true);
      }),
    );

    test(
      'only keys with the prefix are read, in ascending order of their UTF-16 code units',
      withStore(async (store) => {
        const odd = ['b/\u{1f600}', 'b/\uffee', 'b/é', 'b/\uffff', 'b/~'];
        const keys = ['b/2', 'b/10', 'b/1', 'b', 'b/', 'a/1', 'c', 'b0', ...odd];
        await store.write(keys.map((key) => put(key, text(key))));
        const expected = keys.filter((key) => key.startsWith('b/')).sort();
        mustEqual(await entries(store, 'b/'), expected.map((key) => [key, key]));
        mustEqual((await entries(store)).map(([key]) => key), [...keys].sort());
      }),
    );

    test('a later write replaces and removes', withStore(async (store) => {
      await store.write([put('a', text('1')), put('b', text('1'))]);
      await store.write([put('a', text('2')), remove('b'), remove('never there')]);
      mustEqual(await entries(store), [['a', '2']]);
    }));

    test('within one write the last change of a key counts', withStore(async (store) => {
      const b = [put('b', text('1')), put('b', text('2'))];
      await store.write([put('a', text('1')), remove('a'), ...b, remove('c'), put('c', text('3'))]);
      mustEqual(await entries(store), [['b', '2'], ['c', '3']]);
    }));

    test(
      'writes that are asked for together are carried out in their order',
      withStore(async (store) => {
        const write = (_: unknown, i: number): Promise<void> =>
          store.write([put('last', text(String(i))), put(`n/${i}`, text(''))]);
        await Promise.all(Array.from({ length: 50 }, write));
        mustEqual((await entries(store, 'last'))[0], ['last', '49']);
        mustEqual((await entries(store, 'n/')).length, 50);
      }),
    );

    test('a write of nothing succeeds', withStore(async (store) => {
      await store.write([]);
      mustEqual(await entries(store), []);
    }));

    test(
      'what was written is there after the store is closed and opened again',
      withStores(async (openAt) => {
        const location = newLocation();
        const first = await openAt(location);
        await first.write([put('a', text('1')), put('b', text('2'))]);
        await first.write([remove('b')]);
        await first.close();
        mustEqual(await entries(await openAt(location)), [['a', '1']]);
      }),
    );

    test('closing ends the writes under way first', withStores(async (openAt) => {
      const location = newLocation();
      const first = await openAt(location);
      const written = first.write([put('a', text('1'))]);
      await first.close();
      await written;
      mustEqual(await entries(await openAt(location)), [['a', '1']]);
    }));

    test(
      'closing twice is fine; a closed store rejects writes and reads',
      withStore(async (store) => {
        await store.close();
        await store.close();
        await mustReject(store.write([put('a', text('1'))]), 'a write to a closed store');
        await mustReject(entries(store), 'a read of a closed store');
      }),
    );

    test(
      'changing bytes after the write, or those that were read, does not change what is stored',
      withStore(async (store) => {
        const value = text('good');
        await store.write([put('a', value)]);
        value.fill(0);
        (await collect(store, '')).get('a')?.fill(0);
        mustEqual(await entries(store), [['a', 'good']]);
      }),
    );
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
  const found = await collect(store, prefix);
  return [...found].map(([key, value]) => [key, new TextDecoder().decode(value)]);
}
