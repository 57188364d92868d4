/**
 * Time along the diagram, with long pauses folded: of a pause in which nothing happened its first seconds
 * count whole and the rest by its logarithm. Else a room that was left alone over lunch would show nothing
 * but lunch.
 *
 * Guarantees: later is further along; `msAt` undoes `at`. Lengths are in milliseconds of activity.
 */
import type { Timeline } from './timeline.ts';

/** So much of a pause counts whole, in milliseconds. */
const wholeMs = 2_000;
/** How much longer a pause is drawn that is twice as long. */
const perDoubling = 0.4;

export class TimeAxis {
  /** Where each stretch between two folds begins and ends: true times, and places along the axis. */
  private readonly times: number[] = [];
  private readonly places: number[] = [];
  /** The stretch that was looked up last. */
  private latest = 0;

  /** `instants`: when something happened, in ascending order; at least one. */
  constructor(instants: ArrayLike<number>) {
    this.add(instants[0]!, 0);
    let last = instants[0]!;
    for (let at = 1; at < instants.length; at++) {
      const ms = instants[at]!;
      if (ms - last > wholeMs) {
        this.add(last, this.along(last));
        this.add(ms, this.places.at(-1)! + wholeMs * (1 + perDoubling * Math.log2((ms - last) / wholeMs)));
      }
      last = ms;
    }
    this.add(last, this.along(last));
  }

  get length(): number {
    return this.places.at(-1)!;
  }

  at(ms: number): number {
    return this.between(ms, this.times, this.places);
  }

  msAt(place: number): number {
    return this.between(place, this.places, this.times);
  }

  /** Beyond the last stretch time counts whole. */
  private along(ms: number): number {
    return this.places.at(-1)! + ms - this.times.at(-1)!;
  }

  /**
   * Linear between two points, and with slope 1 outside of all. What is asked for in order is found at
   * once.
   */
  private between(value: number, from: readonly number[], to: readonly number[]): number {
    const end = from.length - 1;
    if (value <= from[0]!) return to[0]! + value - from[0]!;
    if (value >= from[end]!) return to[end]! + value - from[end]!;
    let low = this.latest;
    if (!(from[low]! <= value && value < from[low + 1]!)) {
      low = 0;
      for (let high = end; high - low > 1;) {
        const middle = (low + high) >>> 1;
        if (from[middle]! <= value) low = middle;
        else high = middle;
      }
      this.latest = low;
    }
    return to[low]! + ((value - from[low]!) / (from[low + 1]! - from[low]!)) * (to[low + 1]! - to[low]!);
  }

  private add(ms: number, place: number): void {
    if (ms === this.times.at(-1)) return;
    this.times.push(ms);
    this.places.push(place);
  }
}

/**
 * The axis of a timeline: a pause is where no action was made, nothing arrived and nobody was cut off or
 * rejoined.
 */
export function axisOf({ marks, arrows, apart, fromMs, toMs }: Timeline): TimeAxis {
  const instants = new Float64Array(2 * marks.length + 2 * arrows.length + 2 * apart.length + 2);
  let count = 0;
  for (const mark of marks) {
    instants[count++] = mark.fromMs;
    instants[count++] = mark.toMs;
  }
  for (const { departMs, arriveMs, isRejoin } of arrows) {
    instants[count++] = arriveMs;
    // The others begin where an action ends.
    if (isRejoin) instants[count++] = departMs;
  }
  for (const each of apart) {
    instants[count++] = Math.max(fromMs, each.fromMs);
    instants[count++] = each.toMs ?? toMs;
  }
  instants[count++] = fromMs;
  instants[count++] = toMs;
  const inOrder = instants.subarray(0, count).sort();
  return new TimeAxis(inOrder.subarray(inOrder.indexOf(fromMs), inOrder.lastIndexOf(toMs) + 1));
}
