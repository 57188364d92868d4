/** Times as people write them: "250 ms", "5 s", "10 minutes", "1 week"; a bare number is milliseconds. */

const units: readonly (readonly [RegExp, number])[] = [
  [/^(ms|milliseconds?)$/, 1],
  [/^(s|seconds?)$/, 1_000],
  [/^(min|minutes?)$/, 60_000],
  [/^(h|hours?)$/, 3_600_000],
  [/^(d|days?)$/, 86_400_000],
  [/^(w|weeks?)$/, 604_800_000],
];

/** A time of at most a year, in whole milliseconds; null where the text is none. A sign is allowed: clocks may be behind. */
export function parseDuration(text: string | number): number | null {
  const [, number = '', unit = 'ms'] = /^\s*([+-]?\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(String(text)) ?? [];
  const factor = units.find(([pattern]) => pattern.test(unit === '' ? 'ms' : unit.toLowerCase()))?.[1];
  const ms = number === '' || factor === undefined ? NaN : Math.round(Number(number) * factor);
  return Math.abs(ms) <= 366 * 86_400_000 ? ms : null;
}

/** "5 minutes", "1 week": the largest unit that leaves nothing over. */
export function durationText(ms: number): string {
  const names = ['ms', 'second', 'minute', 'hour', 'day', 'week'];
  const factors = [1, 1_000, 60_000, 3_600_000, 86_400_000, 604_800_000];
  let at = factors.length - 1;
  while (at > 0 && ms % factors[at]! !== 0) at--;
  if (ms === 0) at = 0;
  const count = ms / factors[at]!;
  return at === 0 ? `${count} ms` : `${count} ${names[at]}${Math.abs(count) === 1 ? '' : 's'}`;
}
