/**
 * The rooms that are in memory. A room is loaded when somebody first asks for it and goes when nobody uses it, it has no faults and all of it is on disk;
 * whoever comes meanwhile gets the same room.
 */
import { Room, type RoomOptions } from './room.ts';

/** A room that stays in memory until it is released. */
export interface RoomLease {
  readonly room: Room;
  /** To be called once; further calls do nothing. */
  release(): void;
}

export class Rooms {
  private readonly loaded = new Map<string, Room>();
  private readonly users = new Map<Room, number>();

  constructor(private readonly options: RoomOptions) {}

  /** Names of the rooms in memory, in order. */
  names(): string[] {
    return [...this.loaded.keys()].sort();
  }

  /** A room that is in memory; null for any other. */
  peek(name: string): Room | null {
    return this.loaded.get(name) ?? null;
  }

  /** Rejects when the room cannot be read from the store; the next call tries anew. */
  async lease(name: string): Promise<RoomLease> {
    let room = this.loaded.get(name);
    if (!room) this.loaded.set(name, (room = new Room(name, this.options)));
    this.users.set(room, (this.users.get(room) ?? 0) + 1);
    const lease = this.leaseOf(room);
    try {
      await room.ready();
    } catch (error) {
      const isForgotten = this.forget(room);
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

  private leaseOf(room: Room): RoomLease {
    let released = false;
    return {
      room,
      release: () => {
        if (released) return;
        released = true;
        this.users.set(room, (this.users.get(room) ?? 1) - 1);
        void this.unload(room);
      },
    };
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
