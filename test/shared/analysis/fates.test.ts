/** How edits end, by effect and by who had seen what: the cases of the rules, the same under every strategy that can show them. */
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { type Fate, ledgerOf } from '../../../shared/analysis/ledger.ts';
import { dotKey } from '../../../shared/clocks/dot.ts';
import type { Intent } from '../../../shared/document/intent.ts';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import { type Edit, type EditRecord, isEdit, type StrategyId } from '../../../shared/history/record.ts';
import { YjsStrategy } from '../../../shared/strategies/yjs/yjs-strategy.ts';
import { ApartRoom } from '../../support/simulated-room.ts';
import { title, ToldHistory, typed } from '../../support/told-history.ts';

const answering = ['crdt', 'last-writer-wins', 'siblings'] as const;

function fatesUnder(room: ApartRoom, strategy: StrategyId): Record<string, Fate['disposition']> {
  return Object.fromEntries(room.ledger('A').rows.flatMap(({ record, fates }) => (fates[strategy] ? [[dotKey(record.dot), fates[strategy].disposition] as const] : [])));
}

function totalsUnder(room: ApartRoom, strategy: StrategyId) {
  return room.ledger('A').totals.find((totals) => totals.strategy === strategy)!;
}

async function apart(): Promise<ApartRoom> {
  const room = await ApartRoom.open(['A', 'B']);
  await room.meet();
  return room;
}

const add = (element: string): Intent => ({ kind: 'add', element });
const remove = (element: string): Intent => ({ kind: 'remove', element });

describe('A sets a1, a2, a3 while cut off, and B sets b1: a1 and a2 are superseded everywhere', () => {
  async function threeAndOne(): Promise<ApartRoom> {
    const room = await apart();
    for (const value of ['a1', 'a2', 'a3']) room.edit('A', 'title', title(value));
    room.edit('B', 'title', title('b1'));
    await room.meet();
    return room;
  }

  test.each(['crdt', 'last-writer-wins'] as const)('%s: one of a3 and b1 is kept, the other one lost', async (strategy) => {
    const room = await threeAndOne();
    const { 'A:3': a3, 'B:1': b1, ...others } = fatesUnder(room, strategy);
    expect(others).toEqual({ 'A:1': 'superseded', 'A:2': 'superseded' });
    expect([a3, b1].sort()).toEqual(['lost', 'visible']);
    expect(totalsUnder(room, strategy)).toMatchObject({ actions: 4, kept: 1, superseded: 2, lost: 1 });
  });

  test('siblings: two to choose; the choice of b1 keeps it and the choice, and supersedes a3', async () => {
    const room = await threeAndOne();
    expect(fatesUnder(room, 'siblings')).toEqual({ 'A:1': 'superseded', 'A:2': 'superseded', 'A:3': 'sibling', 'B:1': 'sibling' });
    room.edit('B', 'title', { kind: 'resolve', value: 'b1', keeps: ['B:1'] });
    await room.meet();
    expect(fatesUnder(room, 'siblings')).toEqual({ 'A:1': 'superseded', 'A:2': 'superseded', 'A:3': 'superseded', 'B:1': 'visible', 'B:2': 'visible' });
  });
});

test('siblings: where both texts were kept nothing waits any more, also what both had and what stands there twice', async () => {
  const room = await ApartRoom.open(['A', 'B']);
  room.edit('A', 'notes', typed('Lock up.'));
  await room.meet();
  room.edit('A', 'notes', typed(' Now.', 8));
  room.edit('B', 'notes', typed(' Soon.', 8));
  await room.meet();
  expect(totalsUnder(room, 'siblings')).toMatchObject({ toResolve: 2 });
  room.edit('B', 'notes', { kind: 'resolve', value: 'Lock up. Now.\nLock up. Soon.', keeps: ['A:2', 'B:1'] }, { only: ['siblings'] });
  await room.meet();
  expect(fatesUnder(room, 'siblings')).toEqual({ 'A:1': 'visible', 'A:2': 'visible', 'B:1': 'visible', 'B:2': 'visible' });
});

test.each(['crdt', 'last-writer-wins'] as const)('%s: an edit that was put back stays lost, and only the new one is kept', async (strategy) => {
  const room = await apart();
  room.edit('A', 'title', title('Rome'));
  room.edit('B', 'title', title('Paris'));
  await room.meet();
  const [gone] = Object.entries(fatesUnder(room, strategy)).find(([, fate]) => fate === 'lost')!;
  const author = gone.slice(0, 1);
  room.edit(author, 'title', title(author === 'A' ? 'Rome' : 'Paris'), { only: [strategy], restores: gone as `${string}:${number}` });
  await room.meet();
  const winner = author === 'A' ? 'B:1' : 'A:1';
  expect(fatesUnder(room, strategy)).toEqual({ [gone]: 'lost', [winner]: 'superseded', [`${author}:2`]: 'visible' });
  const { cause } = room.ledger('A').rows.find(({ record }) => dotKey(record.dot) === gone)!.fates[strategy]!;
  expect(dotKey(cause!)).toBe(winner);
  expect(totalsUnder(room, strategy)).toMatchObject({ actions: 3, kept: 1, lost: 1, putBack: 1 });
});

test('what a person typed and erased again is nobody\'s loss: ten characters erased, then "xyz" lost, is 3 characters lost', async () => {
  const room = await apart();
  for (const [at, character] of [...'0123456789'].entries()) room.edit('A', 'notes', typed(character, at));
  for (let at = 9; at >= 0; at--) room.edit('A', 'notes', { kind: 'splice', index: at, removed: String(at), inserted: '' });
  for (const [at, character] of [...'xyz'].entries()) room.edit('A', 'notes', typed(character, at));
  room.edit('B', 'notes', typed('B was here', 0));
  await room.meet();
  expect(room.at('A').strategies.lastWriterWins.value('notes')).toBe('B was here');
  expect(totalsUnder(room, 'last-writer-wins')).toMatchObject({ charactersTyped: 23, charactersLost: 3, actions: 2, edits: 24, lost: 1, kept: 1 });
  expect(totalsUnder(room, 'crdt')).toMatchObject({ charactersLost: 0, lost: 0 });
});

test.each(answering)('"food", added on both sides, is kept for both under %s', async (strategy) => {
  const room = await apart();
  room.edit('A', 'tags', add('food'));
  room.edit('B', 'tags', add('food'));
  await room.meet();
  expect(fatesUnder(room, strategy)).toEqual({ 'A:1': 'visible', 'B:1': 'visible' });
});

test('A sets Rome by a fast clock; B, who had seen it, sets Oslo; last writer wins shows Rome: Rome is kept, Oslo lost', async () => {
  const room = await ApartRoom.open(['A', 'B']);
  room.at('A').replica.skewMs = 300_000;
  room.edit('A', 'title', title('Rome'));
  await room.meet();
  room.edit('B', 'title', title('Oslo'));
  await room.meet();
  expect(room.ledger('A').rows.map(({ fates }) => fates['last-writer-wins'])).toEqual([{ disposition: 'visible' }, { disposition: 'lost', reason: 'skew', cause: { replica: 'A', counter: 1 } }]);
  expect(fatesUnder(room, 'crdt')).toEqual({ 'A:1': 'superseded', 'B:1': 'visible' });
});

test('a removal that the winning side never heard of came back, under last writer wins as under a union', async () => {
  const room = await ApartRoom.open(['A', 'B'], { settings: { siblings: { sets: 'union', numbers: 'ask' } } });
  room.edit('A', 'tags', add('milk'));
  await room.meet();
  room.edit('A', 'tags', remove('milk'));
  room.edit('B', 'tags', add('bread'));
  await room.meet();
  for (const strategy of ['last-writer-wins', 'siblings'] as const) expect(fatesUnder(room, strategy)).toEqual({ 'A:1': 'visible', 'A:2': 'resurrected', 'B:1': 'visible' });
  expect(fatesUnder(room, 'crdt')).toEqual({ 'A:1': 'superseded', 'A:2': 'visible', 'B:1': 'visible' });
});

test('removing what is not there is kept, whatever is added later', async () => {
  const room = await ApartRoom.open(['A', 'B']);
  room.edit('A', 'tags', remove('milk'));
  await room.meet();
  room.edit('B', 'tags', add('milk'));
  await room.meet();
  for (const strategy of answering) expect(fatesUnder(room, strategy)).toEqual({ 'A:1': 'visible', 'B:1': 'visible' });
});

test('removing an item supersedes what was done to it, and loses what the remover had not seen', async () => {
  const room = await ApartRoom.open(['A', 'B']);
  room.edit('A', 'tasks', { kind: 'insert', after: null, label: 'food' });
  room.edit('A', 'tasks', { kind: 'toggle', item: 'A:1', done: true });
  await room.meet();
  room.edit('A', 'tasks', { kind: 'relabel', item: 'A:1', label: 'drinks' });
  room.edit('B', 'tasks', { kind: 'remove-item', item: 'A:1' });
  await room.meet();
  expect(fatesUnder(room, 'crdt')).toEqual({ 'A:1': 'superseded', 'A:2': 'superseded', 'A:3': 'lost', 'B:1': 'visible' });
  expect(room.ledger('A').rows[2]?.fates.crdt).toEqual({ disposition: 'lost', reason: 'concurrent', cause: { replica: 'B', counter: 1 } });
});

test('writing the same once more replaces nothing: both ticks are lost to a removal that had seen neither', async () => {
  const room = await ApartRoom.open(['A', 'B']);
  room.edit('A', 'tasks', { kind: 'insert', after: null, label: 'food' });
  await room.meet();
  for (let time = 0; time < 2; time++) room.edit('A', 'tasks', { kind: 'toggle', item: 'A:1', done: true });
  room.edit('B', 'tasks', { kind: 'remove-item', item: 'A:1' });
  await room.meet();
  expect(fatesUnder(room, 'crdt')).toEqual({ 'A:1': 'superseded', 'A:2': 'lost', 'A:3': 'lost', 'B:1': 'visible' });
});

test('[YJS3] who removed an element that had come with the document had it, though its record had not come: superseded, not lost', () => {
  const schema = [{ id: 'tags', type: 'set', label: 'Tags', initial: [] }] as const;
  const [docA, docB] = [new Y.Doc(), new Y.Doc()];
  const [a, b] = [new YjsStrategy(schema, docA), new YjsStrategy(schema, docB)];
  const made = (replica: string, intent: Intent): Edit => ({ dot: { replica, counter: 1 }, context: VersionVector.empty, field: 'tags', intent, wallMs: 1, hybrid: { ms: 1, counter: 0 } });
  const [added, removed] = [made('A', add('train')), made('B', remove('train'))];
  const first: EditRecord = { ...added, traces: { crdt: a.perform(added).trace } };
  b.receive(a.delta(b.summary()));
  const second: EditRecord = { ...removed, traces: { crdt: b.perform(removed).trace } };
  const { rows } = ledgerOf({ schema, records: [first, second], crdt: docB, everywhere: VersionVector.of([['A', 1], ['B', 1]]) });
  expect(rows.map(({ fates }) => fates.crdt)).toEqual([{ disposition: 'superseded', cause: { replica: 'B', counter: 1 } }, { disposition: 'visible' }]);
});

test('what an edit loses to on a chain is the last write on the same target', () => {
  const told = new ToldHistory('consensus');
  const [rome, oslo] = [told.edit('A', 'title', title('Rome')), told.edit('B', 'title', title('Oslo'), undefined, new ToldHistory('consensus').seen)];
  told.accept(rome, 1, '');
  told.accept(oslo, 2, rome);
  told.accepted('A', 'votes', { kind: 'increment', by: 1 }, 1, '');
  expect(told.fate(rome)).toEqual({ disposition: 'lost', reason: 'concurrent', cause: { replica: 'B', counter: 1 } });
});

test('a malformed trace of siblings, which no copy takes, breaks no ledger; choices are counted of what was taken', async () => {
  const room = await apart();
  room.edit('A', 'title', title('a1'));
  room.edit('B', 'title', title('b1'));
  await room.meet();
  const { siblings } = room.at('A').strategies;
  room.edit('A', 'title', { kind: 'resolve', value: 'b1', keeps: ['B:1'] });
  await room.meet();
  const { records } = room.at('A').replica;
  const bent = records.map((record) => (isEdit(record) && record.dot.counter === 1 ? { ...record, traces: { ...record.traces, siblings: { outcome: 'accepted' as const, details: 'none' } } } : record));
  const totals = ledgerOf({ schema: room.schema, records: bent, siblings, everywhere: room.at('A').replica.clock }).totals[0];
  expect(totals).toMatchObject({ strategy: 'siblings', choices: 1 });
});
