import type { Clock } from '../../shared/ports/clock.ts';

/** The page's own clock. */
export const browserClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
