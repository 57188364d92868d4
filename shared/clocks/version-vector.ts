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

/** Up to so many names are looked through one by one, which is quicker then than halving. */
const searchedNamesMax = 16;

export class VersionVector {
  static readonly empty = new VersionVector([], []);
  /** The names of the vector that was made from pairs last: most vectors of a room have the same, and then share one list. */
  private static latestNames: readonly ReplicaId[] = [];

  /** `counters[i]`, at least 1, is that of `names[i]`; names are in order. */
  private constructor(private readonly names: readonly ReplicaId[], private readonly counters: readonly number[]) {}

  /** From pairs of replica and counter; a counter must be a whole number ≥ 0 (a pair with 0 is passed over), else a RangeError. Of two pairs of one name the later one counts. */
  static of(entries: Iterable<readonly [ReplicaId, number]>): VersionVector {
    const names: ReplicaId[] = [];
    const counters: number[] = [];
    let inOrder = true;
    for (const [replica, counter] of entries) {
      if (!Number.isSafeInteger(counter) || counter < 0) throw new RangeError(`a version vector counts in whole numbers from 0, not ${replica}:${counter}`);
      if (counter === 0) continue;
      inOrder &&= names.length === 0 || names.at(-1)! < replica;
      names.push(replica);
      counters.push(counter);
    }
    return inOrder ? VersionVector.ofOrdered(names, counters) : VersionVector.ofUnordered(names, counters);
  }

  private static ofUnordered(names: readonly ReplicaId[], counters: readonly number[]): VersionVector {
    const byName = new Map(names.map((name, at) => [name, counters[at]!]));
    const ordered = [...byName.keys()].sort();
    return VersionVector.ofOrdered(ordered, ordered.map((name) => byName.get(name)!));
  }

  private static ofOrdered(names: readonly ReplicaId[], counters: readonly number[]): VersionVector {
    if (names.length === 0) return VersionVector.empty;
    const latest = VersionVector.latestNames;
    const isSame = latest.length === names.length && latest.every((name, at) => name === names[at]);
    if (!isSame) VersionVector.latestNames = names;
    return new VersionVector(isSame ? latest : names, counters);
  }

  /** The highest counter seen of a replica; 0 if none. */
  get(replica: ReplicaId): number {
    const at = this.placeOf(replica);
    return at < 0 ? 0 : this.counters[at]!;
  }

  /** Whether the event of this name has been seen. */
  includes(dot: Dot): boolean {
    return dot.counter <= this.get(dot.replica);
  }

  /** This vector, having also seen the event. */
  with(dot: Dot): VersionVector {
    const at = this.placeOf(dot.replica);
    if (at < 0) return this.merge(new VersionVector([dot.replica], [dot.counter]));
    if (dot.counter <= this.counters[at]!) return this;
    const counters = this.counters.slice();
    counters[at] = dot.counter;
    return new VersionVector(this.names, counters);
  }

  /** The least vector that has seen all that either has. */
  merge(other: VersionVector): VersionVector {
    if (this.covers(other)) return this;
    if (other.covers(this)) return other;
    if (this.names === other.names) return new VersionVector(this.names, this.counters.map((counter, at) => Math.max(counter, other.counters[at]!)));
    const names: ReplicaId[] = [];
    const counters: number[] = [];
    for (let here = 0, there = 0; here < this.names.length || there < other.names.length; ) {
      const [mine, its] = [this.names[here], other.names[there]];
      const isMine = its === undefined || (mine !== undefined && mine <= its);
      const isIts = mine === undefined || (its !== undefined && its <= mine);
      names.push((isMine ? mine : its)!);
      counters.push(Math.max(isMine ? this.counters[here++]! : 0, isIts ? other.counters[there++]! : 0));
    }
    return VersionVector.ofOrdered(names, counters);
  }

  /** What both have seen: the greatest vector that neither lacks anything of. */
  meet(other: VersionVector): VersionVector {
    if (other.covers(this)) return this;
    return VersionVector.of(this.names.map((replica, at) => [replica, Math.min(this.counters[at]!, other.get(replica))] as const));
  }

  compare(other: VersionVector): CausalOrder {
    const more = !other.covers(this);
    const less = !this.covers(other);
    if (less && more) return 'concurrent';
    return less ? 'before' : more ? 'after' : 'equal';
  }

  /** Whether this has seen all that the other has. */
  covers(other: VersionVector): boolean {
    const { names, counters } = other;
    const isAlike = names === this.names;
    for (let at = 0; at < counters.length; at++) {
      const mine = isAlike ? this.counters[at]! : this.get(names[at]!);
      if (counters[at]! > mine) return false;
    }
    return true;
  }

  /** Number of events seen, over all replicas. */
  get size(): number {
    return this.counters.reduce((total, counter) => total + counter, 0);
  }

  /** Pairs in the order of the replicas' names, so that equal vectors are written alike. */
  entries(): [ReplicaId, number][] {
    return this.names.map((replica, at) => [replica, this.counters[at]!]);
  }

  toJSON(): Record<ReplicaId, number> {
    return Object.fromEntries(this.entries());
  }

  /** "{A:12 B:4}" */
  toString(): string {
    return `{${this.entries().map(([replica, counter]) => `${replica}:${counter}`).join(' ')}}`;
  }

  /** Where a replica stands among the names; −1 where it does not. */
  private placeOf(replica: ReplicaId): number {
    const { names } = this;
    if (names.length <= searchedNamesMax) return names.indexOf(replica);
    let [from, to] = [0, names.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (names[middle]! < replica) from = middle + 1;
      else to = middle;
    }
    return names[from] === replica ? from : -1;
  }
}
