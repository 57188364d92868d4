/** A clock that moves only when told to: a week takes no time, and nothing depends on how fast the machine is. */
import type { Clock } from '../ports/clock.ts';
import { EventQueue } from './event-queue.ts';

export class VirtualClock implements Clock {
  private readonly timers = new EventQueue();

  constructor(private currentMs = 1_700_000_000_000) {}

  nowMs(): number {
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
    for (let next = this.timers.nextUntil(endMs); next; next = this.timers.nextUntil(endMs)) {
      this.currentMs = Math.max(this.currentMs, next.atMs);
      next.run();
    }
    this.currentMs = endMs;
  }
}
