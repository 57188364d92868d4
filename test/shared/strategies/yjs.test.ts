import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { Intent } from '../../../shared/document/intent.ts';
import type { ListItem, Schema } from '../../../shared/document/schema.ts';
import { YjsStrategy } from '../../../shared/strategies/yjs/yjs-strategy.ts';
import { isEdit } from '../../../shared/history/record.ts';
import { SimulatedLab } from '../../support/simulated-lab.ts';

function crdtFate(lab: SimulatedLab, dot: string) {
  return lab.ledger('A').rows.find((row) => `${row.record.dot.replica}:${row.record.dot.counter}` === dot)?.fates.crdt;
}

function valueAt(lab: SimulatedLab, name: string, field: string) {
  return lab.at(name).crdt.value(field);
}

function labelsAt(lab: SimulatedLab, name: string) {
  return (valueAt(lab, name, 'tasks') as readonly ListItem[]).map((item) => item.label);
}

/** Two replicas with the tasks one, two, three, from A:1, A:2 and A:3; then apart. */
async function withTasks() {
  const lab = await SimulatedLab.start(['A', 'B']);
  for (const [i, label] of ['one', 'two', 'three'].entries()) lab.edit('A', 'tasks', { kind: 'insert', after: i === 0 ? null : `A:${i}`, label });
  await lab.heal();
  lab.offline('A');
  lab.offline('B');
  return lab;
}

describe('CRDT (Yjs)', () => {
  test('[YJS1] text typed on both sides is all there; text deleted by one who saw it is superseded', async () => {
    const lab = await SimulatedLab.start(['A', 'B']);
    lab.edit('A', 'notes', { kind: 'splice', index: 0, removed: '', inserted: 'hello' });
    await lab.heal();
    lab.offline('A');
    lab.edit('A', 'notes', { kind: 'splice', index: 5, removed: '', inserted: ' world' });
    lab.edit('B', 'notes', { kind: 'splice', index: 0, removed: 'hello', inserted: '' });
    await lab.heal();
    expect(valueAt(lab, 'B', 'notes')).toBe(' world');
    expect(crdtFate(lab, 'A:1')).toMatchObject({ disposition: 'superseded', cause: { replica: 'B', counter: 1 } });
    expect(crdtFate(lab, 'A:2')).toMatchObject({ disposition: 'visible', characters: { typed: 6, lost: 0 } });
  });

  test('[YJS2] increments on all sides are all counted, also across a crash', async () => {
    const lab = await SimulatedLab.start(['A', 'B']);
    for (const name of ['A', 'B', 'A']) lab.edit(name, 'votes', { kind: 'increment', by: 1 });
    await lab.settle();
    await lab.crash('A');
    lab.edit('A', 'votes', { kind: 'increment', by: 1 });
    await lab.heal();
    expect([valueAt(lab, 'A', 'votes'), valueAt(lab, 'B', 'votes')]).toEqual([4, 4]);
  });

  test('[YJS3] adding wins over a concurrent removal, and the ledger says that the removal was undone', async () => {
    const lab = await SimulatedLab.start(['A', 'B']);
    lab.edit('A', 'tags', { kind: 'add', element: 'sea' });
    await lab.heal();
    lab.offline('A');
    lab.edit('A', 'tags', { kind: 'remove', element: 'sea' });
    lab.edit('B', 'tags', { kind: 'add', element: 'sea' });
    await lab.heal();
    expect(valueAt(lab, 'A', 'tags')).toEqual(['sea']);
    expect(crdtFate(lab, 'A:2')).toMatchObject({ disposition: 'resurrected', cause: { replica: 'B', counter: 1 } });
    lab.edit('B', 'tags', { kind: 'remove', element: 'sea' });
    await lab.heal();
    expect(valueAt(lab, 'A', 'tags')).toEqual([]);
  });

  test('[YJS4] a register keeps one of two concurrent values by client id: the later one may be the lost one', async () => {
    const lab = await SimulatedLab.start(['A', 'B'], { clientIds: (name) => (name === 'A' ? 2000 : 1500) });
    lab.edit('A', 'title', { kind: 'set', value: 'Rome' });
    lab.edit('B', 'title', { kind: 'set', value: 'Paris, later' });
    await lab.heal();
    expect(valueAt(lab, 'B', 'title')).toBe('Rome');
    expect(crdtFate(lab, 'B:1')).toMatchObject({ disposition: 'lost', reason: 'client-id', cause: { replica: 'A', counter: 1 } });
    expect(crdtFate(lab, 'A:1')).toMatchObject({ disposition: 'visible' });
  });

  test('[YJS5] an item moved on both sides is in one place, once', async () => {
    const lab = await withTasks();
    lab.edit('A', 'tasks', { kind: 'move', item: 'A:3', after: null });
    lab.edit('B', 'tasks', { kind: 'move', item: 'A:3', after: 'A:1' });
    await lab.heal();
    expect(labelsAt(lab, 'A')).toEqual(labelsAt(lab, 'B'));
    expect([...labelsAt(lab, 'A')].sort()).toEqual(['one', 'three', 'two']);
  });

  test('[YJS6] removing an item wins over a concurrent change of it, and the change is lost with its reason', async () => {
    const lab = await withTasks();
    lab.edit('A', 'tasks', { kind: 'relabel', item: 'A:2', label: 'two, better' });
    lab.edit('B', 'tasks', { kind: 'remove-item', item: 'A:2' });
    await lab.heal();
    expect(labelsAt(lab, 'A')).toEqual(['one', 'three']);
    expect(crdtFate(lab, 'A:4')).toMatchObject({ disposition: 'lost', reason: 'concurrent', cause: { replica: 'B', counter: 1 } });
    expect(crdtFate(lab, 'A:2')).toMatchObject({ disposition: 'superseded', cause: { replica: 'B', counter: 1 } });
  });

  test('[YJS7] a stock is refused at zero by each side alone, and oversold by both together', async () => {
    const lab = await SimulatedLab.start(['A', 'B']);
    const reserve: Intent = { kind: 'reserve', amount: 2 };
    for (const name of ['A', 'B', 'A']) lab.edit(name, 'seats', reserve);
    expect(lab.at('A').replica.records.filter(isEdit).at(-1)?.traces.crdt).toEqual({ outcome: 'refused', reason: '1 left, 2 wanted' });
    await lab.heal();
    expect(valueAt(lab, 'A', 'seats')).toBe(-1);
    expect(lab.ledger('A').totals[0]).toMatchObject({ strategy: 'crdt', kept: 2, refused: 1, ruleBroken: 1 });
  });

  test('[YJS8] each life of a replica has a client id of its own', async () => {
    const lab = await SimulatedLab.start(['A', 'B']);
    lab.edit('A', 'notes', { kind: 'splice', index: 0, removed: '', inserted: 'x' });
    const before = lab.at('A').crdt.doc.clientID;
    await lab.settle();
    await lab.crash('A');
    lab.edit('A', 'notes', { kind: 'splice', index: 1, removed: '', inserted: 'y' });
    await lab.heal();
    expect(lab.at('A').crdt.doc.clientID).not.toBe(before);
    expect(new Set([new Y.Doc(), new Y.Doc(), new Y.Doc()].map((doc) => doc.clientID)).size).toBe(3);
    expect(valueAt(lab, 'B', 'notes')).toBe('xy');
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
    const lab = await SimulatedLab.start(['A', 'B']);
    lab.edit('A', 'notes', { kind: 'splice', index: 0, removed: '', inserted: 'abc' });
    await lab.heal();
    const foreign = new Y.Doc();
    Y.applyUpdate(foreign, Y.encodeStateAsUpdate(lab.hub));
    foreign.getText('notes').delete(0, 3);
    foreign.getMap('title').set('value', 'from elsewhere');
    Y.applyUpdate(lab.hub, Y.encodeStateAsUpdate(foreign));
    await lab.heal();
    expect([valueAt(lab, 'A', 'notes'), valueAt(lab, 'A', 'title')]).toEqual(['', 'from elsewhere']);
    expect(crdtFate(lab, 'A:1')).toMatchObject({ disposition: 'superseded' });
  });
});
