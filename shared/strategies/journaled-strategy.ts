/**
 * What strategies share whose state comes from the journal alone: records in any order, taken in causal order, and deltas that are just the records
 * that a peer lacks.
 */
import type { FieldId } from '../document/schema.ts';
import { CausalBuffer } from '../history/causal-order.ts';
import type { JournalRecord } from '../history/record.ts';
import { decodeRecords, decodeSummary, encodeRecords, encodeSummary } from '../history/record-codec.ts';
import { ChangeListeners } from './change-listeners.ts';

const partLength = 1_000;

export abstract class JournaledStrategy {
  protected readonly listeners = new ChangeListeners();
  private readonly buffer = new CausalBuffer();
  /** In parts: a list of 100,000 is away for tens of milliseconds when it grows. */
  private readonly records: JournalRecord[][] = [];

  /** Makes a record take effect; all that its author had seen has. Returns the field whose value is another one now, if one is. */
  protected abstract integrate(record: JournalRecord): Iterable<FieldId>;

  /** Takes a record, as `takeAll`. */
  take(record: JournalRecord): void {
    this.takeAll([record]);
  }

  /** Takes records in any order; each takes effect when all that its author had seen is here. */
  takeAll(records: readonly JournalRecord[]): void {
    const changed = new Set<FieldId>();
    for (const record of this.buffer.offer(records)) {
      this.keep(record);
      for (const field of this.integrate(record)) changed.add(field);
    }
    this.listeners.tell(changed);
  }

  private keep(record: JournalRecord): void {
    const last = this.records.at(-1);
    if (last && last.length < partLength) last.push(record);
    else this.records.push([record]);
  }

  summary(): Uint8Array {
    return encodeSummary(this.buffer.clock);
  }

  delta(summary: Uint8Array): Uint8Array {
    const known = decodeSummary(summary);
    return encodeRecords(this.records.flatMap((part) => part.filter((record) => !known.includes(record.dot))));
  }

  receive(delta: Uint8Array): void {
    this.takeAll(decodeRecords(delta));
  }

  onChange(listener: (fields: ReadonlySet<FieldId>) => void): () => void {
    return this.listeners.add(listener);
  }
}
