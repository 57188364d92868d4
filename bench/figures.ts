/** How benchmarks measure and say what they measured. */
export interface Spread {
  readonly median: number;
  readonly mean: number;
  readonly p95: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

/** Numbers by name: what one part of a benchmark found. */
export type Figures = Readonly<Record<string, number>>;

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
  const mean = sorted.reduce((sum, each) => sum + each, 0) / sorted.length;
  return { median: at(0.5), mean, p95: at(0.95), min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN, count: sorted.length };
}

/** One line a figure: "what: median 12.3 ms (p95 …, min …, max …, n …)". */
export function report(what: string, { median, p95, min, max, count }: Spread, unit: string): void {
  const shown = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(1));
  console.log(`${what}: median ${shown(median)} ${unit} (p95 ${shown(p95)}, min ${shown(min)}, max ${shown(max)}, n ${count})`);
}

/**
 * How long something that only computes takes, in milliseconds. Time in which other programs had the processor does not count: then this process's own time
 * (its collector's threads included) is the shorter one.
 */
export async function tookMs(run: () => void | Promise<void>): Promise<number> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await run();
  const { user, system } = process.cpuUsage(cpu);
  return Math.min(performance.now() - started, (user + system) / 1_000);
}

/** At least so often and so long, at most so often, each run on its own `made` thing; the first run only warms up. */
const steady = { runsMin: 3, runsMax: 25, totalMs: 300 };

/** The median time of several runs of the same, in milliseconds. What `make` does is not counted. */
export async function steadyMs(make: () => () => void | Promise<void>): Promise<number> {
  await tookMs(make());
  const times: number[] = [];
  for (let total = 0; times.length < steady.runsMin || (times.length < steady.runsMax && total < steady.totalMs); total += times.at(-1)!) times.push(await tookMs(make()));
  return spread(times).median;
}
