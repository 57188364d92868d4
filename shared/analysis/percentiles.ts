/** Medians and percentiles of durations, in whole numbers; null where there are none. */

export function medianOf(numbers: readonly number[]): number | null {
  return medianOfSorted(Float64Array.from(numbers).sort());
}

/** Takes the numbers in ascending order. */
export function medianOfSorted(sorted: ArrayLike<number>): number | null {
  if (sorted.length === 0) return null;
  const middle = sorted.length >>> 1;
  return Math.round(sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2);
}

/** The least number that 95 % of them do not exceed (nearest rank). */
export function percentile95Of(numbers: readonly number[]): number | null {
  if (numbers.length === 0) return null;
  const sorted = Float64Array.from(numbers).sort();
  return Math.round(sorted[Math.ceil(0.95 * sorted.length) - 1]!);
}
