/** Medians and percentiles of durations in ascending order, in whole numbers; null where there are none. */

export function ascending(a: number, b: number): number {
  return a - b;
}

export function medianOf(inOrder: readonly number[]): number | null {
  if (inOrder.length === 0) return null;
  const middle = inOrder.length >>> 1;
  return Math.round(inOrder.length % 2 === 1 ? inOrder[middle]! : (inOrder[middle - 1]! + inOrder[middle]!) / 2);
}

/** The least number that 95 % of them do not exceed (nearest rank). */
export function percentile95Of(inOrder: readonly number[]): number | null {
  return inOrder.length === 0 ? null : Math.round(inOrder[Math.ceil(0.95 * inOrder.length) - 1]!);
}
