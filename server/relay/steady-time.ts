import type { Clock } from '../../shared/ports/clock.ts';

/** The time of a clock, in milliseconds, as one that never runs backwards, whatever the machine's does. */
export function steadyTime(clock: Clock): () => number {
  let seenMs = clock.nowMs();
  let aheadMs = 0;
  return () => {
    const nowMs = clock.nowMs();
    if (nowMs < seenMs) aheadMs += seenMs - nowMs;
    seenMs = nowMs;
    return nowMs + aheadMs;
  };
}
