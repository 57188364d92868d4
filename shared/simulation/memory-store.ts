/**
 * The Store port in memory, for tests and examples.
 *
 * Guarantees what the port asks for, with "durable" meaning: as long as the entries given to the
 * constructor live. Two stores over the same entries, one after the other, are a restart.
 */
import type { Store, StoreChange, StoreEntry } from '../ports/store.ts';

export class MemoryStore implements Store {
  private closed = false;

  constructor(private readonly entries: Map<string, Uint8Array> = new Map()) {}

  async *read(prefix: string): AsyncIterable<StoreEntry> {
    this.mustBeOpen();
    const keys = [...this.entries.keys()].filter((key) => key.startsWith(prefix)).sort();
    for (const key of keys) {
      const value = this.entries.get(key);
      // Copies, as a disk would give: nobody may change what is stored by changing what was read.
      if (value) yield { key, value: value.slice() };
    }
  }

  async write(changes: readonly StoreChange[]): Promise<void> {
    this.mustBeOpen();
    for (const { key, value } of changes) {
      if (value) this.entries.set(key, value.slice());
      else this.entries.delete(key);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  private mustBeOpen(): void {
    if (this.closed) throw new Error('the store is closed');
  }
}
