/**
 * The writes of one room, in order.
 *
 * Guarantees: changes reach the store in the order they were added, those added while a write is under way as one batch after it;
 * `stored` is called when its changes and all before it are durable, never otherwise. A batch that fails is tried again until it is
 * stored, so that nothing later can be confirmed over a hole.
 */
import { errorText } from '../../encoding/error-text.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store, StoreChange } from '../../ports/store.ts';
import type { WritePace } from './write-pace.ts';

/** Changes, or what makes them when their turn comes: called once. */
export type Changes = readonly StoreChange[] | (() => readonly StoreChange[]);

interface Entry {
  readonly sinceMs: number;
  readonly changes: Changes;
  readonly stored: () => void;
}

/** An entry whose turn has come. */
interface ReadyEntry extends Entry {
  readonly changes: readonly StoreChange[];
}

export interface WriteQueueOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Gets one line when writing begins to fail, and one when it works again. */
  readonly report: (line: string) => void;
  /** Called after the `stored` callbacks of one batch. */
  readonly flushed: () => void;
  /** When the next batch may go out; default: when this turn of the event loop is over. */
  readonly pace?: Pick<WritePace, 'next'>;
  /** Milliseconds until a failed batch is tried again. */
  readonly retryMs?: number;
  /** Whether the store is to hear of batches without changes too. */
  readonly writesNothing?: boolean;
}

export class WriteQueue {
  private entries: Entry[] = [];
  private working: Promise<void> | null = null;
  private failing = false;
  private stopWaiting: (() => void) | null = null;
  /** Since when the batch that is being written waits. */
  private batchSinceMs: number | null = null;
  private closing = false;
  private abandoned = false;

  constructor(private readonly options: WriteQueueOptions) {}

  add(changes: Changes, stored: () => void = () => {}): void {
    if (this.abandoned) return;
    this.entries.push({ sinceMs: this.options.clock.nowMs(), changes, stored });
    this.working ??= this.work();
  }

  /** Resolves when all that was added is durable. */
  async idle(): Promise<void> {
    while (this.working) await this.working;
  }

  /** Whether the last write failed and is being tried again. */
  get isFailing(): boolean {
    return this.failing;
  }

  /** When the oldest of what is not durable was added, by the clock's `nowMs`; null where there is nothing. */
  get oldestMs(): number | null {
    return this.batchSinceMs ?? this.entries[0]?.sinceMs ?? null;
  }

  /** Tries once more what is left. Resolves to whether everything is durable. */
  async close(): Promise<boolean> {
    this.closing = true;
    this.stopWaiting?.();
    await this.idle();
    return this.entries.length === 0;
  }

  /** The store may work again: what failed is tried now. */
  hurry(): void {
    this.stopWaiting?.();
  }

  /** Nothing that waits is to be written or confirmed, nor is what comes. */
  abandon(): void {
    this.abandoned = true;
    this.entries = [];
    this.stopWaiting?.();
  }

  private async work(): Promise<void> {
    while (this.entries.length > 0) {
      // What is added until then goes out together.
      await (this.closing ? Promise.resolve() : this.options.pace?.next());
      const batch = this.entries.map((entry) => ({ ...entry, changes: typeof entry.changes === 'function' ? entry.changes() : entry.changes }));
      this.entries = [];
      this.batchSinceMs = batch[0]?.sinceMs ?? null;
      const isDone = this.abandoned || (await this.write(batch));
      this.batchSinceMs = null;
      if (isDone) continue;
      this.entries = [...batch, ...this.entries];
      if (this.closing) break;
      await this.pause();
    }
    this.working = null;
  }

  private async write(batch: readonly ReadyEntry[]): Promise<boolean> {
    try {
      const changes = batch.flatMap((entry) => entry.changes);
      if (changes.length > 0 || this.options.writesNothing) await this.options.store.write(changes);
      if (this.abandoned) return true;
    } catch (error) {
      if (this.abandoned) return true;
      if (!this.failing) this.options.report(`storing failed and nothing is confirmed until it works again: ${errorText(error)}`);
      this.failing = true;
      return false;
    }
    if (this.failing) this.options.report('storing works again');
    this.failing = false;
    for (const entry of batch) entry.stored();
    this.options.flushed();
    return true;
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.stopWaiting = null;
        cancel();
        resolve();
      };
      const cancel = this.options.clock.after(this.options.retryMs ?? 1_000, done);
      this.stopWaiting = done;
    });
  }
}
