/**
 * What a room writes, in order, and the name of the room's life with the first of it: a room that holds nothing is not
 * stored at all.
 *
 * Guarantees: those of WriteQueue. After `restart` nothing of what waited is written or confirmed.
 */
import type { Clock } from '../../ports/clock.ts';
import type { Store, StoreChange } from '../../ports/store.ts';
import type { WritePace } from '../storage/write-pace.ts';
import { type Changes, WriteQueue } from '../storage/write-queue.ts';

export interface RoomWritesOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly pace: WritePace;
  readonly report: (line: string) => void;
  /** Called after the `stored` callbacks of one batch. */
  readonly flushed: () => void;
  /** Whether other relays write too, so that the store is to hear of writes without changes. */
  readonly isShared: boolean;
  /** What stores the name of the room's life. */
  readonly epoch: () => StoreChange;
}

export class RoomWrites {
  private queue: WriteQueue;
  /** Whether the name of this life is in the store. */
  epochIsStored = false;

  constructor(private readonly options: RoomWritesOptions) {
    this.queue = this.newQueue();
  }

  /** Writes these, or what makes them when their turn comes; `stored` is called when they are durable. */
  add(changes: Changes, stored?: () => void): void {
    this.queue.add(typeof changes === 'function' ? () => this.withEpoch(changes()) : this.withEpoch(changes), stored);
  }

  /** Writes these. Resolves when they, and all before them, are durable. */
  stored(changes: readonly StoreChange[]): Promise<void> {
    return new Promise((resolve) => this.add(changes, resolve));
  }

  /** Gives up all that waits. */
  restart(): void {
    this.queue.abandon();
    this.queue = this.newQueue();
  }

  /** Whether the last write failed and is tried again. */
  get isFailing(): boolean {
    return this.queue.isFailing;
  }

  /** When the oldest of what is not durable yet was added, by the clock's `nowMs`; null where there is nothing. */
  get oldestMs(): number | null {
    return this.queue.oldestMs;
  }

  /** The store may work again. */
  hurry(): void {
    this.queue.hurry();
  }

  /** Resolves when all is durable. */
  idle(): Promise<void> {
    return this.queue.idle();
  }

  /** Tries once more what is left. Resolves to whether all is durable. */
  close(): Promise<boolean> {
    return this.queue.close();
  }

  private withEpoch(changes: readonly StoreChange[]): readonly StoreChange[] {
    if (this.epochIsStored || changes.length === 0) return changes;
    this.epochIsStored = true;
    return [this.options.epoch(), ...changes];
  }

  private newQueue(): WriteQueue {
    const { store, clock, pace, report, flushed, isShared } = this.options;
    return new WriteQueue({ store, clock, report, pace, writesNothing: isShared, flushed });
  }
}
