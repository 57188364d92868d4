/**
 * Version vectors: for each replica the highest counter seen. Immutable.
 *
 * Guarantees the partial order of causality as long as each replica's events are seen without gaps.
 * Never pruned: dropping an entry would turn "has seen" into "concurrent" (a known failure of others).
 * Source: Parker et al., "Detection of Mutual Inconsistency in Distributed Systems", 1983; Mattern, 1989; Fidge, 1988.
 */
import type { Dot, ReplicaId } from './dot.ts';

/** How two version vectors stand to one another. */
export type CausalOrder = 'equal' | 'before' | 'after' | 'concurrent';

export class VersionVector {
  static readonly empty = new VersionVector(new Map());

  private constructor(private readonly counters: ReadonlyMap<ReplicaId, number>) {}

  /** From pairs of replica and counter; a counter must be a whole number ≥ 0 (0 is the same as absent), else a RangeError. */
  static of(entries: Iterable<readonly [ReplicaId, number]>): VersionVector {
    const counters = new Map<ReplicaId, number>();
    for (const [replica, counter] of entries) {
      if (!Number.isSafeInteger(counter) || counter < 0) throw new RangeError(`a version vector counts in whole numbers from 0, not ${replica}:${counter}`);
      if (counter > 0) counters.set(replica, counter);
    }
    return counters.size === 0 ? VersionVector.empty : new VersionVector(counters);
  }

  /** The highest counter seen of a replica; 0 if none. */
  get(replica: ReplicaId): number {
    return this.counters.get(replica) ?? 0;
  }

  /** Whether the event of this name has been seen. */
  includes(dot: Dot): boolean {
    return dot.counter <= this.get(dot.replica);
  }

  /** This vector, having also seen the event. */
  with(dot: Dot): VersionVector {
    if (this.includes(dot)) return this;
    const counters = new Map(this.counters);
    counters.set(dot.replica, dot.counter);
    return new VersionVector(counters);
  }

  /** The least vector that has seen all that either has. */
  merge(other: VersionVector): VersionVector {
    const order = this.compare(other);
    if (order === 'equal' || order === 'after') return this;
    if (order === 'before') return other;
    const counters = new Map(this.counters);
    for (const [replica, counter] of other.counters) counters.set(replica, Math.max(counter, this.get(replica)));
    return new VersionVector(counters);
  }

  /** What both have seen: the greatest vector that neither lacks anything of. */
  meet(other: VersionVector): VersionVector {
    return VersionVector.of([...this.counters].map(([replica, counter]) => [replica, Math.min(counter, other.get(replica))] as const));
  }

  compare(other: VersionVector): CausalOrder {
    let less = false;
    let more = false;
    for (const [replica, counter] of this.counters) if (counter > other.get(replica)) more = true;
    for (const [replica, counter] of other.counters) if (counter > this.get(replica)) less = true;
    if (less && more) return 'concurrent';
    return less ? 'before' : more ? 'after' : 'equal';
  }

  /** Whether this has seen all that the other has. */
  covers(other: VersionVector): boolean {
    for (const [replica, counter] of other.counters) if (counter > this.get(replica)) return false;
    return true;
  }

  /** Number of events seen, over all replicas. */
  get size(): number {
    let total = 0;
    for (const counter of this.counters.values()) total += counter;
    return total;
  }

  /** Pairs in the order of the replicas' names, so that equal vectors are written alike. */
  entries(): [ReplicaId, number][] {
    return [...this.counters].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }

  toJSON(): Record<ReplicaId, number> {
    return Object.fromEntries(this.entries());
  }

  /** "{A:12 B:4}" */
  toString(): string {
    return `{${this.entries().map(([replica, counter]) => `${replica}:${counter}`).join(' ')}}`;
  }
}
