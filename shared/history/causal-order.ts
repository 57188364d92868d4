/**
 * Causal delivery: whatever order records arrive in, they come out after everything that their author had seen, and once.
 *
 * Guarantees: a record comes out iff all that its context names came out before it. Records that wait are kept, however long.
 * Source: Birman, Schiper, Stephenson: "Lightweight Causal and Atomic Group Multicast", 1991, with version vectors in the place of clocks.
 */
import { dotKey, type ReplicaId } from '../clocks/dot.ts';
import { VersionVector } from '../clocks/version-vector.ts';
import type { JournalRecord } from './record.ts';

export class CausalBuffer {
  private delivered = VersionVector.empty;
  private readonly waiting = new Map<string, JournalRecord>();

  /** All that came out so far. */
  get clock(): VersionVector {
    return this.delivered;
  }

  /** How many records wait for others. */
  get waitingCount(): number {
    return this.waiting.size;
  }

  /** Whether records of this replica wait for others. */
  isWaitingFor(replica: ReplicaId): boolean {
    return [...this.waiting.values()].some((record) => record.dot.replica === replica);
  }

  /** Takes records in any order and returns those that may now be taken, in causal order. Known ones are ignored. */
  offer(records: readonly JournalRecord[]): JournalRecord[] {
    const ready: JournalRecord[] = [];
    for (const record of records) {
      if (this.delivered.includes(record.dot)) continue;
      if (this.isReady(record)) this.deliver(record, ready);
      else this.waiting.set(dotKey(record.dot), record);
    }
    if (ready.length > 0) this.releaseWaiting(ready);
    return ready;
  }

  private releaseWaiting(ready: JournalRecord[]): void {
    for (let progress = true; progress && this.waiting.size > 0; ) {
      progress = false;
      for (const [key, record] of this.waiting) {
        if (!this.delivered.includes(record.dot) && !this.isReady(record)) continue;
        this.waiting.delete(key);
        if (this.delivered.includes(record.dot)) continue;
        this.deliver(record, ready);
        progress = true;
      }
    }
  }

  private isReady(record: JournalRecord): boolean {
    return this.delivered.covers(record.context);
  }

  private deliver(record: JournalRecord, ready: JournalRecord[]): void {
    this.delivered = this.delivered.with(record.dot);
    ready.push(record);
  }
}

/** Records in an order that respects causality, the same on every replica: by hybrid time, which never runs against causality, then by name. */
export function inCausalOrder<Item extends JournalRecord>(records: readonly Item[]): Item[] {
  return [...records].sort((a, b) => a.hybrid.ms - b.hybrid.ms || a.hybrid.counter - b.hybrid.counter || (a.dot.replica < b.dot.replica ? -1 : a.dot.replica > b.dot.replica ? 1 : a.dot.counter - b.dot.counter));
}
