/**
 * The moment of its history that the windows of each room show; null: now. In memory, and as long as the room is: after the lab has started anew, or after
 * everybody has left the room, it is now again.
 */
import type { Room } from '../../relay/room/room.ts';

export class RoomMoments {
  private readonly moments = new WeakMap<Room, number>();

  /** `changed` is called after each change. */
  constructor(private readonly changed: (room: Room) => void) {}

  /** In whole milliseconds since the Unix epoch. */
  of(room: Room): number | null {
    return this.moments.get(room) ?? null;
  }

  show(room: Room, atMs: number | null): void {
    const wholeMs = atMs === null ? null : Math.round(atMs);
    if (wholeMs === this.of(room)) return;
    if (wholeMs === null) this.moments.delete(room);
    else this.moments.set(room, wholeMs);
    this.changed(room);
  }
}
