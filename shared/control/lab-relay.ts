/** The relay, as the control core sees it. A server's relay is one; a page that is its own lab has another. */
import type { Room } from '../relay/room/room.ts';
import type { RoomChange } from '../relay/room/room-options.ts';
import type { RoomLease } from '../relay/room/rooms.ts';

export interface LabRelay {
  /** Off: no window hears of another one. */
  online: boolean;
  /** Loads a room and keeps it in memory until the lease is released. Rejects when it cannot be read. */
  lease(room: string): Promise<RoomLease>;
  /** Throws away what is in a room, for good, except its settings: `settings`, where given, replace them in the same write. */
  emptyRoom(room: string, settings?: object): Promise<void>;
}

/** What changed at the relay. */
export type LabRelayEvent =
  | { readonly kind: 'room-changed'; readonly room: Room; readonly change: RoomChange }
  | { readonly kind: 'online-changed'; readonly online: boolean };
