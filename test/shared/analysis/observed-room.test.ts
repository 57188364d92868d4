import { describe, expect, test } from 'vitest';
import { versionRanks } from '../../../shared/analysis/version-ranks.ts';
import { observedRoom, type ShownNow } from '../../../shared/analysis/observed-room.ts';
import type { Operation } from '../../../shared/analysis/verdicts/operation.ts';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import type { FieldId } from '../../../shared/document/schema.ts';
import { isEdit, type StrategyId } from '../../../shared/history/record.ts';
import { SeededRandom } from '../../../shared/network/seeded-random.ts';
import { plusOne, reserveOne, RoomJournal, smallSchema, title } from './room-journal.ts';

function operationsOf(room: RoomJournal, now?: ShownNow): readonly Operation[] {
  return observedRoom(room.schema, room.records, room.strategy, now).operations;
}

function operation(room: RoomJournal, id: string): Operation | undefined {
  return operationsOf(room).find((each) => each.id === id);
}

const yes = (...details: readonly unknown[]) => ({ outcome: 'accepted', details }) as const;
const no = { outcome: 'refused', reason: 'no majority' } as const;
const nobodyKnows = { outcome: 'unknown', reason: 'nobody answered' } as const;

describe('edits', () => {
  test('accepted at once: a write, an addition, a reservation, at one moment of true time, whatever the skew', () => {
    const room = new RoomJournal('siblings');
    room.skew('B', 60_000);
    const accepted = { outcome: 'accepted', details: [[], 0] } as const;
    const [set, plus, reserved, released] = [room.edit('A', 'title', title('Rome'), accepted), room.edit('B', 'votes', plusOne, accepted), room.edit('B', 'seats', reserveOne, accepted), room.edit('A', 'seats', { kind: 'release', amount: 2 }, accepted)];
    expect(operationsOf(room)).toEqual([
      { id: set, session: 'A', replica: 'A', field: 'title', kind: 'write', value: 'Rome', invokedAt: 1_010, returnedAt: 1_010 },
      { id: plus, session: 'B', replica: 'B', field: 'votes', kind: 'update', step: { kind: 'add', by: 1 }, invokedAt: 1_020, returnedAt: 1_020 },
      { id: reserved, session: 'B', replica: 'B', field: 'seats', kind: 'update', step: { kind: 'reserve', amount: 1 }, invokedAt: 1_030, returnedAt: 1_030 },
      { id: released, session: 'A', replica: 'A', field: 'seats', kind: 'update', step: { kind: 'add', by: 2 }, invokedAt: 1_040, returnedAt: 1_040 },
    ]);
  });

  test('pending: open until its own replica hears yes; the first yes counts, and an answer comes within its millisecond', () => {
    const room = new RoomJournal('consensus');
    const key = room.edit('A', 'votes', plusOne);
    expect(operation(room, key)).toMatchObject({ invokedAt: 1_010, returnedAt: null });
    room.say(key, nobodyKnows);
    room.say(key, yes(1, ''), 'B');
    expect(operation(room, key)).toMatchObject({ returnedAt: null });
    room.skew('A', -5_000);
    room.say(key, yes(1, ''));
    room.say(key, yes(1, ''));
    expect(operation(room, key)).toMatchObject({ invokedAt: 1_010, returnedAt: 1_040.5 });
  });

  test('refused: left out, at once or later, also after nobody knew', () => {
    const room = new RoomJournal('consensus');
    room.refused('C', 'seats', reserveOne, 'no majority');
    room.say(room.edit('A', 'votes', plusOne), no);
    const late = room.edit('B', 'votes', plusOne);
    room.say(late, nobodyKnows);
    room.say(late, no);
    expect(operationsOf(room)).toEqual([]);
  });

  test('refused by one leader and taken by another: it may have happened', () => {
    const room = new RoomJournal('single-leader');
    const key = room.edit('A', 'seats', reserveOne);
    room.say(key, no);
    room.say(key, yes(2, 'B', 4, ''), 'C');
    expect(operation(room, key)).toMatchObject({ returnedAt: null });
  });

  test('rolled back: it stays acknowledged', () => {
    const room = new RoomJournal('single-leader');
    const key = room.accepted('A', 'title', title('Rome'), 1, 'A', 2, '');
    room.say(key, { outcome: 'rolled-back', reason: 'C leads now', details: [1, 'A', 2] }, 'B');
    expect(operation(room, key)).toMatchObject({ returnedAt: 1_020.5 });
  });

  test('a choice between siblings puts its value there: a write of a register, a setting of a number', () => {
    const room = new RoomJournal('siblings');
    const accepted = { outcome: 'accepted', details: [[], 0] } as const;
    const [rome, seven] = [room.edit('A', 'title', { kind: 'resolve', value: 'Rome', keeps: [] }, accepted), room.edit('A', 'votes', { kind: 'resolve', value: 7, keeps: [] }, accepted)];
    expect(operation(room, rome)).toMatchObject({ kind: 'write', value: 'Rome' });
    expect(operation(room, seven)).toMatchObject({ kind: 'update', step: { kind: 'set', value: 7 } });
  });

  test('a choice between siblings under a strategy that has none: left out, whatever somebody says', () => {
    const room = new RoomJournal('consensus');
    room.say(room.edit('A', 'title', { kind: 'resolve', value: 'Rome', keeps: [] }), yes(1, ''));
    expect(operationsOf(room)).toEqual([]);
  });

  test('of other strategies, of fields of other types, and malformed ones: left out', () => {
    const room = new RoomJournal('crdt', ['A'], [...smallSchema, { id: 'notes', type: 'text', label: 'Notes', initial: '' }]);
    room.edit('A', 'notes', { kind: 'splice', index: 0, removed: '', inserted: 'x' });
    const plus = room.edit('A', 'votes', plusOne);
    room.records.push({ ...room.records.filter(isEdit).at(-1)!, dot: { replica: 'Z', counter: 1 }, field: 'seats' });
    expect(operationsOf(room).map(({ id }) => id)).toEqual([plus]);
    expect(observedRoom(room.schema, room.records, 'siblings').operations).toEqual([]);
  });
});

describe('what a window showed after a click', () => {
  const shown = (room: RoomJournal): unknown[] => operationsOf(room).map((each) => (each.kind === 'update' ? each.returned : undefined));

  test('CRDT: the sum of all steps that its maker had seen; two sides of a partition count by themselves', () => {
    const room = new RoomJournal('crdt');
    room.edit('A', 'votes', plusOne);
    room.split(['A', 'B'], ['C']);
    room.edit('B', 'votes', { kind: 'increment', by: 2 });
    room.edit('C', 'votes', plusOne);
    room.edit('C', 'votes', plusOne, { outcome: 'refused', reason: 'not wanted' });
    room.split(['A', 'B', 'C']);
    room.edit('C', 'votes', { kind: 'increment', by: -1 });
    room.edit('C', 'seats', reserveOne);
    expect(shown(room)).toEqual([1, 3, 2, 3, 0]);
  });

  test('last writer wins: what the winner of all that its maker had seen makes it, lost writes left out', () => {
    const room = new RoomJournal('last-writer-wins');
    room.split(['A'], ['B', 'C']);
    room.edit('A', 'votes', plusOne);
    room.edit('B', 'votes', plusOne);
    room.split(['A', 'B', 'C']);
    room.edit('A', 'votes', plusOne);
    expect(shown(room)).toEqual([1, 1, 2]);
  });

  test('last writer wins, a click that loses at once against a clock that is ahead: the old value', () => {
    const room = new RoomJournal('last-writer-wins');
    room.skew('A', 60_000);
    room.edit('A', 'votes', plusOne);
    room.edit('B', 'votes', plusOne);
    expect(shown(room)).toEqual([1, 1]);
  });

  test.each(['field', 'document'] as const)('last writer wins by %s: just what the strategy itself showed, in random runs with partitions and skews', (granularity) => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = new SeededRandom(seed);
      const room = new RoomJournal('last-writer-wins', ['A', 'B', 'C'], smallSchema, { granularity, clock: seed % 2 ? 'wall' : 'hybrid' });
      const truth = new Map<string, unknown>();
      for (let step = 0; step < 80; step++) {
        const at = random.pick(['A', 'B', 'C']);
        if (random.chance(0.2)) room.split(...random.pick([[['A', 'B', 'C']], [['A'], ['B', 'C']], [['A'], ['B'], ['C']]]));
        if (random.chance(0.1)) room.skew(at, (random.below(5) - 2) * 1_000);
        const field: FieldId = random.pick(['title', 'votes', 'seats']);
        const key = room.edit(at, field, field === 'title' ? title(`t${step}`) : field === 'votes' ? plusOne : random.chance(0.5) ? reserveOne : { kind: 'release', amount: 1 });
        truth.set(key, room.value(at, field));
      }
      const told = operationsOf(room).filter((each) => each.kind === 'update');
      expect(told.length).toBeGreaterThan(20);
      for (const each of told) expect(each.returned, `${each.id} of seed ${seed}`).toBe(truth.get(each.id));
    }
  });

  test.each(['siblings', 'quorum', 'consensus', 'single-leader'] as const)('%s: not said', (strategy: StrategyId) => {
    const room = new RoomJournal(strategy);
    const key = room.edit('A', 'votes', plusOne, strategy === 'siblings' ? { outcome: 'accepted', details: [[], 0] } : undefined);
    expect(operation(room, key)).not.toHaveProperty('returned');
  });
});

describe('reads', () => {
  test('a person at A reads at B: A\'s session, B\'s replica, from when they asked to when they were told', () => {
    const room = new RoomJournal('consensus');
    const key = room.accepted('B', 'title', title('Rome'), 1, '');
    room.skew('A', 7_000);
    const first = room.read('A', 'title', 'Trip', '', { at: 'B', tookMs: 8 });
    const second = room.read('A', 'title', 'Rome', key, { at: 'B' });
    expect(operation(room, `${first}/title`)).toEqual({ kind: 'read', id: `${first}/title`, session: 'A', replica: 'B', field: 'title', value: 'Trip', readFrom: null, invokedAt: 1_021.75, returnedAt: 1_030.5 });
    expect(operation(room, `${second}/title`)).toMatchObject({ value: 'Rome', readFrom: key });
  });

  test('of a number no single edit is behind; where nobody knows the edit, the value must tell', () => {
    const room = new RoomJournal('consensus');
    const key = room.accepted('B', 'votes', plusOne, 1, '');
    const votes = room.read('A', 'votes', 1, key);
    const unnamed = room.read('A', 'title', 'Trip', null);
    expect(operation(room, `${votes}/votes`)).not.toHaveProperty('readFrom');
    expect(operation(room, `${unnamed}/title`)).not.toHaveProperty('readFrom');
  });

  test('of what is not in this journal, or not yet: left out', () => {
    const coordinated = new RoomJournal('quorum');
    const other = coordinated.accepted('B', 'votes', plusOne, 1, 'B', '');
    coordinated.read('A', 'title', 'Rome', 'C:9');
    coordinated.read('A', 'title', 'Rome', other);
    coordinated.read('A', 'votes', 5, 'C:9');
    expect(operationsOf(coordinated).filter(({ kind }) => kind === 'read')).toEqual([]);
    const journaled = new RoomJournal('last-writer-wins');
    journaled.read('A', 'title', 'Rome', null, { had: VersionVector.of([['C', 9]]) });
    expect(operationsOf(journaled)).toEqual([]);
  });

  test('of malformed values: left out', () => {
    const room = new RoomJournal('consensus');
    room.read('A', 'votes', 'many', '');
    room.read('A', 'title', ['Rome'], '');
    room.read('A', 'nothing', 1, '');
    expect(operationsOf(room)).toEqual([]);
  });

  test('last writer wins by document: a write that carried the value along shows the write that made it', () => {
    const room = new RoomJournal('last-writer-wins', ['A', 'B', 'C'], smallSchema, { granularity: 'document', clock: 'wall' });
    const untouched = (room.edit('B', 'votes', plusOne), room.look('A', 'title'));
    const key = room.edit('A', 'title', title('Rome'));
    room.edit('B', 'votes', plusOne);
    room.edit('C', 'seats', reserveOne);
    const carried = room.look('A', 'title', 'B');
    expect(operation(room, `${untouched}/title`)).toMatchObject({ value: 'Trip', readFrom: null });
    expect(operation(room, `${carried}/title`)).toMatchObject({ value: 'Rome', readFrom: key });
  });

  test('now: one of each replica and field, after all that the journal knows, and all is settled then', () => {
    const room = new RoomJournal('consensus', ['A', 'B']);
    const first = room.accepted('A', 'title', title('Rome'), 1, '');
    room.accepted('A', 'title', title('Oslo'), 2, first);
    const again = room.accepted('B', 'title', title('Rome'), 3, 'A:3');
    const value = (field: FieldId) => (field === 'title' ? 'Rome' : field === 'votes' ? 0 : 1);
    const history = observedRoom(room.schema, room.records, 'consensus', { atMs: 0, replicas: ['A', 'B'], value });
    expect(history.settledAt).toBe(1_061);
    expect(history.operations.slice(3).map((each) => [each.id, each.session, each.invokedAt, each.kind === 'read' && each.value, each.kind === 'read' && each.readFrom])).toEqual([
      ['now/A/title', 'A', 1_061, 'Rome', again], ['now/B/title', 'B', 1_061, 'Rome', again],
      ['now/A/votes', 'A', 1_061, 0, undefined], ['now/B/votes', 'B', 1_061, 0, undefined],
      ['now/A/seats', 'A', 1_061, 1, undefined], ['now/B/seats', 'B', 1_061, 1, undefined],
    ]);
    expect(observedRoom(room.schema, room.records, 'consensus', { atMs: 9_000, replicas: ['A'], value }).settledAt).toBe(9_000);
    expect(observedRoom(room.schema, room.records, 'consensus').settledAt).toBe(Infinity);
  });
});

describe('the order of versions', () => {
  const orderOf = (room: RoomJournal, strategy = room.strategy) => versionRanks(room.records.filter(isEdit), room.records, strategy).order('title');

  test('consensus by number, quorum by version, a single leader by term, leader and place; rolled back and unknown ones included, malformed ones not', () => {
    const numbered = new RoomJournal('consensus');
    const [second, first, bad] = [numbered.accepted('A', 'title', title('b'), 2, 'B:1'), numbered.accepted('B', 'title', title('a'), 1, ''), numbered.accepted('C', 'title', title('c'), 'three')];
    expect(orderOf(numbered)).toEqual([first, second]);
    expect(operation(numbered, bad)).toMatchObject({ kind: 'write', value: 'c' });
    const versioned = new RoomJournal('quorum');
    const [late, early] = [versioned.accepted('A', 'title', title('b'), 2, 'B', ''), versioned.accepted('B', 'title', title('a'), 2, 'A', '')];
    const open = versioned.edit('C', 'title', title('c'));
    versioned.say(open, { ...nobodyKnows, details: [1, 'C', ''] });
    expect(orderOf(versioned)).toEqual([open, early, late]);
    const led = new RoomJournal('single-leader');
    const keys = [[2, 'B', 3], [1, 'A', 4], [1, 'A', 3]].map(([term, leader, index]) => led.accepted('A', 'title', title('x'), term, leader, index, ''));
    led.say(keys[1]!, { outcome: 'rolled-back', reason: 'B leads now', details: [1, 'A', 4] });
    expect(orderOf(led)).toEqual([...keys].reverse());
  });

  test('last writer wins by time stamp, the CRDT and siblings by nothing', () => {
    const room = new RoomJournal('last-writer-wins');
    room.skew('A', 60_000);
    const [ahead, behind] = [room.edit('A', 'title', title('a')), room.edit('B', 'title', title('b'))];
    const last = room.records.filter(isEdit).at(-1)!;
    room.records.push({ ...last, dot: { replica: 'Z', counter: 1 }, traces: { 'last-writer-wins': { outcome: 'accepted', details: 'nonsense' } } });
    expect(orderOf(room)).toEqual([behind, ahead]);
    for (const strategy of ['crdt', 'siblings'] as const) expect(orderOf(room, strategy)).toBeNull();
  });
});
