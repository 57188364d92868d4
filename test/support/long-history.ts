/**
 * Histories of any length, made about as quickly as they can be read: four replicas that edit and read fields of all types and go offline, under all six
 * strategies.
 *
 * What the copies of coordinated strategies say of an edit comes right after it; some edits are refused, unknown or rolled back. Every record comes 10 ms after the one before it.
 */
import { dotKey, type DotKey, type ReplicaId } from '../../shared/clocks/dot.ts';
import { VersionVector } from '../../shared/clocks/version-vector.ts';
import type { Intent } from '../../shared/document/intent.ts';
import { type FieldId, type FieldSpec, type FieldValue, labSchema, type Schema } from '../../shared/document/schema.ts';
import { type EditRecord, type JournalRecord, type Settlement, strategyIds } from '../../shared/history/record.ts';
import type { RoomEvent } from '../../shared/history/room-event.ts';
import { SeededRandom } from '../../shared/network/seeded-random.ts';
import { isCoordinated, type CoordinatedId, coordinatedIds } from '../../shared/strategies/registry.ts';

export interface LongHistory {
  readonly schema: Schema;
  /** In causal order. */
  readonly records: readonly JournalRecord[];
  readonly events: readonly RoomEvent[];
}

export interface LongHistoryOptions {
  readonly schema?: Schema;
  readonly seed?: number;
  /** The part of all actions that take somebody offline or bring them back. */
  readonly offline?: number;
}

export function longHistory(length: number, { schema = labSchema, seed = 1, offline = 0.001 }: LongHistoryOptions = {}): LongHistory {
  const maker = new HistoryMaker(schema, new SeededRandom(seed));
  while (maker.records.length < length) maker.goOn(offline);
  return { schema, records: maker.records, events: maker.events };
}

interface Shown {
  readonly last: DotKey | '';
  readonly value: FieldValue;
}

interface Place {
  readonly replica: ReplicaId;
  clock: VersionVector;
  isOnline: boolean;
  /** By field, what copies show that answer by themselves, and what those that ask each other do. */
  alone: Map<FieldId, Shown>;
  agreed: Map<FieldId, Shown>;
}

class HistoryMaker {
  readonly records: JournalRecord[] = [];
  readonly events: RoomEvent[] = [];
  private readonly places: readonly Place[];

  constructor(private readonly schema: Schema, private readonly random: SeededRandom) {
    const initial = (): Map<FieldId, Shown> => new Map(schema.map((field) => [field.id, { last: '', value: field.initial }]));
    this.places = ['A', 'B', 'C', 'D'].map((replica) => ({ replica, clock: VersionVector.empty, isOnline: true, alone: initial(), agreed: initial() }));
    for (const place of this.places) this.noteArrival(place);
  }

  goOn(offline: number): void {
    const place = this.random.pick(this.places);
    const field = this.random.pick(this.schema);
    if (this.random.chance(offline)) this.turn(place);
    else if (this.random.chance(0.5)) this.read(place, field);
    else this.edit(place, field);
  }

  private edit(place: Place, field: FieldSpec): void {
    const { last, value } = place.alone.get(field.id)!;
    const intent = this.intentFor(field, value);
    const pending = { outcome: 'pending' } as const;
    const edit: EditRecord = {
      ...this.next(place), field: field.id, intent,
      traces: {
        crdt: { outcome: 'accepted', details: [1, 0, 1] },
        'last-writer-wins': { outcome: 'accepted', details: [0, { [field.id]: last }] },
        siblings: { outcome: 'accepted', details: [last === '' ? [] : [last], 0] },
        quorum: pending, consensus: pending, 'single-leader': pending,
      },
    };
    this.add(place, edit);
    const shown = { last: dotKey(edit.dot), value: after(field, value, intent) };
    for (const each of this.reached(place)) each.alone.set(field.id, shown);
    this.settle(place, edit, field);
    this.noteArrival(this.random.pick(this.reached(place)), field.id);
  }

  private settle(place: Place, { dot, intent }: EditRecord, field: FieldSpec): void {
    const { last, value } = place.agreed.get(field.id)!;
    const isRefused = this.random.chance(0.04);
    const rank = this.records.length;
    const details: Readonly<Record<CoordinatedId, readonly unknown[]>> = { quorum: [rank, place.replica, last], consensus: [rank, last], 'single-leader': [1, 'A', rank, last] };
    const isLost = this.random.chance(0.01);
    for (const strategy of coordinatedIds) {
      const say = (settlement: Settlement): void => this.add(place, { ...this.next(place), settles: dot, strategy, settlement });
      if (!place.isOnline) say({ outcome: 'unknown', reason: 'nobody answered' });
      else if (isRefused) say({ outcome: 'refused', reason: 'another edit was first' });
      else say({ outcome: 'accepted', details: details[strategy] });
      if (isLost && strategy === 'single-leader') say({ outcome: 'rolled-back', reason: 'B leads now', details: [1, 'A', rank] });
    }
    if (!place.isOnline || isRefused) return;
    for (const each of this.reached(place)) each.agreed.set(field.id, { last: dotKey(dot), value: after(field, value, intent) });
  }

  private read(place: Place, { id }: FieldSpec): void {
    const at = this.random.chance(0.2) ? this.random.pick(this.reached(place)) : place;
    const seen = strategyIds.map((strategy) => {
      const { last, value } = (isCoordinated(strategy) ? at.agreed : at.alone).get(id)!;
      return { field: id, strategy, value, last: strategy === 'crdt' ? null : last, tookMs: this.random.below(8) };
    });
    this.add(place, { ...this.next(place), readAt: at.replica, had: at.clock, seen });
  }

  /** Goes offline, or comes back: then it has what all had, and shows what the others showed. */
  private turn(place: Place): void {
    const others = this.places.filter((each) => each.isOnline && each !== place);
    const together = [...others, place];
    for (const each of together) {
      const [apart, all] = [each === place ? [place] : others, together].map((list) => list.map(({ replica }) => replica)) as [ReplicaId[], ReplicaId[]];
      this.events.push({ kind: 'reach', replica: each.replica, wallMs: this.ms, payload: place.isOnline ? { before: all, after: apart } : { before: apart, after: all } });
    }
    place.isOnline = !place.isOnline;
    if (!place.isOnline) return;
    const clock = together.reduce((merged, each) => merged.merge(each.clock), VersionVector.empty);
    const { alone, agreed } = together[0]!;
    for (const each of together) {
      Object.assign(each, { clock, alone: new Map(alone), agreed: new Map(agreed) });
      this.noteArrival(each);
    }
  }

  private intentFor({ type }: FieldSpec, value: FieldValue): Intent {
    switch (type) {
      case 'register': return { kind: 'set', value: `v${this.random.below(1_000)}` };
      case 'text': return { kind: 'splice', index: 0, removed: '', inserted: 'x' };
      case 'counter': return { kind: 'increment', by: 1 + this.random.below(3) };
      case 'set': return { kind: 'add', element: `e${this.random.below(50)}` };
      case 'list': return { kind: 'insert', after: null, label: 'x' };
      case 'stock': return (value as number) > 0 ? { kind: 'reserve', amount: 1 } : { kind: 'release', amount: 4 };
    }
  }

  private reached(place: Place): readonly Place[] {
    return place.isOnline ? this.places.filter(({ isOnline }) => isOnline) : [place];
  }

  private add(place: Place, record: JournalRecord): void {
    this.records.push(record);
    for (const each of this.reached(place)) each.clock = each.clock.with(record.dot);
  }

  private noteArrival({ replica, clock, alone, agreed }: Place, field?: FieldId): void {
    const fields = field === undefined ? this.schema.map(({ id }) => id) : [field];
    const shows = Object.fromEntries(strategyIds.map((strategy) => {
      const shown = isCoordinated(strategy) ? agreed : alone;
      return [strategy, Object.fromEntries(fields.map((id) => [id, strategy === 'crdt' ? null : shown.get(id)!.last]))];
    }));
    this.events.push({ kind: 'arrived', replica, wallMs: this.ms, payload: { has: clock, shows } });
  }

  private get ms(): number {
    return 1_000 + 10 * this.records.length;
  }

  private next({ replica, clock }: Place): Pick<EditRecord, 'dot' | 'context' | 'wallMs' | 'hybrid'> {
    return { dot: { replica, counter: clock.get(replica) + 1 }, context: clock, wallMs: this.ms, hybrid: { ms: this.ms, counter: 0 } };
  }
}

/** What a person sees of a field after an intent; of texts, sets and lists always the same. */
function after({ type }: FieldSpec, value: FieldValue, intent: Intent): FieldValue {
  if (intent.kind === 'set') return intent.value;
  if (type !== 'counter' && type !== 'stock') return value;
  const by = intent.kind === 'increment' ? intent.by : intent.kind === 'release' ? intent.amount : intent.kind === 'reserve' ? -intent.amount : 0;
  return (value as number) + by;
}
