/** Empties a room in a store that this relay alone writes to. */
import type { Clock } from '../../ports/clock.ts';
import type { Store, StoreChange } from '../../ports/store.ts';
import type { RoomStorage } from '../storage/room-storage.ts';

/** Time between two questions to a store that does not answer, in milliseconds. */
const askAgainMs = 1_000;

export interface EmptyRoomOptions {
  readonly store: Store;
  readonly storage: RoomStorage;
  readonly clock: Clock;
  /** The name of the room's next life. */
  readonly epoch: string;
  /** What is to stand in the room then. */
  readonly kept: readonly StoreChange[];
}

/**
 * Resolves when the room is empty in the store. Rejects where the store has failed and the room is as it was. A write that fails
 * may have been carried out all the same, so the store is asked which of both it is, for as long as it does not answer: a room
 * that was taken for full, and is empty in the store, would later lose what was confirmed in between.
 */
export async function emptyRoom({ store, storage, clock, epoch, kept }: EmptyRoomOptions): Promise<void> {
  const removed = await storage.removeAll();
  try {
    await store.write([...removed, ...kept]);
  } catch (error) {
    if ((await storedEpoch(storage, clock)) !== epoch) throw error;
  }
}

async function storedEpoch(storage: RoomStorage, clock: Clock): Promise<string | null> {
  for (;;) {
    try {
      return await storage.readEpoch();
    } catch {
      await new Promise<void>((resolve) => clock.after(askAgainMs, resolve));
    }
  }
}
