/**
 * Divergence: the fields that do not show the same at all replicas, over time, under one strategy. A pure function of the history.
 *
 * Registers are compared by the value of the edit that is shown, counters and stocks of the CRDT by their sums. All else that no single edit made is compared
 * by the edits of the field that each replica has: the same edits show the same. A replica counts from its first note on; one that is down counts with what it
 * showed last. Costs time in proportion to the history, times the number of replicas.
 */
import { dotKey, type DotKey, type ReplicaId } from '../../clocks/dot.ts';
import type { VersionVector } from '../../clocks/version-vector.ts';
import { canonicalJson } from '../../document/digest.ts';
import type { FieldId, FieldSpec, Schema } from '../../document/schema.ts';
import { type EditRecord, isEdit, type JournalRecord, type StrategyId } from '../../history/record.ts';
import type { ArrivedEvent, RoomEvent } from '../../history/room-event.ts';
import { firstIndex, getOrMake } from '../concurrency.ts';
import { stepOf } from '../step-sums.ts';

/** From `atMs` on, these fields do not show the same at all replicas; none: all show the same. */
export interface DivergenceStep {
  /** True time, in milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly fields: readonly FieldId[];
}

export interface DivergenceFigures {
  /** For how long some field differed, in whole milliseconds; null where nobody noted it. A field that differs still counts up to the last event. */
  readonly divergedMs: number | null;
}

/** What tells what a replica shows of each field from what others show, and which fields no single edit made. */
interface ShownFields {
  readonly marks: Map<FieldId, string>;
  readonly madeByMany: Set<FieldId>;
}

/** In the order of time; a step a change. */
export function divergence(schema: Schema, records: readonly JournalRecord[], events: readonly RoomEvent[], strategy: StrategyId): DivergenceStep[] {
  const edits = records.filter((record): record is EditRecord => isEdit(record) && record.traces[strategy] !== undefined);
  const marks = new Marks(schema, edits, strategy);
  const replicas = new Map<ReplicaId, ShownFields>();
  const differing = new Set<FieldId>();
  const steps: DivergenceStep[] = [];
  for (const event of events) {
    if (event.kind !== 'arrived') continue;
    const isNew = !replicas.has(event.replica);
    const own = getOrMake(replicas, event.replica, () => ({ marks: new Map(schema.map(({ id }) => [id, marks.initial])), madeByMany: new Set<FieldId>() }));
    const { has, shows } = event.payload;
    const changed = new Set(own.madeByMany);
    for (const [field, last] of Object.entries(shows[strategy] ?? {})) {
      changed.add(field);
      if (last === null) own.madeByMany.add(field);
      else own.madeByMany.delete(field);
      own.marks.set(field, marks.of(field, last, has));
    }
    // Its edits may arrive beside the document that shows them.
    for (const field of own.madeByMany) own.marks.set(field, marks.of(field, null, has));
    let isStep = false;
    for (const field of isNew ? schema.map(({ id }) => id) : changed) {
      const differs = new Set([...replicas.values()].map((each) => each.marks.get(field))).size > 1;
      if (differs === differing.has(field)) continue;
      isStep = true;
      if (differs) differing.add(field);
      else differing.delete(field);
    }
    if (!isStep) continue;
    if (steps.at(-1)?.atMs === event.wallMs) steps.pop();
    steps.push({ atMs: event.wallMs, fields: schema.flatMap(({ id }) => (differing.has(id) ? id : [])) });
  }
  return steps;
}

export function divergenceFigures(schema: Schema, records: readonly JournalRecord[], events: readonly RoomEvent[], strategy: StrategyId): DivergenceFigures {
  const noted = events.filter((event): event is ArrivedEvent => event.kind === 'arrived');
  if (noted.length === 0) return { divergedMs: null };
  const endMs = events.reduce((latest, { wallMs }) => Math.max(latest, wallMs), -Infinity);
  const steps = divergence(schema, records, events, strategy);
  const divergedMs = steps.reduce((sum, { atMs, fields }, index) => sum + (fields.length > 0 ? (steps[index + 1]?.atMs ?? endMs) - atMs : 0), 0);
  return { divergedMs: Math.round(divergedMs) };
}

/** What tells two shown values of a field apart. */
class Marks {
  readonly initial = 'initial';
  private readonly specs: ReadonlyMap<FieldId, FieldSpec>;
  private readonly edits: ReadonlyMap<DotKey, EditRecord>;
  /** By field and author, in order. */
  private readonly byAuthor = new Map<FieldId, Map<ReplicaId, EditRecord[]>>();

  constructor(schema: Schema, edits: readonly EditRecord[], private readonly strategy: StrategyId) {
    this.specs = new Map(schema.map((field) => [field.id, field]));
    this.edits = new Map(edits.map((edit) => [dotKey(edit.dot), edit]));
    for (const edit of edits) {
      if (edit.traces[strategy]!.outcome !== 'refused') getOrMake(getOrMake(this.byAuthor, edit.field, () => new Map<ReplicaId, EditRecord[]>()), edit.dot.replica, () => []).push(edit);
    }
  }

  of(field: FieldId, last: DotKey | '' | null, has: VersionVector): string {
    if (last === '') return this.initial;
    if (last === null) return this.ofEdits(field, has);
    const intent = this.edits.get(last)?.intent;
    const { type, initial } = this.specs.get(field)!;
    if (type !== 'register' || intent?.kind !== 'set') return last;
    return intent.value === initial ? this.initial : canonicalJson(intent.value);
  }

  private ofEdits(field: FieldId, has: VersionVector): string {
    const { type } = this.specs.get(field)!;
    const counts = [...(this.byAuthor.get(field) ?? [])].map(([author, edits]) => [author, firstIndex(edits, ({ dot }) => dot.counter > has.get(author))] as const).filter(([, count]) => count > 0);
    if (this.strategy === 'crdt' && (type === 'counter' || type === 'stock')) {
      const sum = counts.reduce((all, [author, count]) => all + this.byAuthor.get(field)!.get(author)!.slice(0, count).reduce((own, { intent }) => own + stepOf(intent), 0), 0);
      return sum === 0 ? this.initial : `sum ${sum}`;
    }
    return counts.length === 0 ? this.initial : counts.sort(([a], [b]) => (a < b ? -1 : 1)).map(([author, count]) => `${author}:${count}`).join(' ');
  }
}
