/** How long the steps of a computation in slices take. A slice goes on for 5 ms, and then ends with the step that is under way: together 20 ms at most. */
import type { Sliced } from '../../shared/analysis/slices.ts';
import { slowness } from './machine-speed.ts';

/** How long a step may take on a machine of usual speed, in milliseconds. */
const usualStepMsMax = 15;

/** How long one may take here and now. */
export function stepMsMax(): number {
  return usualStepMsMax * slowness();
}

export interface Measured<Value> {
  readonly value: Value;
  /** The longest step, in milliseconds. */
  readonly longestMs: number;
  readonly totalMs: number;
}

/**
 * Makes the computation up to so many times and takes the shortest time of each step, as a step that is long only once was interrupted: by the garbage collector, by
 * the compiler, or by somebody else's process. `make` must give the same steps each time.
 */
export function longestStep<Value>(make: () => Sliced<Value>, times = 3): Measured<Value> {
  const shortestMs: number[] = [];
  for (let time = 1; ; time++) {
    const value = timed(make(), (step, ms) => (shortestMs[step] = Math.min(ms, shortestMs[step] ?? Infinity)));
    const longestMs = shortestMs.reduce((longest, ms) => Math.max(longest, ms), 0);
    if (time === times || longestMs <= usualStepMsMax) return { value, longestMs, totalMs: shortestMs.reduce((sum, ms) => sum + ms, 0) };
  }
}

function timed<Value>(computation: Sliced<Value>, note: (step: number, ms: number) => void): Value {
  for (let step = 0; ; step++) {
    const used = process.cpuUsage();
    const startMs = performance.now();
    const { done, value } = computation.next();
    const tookMs = performance.now() - startMs;
    // By the clock, or by what the process itself has used.
    note(step, tookMs < 1 ? tookMs : Math.min(tookMs, usedMsSince(used)));
    if (done) return value;
  }
}

function usedMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
