/** A clock that moves only when told to: a week takes no time, and nothing depends on how fast the machine is. */
import type { Clock } from '../ports/clock.ts';

export class VirtualClock implements Clock {
  private timers: { readonly atMs: number; readonly order: number; readonly callback: () => void }[] = [];
  private started = 0;

  constructor(private currentMs = 1_700_000_000_000) {}

  nowMs(): number {
    return this.currentMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { atMs: this.currentMs + Math.max(0, delayMs), order: this.started++, callback };
    this.timers.push(timer);
    return () => void (this.timers = this.timers.filter((other) => other !== timer));
  }

  /** Moves on by so many milliseconds, running what falls due, in order of time, then of asking. */
  advance(ms: number): void {
    const endMs = this.currentMs + ms;
    for (;;) {
      const next = this.timers.filter((timer) => timer.atMs <= endMs).sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
      if (!next) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.currentMs = next.atMs;
      next.callback();
    }
    this.currentMs = endMs;
  }
}
