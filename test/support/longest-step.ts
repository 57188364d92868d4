/** How long the steps of a computation in slices take. */
import type { Sliced } from '../../shared/analysis/slices.ts';

export interface Measured<Value> {
  readonly value: Value;
  /** The longest step, in milliseconds. */
  readonly longestMs: number;
  readonly totalMs: number;
}

/**
 * Makes the computation several times and takes the shortest time of each step, as a step that is long only once was interrupted: by the garbage collector, by
 * the compiler, or by somebody else's process. `make` must give the same steps each time.
 */
export function longestStep<Value>(make: () => Sliced<Value>, times = 3): Measured<Value> {
  const shortestMs: number[] = [];
  for (let time = 1; ; time++) {
    const value = timed(make(), (step, ms) => (shortestMs[step] = Math.min(ms, shortestMs[step] ?? Infinity)));
    if (time === times) return { value, longestMs: shortestMs.reduce((longest, ms) => Math.max(longest, ms), 0), totalMs: shortestMs.reduce((sum, ms) => sum + ms, 0) };
  }
}

function timed<Value>(computation: Sliced<Value>, note: (step: number, ms: number) => void): Value {
  for (let step = 0; ; step++) {
    const startMs = performance.now();
    const { done, value } = computation.next();
    note(step, performance.now() - startMs);
    if (done) return value;
  }
}
