/** Which rooms a store has, page by page. */
import type { Store } from '../../ports/store.ts';
import { roomKey, roomOfKey } from './room-key.ts';
import type { SharedStore } from '../../ports/shared-store.ts';

/** What a store can do that need not read all of it to say which rooms there are. */
export interface RoomLister {
  /** The keys of rooms (room-key.ts) that come after this one, in an order that stays; `after` empty: from the first. */
  roomKeys(after: string, max: number): Promise<string[]>;
}

/** At most `max` names of rooms in the store, those after `after` (null: from the first). Rejects when it cannot be read. */
export async function storedRooms(store: Store | SharedStore, after: string | null, max: number): Promise<string[]> {
  const from = after === null ? '' : roomKey(after);
  const keys = isLister(store) ? await store.roomKeys(from, max) : 'read' in store ? await keysIn(store, from, max) : [];
  return keys.flatMap((key) => roomOfKey(key) ?? []);
}

function isLister(store: object): store is RoomLister {
  return 'roomKeys' in store;
}

async function keysIn(store: Store, after: string, max: number): Promise<string[]> {
  const keys = new Set<string>();
  for await (const { key } of store.read('room/')) {
    const room = key.split('/')[1]!;
    // Where a slash ends a key decides, as it does in the order of the store.
    if (after === '' || `${room}/` > `${after}/`) keys.add(room);
    if (keys.size > max) break;
  }
  return [...keys].slice(0, max);
}
