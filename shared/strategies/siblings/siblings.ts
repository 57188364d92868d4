/**
 * Siblings: a write replaces exactly the values that its writer's copy held; concurrent ones are kept until a person, or a resolver, decides.
 *
 * Guarantees convergence, and that no value is dropped without somebody who had it before him deciding so (a resolver's decision is the one
 * exception, and the ledger tells it). Does not guarantee that there is one value: while siblings wait, a set of the register covers all of them, and
 * every other ordinary edit is refused, as nobody could say which of them it is meant for.
 * Source: Preguiça et al., "Dotted Version Vectors", 2010; Riak's allow_mult; CouchDB's deterministic winner.
 */
import { defaultSiblingsSettings, type SiblingsSettings } from './settings.ts';
import { type DotKey, dotKey } from '../../clocks/dot.ts';
import { applyIntent, onlySiblings } from '../../document/apply-intent.ts';
import { documentDigest } from '../../document/digest.ts';
import { fieldOf, type FieldId, type FieldSpec, type FieldType, type FieldValue, type Schema } from '../../document/schema.ts';
import { type Edit, isEdit, type JournalRecord, type Trace } from '../../history/record.ts';
import { JournaledStrategy } from '../journaled-strategy.ts';
import type { Performed, Strategy } from '../strategy.ts';
import { decides, type Resolver, resolvers } from './resolvers.ts';
import { type Sibling, SiblingGraph, type SiblingWrite } from './sibling-graph.ts';

/** What the journal keeps of a write: the writes that it covers, and the number of the resolver that made one value of them. */
type SiblingsDetails = readonly [covers: readonly string[], resolver: number];

export class Siblings extends JournaledStrategy implements Strategy {
  readonly id = 'siblings';
  private readonly graphs: ReadonlyMap<FieldId, SiblingGraph>;

  constructor(private readonly schema: Schema, private settings: SiblingsSettings = defaultSiblingsSettings) {
    super();
    this.graphs = new Map(schema.map((field) => [field.id, new SiblingGraph(field)]));
  }

  /** Changes what decides between siblings from now on. */
  configure(settings: SiblingsSettings): void {
    const isSame = (Object.keys(defaultSiblingsSettings) as (keyof SiblingsSettings)[]).every((key) => settings[key] === this.settings[key]);
    this.settings = settings;
    // Windows are told the room's settings with every change of the room.
    if (!isSame) this.listeners.tell(new Set(this.schema.map((field) => field.id)));
  }

  /** `heads`, here and below: the siblings of now, or of another time (`graph(field).headsAt`). One value to show: the only one, what a resolver makes of several, or the deterministic winner (CouchDB's reading). */
  value(field: FieldId, heads: readonly DotKey[] = this.graph(field).heads): FieldValue {
    return this.graph(field).value(this.resolverOf(fieldOf(this.schema, field).type), heads);
  }

  /** Of several siblings no single edit made what is shown. */
  lastEdit(field: FieldId): DotKey | '' | null {
    const { heads } = this.graph(field);
    return heads.length > 1 ? null : (heads[0] ?? '');
  }

  /** The values that wait for a person, the deterministic winner first; empty when there is nothing to decide. */
  waiting(field: FieldId, heads: readonly DotKey[] = this.graph(field).heads): readonly Sibling[] {
    const { type } = fieldOf(this.schema, field);
    return heads.length > 1 && !decides(this.resolverOf(type), type) ? this.graph(field).siblings(heads) : [];
  }

  /** What the steps of all siblings of a counter or a stock make, each counted once. */
  addedUp(field: FieldId, heads: readonly DotKey[] = this.graph(field).heads): number {
    return this.graph(field).sumOf(heads);
  }

  /** The writes of a field: what the ledger reads. */
  graph(field: FieldId): SiblingGraph {
    const graph = this.graphs.get(field);
    if (!graph) throw new RangeError(`there is no field "${field}"`);
    return graph;
  }

  resolverOf(type: FieldType): Resolver {
    if (type === 'set') return this.settings.sets;
    return type === 'counter' || type === 'stock' ? this.settings.numbers : 'ask';
  }

  perform(edit: Edit): Performed {
    const trace = this.traceOf(edit, fieldOf(this.schema, edit.field));
    // Refused ones too: later edits name them in their contexts.
    this.take({ ...edit, traces: { [this.id]: trace } });
    return { trace };
  }

  protected override integrate(record: JournalRecord): FieldId[] {
    const write = siblingWriteOf(record);
    return write && isEdit(record) && this.graphs.get(record.field)?.add(write) ? [record.field] : [];
  }

  /** Equal digests: equal values and equal siblings. */
  digest(): string {
    return documentDigest(this.schema, (field) => [JSON.stringify([this.value(field), this.waiting(field).map(({ key, value }) => [key, value])])]);
  }

  private traceOf(edit: Edit, field: FieldSpec): Trace {
    const waiting = this.waiting(edit.field).length;
    if (edit.intent.kind === 'resolve') {
      if (waiting === 0) return { outcome: 'refused', reason: onlySiblings };
    } else if (waiting > 0 && edit.intent.kind !== 'set') return { outcome: 'refused', reason: `${waiting} siblings wait for a choice` };
    const applied = applyIntent(field.type, this.value(edit.field), edit.intent, dotKey(edit.dot));
    if (!applied.ok) return { outcome: 'refused', reason: applied.reason };
    const details: SiblingsDetails = [this.graph(edit.field).heads, resolvers.indexOf(this.resolverOf(field.type))];
    return { outcome: 'accepted', details };
  }
}

/** The write that a record made; null if it was refused or not meant for this strategy. Throws a TypeError if its trace is malformed. */
export function siblingWriteOf(record: JournalRecord): SiblingWrite | null {
  if (!isEdit(record)) return null;
  const trace = record.traces.siblings;
  if (trace?.outcome !== 'accepted') return null;
  const [covers, number] = Array.isArray(trace.details) ? (trace.details as unknown[]) : [];
  const resolver = resolvers[number as number];
  if (!Array.isArray(covers) || !covers.every((key) => typeof key === 'string') || !resolver) throw new TypeError('a siblings trace names the writes that it covers and its resolver');
  return { key: dotKey(record.dot), dot: record.dot, covers: covers as string[], resolver, intent: record.intent };
}
