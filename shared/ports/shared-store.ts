/**
 * Where several relays keep the same rooms, and how they hear of one another.
 *
 * Guarantees: a write is carried out whole or not at all, in one order for all relays, and is durable when its promise resolves, as far as the adapter says;
 * every relay that has loaded the room hears each write of the others once and in that order, or hears that it must load the room anew. What is only
 * told is heard by all relays that can be reached, the teller included, in the same order everywhere, and may be lost.
 * Adapter: Redis (redis-shared-store.ts). test/contracts/shared-store runs it, and one in memory.
 */
import type { StoreEntry } from './store.ts';

/** What calls reject with while the store cannot be reached; `message` says why, in one line. */
export class StoreUnavailable extends Error {}

export interface SharedStoreState {
  readonly reachable: boolean;
  /** Why it cannot be reached, in one line; null while it can. */
  readonly trouble: string | null;
  /** Wall-clock milliseconds since the Unix epoch when it was reached last; null while it can be. */
  readonly sinceMs: number | null;
}

export interface SharedStore {
  /** Names this relay among those that share the store; new with each start. */
  readonly relay: string;
  state(): SharedStoreState;
  /** Begins to hear of a room, once it is loaded. */
  enter(room: string, listener: SharedRoomListener): SharedRoom;
  /** Ends all connections; what waits rejects. */
  close(): Promise<void>;
}

export interface SharedRoom {
  /**
   * Reads all keys of the room, in their order; from then on its news are heard. A room that is not there begins its life with this epoch. Rejects when the store cannot be reached. May be
   * called again, to read the room anew.
   */
  load(epoch: Uint8Array): Promise<LoadedRoom>;
  /** Rejects, and may or may not have written, when the store does not answer: the same write may be tried again. */
  write(write: SharedWrite): Promise<WriteOutcome>;
  /** Resolves when all that was heard and written so far is durable. */
  heardIsDurable(): Promise<void>;
  /** Tells all relays that have the room. */
  tell(message: Uint8Array): void;
  leave(): void;
}

export interface LoadedRoom {
  /** In the order of their keys. */
  readonly entries: readonly StoreEntry[];
  /** The news of all writes since the room was divided as it is, in their order. */
  readonly sinceDivided: readonly Uint8Array[];
}

/** A few hundred changes and a few MiB at a time: the store does nothing else meanwhile. */
export interface SharedWrite {
  /** The value of `meta/epoch` that the room must still have. */
  readonly epoch: Uint8Array;
  readonly changes: readonly SharedChange[];
  /** What the other relays get to hear of it. */
  readonly news: Uint8Array;
  /**
   * Whether it need not be durable yet when the promise resolves: it is when that of the next
   * `heardIsDurable` does. Default: false.
   */
  readonly isDurableLater?: boolean;
  /** Removes all else that the room has first. */
  readonly empties?: boolean;
  /**
   * The room is divided anew, and this names how; null: it is whole. From then on the news of all writes are kept for whoever loads the room, until it is divided
   * anew. Only carried out where all writes so far have been heard. Default: it stays as it is.
   */
  readonly division?: string | null;
}

export interface SharedChange {
  readonly key: string;
  /** Null removes the key. */
  readonly value: Uint8Array | null;
  /** What must be there now (null: nothing), unless it is the new value already. Undefined: whatever. */
  readonly expects?: Uint8Array | null;
}

export type WriteOutcome =
  | { readonly kind: 'written' }
  /** Nothing was written: something else than expected is under this key. */
  | { readonly kind: 'refused'; readonly key: string; readonly value: Uint8Array | null }
  /** Nothing was written: not all had been heard; now it is. */
  | { readonly kind: 'behind' }
  /** Nothing was written: the room has another life, or the store has not all that was heard from it. It must be loaded anew. */
  | { readonly kind: 'outdated' };

export interface SharedRoomListener {
  /** Another relay has written. */
  news(news: Uint8Array): void;
  /** Another relay emptied the room, or what was heard has a gap: the room must be loaded anew. */
  outdated(): void;
  /** A relay has told something; `isOwn`: this one. */
  told(relay: string, message: Uint8Array, isOwn: boolean): void;
  /** A relay has not been heard for long. */
  gone(relay: string): void;
  /** The store can be reached (again): what was told meanwhile was lost. */
  reached(): void;
  /** A relay can be heard that could not be. */
  appeared(): void;
}
