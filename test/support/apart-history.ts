/**
 * A history as three people make one who edit apart and meet again and again: with the real strategies, but for those whose copies ask each other. What
 * these said is made up, each edit for one of them.
 */
import * as Y from 'yjs';
import { dotKey, type DotKey, type ReplicaId } from '../../shared/clocks/dot.ts';
import { VersionVector } from '../../shared/clocks/version-vector.ts';
import type { Intent } from '../../shared/document/intent.ts';
import { type FieldId, type FieldSpec, labSchema, type ListItem, type Schema } from '../../shared/document/schema.ts';
import type { EditRecord, JournalRecord, OutcomeRecord, ReadRecord, Seen, Settlement } from '../../shared/history/record.ts';
import { SeededRandom } from '../../shared/network/seeded-random.ts';
import type { CoordinatedId } from '../../shared/strategies/registry.ts';
import { LastWriterWins } from '../../shared/strategies/last-writer-wins/last-writer-wins.ts';
import { Siblings } from '../../shared/strategies/siblings/siblings.ts';
import { YjsStrategy } from '../../shared/strategies/yjs/yjs-strategy.ts';
import { randomIntent } from './random-intent.ts';

const coordinated: readonly CoordinatedId[] = ['quorum', 'consensus', 'single-leader'];
const editsInRound = 40;

export interface ApartHistory {
  readonly schema: Schema;
  readonly records: readonly JournalRecord[];
  readonly doc: Y.Doc;
  readonly everywhere: VersionVector;
}

/** About so many records: half of them edits, nearly all others outcomes, some reads. */
export function apartHistory(recordsMin: number, seed: number): ApartHistory {
  const room = new ApartRoom(new SeededRandom(seed));
  while (room.records.length < recordsMin) room.round();
  const { records, people } = room;
  return { schema: labSchema, records, doc: people[0]!.crdt.doc, everywhere: people[0]!.clock };
}

class Person {
  readonly lastWriterWins = new LastWriterWins(labSchema);
  readonly siblings = new Siblings(labSchema);
  readonly crdt: YjsStrategy;
  clock = VersionVector.empty;

  constructor(readonly name: ReplicaId, client: number) {
    const doc = new Y.Doc();
    doc.clientID = client;
    this.crdt = new YjsStrategy(labSchema, doc);
  }
}

class ApartRoom {
  readonly records: JournalRecord[] = [];
  readonly people = ['A', 'B', 'C'].map((name, at) => new Person(name, 100 + at));
  /** By strategy and field, the edit that was accepted last, and how many were. */
  private readonly tips = new Map<string, { readonly key: DotKey | ''; readonly count: number }>();
  private ms = 1_700_000_000_000;

  constructor(private readonly random: SeededRandom) {}

  round(): void {
    const from = this.records.length;
    for (const person of this.people) for (let edits = 0; edits < editsInRound; edits++) this.edit(person, this.random.pick(labSchema));
    const made = this.records.slice(from);
    for (const person of this.people) {
      for (const record of made) {
        if (person.clock.includes(record.dot)) continue;
        person.lastWriterWins.take(record);
        person.siblings.take(record);
      }
    }
    for (const person of this.people) for (const other of this.people) if (other !== person) person.crdt.receive(other.crdt.delta(person.crdt.summary()));
    const all = this.people.reduce((clock, person) => clock.merge(person.clock), VersionVector.empty);
    for (const person of this.people) person.clock = all;
  }

  private edit(person: Person, field: FieldSpec): void {
    const strategy = this.random.pick(coordinated);
    const edit = { ...this.stamped(person), field: field.id, intent: this.intentFor(person, field) };
    const [crdt, lastWriterWins, siblings] = [person.crdt, person.lastWriterWins, person.siblings].map((each) => each.perform(edit).trace);
    const record: EditRecord = { ...edit, traces: { crdt: crdt!, 'last-writer-wins': lastWriterWins!, siblings: siblings!, [strategy]: { outcome: 'pending' } } };
    this.add(person, record);
    if (edit.intent.kind !== 'resolve') this.add(person, { ...this.stamped(person), settles: edit.dot, strategy, settlement: this.outcome(person, strategy, field.id, dotKey(edit.dot)) } satisfies OutcomeRecord);
    if (this.random.chance(0.1)) this.add(person, this.read(person, field));
  }

  private intentFor(person: Person, field: FieldSpec): Intent {
    const [choice] = person.siblings.waiting(field.id);
    if (choice && this.random.chance(0.2)) return { kind: 'resolve', value: choice.value, keeps: [choice.key] };
    const value = person.lastWriterWins.value(field.id);
    if (field.type === 'text' && (value as string).length > 200) return { kind: 'splice', index: 50, removed: (value as string).slice(50, 150), inserted: '', left: (value as string).slice(40, 50) };
    if (field.type === 'list' && (value as readonly ListItem[]).length > 30) return { kind: 'remove-item', item: this.random.pick(value as readonly ListItem[]).id };
    return randomIntent(this.random, field, value);
  }

  private outcome({ name }: Person, strategy: CoordinatedId, field: FieldId, key: DotKey): Settlement {
    if (this.random.chance(0.2)) return { outcome: 'refused', reason: '2 of 3 needed' };
    if (this.random.chance(0.1)) return { outcome: 'unknown', reason: 'no answer came' };
    const place = `${strategy} ${field}`;
    const tip = this.tips.get(place) ?? { key: '', count: 0 };
    const count = tip.count + 1;
    this.tips.set(place, { key, count });
    switch (strategy) {
      case 'consensus': return { outcome: 'accepted', details: [count, tip.key] };
      case 'quorum': return { outcome: 'accepted', details: [count, name, tip.key] };
      case 'single-leader': return { outcome: 'accepted', details: [1, 'A', count, tip.key] };
    }
  }

  private read(person: Person, { id }: FieldSpec): ReadRecord {
    const seen = [person.crdt, person.lastWriterWins].map((strategy): Seen => ({ field: id, strategy: strategy.id, value: strategy.value(id), last: strategy instanceof LastWriterWins ? strategy.lastEdit(id) : null, tookMs: 0 }));
    return { ...this.stamped(person), readAt: person.name, had: person.clock, seen };
  }

  private stamped({ name, clock }: Person): Pick<EditRecord, 'dot' | 'context' | 'wallMs' | 'hybrid'> {
    this.ms += 7;
    return { dot: { replica: name, counter: clock.get(name) + 1 }, context: clock, wallMs: this.ms, hybrid: { ms: this.ms, counter: 0 } };
  }

  private add(person: Person, record: JournalRecord): void {
    person.clock = person.clock.with(record.dot);
    this.records.push(record);
    if (!('traces' in record)) {
      // Later edits name it in their contexts.
      person.lastWriterWins.take(record);
      person.siblings.take(record);
    }
  }
}
