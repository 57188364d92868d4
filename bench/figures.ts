/** How benchmarks say what they measured. */
export interface Spread {
  readonly median: number;
  readonly p95: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
  return { median: at(0.5), p95: at(0.95), min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN, count: sorted.length };
}

/** One line a figure: "what: median 12.3 ms (p95 …, min …, max …, n …)". */
export function report(what: string, { median, p95, min, max, count }: Spread, unit: string): void {
  const shown = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(1));
  console.log(`${what}: median ${shown(median)} ${unit} (p95 ${shown(p95)}, min ${shown(min)}, max ${shown(max)}, n ${count})`);
}
