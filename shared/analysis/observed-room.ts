/**
 * From the room's journal to what its people observed under one strategy: the history that the consistency checkers judge.
 *
 * About registers, counters and stocks. Guarantees: an edit that its maker was told to be refused is left out (unless a copy says that it took it: then it
 * may have happened), one that was never answered is open, and one that was acknowledged stays, also if it was rolled back. Reads of what this journal
 * does not know yet are left out, so that no witness accuses edits that are still under way. Times are true times as in acknowledgements.ts: devices
 * whose clocks differ without anybody having set it can make a fresh read look stale. What is malformed is left out.
 * Costs time in proportion to the history, times the number of replicas.
 */
import { dotKey, type DotKey, type ReplicaId } from '../clocks/dot.ts';
import { VersionVector } from '../clocks/version-vector.ts';
import { fieldValue, type Intent, parseIntent } from '../document/intent.ts';
import type { FieldId, FieldSpec, FieldValue, Schema } from '../document/schema.ts';
import { compareCausally } from '../history/causal-order.ts';
import { type EditRecord, isEdit, isRead, type JournalRecord, type ReadRecord, type Seen, type StrategyId } from '../history/record.ts';
import { isCoordinated } from '../strategies/registry.ts';
import { Acknowledgements, trueMsOf } from './acknowledgements.ts';
import { editsByKey, type EditsByKey } from './edit-index.ts';
import { filtered } from './filtered.ts';
import { shownAfter, type ShownAfter } from './shown-after.ts';
import { eachOf, inParts, runWhole, type Sliced, sorted } from './slices.ts';
import { type ReadNumber, StepsRead } from './steps-read.ts';
import type { ObservedHistory } from './verdicts/observed-history.ts';
import type { Operation, Read, UpdateStep, Value } from './verdicts/operation.ts';
import { counterOf, identifiedNumberOf, identifiedRegisterOf, registerOf, type Specification, stockOf } from './verdicts/specification.ts';
import { type VersionRanks, versionRanksSliced } from './version-ranks.ts';

/** Whether verdicts judge a field of this type. */
export function isJudged({ type }: FieldSpec): boolean {
  return type === 'register' || type === 'counter' || type === 'stock';
}

/** What each of these replicas shows, now that everything was delivered everywhere. */
export interface ShownNow {
  /** In milliseconds since the Unix epoch; taken to be no earlier than the journal's last event, as who says it has that. */
  readonly atMs: number;
  readonly replicas: readonly ReplicaId[];
  readonly value: (field: FieldId, replica: ReplicaId) => FieldValue;
}

/**
 * Clocks tell milliseconds. What a replica began to do in one of them, and what it was answered in the same one, is in no order unless the journal says so:
 * it names edits as they are made, and reads only when they are answered. So answers come this much later than noted, and reads began this much earlier.
 */
const answeredLateMs = 0.5;
const readEarlyMs = 0.25;

/** `settledAt` is when `now` was; without it never, as nobody has said that all was delivered. */
export function observedRoom(schema: Schema, records: readonly JournalRecord[], strategy: StrategyId, now?: ShownNow): ObservedHistory {
  return runWhole(observedRoomSliced(schema, records, strategy, now));
}

/** Of what numbers were made is left out where there are more than `operationsMax` operations: it grows with their square, and nobody judges them then. */
export function* observedRoomSliced(schema: Schema, records: readonly JournalRecord[], strategy: StrategyId, now?: ShownNow, operationsMax = Infinity): Sliced<ObservedHistory> {
  const observer = new RoomObserver(yield* factsOf(schema, yield* sorted(records, compareCausally), strategy));
  yield* observer.takeJournal();
  const settledAt = now ? Math.max(now.atMs, (yield* latestMsOf(observer.operations)) + answeredLateMs) : Infinity;
  if (now) yield* observer.takeShown(now, settledAt);
  const operations = observer.operations.length > operationsMax ? observer.operations : yield* observer.withSteps();
  return { operations, specifications: yield* specificationsOf(observer.fields, operations), settledAt };
}

function* latestMsOf(operations: readonly Operation[]): Sliced<number> {
  let latestMs = -Infinity;
  yield* eachOf(operations, ({ invokedAt, returnedAt }) => {
    latestMs = Math.max(latestMs, invokedAt, returnedAt ?? invokedAt);
  });
  return latestMs;
}

/** What a journal says, put so that it is found quickly. */
interface Facts {
  /** Those that are judged. */
  readonly fields: readonly FieldSpec[];
  /** In causal order. */
  readonly records: readonly JournalRecord[];
  readonly strategy: StrategyId;
  readonly edits: readonly EditRecord[];
  readonly byKey: EditsByKey;
  readonly clock: VersionVector;
  readonly told: Acknowledgements;
  readonly ranks: VersionRanks;
  readonly shownAfter: ShownAfter;
}

/** Takes the records in causal order. */
function* factsOf(schema: Schema, records: readonly JournalRecord[], strategy: StrategyId): Sliced<Facts> {
  const fields = schema.filter(isJudged);
  const edits = yield* filtered(records, isEdit);
  return {
    fields, records, strategy, edits,
    byKey: yield* editsByKey(edits),
    clock: yield* clockOf(records),
    told: yield* Acknowledgements.sliced(records, strategy),
    ranks: yield* versionRanksSliced(edits, records, strategy),
    shownAfter: yield* shownAfter(fields.filter(isNumber), edits, strategy),
  };
}

function* clockOf(records: readonly JournalRecord[]): Sliced<VersionVector> {
  const counters = new Map<ReplicaId, number>();
  yield* eachOf(records, ({ dot }) => void counters.set(dot.replica, dot.counter));
  return VersionVector.of(counters);
}

function isNumber({ type }: FieldSpec): boolean {
  return type === 'counter' || type === 'stock';
}

/** So many reads of numbers are taken at once: each number may have been made of all steps. */
const numbersPerPart = 4;

class RoomObserver {
  private readonly byId: ReadonlyMap<FieldId, FieldSpec>;
  /** In an order that keeps each session's own. */
  readonly operations: Operation[] = [];
  /** Of each of them what was read, if it read a counter or a stock. */
  private readonly numbers: (ReadNumber | undefined)[] = [];

  constructor(private readonly facts: Facts) {
    this.byId = new Map(facts.fields.map((field) => [field.id, field]));
  }

  get fields(): readonly FieldSpec[] {
    return this.facts.fields;
  }

  *takeJournal(): Sliced<void> {
    yield* eachOf(this.facts.records, (record) => void this.note(record));
  }

  /** One read per replica and field. */
  *takeShown({ replicas, value }: ShownNow, atMs: number): Sliced<void> {
    for (const field of this.fields) {
      const newest = yield* this.newestStanding(field.id);
      for (const replica of replicas) {
        const shown = value(field.id, replica) as Value;
        const read: Read = { kind: 'read', id: `now/${replica}/${field.id}`, session: replica, replica, field: field.id, invokedAt: atMs, returnedAt: atMs + answeredLateMs, value: shown, ...this.writeShown(field, shown, newest) };
        // A number that all show in the end was made of all that stands.
        this.add(read, isNumber(field) ? { value: shown, last: newest, had: this.facts.clock } : undefined);
      }
    }
  }

  /** The same operations; reads of numbers name the steps that these were made of, where that is known. */
  *withSteps(): Sliced<Operation[]> {
    const { fields, edits, strategy, ranks } = this.facts;
    const steps = yield* StepsRead.sliced(fields.filter(isNumber), edits, strategy, ranks);
    const named: Operation[] = [];
    for (const part of inParts(this.operations, numbersPerPart)) {
      for (const each of part) {
        const number = this.numbers[named.length];
        const madeOf = number && steps.of(each.field, number);
        named.push(madeOf ? ({ ...each, madeOf } as Read) : each);
      }
      yield;
    }
    return named;
  }

  /** The newest edit of a field that is not gone; '' where there is none, null where the strategy ranks nothing. */
  private *newestStanding(field: FieldId): Sliced<DotKey | '' | null> {
    const { ranks } = this.facts;
    const order = ranks.order(field);
    let newest: DotKey | '' = '';
    yield* eachOf(order ?? [], (key) => {
      if (!ranks.isGone(key)) newest = key;
    });
    return order && newest;
  }

  /** A write of the same value may have been made before: what is shown in the end is the newest that stands, if that has this value. */
  private writeShown({ type }: FieldSpec, shown: Value, newest: DotKey | '' | null): Pick<Read, 'readFrom'> {
    const intent = type === 'register' && newest ? this.facts.byKey.get(newest)?.intent : undefined;
    return newest && intent?.kind === 'set' && intent.value === shown ? { readFrom: newest } : {};
  }

  private add(operation: Operation, number?: ReadNumber): void {
    this.operations.push(operation);
    this.numbers.push(number);
  }

  private note(record: JournalRecord): void {
    if (isRead(record)) {
      this.noteReads(record);
      return;
    }
    const change = isEdit(record) ? this.changeOf(record) : null;
    if (change) this.add(change);
  }

  private changeOf(edit: EditRecord): Operation | null {
    const field = this.byId.get(edit.field);
    const told = this.facts.told.of(edit);
    const does = field && observedWriteOf(field, edit.intent);
    if (!told || !does || (told.answer === 'refused' && !this.facts.ranks.wasTaken(edit))) return null;
    const id = dotKey(edit.dot);
    const { replica } = edit.dot;
    const lateMs = edit.traces[this.facts.strategy]?.outcome === 'pending' ? answeredLateMs : 0;
    const asked = { id, session: replica, replica, field: edit.field, invokedAt: trueMsOf(edit), returnedAt: told.answer === 'accepted' ? told.atMs + lateMs : null };
    if (does.kind === 'write') return { ...asked, ...does };
    const returned = this.facts.shownAfter.get(id);
    return { ...asked, ...does, ...(returned === undefined || told.answer !== 'accepted' ? {} : { returned }) };
  }

  private noteReads(record: ReadRecord): void {
    const { strategy, clock } = this.facts;
    // Copies of coordinated strategies have values that the journal does not bring; the others have just what it brought.
    if (!isCoordinated(strategy) && !clock.covers(record.had)) return;
    for (const seen of record.seen) {
      const field = seen.strategy === strategy ? this.byId.get(seen.field) : undefined;
      const read = field && this.readOf(record, seen, field);
      if (read) this.add(read, isNumber(field) ? { value: read.value, last: seen.last, had: record.had } : undefined);
    }
  }

  private readOf(record: ReadRecord, seen: Seen, field: FieldSpec): Read | null {
    const value = wellFormed(field, seen.value);
    const source = this.sourceOf(field, seen);
    if (value === undefined || !source) return null;
    const notedMs = trueMsOf(record);
    const invokedAt = notedMs - Math.max(0, seen.tookMs) - readEarlyMs;
    return { kind: 'read', id: `${dotKey(record.dot)}/${seen.field}`, session: record.dot.replica, replica: record.readAt, field: seen.field, invokedAt, returnedAt: notedMs + answeredLateMs, value, ...source };
  }

  /** null: it came from an edit that is not in this journal, or not yet. */
  private sourceOf(field: FieldSpec, { last }: Seen): Pick<Read, 'readFrom'> | null {
    if (last === null) return {};
    const origin = this.facts.ranks.originOf(field.id, last);
    if (origin !== '' && this.facts.byKey.get(origin)?.field !== field.id) return null;
    return field.type === 'register' ? { readFrom: origin === '' ? null : origin } : {};
  }
}

type ObservedWrite = { readonly kind: 'write'; readonly value: Value } | { readonly kind: 'update'; readonly step: UpdateStep };

/** What an intent does to a field of this type; null where it is malformed. A choice between siblings puts its value there. */
function observedWriteOf(field: FieldSpec, input: Intent): ObservedWrite | null {
  let intent: Intent;
  try {
    intent = parseIntent(field.type, input);
  } catch {
    return null;
  }
  switch (intent.kind) {
    case 'set': return { kind: 'write', value: intent.value };
    case 'resolve': return field.type === 'register' ? { kind: 'write', value: intent.value as Value } : update({ kind: 'set', value: intent.value as Value });
    case 'increment': return update({ kind: 'add', by: intent.by });
    case 'reserve': return update({ kind: 'reserve', amount: intent.amount });
    case 'release': return update({ kind: 'add', by: intent.amount });
    default: return null;
  }
}

function update(step: UpdateStep): ObservedWrite {
  return { kind: 'update', step };
}

function wellFormed(field: FieldSpec, value: unknown): Value | undefined {
  try {
    return fieldValue(field.type, value) as Value;
  } catch {
    return undefined;
  }
}

/** Registers whose reads name their write tell writes of one value apart, and numbers whose reads name their steps tell ways to one number apart. */
function* specificationsOf(fields: readonly FieldSpec[], operations: readonly Operation[]): Sliced<Map<FieldId, Specification>> {
  const identified = new Set<FieldId>();
  const set = new Set<FieldId>();
  for (const part of inParts(operations)) {
    for (const each of part) {
      if (each.kind === 'read' && (each.readFrom !== undefined || each.madeOf !== undefined)) identified.add(each.field);
      if (each.kind === 'update' && each.step.kind === 'set') set.add(each.field);
    }
    yield;
  }
  return new Map(fields.map(({ id, type, initial }) => [id, specificationOf(type, initial as Value, identified.has(id) && !set.has(id)) as Specification]));
}

function specificationOf(type: FieldSpec['type'], initial: Value, isIdentified: boolean) {
  if (type === 'register') return isIdentified ? identifiedRegisterOf(initial) : registerOf(initial);
  const plain = type === 'counter' ? counterOf(initial as number) : stockOf(initial as number);
  return isIdentified ? identifiedNumberOf(plain) : plain;
}
