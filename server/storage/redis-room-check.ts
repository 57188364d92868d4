/**
 * Looks now and then whether Redis still has what the rooms of a relay have heard from it: where
 * nobody writes, no message says that it was lost.
 *
 * Guarantees: one round trip at a time, for a bounded number of rooms; if there are more, they take
 * turns.
 */
import { checkScript, type CommandPart, type RoomPosition } from './redis-scripts.ts';

export interface CheckedRoom {
  /** Up to where it has heard; null where that is not certain now. */
  readonly position: RoomPosition | null;
  /** What the script found for a position. */
  checked(position: RoomPosition, found: number): void;
}

export interface RedisRoomCheckOptions {
  readonly rooms: () => Iterable<CheckedRoom>;
  /** Runs a command; rejects when Redis does not answer. */
  readonly run: (words: readonly CommandPart[]) => Promise<unknown>;
  /** Rooms in one round trip; default 1,000. */
  readonly roomsMax?: number;
}

export class RedisRoomCheck {
  private isUnderWay = false;
  private next = 0;

  constructor(private readonly options: RedisRoomCheckOptions) {}

  /** Never rejects: when Redis cannot be reached, the next check tells. */
  async check(): Promise<void> {
    if (this.isUnderWay) return;
    this.isUnderWay = true;
    try {
      await this.compare(this.take());
    } catch {
      // Said elsewhere, once.
    } finally {
      this.isUnderWay = false;
    }
  }

  /** The rooms whose turn it is. */
  private take(): CheckedRoom[] {
    const all = [...this.options.rooms()];
    const { roomsMax = 1_000 } = this.options;
    const start = this.next < all.length ? this.next : 0;
    this.next = start + roomsMax;
    return all.slice(start, this.next);
  }

  private async compare(rooms: readonly CheckedRoom[]): Promise<void> {
    const known = rooms.flatMap((room) => {
      const { position } = room;
      return position ? [{ room, position }] : [];
    });
    if (known.length === 0) return;
    const hashes = known.map(({ position }) => position.hash);
    const words = known.flatMap(({ position }) => position.words);
    const command: CommandPart[] = ['EVAL', checkScript, hashes.length];
    const found = (await this.options.run(command.concat(hashes, words))) as number[];
    for (const [i, { room, position }] of known.entries()) room.checked(position, found[i]!);
  }
}
