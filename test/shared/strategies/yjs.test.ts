import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { Intent } from '../../../shared/document/intent.ts';
import type { ListItem, Schema } from '../../../shared/document/schema.ts';
import { YjsStrategy } from '../../../shared/strategies/yjs/yjs-strategy.ts';
import { isEdit } from '../../../shared/history/record.ts';
import { ApartRoom } from '../../support/simulated-room.ts';

function crdtFate(room: ApartRoom, dot: string) {
  return room.ledger('A').rows.find((row) => `${row.record.dot.replica}:${row.record.dot.counter}` === dot)?.fates.crdt;
}

function valueAt(room: ApartRoom, name: string, field: string) {
  return room.at(name).strategies.crdt.value(field);
}

function labelsAt(room: ApartRoom, name: string) {
  return (valueAt(room, name, 'tasks') as readonly ListItem[]).map((item) => item.label);
}

/** Two replicas with the tasks one, two, three, from A:1, A:2 and A:3; then apart. */
async function withTasks() {
  const room = await ApartRoom.open(['A', 'B']);
  for (const [i, label] of ['one', 'two', 'three'].entries()) room.edit('A', 'tasks', { kind: 'insert', after: i === 0 ? null : `A:${i}`, label });
  await room.meet();
  return room;
}

describe('CRDT (Yjs)', () => {
  test('[YJS1] text typed on both sides is all there; text deleted by one who saw it is superseded', async () => {
    const room = await ApartRoom.open(['A', 'B']);
    room.edit('A', 'notes', { kind: 'splice', index: 0, removed: '', inserted: 'hello' });
    await room.meet();
    room.edit('A', 'notes', { kind: 'splice', index: 5, removed: '', inserted: ' world' });
    room.edit('B', 'notes', { kind: 'splice', index: 0, removed: 'hello', inserted: '' });
    await room.meet();
    expect(valueAt(room, 'B', 'notes')).toBe(' world');
    expect(crdtFate(room, 'A:1')).toMatchObject({ disposition: 'superseded', cause: { replica: 'B', counter: 1 } });
    expect(crdtFate(room, 'A:2')).toMatchObject({ disposition: 'visible', characters: { typed: 6, lost: 0 } });
  });

  test('[YJS2] increments on all sides are all counted, also across a crash', async () => {
    const room = await ApartRoom.open(['A', 'B']);
    for (const name of ['A', 'B', 'A']) room.edit(name, 'votes', { kind: 'increment', by: 1 });
    await room.restart('A');
    room.edit('A', 'votes', { kind: 'increment', by: 1 });
    await room.meet();
    expect([valueAt(room, 'A', 'votes'), valueAt(room, 'B', 'votes')]).toEqual([4, 4]);
  });

  test('[YJS3] adding wins over a concurrent removal, and the ledger says that the removal was undone', async () => {
    const room = await ApartRoom.open(['A', 'B']);
    room.edit('A', 'tags', { kind: 'add', element: 'sea' });
    await room.meet();
    room.edit('A', 'tags', { kind: 'remove', element: 'sea' });
    room.edit('B', 'tags', { kind: 'add', element: 'sea' });
    await room.meet();
    expect(valueAt(room, 'A', 'tags')).toEqual(['sea']);
    expect(crdtFate(room, 'A:2')).toMatchObject({ disposition: 'resurrected', cause: { replica: 'B', counter: 1 } });
    room.edit('B', 'tags', { kind: 'remove', element: 'sea' });
    await room.meet();
    expect(valueAt(room, 'A', 'tags')).toEqual([]);
  });

  test('[YJS4] a register keeps one of two concurrent values by client id: the later one may be the lost one', async () => {
    // The first has the lower client id.
    const room = await ApartRoom.open(['B', 'A']);
    room.edit('A', 'title', { kind: 'set', value: 'Rome' });
    room.edit('B', 'title', { kind: 'set', value: 'Paris, later' });
    await room.meet();
    expect(valueAt(room, 'B', 'title')).toBe('Rome');
    expect(crdtFate(room, 'B:1')).toMatchObject({ disposition: 'lost', reason: 'client-id', cause: { replica: 'A', counter: 1 } });
    expect(crdtFate(room, 'A:1')).toMatchObject({ disposition: 'visible' });
  });

  test('[YJS5] an item moved on both sides is in one place, once', async () => {
    const room = await withTasks();
    room.edit('A', 'tasks', { kind: 'move', item: 'A:3', after: null });
    room.edit('B', 'tasks', { kind: 'move', item: 'A:3', after: 'A:1' });
    await room.meet();
    expect(labelsAt(room, 'A')).toEqual(labelsAt(room, 'B'));
    expect([...labelsAt(room, 'A')].sort()).toEqual(['one', 'three', 'two']);
  });

  test('[YJS6] removing an item wins over a concurrent change of it, and the change is lost with its reason', async () => {
    const room = await withTasks();
    room.edit('A', 'tasks', { kind: 'relabel', item: 'A:2', label: 'two, better' });
    room.edit('B', 'tasks', { kind: 'remove-item', item: 'A:2' });
    await room.meet();
    expect(labelsAt(room, 'A')).toEqual(['one', 'three']);
    expect(crdtFate(room, 'A:4')).toMatchObject({ disposition: 'lost', reason: 'concurrent', cause: { replica: 'B', counter: 1 } });
    expect(crdtFate(room, 'A:2')).toMatchObject({ disposition: 'superseded', cause: { replica: 'B', counter: 1 } });
  });

  test('[YJS7] a stock is refused at zero by each side alone, and oversold by both together', async () => {
    const room = await ApartRoom.open(['A', 'B']);
    const reserve: Intent = { kind: 'reserve', amount: 2 };
    for (const name of ['A', 'B', 'A']) room.edit(name, 'seats', reserve);
    expect(room.at('A').replica.records.filter(isEdit).at(-1)?.traces.crdt).toEqual({ outcome: 'refused', reason: '1 left, 2 wanted' });
    await room.meet();
    expect(valueAt(room, 'A', 'seats')).toBe(-1);
    expect(room.ledger('A').totals[0]).toMatchObject({ strategy: 'crdt', kept: 2, refused: 1, ruleBroken: 1 });
  });

  test('[YJS8] each life of a replica has a client id of its own', async () => {
    const room = await ApartRoom.open(['A', 'B']);
    room.edit('A', 'notes', { kind: 'splice', index: 0, removed: '', inserted: 'x' });
    const before = room.at('A').strategies.crdt.doc.clientID;
    await room.restart('A');
    room.edit('A', 'notes', { kind: 'splice', index: 1, removed: '', inserted: 'y' });
    await room.meet();
    expect(room.at('A').strategies.crdt.doc.clientID).not.toBe(before);
    expect(new Set([new Y.Doc(), new Y.Doc(), new Y.Doc()].map((doc) => doc.clientID)).size).toBe(3);
    expect(valueAt(room, 'B', 'notes')).toBe('xy');
  });

  test('[YJS9] initial values are there on every side, once', () => {
    const schema: Schema = [
      { id: 'notes', type: 'text', label: 'Notes', initial: 'hello' },
      { id: 'tags', type: 'set', label: 'Tags', initial: ['a', 'b'] },
      { id: 'tasks', type: 'list', label: 'Tasks', initial: [{ id: 'first', label: 'one', done: true }, { id: 'second', label: 'two', done: false }] },
      { id: 'seats', type: 'stock', label: 'Seats', initial: 3 },
    ];
    const [one, other] = [new YjsStrategy(schema, new Y.Doc()), new YjsStrategy(schema, new Y.Doc())];
    one.receive(other.delta(one.summary()));
    other.receive(one.delta(other.summary()));
    for (const field of schema) for (const copy of [one, other]) expect(copy.value(field.id)).toEqual(field.initial);
  });

  test('two foreign writes to the same document are shown and never called lost edits of ours', async () => {
    const room = await ApartRoom.open(['A', 'B']);
    room.edit('A', 'notes', { kind: 'splice', index: 0, removed: '', inserted: 'abc' });
    await room.meet();
    const foreign = new Y.Doc();
    Y.applyUpdate(foreign, Y.encodeStateAsUpdate(room.room.relay.document));
    foreign.getText('notes').delete(0, 3);
    foreign.getMap('title').set('value', 'from elsewhere');
    Y.applyUpdate(room.at('B').strategies.crdt.doc, Y.encodeStateAsUpdate(foreign));
    await room.meet();
    expect([valueAt(room, 'A', 'notes'), valueAt(room, 'A', 'title')]).toEqual(['', 'from elsewhere']);
    expect(crdtFate(room, 'A:1')).toMatchObject({ disposition: 'superseded' });
  });
});
