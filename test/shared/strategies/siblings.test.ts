import { describe, expect, test } from 'vitest';
import { dotKey } from '../../../shared/clocks/dot.ts';
import { labSchema } from '../../../shared/document/schema.ts';
import { isEdit } from '../../../shared/history/record.ts';
import { Siblings } from '../../../shared/strategies/siblings/siblings.ts';
import { type ApartOptions, ApartRoom } from '../../support/simulated-room.ts';

const set = (value: string) => ({ kind: 'set', value }) as const;
const typed = (index: number, inserted: string) => ({ kind: 'splice', index, removed: '', inserted }) as const;

function fate(room: ApartRoom, dot: string) {
  return room.ledger('A').rows.find((row) => dotKey(row.record.dot) === dot)?.fates.siblings;
}

function siblingsAt(room: ApartRoom, name: string, field: string) {
  return room.at(name).strategies.siblings.waiting(field).map((sibling) => sibling.value);
}

/** A and B with two titles that neither had seen the other of. */
async function twoTitles(options: ApartOptions = {}) {
  const room = await ApartRoom.open(['A', 'B', 'C'], options);
  room.edit('A', 'title', set('Rome'));
  room.edit('B', 'title', set('Paris'));
  await room.meet();
  return room;
}

describe('siblings', () => {
  test('[SIB1] concurrent values stay beside each other, and a value that was seen is replaced', async () => {
    const room = await twoTitles();
    expect([...siblingsAt(room, 'C', 'title')].sort()).toEqual(['Paris', 'Rome']);
    expect(fate(room, 'A:1')).toMatchObject({ disposition: 'sibling', cause: { replica: 'B', counter: 1 } });
    const sequential = await ApartRoom.open(['A', 'B']);
    sequential.edit('A', 'title', set('Rome'));
    await sequential.meet();
    sequential.edit('B', 'title', set('Paris'));
    await sequential.meet();
    expect([siblingsAt(sequential, 'A', 'title'), sequential.at('A').strategies.siblings.value('title')]).toEqual([[], 'Paris']);
    expect(fate(sequential, 'A:1')).toMatchObject({ disposition: 'superseded' });
  });

  test('[SIB2] two writers who sync again and again never have more than two siblings', async () => {
    const room = await ApartRoom.open(['A', 'B']);
    for (let round = 0; round < 12; round++) {
      for (const name of ['A', 'B']) {
        const { strategies: { siblings }, replica } = room.at(name);
        const [first] = siblings.waiting('title');
        room.clock.advance(1);
        if (first) replica.perform('title', { kind: 'resolve', value: `${name} ${round}`, keeps: [] }, { only: ['siblings'] });
        else room.edit(name, 'title', set(`${name} ${round}`));
      }
      await room.meet();
      expect(siblingsAt(room, 'A', 'title')).toHaveLength(2);
    }
  });

  test('[SIB3] a choice covers all siblings: what it keeps lives on, the rest is superseded by it', async () => {
    const room = await twoTitles();
    const kept = room.at('C').strategies.siblings.waiting('title').find((sibling) => sibling.value === 'Rome')!;
    room.clock.advance(1);
    room.at('C').replica.perform('title', { kind: 'resolve', value: kept.value, keeps: [kept.key] }, { only: ['siblings'] });
    await room.meet();
    expect([siblingsAt(room, 'B', 'title'), room.at('B').strategies.siblings.value('title')]).toEqual([[], 'Rome']);
    expect(fate(room, 'B:1')).toMatchObject({ disposition: 'superseded', cause: { replica: 'C', counter: 1 } });
    expect(room.at('B').strategies.crdt.value('title')).not.toBe(undefined);
  });

  test('[SIB3] keeping both texts keeps every character of both, each with its author', async () => {
    const room = await ApartRoom.open(['A', 'B']);
    room.edit('A', 'notes', typed(0, 'from A'));
    room.edit('B', 'notes', typed(0, 'from B'));
    await room.meet();
    const waiting = room.at('A').strategies.siblings.waiting('notes');
    room.clock.advance(1);
    room.at('A').replica.perform('notes', { kind: 'resolve', value: waiting.map((sibling) => sibling.value).join('\n'), keeps: waiting.map((sibling) => sibling.key) }, { only: ['siblings'] });
    await room.meet();
    expect(String(room.at('B').strategies.siblings.value('notes')).split('\n').sort()).toEqual(['from A', 'from B']);
    for (const dot of ['A:1', 'B:1']) expect(fate(room, dot)).toMatchObject({ disposition: 'visible', characters: { typed: 6, lost: 0 } });
  });

  test('[SIB4] while siblings wait, an ordinary edit is refused with its reason, under this strategy alone', async () => {
    const room = await ApartRoom.open(['A', 'B', 'C']);
    for (const at of ['A', 'B']) room.edit(at, 'votes', { kind: 'increment', by: 1 });
    await room.meet();
    room.edit('C', 'votes', { kind: 'increment', by: 1 });
    expect(room.at('C').replica.records.filter(isEdit).at(-1)?.traces).toMatchObject({ siblings: { outcome: 'refused', reason: '2 siblings wait for a choice' }, crdt: { outcome: 'accepted' } });
    room.edit('C', 'seats', { kind: 'reserve', amount: 1 });
    expect(room.at('C').strategies.siblings.value('seats')).toBe(2);
  });

  test('[SIB4] a set by somebody who has the siblings covers all of them, as a choice does', async () => {
    const room = await twoTitles();
    room.edit('C', 'title', set('Madrid'));
    await room.meet();
    for (const at of ['A', 'B', 'C']) expect([room.at(at).strategies.siblings.value('title'), room.at(at).strategies.siblings.waiting('title')]).toEqual(['Madrid', []]);
    const fates = room.ledger('A').rows.map((row) => row.fates.siblings?.disposition);
    expect(fates.sort()).toEqual(['superseded', 'superseded', 'visible']);
  });

  test('[SIB8] the sum of counters counts every step once, also after choices and further branches', async () => {
    const room = await ApartRoom.open(['A', 'B', 'C'], { settings: { siblings: { sets: 'ask', numbers: 'sum' } } });
    const plus = (at: string, by: number): void => void room.edit(at, 'votes', { kind: 'increment', by });
    plus('A', 1);
    await room.meet();
    plus('A', 10);
    plus('B', 100);
    plus('B', 100);
    plus('C', 1_000);
    await room.meet();
    for (const at of ['A', 'B', 'C']) expect(room.at(at).strategies.siblings.value('votes')).toBe(1_211);
    plus('C', 3);
    plus('A', 5);
    await room.meet();
    expect([room.at('A').strategies.siblings.value('votes'), room.at('A').strategies.siblings.addedUp('votes')]).toEqual([1_219, 1_219]);
    expect(new Set(room.ledger('A').rows.map((row) => row.fates.siblings?.disposition))).toEqual(new Set(['visible']));
  });

  test('added up by a person: both branches\' steps are kept, each once', async () => {
    const room = await ApartRoom.open(['A', 'B']);
    room.edit('A', 'votes', { kind: 'increment', by: 2 });
    room.edit('B', 'votes', { kind: 'increment', by: 3 });
    await room.meet();
    const { siblings } = room.at('A').strategies;
    room.edit('A', 'votes', { kind: 'resolve', value: siblings.addedUp('votes'), keeps: siblings.waiting('votes').map(({ key }) => key) });
    await room.meet();
    expect(room.at('B').strategies.siblings.value('votes')).toBe(5);
    expect(room.ledger('A').totals.find(({ strategy }) => strategy === 'siblings')).toMatchObject({ actions: 3, kept: 3, superseded: 0, lost: 0 });
  });

  test('[SIB5] the union of sets brings a removed tag back: resurrected, by the other side\'s edit', async () => {
    const room = await ApartRoom.open(['A', 'B'], { settings: { siblings: { sets: 'union', numbers: 'ask' } } });
    room.edit('A', 'tags', { kind: 'add', element: 'milk' });
    await room.meet();
    room.edit('A', 'tags', { kind: 'remove', element: 'milk' });
    room.edit('B', 'tags', { kind: 'add', element: 'bread' });
    await room.meet();
    expect(room.at('A').strategies.siblings.value('tags')).toEqual(['bread', 'milk']);
    expect(fate(room, 'A:2')).toMatchObject({ disposition: 'resurrected', cause: { replica: 'B', counter: 1 } });
    expect([fate(room, 'A:1')?.disposition, fate(room, 'B:1')?.disposition]).toEqual(['visible', 'visible']);
  });

  test('[SIB6] the maximum of counters loses the smaller side\'s steps', async () => {
    const room = await ApartRoom.open(['A', 'B'], { settings: { siblings: { sets: 'ask', numbers: 'maximum' } } });
    room.edit('A', 'votes', { kind: 'increment', by: 1 });
    for (let i = 0; i < 2; i++) room.edit('B', 'votes', { kind: 'increment', by: 1 });
    await room.meet();
    expect(room.at('A').strategies.siblings.value('votes')).toBe(2);
    expect(fate(room, 'A:1')).toMatchObject({ disposition: 'lost', reason: 'concurrent' });
    room.edit('A', 'votes', { kind: 'increment', by: 1 });
    await room.meet();
    expect(room.at('B').strategies.siblings.value('votes')).toBe(3);
    expect([fate(room, 'A:1')?.disposition, fate(room, 'B:1')?.disposition, fate(room, 'A:2')?.disposition]).toEqual(['lost', 'visible', 'visible']);
  });

  test('[SIB7] every replica shows the same winner first, the longer line of edits, and keeps the losers', async () => {
    const room = await ApartRoom.open(['A', 'B', 'C']);
    room.edit('B', 'title', set('once'));
    room.edit('A', 'title', set('twice'));
    room.edit('A', 'title', set('twice, longer'));
    await room.meet();
    for (const name of ['A', 'B', 'C']) {
      expect(room.at(name).strategies.siblings.value('title')).toBe('twice, longer');
      expect(siblingsAt(room, name, 'title')).toEqual(['twice, longer', 'once']);
    }
  });

  test('a choice where nothing waits, and a malformed one, are refused and change nothing', async () => {
    const room = await twoTitles();
    expect(() => room.at('A').replica.perform('votes', { kind: 'resolve', value: 'x', keeps: [] } as never)).toThrow('value is a whole number');
    const record = room.at('A').replica.perform('votes', { kind: 'resolve', value: 3, keeps: [] }, { only: ['siblings'] });
    expect(record.traces.siblings).toEqual({ outcome: 'refused', reason: 'there are no siblings to choose from' });
    expect(room.at('A').strategies.siblings.value('votes')).toBe(0);
  });
});

describe('settings', () => {
  test('the same settings again change nothing, and nobody is told', () => {
    const siblings = new Siblings(labSchema);
    const told: string[][] = [];
    siblings.onChange((fields) => told.push([...fields]));
    siblings.configure({ sets: 'ask', numbers: 'ask' });
    expect(told).toEqual([]);
    siblings.configure({ sets: 'union', numbers: 'ask' });
    expect(told).toEqual([labSchema.map(({ id }) => id)]);
  });
});
