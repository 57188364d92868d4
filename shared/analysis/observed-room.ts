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
import { inCausalOrder } from '../history/causal-order.ts';
import { type EditRecord, isEdit, isRead, type JournalRecord, type ReadRecord, type Seen, type StrategyId } from '../history/record.ts';
import { isTalking } from '../strategies/conversing.ts';
import { Acknowledgements, trueMsOf } from './acknowledgements.ts';
import { shownAfter } from './shown-after.ts';
import type { ObservedHistory } from './verdicts/observed-history.ts';
import type { Operation, Read, Step, Value } from './verdicts/operation.ts';
import { counterOf, identifiedNumberOf, identifiedRegisterOf, registerOf, type Specification, stockOf } from './verdicts/specification.ts';
import { StepsRead } from './steps-read.ts';
import { versionRanks, type VersionRanks } from './version-ranks.ts';

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
  const observer = new RoomObserver(schema, inCausalOrder(records), strategy);
  const operations = observer.journaled();
  const latestMs = operations.reduce((latest, { invokedAt, returnedAt }) => Math.max(latest, invokedAt, returnedAt ?? invokedAt), -Infinity);
  const settledAt = now ? Math.max(now.atMs, latestMs + answeredLateMs) : Infinity;
  if (now) for (const read of observer.shown(now, settledAt)) operations.push(read);
  return { operations, specifications: specificationsOf(observer.fields, operations), settledAt };
}

class RoomObserver {
  readonly fields: readonly FieldSpec[];
  private readonly byId: ReadonlyMap<FieldId, FieldSpec>;
  private readonly edits: ReadonlyMap<DotKey, EditRecord>;
  private readonly clock: VersionVector;
  private readonly told: Acknowledgements;
  private readonly ranks: VersionRanks;
  private readonly steps: StepsRead;
  private readonly shownAfter: ReadonlyMap<DotKey, number>;

  /** Takes the records in causal order. */
  constructor(schema: Schema, private readonly records: readonly JournalRecord[], private readonly strategy: StrategyId) {
    this.fields = schema.filter(isJudged);
    this.byId = new Map(this.fields.map((field) => [field.id, field]));
    const edits = records.filter(isEdit);
    this.edits = new Map(edits.map((edit) => [dotKey(edit.dot), edit]));
    this.clock = VersionVector.of(new Map(records.map(({ dot }) => [dot.replica, dot.counter])));
    this.told = new Acknowledgements(records, strategy);
    this.ranks = versionRanks(edits, records, strategy);
    this.steps = new StepsRead(this.fields.filter(({ type }) => type !== 'register'), edits, strategy, this.ranks);
    this.shownAfter = shownAfter(this.fields.filter(({ type }) => type !== 'register'), edits, strategy);
  }

  /** In an order that keeps each session's own. */
  journaled(): Operation[] {
    return this.records.flatMap((record) => {
      if (isEdit(record)) return this.changeOf(record) ?? [];
      return isRead(record) ? this.readsOf(record) : [];
    });
  }

  /** One read per replica and field. */
  shown({ replicas, value }: ShownNow, atMs: number): Read[] {
    return this.fields.flatMap((field) => {
      return replicas.map((replica): Read => {
        const shown = value(field.id, replica) as Value;
        return { kind: 'read', id: `now/${replica}/${field.id}`, session: replica, replica, field: field.id, invokedAt: atMs, returnedAt: atMs + answeredLateMs, value: shown, ...this.newestOf(field, shown), ...this.madeInEnd(field, shown) };
      });
    });
  }

  /** A write of the same value may have been made before: what is shown in the end is the newest that stands, if that has this value. */
  private newestOf(field: FieldSpec, shown: Value): Pick<Read, 'readFrom'> {
    const standing = field.type === 'register' ? this.ranks.order(field.id)?.filter((key) => !this.ranks.isGone(key)) : undefined;
    const newest = standing?.at(-1);
    const intent = newest === undefined ? undefined : this.edits.get(newest)?.intent;
    return intent?.kind === 'set' && intent.value === shown ? { readFrom: newest } : {};
  }

  /** A number that all show in the end was made of all that stands. */
  private madeInEnd(field: FieldSpec, value: Value): Pick<Read, 'madeOf'> {
    if (field.type === 'register') return {};
    const standing = this.ranks.order(field.id)?.filter((key) => !this.ranks.isGone(key));
    const madeOf = this.steps.of(field.id, { value, last: standing ? (standing.at(-1) ?? '') : null, had: this.clock });
    return madeOf ? { madeOf } : {};
  }

  private changeOf(edit: EditRecord): Operation | null {
    const field = this.byId.get(edit.field);
    const told = this.told.of(edit);
    const does = field && deedOf(field, edit.intent);
    if (!told || !does || (told.answer === 'refused' && !this.ranks.wasTaken(edit))) return null;
    const id = dotKey(edit.dot);
    const { replica } = edit.dot;
    const lateMs = edit.traces[this.strategy]?.outcome === 'pending' ? answeredLateMs : 0;
    const asked = { id, session: replica, replica, field: edit.field, invokedAt: trueMsOf(edit), returnedAt: told.answer === 'accepted' ? told.atMs + lateMs : null };
    if (does.kind === 'write') return { ...asked, ...does };
    const returned = this.shownAfter.get(id);
    return { ...asked, ...does, ...(returned === undefined || told.answer !== 'accepted' ? {} : { returned }) };
  }

  private readsOf(record: ReadRecord): Read[] {
    // Copies that talk have values that the journal does not bring; the others have just what it brought.
    if (!isTalking(this.strategy) && !this.clock.covers(record.had)) return [];
    const notedMs = trueMsOf(record);
    return record.seen.flatMap((seen) => {
      const field = seen.strategy === this.strategy ? this.byId.get(seen.field) : undefined;
      const value = field && wellFormed(field, seen.value);
      const source = field && this.sourceOf(field, seen);
      if (value === undefined || !source) return [];
      const invokedAt = notedMs - Math.max(0, seen.tookMs) - readEarlyMs;
      const madeOf = this.steps.of(seen.field, { value, last: seen.last, had: record.had });
      return [{ kind: 'read' as const, id: `${dotKey(record.dot)}/${seen.field}`, session: record.dot.replica, replica: record.readAt, field: seen.field, invokedAt, returnedAt: notedMs + answeredLateMs, value, ...source, ...(madeOf ? { madeOf } : {}) }];
    });
  }

  /** null: it came from an edit that is not in this journal, or not yet. */
  private sourceOf(field: FieldSpec, { last }: Seen): Pick<Read, 'readFrom'> | null {
    if (last === null) return {};
    const origin = this.ranks.originOf(field.id, last);
    if (origin !== '' && this.edits.get(origin)?.field !== field.id) return null;
    return field.type === 'register' ? { readFrom: origin === '' ? null : origin } : {};
  }
}

type Deed = { readonly kind: 'write'; readonly value: Value } | { readonly kind: 'update'; readonly step: Step };

/** What an intent does to a field of this type; null where it is malformed. A choice between siblings puts its value there. */
function deedOf(field: FieldSpec, input: Intent): Deed | null {
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

function update(step: Step): Deed {
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
function specificationsOf(fields: readonly FieldSpec[], operations: readonly Operation[]): Map<FieldId, Specification> {
  const identified = new Set(operations.flatMap((each) => (each.kind === 'read' && (each.readFrom !== undefined || each.madeOf !== undefined) ? each.field : [])));
  const set = new Set(operations.flatMap((each) => (each.kind === 'update' && each.step.kind === 'set' ? each.field : [])));
  return new Map(fields.map(({ id, type, initial }) => [id, specificationOf(type, initial as Value, identified.has(id) && !set.has(id)) as Specification]));
}

function specificationOf(type: FieldSpec['type'], initial: Value, isIdentified: boolean) {
  if (type === 'register') return isIdentified ? identifiedRegisterOf(initial) : registerOf(initial);
  const plain = type === 'counter' ? counterOf(initial as number) : stockOf(initial as number);
  return isIdentified ? identifiedNumberOf(plain) : plain;
}
