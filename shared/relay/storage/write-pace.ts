/**
 * When the rooms of a relay write: all together, so that the store can make one batch of what all of them have.
 *
 * Guarantees: at the end of this turn of the event loop where nothing was written for a while, else so long after the last time that writing takes a small
 * part of the time.
 */
import type { Clock } from '../../ports/clock.ts';

export interface WritePaceOptions {
  readonly clock: Pick<Clock, 'nowMs' | 'after'>;
  /** Calls back at the end of this turn of the event loop. */
  readonly afterTurn: (callback: () => void) => void;
  /** Shortest time between two writes, in milliseconds; default 10. */
  readonly windowMs?: number;
}

export class WritePace {
  private coming: Promise<void> | null = null;
  private lastMs = -Infinity;

  constructor(private readonly options: WritePaceOptions) {}

  /** Resolves when the next write may begin. */
  next(): Promise<void> {
    this.coming ??= new Promise((resolve) => {
      const { clock, afterTurn, windowMs = 10 } = this.options;
      const begin = (): void => {
        this.coming = null;
        this.lastMs = clock.nowMs();
        resolve();
      };
      const leftMs = this.lastMs + windowMs - clock.nowMs();
      if (leftMs > 0) clock.after(leftMs, begin);
      // After what goes out in this turn: nobody waits for the disk.
      else afterTurn(begin);
    });
    return this.coming;
  }
}
