/**
 * A clock that moves only when told to: a week takes no time, and nothing depends on how fast the
 * machine is. Its wall clock is right, and never set.
 */
import type { Clock } from '../ports/clock.ts';
import { EventQueue } from '../network/event-queue.ts';

export class VirtualClock implements Clock {
  private readonly timers = new EventQueue();

  constructor(private currentMs = 1_700_000_000_000) {}

  nowMs(): number {
    return this.currentMs;
  }

  wallMs(): number {
    return this.currentMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    let waits = true;
    this.timers.add(this.currentMs + Math.max(0, delayMs), () => {
      if (waits) callback();
    });
    return () => void (waits = false);
  }

  /** Moves on by so many milliseconds, running what falls due, in order of time, then of asking. */
  advance(ms: number): void {
    const endMs = this.currentMs + ms;
    while (this.advanceToNext(endMs));
  }

  /** Moves on to the next moment at which something falls due, and runs all that does; where there is none until then, to `endMs`, and returns false. */
  advanceToNext(endMs: number): boolean {
    let next = this.timers.nextUntil(endMs);
    if (next) this.currentMs = Math.max(this.currentMs, next.atMs);
    else this.currentMs = Math.max(this.currentMs, endMs);
    const ran = next !== null;
    for (; next; next = this.timers.nextUntil(this.currentMs)) next.run();
    return ran;
  }

  /** Moves on to `endMs` at once: what falls due on the way runs then, once, as in a machine that slept. */
  jump(endMs: number): void {
    this.currentMs = Math.max(this.currentMs, endMs);
    this.advanceToNext(this.currentMs);
  }
}
