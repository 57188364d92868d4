/** Ranges of clocks, a list for each client: sorted, none touching the next. A unit (a character, an element) has a client and a clock; Yjs counts both from 0 up. */

/** `length` units of a client from `clock` on. */
export interface ClockRange {
  readonly client: number;
  readonly clock: number;
  readonly length: number;
}

interface Span {
  readonly clock: number;
  readonly length: number;
}

export class ClockRanges {
  private constructor(private readonly spans: ReadonlyMap<number, readonly Span[]>) {}

  /** Of ranges in any order, which may overlap. */
  static of(ranges: Iterable<ClockRange>): ClockRanges {
    const spans = new Map<number, Span[]>();
    for (const { client, clock, length } of ranges) {
      if (length <= 0) continue;
      const own = spans.get(client);
      if (own) own.push({ clock, length });
      else spans.set(client, [{ clock, length }]);
    }
    for (const [client, own] of spans) spans.set(client, merged(own));
    return new ClockRanges(spans);
  }

  get isEmpty(): boolean {
    return this.spans.size === 0;
  }

  /** How many units. */
  get units(): number {
    let sum = 0;
    for (const own of this.spans.values()) for (const { length } of own) sum += length;
    return sum;
  }

  /** By client, then by clock. */
  list(): ClockRange[] {
    return [...this.spans].sort(([a], [b]) => a - b).flatMap(([client, own]) => own.map(({ clock, length }) => ({ client, clock, length })));
  }

  has(client: number, clock: number): boolean {
    const own = this.spans.get(client) ?? [];
    const at = lastFrom(own, clock);
    return at >= 0 && clock < own[at]!.clock + own[at]!.length;
  }

  /** What is in this and not in the other. */
  minus(other: ClockRanges): ClockRanges {
    const left = new Map<number, readonly Span[]>();
    for (const [client, own] of this.spans) {
      const rest = without(own, other.spans.get(client) ?? []);
      if (rest.length > 0) left.set(client, rest);
    }
    return new ClockRanges(left);
  }

  /** What is in both. */
  and(other: ClockRanges): ClockRanges {
    return this.minus(this.minus(other));
  }
}

function merged(spans: Span[]): Span[] {
  spans.sort((a, b) => a.clock - b.clock);
  const out: Span[] = [];
  for (const span of spans) {
    const last = out.at(-1);
    if (!last || last.clock + last.length < span.clock) out.push(span);
    else out[out.length - 1] = { clock: last.clock, length: Math.max(last.length, span.clock + span.length - last.clock) };
  }
  return out;
}

function without(spans: readonly Span[], taken: readonly Span[]): Span[] {
  const out: Span[] = [];
  let i = 0;
  for (const { clock, length } of spans) {
    const end = clock + length;
    let from = clock;
    while (i < taken.length && taken[i]!.clock + taken[i]!.length <= from) i++;
    for (let j = i; j < taken.length && taken[j]!.clock < end; j++) {
      if (taken[j]!.clock > from) out.push({ clock: from, length: taken[j]!.clock - from });
      from = taken[j]!.clock + taken[j]!.length;
      i = j;
    }
    if (from < end) out.push({ clock: from, length: end - from });
  }
  return out;
}

/** The last of sorted things that begins at a clock or before it; -1 where none does. */
export function lastFrom(spans: readonly { readonly clock: number }[], clock: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (spans[middle]!.clock <= clock) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
