import type { Clock } from '../../shared/ports/clock.ts';

/** The machine's own clocks and timers. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  // eslint-disable-next-line no-restricted-properties -- this is the wall clock
  wallMs: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
