/**
 * Divergence: the fields that do not show the same at all replicas, over time, under one strategy. A pure function of the history.
 *
 * Registers are compared by the value of the edit that is shown, counters and stocks of the CRDT by their sums. All else that no single edit made is compared
 * by the edits of the field that each replica has: the same edits show the same. A replica counts from its first note on; one that is down counts with what it
 * showed last. Costs time in proportion to the history, times the number of replicas.
 */
import type { DotKey, ReplicaId } from '../../clocks/dot.ts';
import type { VersionVector } from '../../clocks/version-vector.ts';
import { canonicalJson } from '../../document/digest.ts';
import type { FieldId, FieldSpec, Schema } from '../../document/schema.ts';
import { type EditRecord, isEdit, type JournalRecord, type StrategyId } from '../../history/record.ts';
import type { ArrivedEvent, RoomEvent } from '../../history/room-event.ts';
import { firstIndex, getOrMake } from '../concurrency.ts';
import { editsByAuthor, type EditsByAuthor, editsByKey, type EditsByKey } from '../edit-index.ts';
import { filtered } from '../filtered.ts';
import { eachOf, runWhole, type Sliced } from '../slices.ts';
import { StepSums } from '../step-sums.ts';

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

/** In the order of time; a step a change. */
export function divergence(schema: Schema, records: readonly JournalRecord[], events: readonly RoomEvent[], strategy: StrategyId): DivergenceStep[] {
  return runWhole(divergenceSliced(schema, records, events, strategy));
}

export function* divergenceSliced(schema: Schema, records: readonly JournalRecord[], events: readonly RoomEvent[], strategy: StrategyId): Sliced<DivergenceStep[]> {
  const edits = yield* filtered(records, (record): record is EditRecord => isEdit(record) && record.traces[strategy] !== undefined);
  const course = new Course(schema, yield* Marks.sliced(schema, edits, strategy), strategy);
  yield* eachOf(events, (event) => {
    if (event.kind === 'arrived') course.arrived(event);
  });
  return course.steps;
}

export function divergenceFigures(schema: Schema, records: readonly JournalRecord[], events: readonly RoomEvent[], strategy: StrategyId): DivergenceFigures {
  return runWhole(figuresOf(divergence(schema, records, events, strategy), events));
}

/** Of what `divergence` found in these events. */
export function* figuresOf(steps: readonly DivergenceStep[], events: readonly RoomEvent[]): Sliced<DivergenceFigures> {
  if (!events.some(({ kind }) => kind === 'arrived')) return { divergedMs: null };
  let endMs = -Infinity;
  yield* eachOf(events, ({ wallMs }) => {
    endMs = Math.max(endMs, wallMs);
  });
  const divergedMs = steps.reduce((sum, { atMs, fields }, index) => sum + (fields.length > 0 ? (steps[index + 1]?.atMs ?? endMs) - atMs : 0), 0);
  return { divergedMs: Math.round(divergedMs) };
}

/** What tells what a replica shows of each field from what others show, and which fields no single edit made. */
interface ShownFields {
  readonly marks: Map<FieldId, string>;
  readonly madeByMany: Set<FieldId>;
}

/** Goes along the events: which fields differ now, and the steps so far. */
class Course {
  readonly steps: DivergenceStep[] = [];
  private readonly replicas = new Map<ReplicaId, ShownFields>();
  private readonly differing = new Set<FieldId>();

  constructor(private readonly schema: Schema, private readonly marks: Marks, private readonly strategy: StrategyId) {}

  arrived(event: ArrivedEvent): void {
    const isNew = !this.replicas.has(event.replica);
    const changed = this.show(event);
    const looked = isNew ? this.schema.map(({ id }) => id) : changed;
    let isStep = false;
    for (const field of looked) isStep = this.compare(field) || isStep;
    if (!isStep) return;
    if (this.steps.at(-1)?.atMs === event.wallMs) this.steps.pop();
    this.steps.push({ atMs: event.wallMs, fields: this.schema.flatMap(({ id }) => (this.differing.has(id) ? id : [])) });
  }

  /** Notes what a replica shows; returns the fields that may show something else now. */
  private show({ replica, payload: { has, shows } }: ArrivedEvent): ReadonlySet<FieldId> {
    const own = getOrMake(this.replicas, replica, () => ({ marks: new Map(this.schema.map(({ id }) => [id, initialMark])), madeByMany: new Set<FieldId>() }));
    const changed = new Set(own.madeByMany);
    for (const [field, last] of Object.entries(shows[this.strategy] ?? {})) {
      changed.add(field);
      if (last === null) own.madeByMany.add(field);
      else own.madeByMany.delete(field);
      own.marks.set(field, this.marks.of(field, last, has));
    }
    // Its edits may arrive beside the document that shows them.
    for (const field of own.madeByMany) own.marks.set(field, this.marks.of(field, null, has));
    return changed;
  }

  /** Whether the field differs now and did not before, or the other way round. */
  private compare(field: FieldId): boolean {
    const differs = new Set([...this.replicas.values()].map((each) => each.marks.get(field))).size > 1;
    if (differs === this.differing.has(field)) return false;
    if (differs) this.differing.add(field);
    else this.differing.delete(field);
    return true;
  }
}

const initialMark = 'initial';

/** What tells two shown values of a field apart. */
class Marks {
  private readonly specs: ReadonlyMap<FieldId, FieldSpec>;

  private constructor(
    schema: Schema,
    private readonly strategy: StrategyId,
    private readonly edits: EditsByKey,
    private readonly byAuthor: EditsByAuthor,
    private readonly sums: StepSums,
  ) {
    this.specs = new Map(schema.map((field) => [field.id, field]));
  }

  static *sliced(schema: Schema, edits: readonly EditRecord[], strategy: StrategyId): Sliced<Marks> {
    const taken = yield* filtered(edits, ({ traces }) => traces[strategy]!.outcome !== 'refused');
    return new Marks(schema, strategy, yield* editsByKey(edits), yield* editsByAuthor(taken), yield* StepSums.sliced(strategy === 'crdt' ? taken : []));
  }

  of(field: FieldId, last: DotKey | '' | null, has: VersionVector): string {
    if (last === '') return initialMark;
    if (last === null) return this.ofEdits(field, has);
    const intent = this.edits.get(last)?.intent;
    const { type, initial } = this.specs.get(field)!;
    if (type !== 'register' || intent?.kind !== 'set') return last;
    return intent.value === initial ? initialMark : canonicalJson(intent.value);
  }

  private ofEdits(field: FieldId, has: VersionVector): string {
    const { type } = this.specs.get(field)!;
    if (this.strategy === 'crdt' && (type === 'counter' || type === 'stock')) {
      const sum = this.sums.of(field, has);
      return sum === 0 ? initialMark : `sum ${sum}`;
    }
    const counts = [...(this.byAuthor.get(field) ?? [])].map(([author, edits]) => [author, firstIndex(edits, ({ dot }) => dot.counter > has.get(author))] as const).filter(([, count]) => count > 0);
    return counts.length === 0 ? initialMark : counts.sort(([a], [b]) => (a < b ? -1 : 1)).map(([author, count]) => `${author}:${count}`).join(' ');
  }
}
