/**
 * The names of edits on screens: A:3 is the third edit of A. The journal's counter also counts outcomes and reads; it stands in files.
 *
 * What a pause in typing gathers is no edit of its own: it has the numbers of the edits that it gathers. Numbers never change while the history grows, as each
 * replica's records come in order and without gaps.
 */
import type { Dot, ReplicaId } from '../clocks/dot.ts';
import { VersionVector } from '../clocks/version-vector.ts';
import { type Edit, isEdit, type JournalRecord } from './record.ts';

export class EditNumbers {
  /** By replica, the counters of its edits. */
  private readonly counters = new Map<ReplicaId, number[]>();
  private readonly gathers = new Map<ReplicaId, Map<number, number>>();
  private taken = 0;

  /** Takes those of the records that are new: the list only grows at its end. Each replica's stand in order. */
  take(records: readonly JournalRecord[]): this {
    for (; this.taken < records.length; this.taken++) this.note(records[this.taken]!);
    return this;
  }

  /** Takes the next record of its replica. */
  note(record: JournalRecord): void {
    if (!isEdit(record)) return;
    const { dot: { replica, counter }, gathers } = record;
    if (gathers === undefined) ofReplica(this.counters, replica, () => []).push(counter);
    else ofReplica(this.gathers, replica, () => new Map<number, number>()).set(counter, gathers);
  }

  /** The number of an edit; of several that it gathers, the last one's. */
  of({ replica, counter }: Dot): number {
    const counters = this.counters.get(replica) ?? [];
    let [low, high] = [0, counters.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (counters[middle]! <= counter) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** First and last number; the same but for what gathers several. */
  rangeOf(dot: Dot): readonly [first: number, last: number] {
    const last = this.of(dot);
    return [last - (this.gathers.get(dot.replica)?.get(dot.counter) ?? 1) + 1, last];
  }

  /** "A:3" */
  nameOf(dot: Dot): string {
    return `${dot.replica}:${this.of(dot)}`;
  }

  /** Its name, and what its maker had with it: "A:3 {A:3 B:2}" */
  wordsOf({ dot, context }: Pick<Edit, 'dot' | 'context'>): string {
    return `${this.nameOf(dot)} ${this.clockOf(context.with(dot)).toString()}`;
  }

  /** How many edits of each replica somebody has who has all of this. */
  clockOf(clock: VersionVector): VersionVector {
    return VersionVector.of(clock.entries().map(([replica, counter]) => [replica, this.of({ replica, counter })] as const));
  }
}

function ofReplica<Value>(map: Map<ReplicaId, Value>, replica: ReplicaId, make: () => Value): Value {
  const known = map.get(replica) ?? make();
  map.set(replica, known);
  return known;
}
