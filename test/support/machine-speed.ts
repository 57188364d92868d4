/** How fast this machine is just now: machines are lent by the hour, and share their cores. */

/** What the loop takes, in milliseconds, on machines that limits were found on; half of what it takes on slow ones at rest. */
const usualMs = 140;
const additions = 50_000_000;
/** A machine that is slower still tells nothing. */
const slownessMax = 5;

/** 1: as fast as usual, or faster; 3: all computing takes three times as long. Not how busy it is: own computing alone counts. */
export function slowness(): number {
  const used = process.cpuUsage();
  let sum = 0;
  for (let at = 0; at < additions; at++) sum += at * 0.5;
  const tookMs = process.cpuUsage(used).user / 1_000;
  // Used, so that the loop is not left out.
  return Number.isNaN(sum) ? 1 : Math.min(slownessMax, Math.max(1, tookMs / usualMs));
}
