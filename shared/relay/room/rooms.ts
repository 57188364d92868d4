/**
 * The rooms that are in memory. A room is loaded when somebody first asks for it and goes when nobody uses it, it has no faults and all of it is on disk;
 * whoever comes meanwhile gets the same room.
 */
import type { RoomOptions } from './room-options.ts';
import { Room } from './room.ts';

/** No further room can be held in memory. */
export class TooManyRooms extends Error {}

/** A room that stays in memory until it is released. */
export class RoomLease {
  private released = false;

  constructor(readonly room: Room, private readonly rooms: Pick<Rooms, 'released'>) {}

  /** To be called once; further calls do nothing. */
  release(): void {
    if (this.released) return;
    this.released = true;
    this.rooms.released(this.room);
  }
}

export class Rooms {
  private readonly loaded = new Map<string, Room>();
  private readonly users = new Map<Room, number>();

  constructor(private readonly options: RoomOptions<Room>) {}

  /** Names of the rooms in memory, in order. */
  names(): string[] {
    return [...this.loaded.keys()].sort();
  }

  /** Whether something of a room in memory cannot be stored now. */
  get isFailing(): boolean {
    for (const room of this.loaded.values()) if (room.unsaved.isFailing) return true;
    return false;
  }

  /** Since when something of a room waits to be durable, by the clock's `nowMs`; null where nothing does. */
  get unsavedSinceMs(): number | null {
    let oldestMs: number | null = null;
    for (const { unsaved } of this.loaded.values()) if (unsaved.oldestMs !== null) oldestMs = Math.min(oldestMs ?? Infinity, unsaved.oldestMs);
    return oldestMs;
  }

  /** A room that is in memory; null for any other. */
  peek(name: string): Room | null {
    return this.loaded.get(name) ?? null;
  }

  /** Why a room cannot be loaded now, in one line; null when it can, or is in memory. */
  objection(name: string): string | null {
    const { roomsMax } = this.options.limits;
    return this.loaded.has(name) || this.loaded.size < roomsMax ? null : `${roomsMax} rooms are open, which is the most; try again when one is left by everybody`;
  }

  /** Rejects when the room cannot be read from the store, or with TooManyRooms; the next call tries anew. */
  async lease(name: string): Promise<RoomLease> {
    const objection = this.objection(name);
    if (objection !== null) throw new TooManyRooms(objection);
    let room = this.loaded.get(name);
    if (!room) this.loaded.set(name, (room = new Room(name, this.options)));
    this.users.set(room, (this.users.get(room) ?? 0) + 1);
    const lease = new RoomLease(room, this);
    try {
      await room.ready();
    } catch (error) {
      const isForgotten = !room.awaitsReload && this.forget(room);
      lease.release();
      if (isForgotten) void room.close();
      throw error;
    }
    return lease;
  }

  /** Ends all rooms. Resolves to the names of those of which something could not be stored. */
  async close(): Promise<string[]> {
    const rooms = [...this.loaded.values()];
    const stored = await Promise.all(rooms.map((room) => room.close()));
    this.loaded.clear();
    return rooms.filter((_, i) => !stored[i]).map((room) => room.name);
  }

  /** A lease of the room has ended. */
  released(room: Room): void {
    this.users.set(room, (this.users.get(room) ?? 1) - 1);
    void this.unload(room);
  }

  private async unload(room: Room): Promise<void> {
    if (this.isInUse(room)) return;
    await room.settled();
    if (this.isInUse(room)) return;
    this.users.delete(room);
    if (!this.forget(room)) return;
    await room.close();
  }

  /** Its faults are only in memory, and hold for those who come later. */
  private isInUse(room: Room): boolean {
    return (this.users.get(room) ?? 0) > 0 || (room.faults.areOnlyHere && this.loaded.get(room.name) === room);
  }

  private forget(room: Room): boolean {
    return this.loaded.get(room.name) === room && this.loaded.delete(room.name);
  }
}
