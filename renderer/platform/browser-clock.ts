import type { Clock } from '../../shared/ports/clock.ts';

/** The page's own clocks. */
export const browserClock: Clock = {
  nowMs: () => performance.now(),
  // eslint-disable-next-line no-restricted-properties -- this is the wall clock
  wallMs: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/** A clock that can be made to go on by some time at once, as if it had passed. Timers run as they would without that. */
export class ShiftedClock implements Clock {
  private shiftMs = 0;

  constructor(private readonly clock: Clock) {}

  nowMs(): number {
    return this.clock.nowMs() + this.shiftMs;
  }

  wallMs(): number {
    return this.clock.wallMs() + this.shiftMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    return this.clock.after(delayMs, callback);
  }

  advance(ms: number): void {
    this.shiftMs += ms;
  }
}
