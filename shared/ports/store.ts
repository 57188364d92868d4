/**
 * A small ordered, durable key-value store: what a replica or the relay remembers across restarts.
 * Adapters: IndexedDB (windows), LevelDB (relay), memory (simulation and tests). library/contracts/store-contract.ts tests them all.
 *
 * Guarantees: `write` is atomic, and when its promise resolves it outlives this program, however that ends (an adapter says whether also a power
 * failure); a later `read` sees it; keys are read in ascending order
 * of their UTF-16 code units; values come back byte for byte.
 * Does not guarantee: more than one writer for a store at a time.
 */
export interface Store {
  /** Why it cannot be used now, in one line; null where it can. Left out by an adapter that cannot tell. */
  readonly trouble?: string | null;
  /** All entries whose key starts with `prefix`, in key order. Rejects when the store cannot be read. */
  read(prefix: string): AsyncIterable<StoreEntry>;
  /**
   * Applies all changes or none. After a rejection (disk full, quota, closed, no answer) it is not known which of both: the
   * same write may be tried again.
   */
  write(changes: readonly StoreChange[]): Promise<void>;
  /** Ends all writes under way and releases the store. */
  close(): Promise<void>;
}

export interface StoreEntry {
  readonly key: string;
  readonly value: Uint8Array;
}

/** Puts `value` under `key`, or removes `key` where the value is null. */
export interface StoreChange {
  readonly key: string;
  readonly value: Uint8Array | null;
}
