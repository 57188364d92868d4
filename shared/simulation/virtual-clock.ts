/**
 * A clock that moves only when told to: a week takes no time, and nothing depends on how fast the
 * machine is. Its wall clock is right, and never set.
 */
import type { Clock } from '../ports/clock.ts';
import { EventQueue } from '../network/event-queue.ts';

export class VirtualClock implements Clock {
  private readonly timers = new EventQueue();
  private ran = 0;

  constructor(private currentMs = 1_700_000_000_000) {}

  nowMs(): number {
    return this.currentMs;
  }

  /** Whole milliseconds, as a machine's. Records keep no fractions: a copy that reads its disk again must find the times that it had. */
  wallMs(): number {
    return Math.floor(this.currentMs);
  }

  after(delayMs: number, callback: () => void): () => void {
    let waits = true;
    this.timers.add(this.currentMs + Math.max(0, delayMs), () => {
      if (!waits) return;
      this.ran++;
      callback();
    });
    return () => void (waits = false);
  }

  /** Before this moment nothing falls due; null where nothing ever does. */
  get nextMs(): number | null {
    return this.timers.nextMs;
  }

  /** Moves on by so many milliseconds, running what falls due, in order of time, then of asking. */
  advance(ms: number): void {
    const endMs = this.currentMs + ms;
    while (this.advanceToNext(endMs));
  }

  /** Moves on to the next moment at which something falls due, and runs all that does; where there is none until then, to `endMs`, and returns false. */
  advanceToNext(endMs: number): boolean {
    const { ran } = this;
    while (this.ran === ran) {
      let next = this.timers.nextUntil(endMs);
      this.currentMs = Math.max(this.currentMs, next?.atMs ?? endMs);
      if (!next) return false;
      for (; next; next = this.timers.nextUntil(this.currentMs)) next.run();
    }
    return true;
  }

  /** Moves on to `endMs` at once: what falls due on the way runs then, once, as in a machine that slept. */
  jump(endMs: number): void {
    this.currentMs = Math.max(this.currentMs, endMs);
    this.advanceToNext(this.currentMs);
  }
}
