/**
 * Last writer wins: the write with the greatest timestamp is the value, the others are gone.
 *
 * Guarantees convergence. Does not guarantee that an edit survives: of two concurrent writes one is lost without a word, and under a
 * wrong wall clock even the later one may be.
 * Source: Thomas, "A Majority Consensus Approach to Concurrency Control", 1979 (Thomas's write rule); row level is how many sync
 * engines work, field level e.g. Cassandra's cells.
 */
import { defaultLastWriterWinsSettings, type LastWriterWinsSettings } from './settings.ts';
import { dotKey, type DotKey } from '../../clocks/dot.ts';
import { applyIntent, onlySiblings } from '../../document/apply-intent.ts';
import { documentDigest } from '../../document/digest.ts';
import { fieldOf, type FieldId, type FieldValue, type Schema } from '../../document/schema.ts';
import { type Edit, isEdit, type JournalRecord, type Trace } from '../../history/record.ts';
import { JournaledStrategy } from '../journaled-strategy.ts';
import type { Performed, Strategy } from '../strategy.ts';
import { type ChainedWrite, WriteChain } from './write-chain.ts';

/** What the journal keeps of a write: which clock stamped it and, for each field it wrote, the write that it replaced. */
export type LastWriterWinsDetails = readonly [clock: 0 | 1, replaces: Readonly<Record<FieldId, string>>];

export class LastWriterWins extends JournaledStrategy implements Strategy {
  readonly id = 'last-writer-wins';
  private readonly chains: ReadonlyMap<FieldId, WriteChain>;

  constructor(private readonly schema: Schema, private settings: LastWriterWinsSettings = defaultLastWriterWinsSettings) {
    super();
    this.chains = new Map(schema.map((field) => [field.id, new WriteChain(field)]));
  }

  /** Changes the settings of writes from now on; earlier writes keep their timestamps. */
  configure(settings: LastWriterWinsSettings): void {
    this.settings = settings;
  }

  value(field: FieldId): FieldValue {
    return this.chain(field).value;
  }

  /** The writes that the field's value descends from, and all others: what the ledger reads. */
  chain(field: FieldId): WriteChain {
    const chain = this.chains.get(field);
    if (!chain) throw new RangeError(`there is no field "${field}"`);
    return chain;
  }

  lastEdit(field: FieldId): DotKey | '' {
    return this.chain(field).tip;
  }

  perform(edit: Edit): Performed {
    const trace = this.traceOf(edit);
    // Refused ones too: later edits name them in their contexts.
    this.take({ ...edit, traces: { [this.id]: trace } });
    return { trace };
  }

  protected override integrate(record: JournalRecord): FieldId[] {
    return writesOf(record).filter(([field, write]) => this.chains.get(field)?.add(write)).map(([field]) => field);
  }

  digest(): string {
    return documentDigest(this.schema, (field) => this.value(field));
  }

  private traceOf(edit: Edit): Trace {
    if (edit.intent.kind === 'resolve') return { outcome: 'refused', reason: onlySiblings };
    const applied = applyIntent(fieldOf(this.schema, edit.field).type, this.value(edit.field), edit.intent, dotKey(edit.dot));
    if (!applied.ok) return { outcome: 'refused', reason: applied.reason };
    const written = this.settings.granularity === 'field' ? [edit.field] : this.schema.map((field) => field.id);
    const details: LastWriterWinsDetails = [this.settings.clock === 'wall' ? 0 : 1, Object.fromEntries(written.map((field) => [field, this.chain(field).tip]))];
    return { outcome: 'accepted', details };
  }
}

/** The writes that a record made, by field; none if it was refused or not meant for this strategy. Throws a TypeError if its trace is malformed. */
export function writesOf(record: JournalRecord): [FieldId, ChainedWrite][] {
  if (!isEdit(record)) return [];
  const trace = record.traces['last-writer-wins'];
  if (trace?.outcome !== 'accepted') return [];
  const [clock, replaces] = parseDetails(trace.details);
  const stamp = clock === 0 ? { ms: record.wallMs, counter: 0 } : record.hybrid;
  const key = dotKey(record.dot);
  return Object.entries(replaces).map(([field, replaced]) => [field, { key, dot: record.dot, stamp, replaces: replaced, intent: field === record.field ? record.intent : null }]);
}

function parseDetails(details: unknown): LastWriterWinsDetails {
  const [clock, replaces] = Array.isArray(details) ? (details as unknown[]) : [];
  const isMap = typeof replaces === 'object' && replaces !== null && Object.values(replaces).every((key) => typeof key === 'string');
  if ((clock !== 0 && clock !== 1) || !isMap) throw new TypeError('a last-writer-wins trace names its clock and the writes that it replaced');
  return [clock, replaces as Record<FieldId, string>];
}
