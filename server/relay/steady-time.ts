import type { Clock } from '../../shared/ports/clock.ts';

/** A clock whose time never runs backwards, whatever the machine's does. */
export function withSteadyTime(clock: Clock): Clock {
  let seenMs = clock.nowMs();
  let aheadMs = 0;
  return {
    nowMs() {
      const nowMs = clock.nowMs();
      if (nowMs < seenMs) aheadMs += seenMs - nowMs;
      seenMs = nowMs;
      return nowMs + aheadMs;
    },
    after: (delayMs, callback) => clock.after(delayMs, callback),
  };
}
