/**
 * The Store port on IndexedDB. One object store, keys are strings, values bytes.
 * Durability is relaxed: a write that is reported as done is with the operating system, so that it outlives the page and a killed browser; a power
 * failure in the same moment may take it. Strict durability cost 20 ms a keystroke where it was measured (npm run bench -- windows).
 */
import { type IDBPDatabase, openDB, unwrap } from 'idb';
import type { Store, StoreChange, StoreEntry } from '../../shared/ports/store.ts';

const entries = 'entries';
const pageSize = 1_000;

export class IndexedDbStore implements Store {
  private constructor(private readonly database: IDBPDatabase) {}

  /** Opens or makes the database of this name. Rejects where the browser refuses storage (private windows, full disks). */
  static async open(name: string): Promise<IndexedDbStore> {
    const database = await openDB(name, 1, {
      upgrade: (fresh) => void fresh.createObjectStore(entries),
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
    return new IndexedDbStore(database);
  }

  /** Reads page by page, as an IndexedDB transaction does not outlive a wait for anything else. */
  async *read(prefix: string): AsyncIterable<StoreEntry> {
    const end = `${prefix}\uffff`;
    let range = IDBKeyRange.bound(prefix, end);
    for (;;) {
      const transaction = this.database.transaction(entries);
      const [keys, values] = await Promise.all([transaction.store.getAllKeys(range, pageSize), transaction.store.getAll(range, pageSize)]);
      for (const [i, key] of keys.entries()) if (String(key).startsWith(prefix)) yield { key: String(key), value: values[i] as Uint8Array };
      if (keys.length < pageSize) return;
      range = IDBKeyRange.bound(keys.at(-1)!, end, true);
    }
  }

  async write(changes: readonly StoreChange[]): Promise<void> {
    if (changes.length === 0) return;
    const transaction = this.database.transaction(entries, 'readwrite', { durability: 'relaxed' });
    // The browser's own requests: a promise for each would tell of a failure twice, and take longer than the writing.
    const store = unwrap(transaction.store);
    for (const { key, value } of changes) {
      if (value === null) store.delete(key);
      else store.put(value, key);
    }
    // At once, not when the page has heard of each request: it may be busy, or be left before that.
    transaction.commit();
    await transaction.done;
  }

  async close(): Promise<void> {
    this.database.close();
  }
}
