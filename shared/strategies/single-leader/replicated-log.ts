/**
 * One copy's log, the values that it makes, and what was taken off its end.
 *
 * Guarantees: changes of the log are kept one after the other; whoever waits for one waits for all before it. What was taken off is kept before
 * anything takes its place. After a store has failed, the next change keeps what it refused too. Values are rebuilt from the start only after something that they rested on was taken off.
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { type Dot, dotKey, type DotKey, parseDot } from '../../clocks/dot.ts';
import type { FieldId, FieldValue, Schema } from '../../document/schema.ts';
import { readText } from '../../encoding/read-plain.ts';
import { writeWhole } from '../../encoding/write-whole.ts';
import type { MemberNetwork } from '../coordinated-strategy.ts';
import { compareVersions, noVersion, type Version } from '../version.ts';
import { readWhole } from '../../encoding/read-whole.ts';
import { changed, initialKey, readMany } from '../whole-value.ts';
import { type LogEntry, readEntry, writeEntry } from './messages.ts';

/** A field's value and the edit that made it. */
interface Made {
  readonly value: FieldValue;
  readonly last: DotKey | typeof initialKey;
}

const removedMax = 1_000_000;

export class ReplicatedLog {
  readonly entries: LogEntry[] = [];
  /** How many entries are kept. */
  keptLength = 0;
  private shownLength = 0;
  private readonly end = new Map<FieldId, Made>();
  private readonly shown = new Map<FieldId, Made>();
  private readonly places = new Map<DotKey, number>();
  private readonly removed = new Map<DotKey, Dot>();
  private writing: Promise<void> = Promise.resolve();
  /** How often something was taken off, and down to where that is not kept yet. */
  private cuts = 0;
  private cutLength: number | null = null;

  constructor(private readonly schema: Schema, private readonly network: MemberNetwork, kept: ReadonlyMap<string, Uint8Array>) {
    this.rebuild();
    const length = kept.get('length');
    const count = length ? readWhole(length, 'a length', decoding.readVarUint) : 0;
    for (let i = 1; i <= count; i++) this.push(readWhole(kept.get(`entry/${i}`) ?? new Uint8Array(), `entry ${i}`, (decoder) => readEntry(decoder, schema)));
    this.keptLength = count;
    const removed = kept.get('rolled-back');
    for (const key of removed ? readWhole(removed, 'a list of edits', (decoder) => readMany(decoder, removedMax, readText)) : []) this.removed.set(key, parseDot(key));
  }

  get length(): number {
    return this.entries.length;
  }

  get lastTerm(): Version {
    return this.termAt(this.length);
  }

  termAt(index: number): Version {
    return index === 0 ? noVersion : (this.entries[index - 1]?.term ?? noVersion);
  }

  /** Where an edit stands in the log, counted from 1. */
  placeOf(key: DotKey): number | undefined {
    return this.places.get(key);
  }

  /** What the whole log makes of a field. */
  atEnd(field: FieldId): Made {
    return this.end.get(field)!;
  }

  /** What a window shows. */
  atShown(field: FieldId): Made {
    return this.shown.get(field)!;
  }

  /** [LEAD6] The edits that were taken off the log and have not come back, or only as refused ones; those of them that had been acknowledged are lost. */
  rolledBack(): Dot[] {
    return [...this.removed].filter(([key]) => !this.takesEffect(key)).map(([, dot]) => dot);
  }

  private takesEffect(key: DotKey): boolean {
    const place = this.places.get(key);
    return place !== undefined && this.entries[place - 1]?.edit?.refusal === null;
  }

  /** Whether the edit was taken off the log at some time; it may be back. */
  wasRolledBack(key: DotKey): boolean {
    return this.removed.has(key);
  }

  /** Resolves when all changes so far are kept. What the store refused it is asked to keep again. */
  settled(): Promise<void> {
    return this.writing.catch(() => this.keepAll());
  }

  append(entries: readonly LogEntry[]): Promise<void> {
    for (const entry of entries) this.push(entry);
    return this.keepAll();
  }

  /** Takes all entries after this one off, and returns their edits that were not refused. */
  cutTo(length: number): Dot[] {
    if (length >= this.length) return [];
    const gone = this.entries.splice(length).flatMap(({ edit }) => (edit ? [edit] : []));
    const dots = gone.filter(({ refusal }) => refusal === null).map(({ dot }) => dot);
    for (const { dot } of gone) this.places.delete(dotKey(dot));
    for (const dot of dots) this.removed.set(dotKey(dot), dot);
    this.rebuild();
    this.shownLength = Math.min(this.shownLength, length);
    this.keptLength = Math.min(this.keptLength, length);
    this.cuts++;
    this.cutLength = Math.min(this.cutLength ?? length, length);
    void this.keepAll().catch(() => undefined);
    return dots;
  }

  /** Shows the log up to here; returns the fields that changed. */
  show(length: number): ReadonlySet<FieldId> {
    const fields = new Set<FieldId>();
    for (; this.shownLength < Math.min(length, this.length); this.shownLength++) {
      const { edit } = this.entries[this.shownLength]!;
      if (edit && this.apply(edit, this.shown)) fields.add(edit.field);
    }
    return fields;
  }

  private push(entry: LogEntry): void {
    this.entries.push(entry);
    if (!entry.edit) return;
    this.places.set(dotKey(entry.edit.dot), this.length);
    this.apply(entry.edit, this.end);
  }

  private apply({ dot, field, intent, refusal }: NonNullable<LogEntry['edit']>, values: Map<FieldId, Made>): boolean {
    if (refusal !== null) return false;
    const applied = changed(this.schema.find((each) => each.id === field)!, values.get(field)!.value, intent, dotKey(dot));
    if (applied.ok) values.set(field, { value: applied.value, last: dotKey(dot) });
    return applied.ok;
  }

  private rebuild(): void {
    for (const values of [this.end, this.shown]) for (const { id, initial } of this.schema) values.set(id, { value: initial, last: initialKey });
    this.entries.forEach(({ edit }, i) => {
      if (edit) this.apply(edit, this.end);
      if (edit && i < this.shownLength) this.apply(edit, this.shown);
    });
  }

  /** Keeps what is not kept yet, after what is being kept. A store that failed is asked again by the next change. */
  private keepAll(): Promise<void> {
    this.writing = this.writing.catch(() => undefined).then(() => this.keepRest());
    return this.writing;
  }

  private async keepRest(): Promise<void> {
    // First what is gone, then what takes its place.
    while (this.cutLength !== null) {
      const { cutLength, cuts } = this;
      await this.network.persist('rolled-back', this.removedBytes());
      await this.keepLength(cutLength);
      if (cuts === this.cuts) this.cutLength = null;
    }
    const { cuts, length } = this;
    if (this.keptLength === length) return;
    await Promise.all(this.entries.slice(this.keptLength).map((entry, i) => this.network.persist(`entry/${this.keptLength + i + 1}`, writeWhole((encoder) => writeEntry(encoder, entry)))));
    await this.keepLength(length);
    // Something was taken off meanwhile: what is kept now is not the log any more.
    if (cuts !== this.cuts) return this.keepRest();
    this.keptLength = length;
  }

  private keepLength(length: number): Promise<void> {
    return this.network.persist('length', writeWhole((encoder) => encoding.writeVarUint(encoder, length)));
  }

  private removedBytes(): Uint8Array {
    return writeWhole((encoder) => {
      encoding.writeVarUint(encoder, this.removed.size);
      for (const key of this.removed.keys()) encoding.writeVarString(encoder, key);
    });
  }
}

/** Whether one log's end is at least as complete as another's. Source: Ongaro, Ousterhout, "In Search of an Understandable Consensus Algorithm", 2014, section 5.4.1. */
export function compareEnds(a: { readonly lastTerm: Version; readonly length: number }, b: { readonly lastTerm: Version; readonly length: number }): number {
  return compareVersions(a.lastTerm, b.lastTerm) || a.length - b.length;
}
