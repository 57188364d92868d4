/**
 * Causal delivery: whatever order records arrive in, they come out after everything that their author had seen, and once.
 *
 * Guarantees: a record comes out iff all that its context names came out before it. Records that wait are kept, however long.
 * Source: Birman, Schiper, Stephenson: "Lightweight Causal and Atomic Group Multicast", 1991, with version vectors in the place of clocks.
 */
import type { ReplicaId } from '../clocks/dot.ts';
import { VersionVector } from '../clocks/version-vector.ts';
import type { JournalRecord } from './record.ts';

export class CausalBuffer {
  private delivered = VersionVector.empty;
  /** By replica and counter. */
  private readonly waiting = new Map<ReplicaId, Map<number, JournalRecord>>();

  /** All that came out so far. */
  get clock(): VersionVector {
    return this.delivered;
  }

  /** How many records wait for others. */
  get waitingCount(): number {
    return [...this.waiting.values()].reduce((sum, records) => sum + records.size, 0);
  }

  /** Whether records of this replica wait for others. */
  isWaitingFor(replica: ReplicaId): boolean {
    return this.waiting.has(replica);
  }

  /** Takes records in any order and returns those that may now be taken, in causal order. Known ones are ignored. Costs time in proportion to their number. */
  offer(records: readonly JournalRecord[]): JournalRecord[] {
    const ready: JournalRecord[] = [];
    for (const record of records) {
      if (this.delivered.includes(record.dot)) continue;
      if (this.isReady(record)) this.deliver(record, ready);
      else this.wait(record);
    }
    if (ready.length > 0) this.releaseWaiting(ready);
    return ready;
  }

  private wait(record: JournalRecord): void {
    const { replica, counter } = record.dot;
    const ofReplica = this.waiting.get(replica) ?? new Map<number, JournalRecord>();
    this.waiting.set(replica, ofReplica.set(counter, record));
  }

  /** Of each replica only its next record can be ready: whoever looks at all of them looks too often. */
  private releaseWaiting(ready: JournalRecord[]): void {
    for (let progress = true; progress && this.waiting.size > 0; ) {
      progress = false;
      for (const [replica, records] of this.waiting) {
        for (let next = this.nextOf(replica, records); next && this.isReady(next); next = this.nextOf(replica, records)) {
          this.deliver(next, ready);
          progress = true;
        }
      }
    }
  }

  private nextOf(replica: ReplicaId, records: ReadonlyMap<number, JournalRecord>): JournalRecord | undefined {
    return records.get(this.delivered.get(replica) + 1);
  }

  private isReady(record: JournalRecord): boolean {
    return this.delivered.covers(record.context);
  }

  private deliver(record: JournalRecord, ready: JournalRecord[]): void {
    this.delivered = this.delivered.with(record.dot);
    ready.push(record);
    // It may have waited under the same name.
    const { replica, counter } = record.dot;
    const records = this.waiting.get(replica);
    if (records?.delete(counter) && records.size === 0) this.waiting.delete(replica);
  }
}

/** Records in an order that respects causality, the same on every replica: by hybrid time, which never runs against causality, then by name. */
export function inCausalOrder<Item extends JournalRecord>(records: readonly Item[]): Item[] {
  return [...records].sort(compareCausally);
}

/** Below 0: the first comes first. 0: they have one name. */
export function compareCausally(a: Pick<JournalRecord, 'hybrid' | 'dot'>, b: Pick<JournalRecord, 'hybrid' | 'dot'>): number {
  return a.hybrid.ms - b.hybrid.ms || a.hybrid.counter - b.hybrid.counter || (a.dot.replica < b.dot.replica ? -1 : a.dot.replica > b.dot.replica ? 1 : a.dot.counter - b.dot.counter);
}
