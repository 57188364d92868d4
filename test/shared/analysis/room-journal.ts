/**
 * Journals of small rooms, one line an event: replicas on one or two sides of a partition, a clock that moves on by 10 ms with every event.
 *
 * Last writer wins is the real strategy; what the others made of an edit is told by hand.
 */
import { dotKey, type DotKey, parseDot, type ReplicaId } from '../../../shared/clocks/dot.ts';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import type { Intent } from '../../../shared/document/intent.ts';
import type { FieldId, FieldValue, Schema } from '../../../shared/document/schema.ts';
import type { Edit, EditRecord, JournalRecord, OutcomeRecord, ReadRecord, Seen, Settlement, StrategyId, Trace } from '../../../shared/history/record.ts';
import { LastWriterWins } from '../../../shared/strategies/last-writer-wins/last-writer-wins.ts';
import type { LastWriterWinsSettings } from '../../../shared/strategies/last-writer-wins/settings.ts';

export const plusOne: Intent = { kind: 'increment', by: 1 };
export const reserveOne: Intent = { kind: 'reserve', amount: 1 };
export const title = (value: string): Intent => ({ kind: 'set', value });

/** A room with one field of each kind that is judged. */
export const smallSchema: Schema = [
  { id: 'title', type: 'register', label: 'Title', initial: 'Trip' },
  { id: 'votes', type: 'counter', label: 'Votes', initial: 0 },
  { id: 'seats', type: 'stock', label: 'Seats', initial: 1 },
];

interface Place {
  clock: VersionVector;
  skewMs: number;
  readonly lastWriterWins: LastWriterWins;
}

export class RoomJournal {
  readonly records: JournalRecord[] = [];
  ms = 1_000;
  private readonly places: ReadonlyMap<ReplicaId, Place>;
  private sides: readonly (readonly ReplicaId[])[];

  constructor(readonly strategy: StrategyId, replicas: readonly ReplicaId[] = ['A', 'B', 'C'], readonly schema: Schema = smallSchema, settings?: LastWriterWinsSettings) {
    this.places = new Map(replicas.map((replica) => [replica, { clock: VersionVector.empty, skewMs: 0, lastWriterWins: new LastWriterWins(schema, settings) }]));
    this.sides = [replicas];
  }

  /** From now on only replicas of one side hear of each other; all of one side: the partition is over. */
  split(...sides: readonly (readonly ReplicaId[])[]): void {
    this.sides = sides;
    this.deliver();
  }

  skew(replica: ReplicaId, skewMs: number): void {
    this.at(replica).skewMs = skewMs;
  }

  /** Without a trace: what last writer wins makes of it, accepted at once by the CRDT, else pending. */
  edit(replica: ReplicaId, field: FieldId, intent: Intent, trace?: Trace): DotKey {
    const edit: Edit = { ...this.next(replica), field, intent };
    const performed = this.at(replica).lastWriterWins.perform(edit).trace;
    const outcome = this.strategy === 'last-writer-wins' ? performed : this.strategy === 'crdt' ? ({ outcome: 'accepted', details: [1, 0, 1] } as const) : ({ outcome: 'pending' } as const);
    const traces: EditRecord['traces'] = { [this.strategy]: trace ?? outcome };
    this.add({ ...edit, traces });
    return dotKey(edit.dot);
  }

  /** Says how an edit ended; its maker does where nobody else is named. */
  say(key: DotKey, settlement: Settlement, at: ReplicaId = parseDot(key).replica): void {
    this.add({ ...this.next(at), settles: parseDot(key), strategy: this.strategy, settlement } satisfies OutcomeRecord);
  }

  /** An edit that is accepted 10 ms later, with these details. */
  accepted(replica: ReplicaId, field: FieldId, intent: Intent, ...details: readonly unknown[]): DotKey {
    const key = this.edit(replica, field, intent);
    this.say(key, { outcome: 'accepted', details });
    return key;
  }

  refused(replica: ReplicaId, field: FieldId, intent: Intent, reason: string): DotKey {
    return this.edit(replica, field, intent, { outcome: 'refused', reason });
  }

  /** A person at a replica reads one field there or somewhere else. */
  read(replica: ReplicaId, field: FieldId, value: FieldValue, last: Seen['last'] = null, more: { readonly at?: ReplicaId; readonly tookMs?: number; readonly had?: VersionVector } = {}): DotKey {
    const readAt = more.at ?? replica;
    const had = more.had ?? this.at(readAt).clock;
    const record: ReadRecord = { ...this.next(replica), readAt, had, seen: [{ field, strategy: this.strategy, value, last, tookMs: more.tookMs ?? 2 }] };
    this.add(record);
    return dotKey(record.dot);
  }

  /** Reads what last writer wins really shows. */
  look(replica: ReplicaId, field: FieldId, at: ReplicaId = replica): DotKey {
    const { lastWriterWins } = this.at(at);
    return this.read(replica, field, lastWriterWins.value(field), lastWriterWins.lastEdit(field), { at });
  }

  value(replica: ReplicaId, field: FieldId): FieldValue {
    return this.at(replica).lastWriterWins.value(field);
  }

  private next(replica: ReplicaId): Pick<Edit, 'dot' | 'context' | 'wallMs' | 'hybrid' | 'skewMs'> {
    this.ms += 10;
    const { clock, skewMs } = this.at(replica);
    const dot = { replica, counter: clock.get(replica) + 1 };
    return { dot, context: clock, wallMs: this.ms + skewMs, hybrid: { ms: this.ms, counter: 0 }, ...(skewMs === 0 ? {} : { skewMs }) };
  }

  private add(record: JournalRecord): void {
    this.records.push(record);
    const maker = this.at(record.dot.replica);
    maker.lastWriterWins.take(record);
    maker.clock = record.context.with(record.dot);
    this.deliver();
  }

  private deliver(): void {
    for (const side of this.sides) {
      const clock = side.map((replica) => this.at(replica).clock).reduce((all, each) => all.merge(each));
      for (const replica of side) {
        const place = this.at(replica);
        if (place.clock.covers(clock)) continue;
        place.lastWriterWins.takeAll(this.records.filter(({ dot }) => clock.includes(dot) && !place.clock.includes(dot)));
        place.clock = clock;
      }
    }
  }

  private at(replica: ReplicaId): Place {
    const place = this.places.get(replica);
    if (!place) throw new RangeError(`there is no replica ${replica}`);
    return place;
  }
}
