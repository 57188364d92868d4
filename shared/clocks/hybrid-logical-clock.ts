/**
 * Hybrid logical clock: wall-clock time that never runs backwards along causality.
 *
 * Guarantees: the timestamp of an event is greater than those of all events that its replica had seen, whatever the wall
 * clocks said. Does not guarantee that concurrent events are ordered by when they happened.
 * Source: Kulkarni, Demirbas, Madappa, Avva, Leone: "Logical Physical Clocks", OPODIS 2014.
 */
export interface HybridTimestamp {
  /** The greatest wall-clock time known when the event happened, in milliseconds since the Unix epoch. */
  readonly ms: number;
  /** Orders the events within one such millisecond, from 0. */
  readonly counter: number;
}

export function compareHybrid(a: HybridTimestamp, b: HybridTimestamp): number {
  return a.ms - b.ms || a.counter - b.counter;
}

export class HybridLogicalClock {
  constructor(private latest: HybridTimestamp = { ms: 0, counter: 0 }) {}

  /** The timestamp of a new local event; `wallMs` is the wall clock now. */
  tick(wallMs: number): HybridTimestamp {
    this.latest = wallMs > this.latest.ms ? { ms: wallMs, counter: 0 } : { ms: this.latest.ms, counter: this.latest.counter + 1 };
    return this.latest;
  }

  /** Takes note of a timestamp that arrived, so that later local events come after it. */
  observe(remote: HybridTimestamp): void {
    if (compareHybrid(remote, this.latest) > 0) this.latest = remote;
  }
}
