/** Sessions that move from one island to another, and replicas that come back to another one than they left. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { VersionVector } from '../../../../shared/clocks/version-vector.ts';
import { propertyRuns } from '../../../support/run-counts.ts';
import { caughtUp, converged, divide, haveEqualDocuments, heal, isSaved, type LabWindow, openWindow, recordsOf, roomDocument, updatesOf } from '../../../support/faults-fixture.ts';
import { connectRaw, connectReplica, encodedRecords, joinAsApp, record, startLab, syncFrame, until } from '../../../support/lab-fixture.ts';

test('who moves takes along what its island had, gets what the other one has, and nobody else hears more', async () => {
  const lab = await startLab();
  const [a, b, c] = [await openWindow(lab, 'A'), await openWindow(lab, 'B'), await openWindow(lab, 'C')];
  await divide(lab, ['A', 'B'], ['C']);
  for (const { name, replica } of [a, b, c]) replica.perform('tags', { kind: 'add', element: name });
  await until(() => b.replica.clock.size === 2 && [a, b, c].every(isSaved));
  await divide(lab, ['A'], ['B', 'C']);
  await until(() => haveEqualDocuments([b.doc, c.doc]) && b.replica.clock.size === 3 && c.replica.clock.size === 3);
  expect(c.replica.value('crdt', 'tags')).toEqual(['A', 'B', 'C']);
  expect(a.replica.value('crdt', 'tags')).toEqual(['A', 'B']);
  expect(a.replica.clock.get('C')).toBe(0);
  await heal(lab);
  await converged(lab, [a, b, c]);
});

test('a move sends each session just what it lacks, once; those who stay with what they have hear nothing', async () => {
  const lab = await startLab();
  const [a, b, c] = [await connectReplica(lab, 'lab', 'A'), await connectReplica(lab, 'lab', 'B'), await connectReplica(lab, 'lab', 'C')];
  for (const each of [a, b, c]) each.send(syncFrame(0, Y.encodeStateVector(new Y.Doc())));
  await divide(lab, ['A', 'B'], ['C']);
  const edit = (text: string): Uint8Array => {
    const doc = new Y.Doc();
    doc.getText('t').insert(0, text);
    return Y.encodeStateAsUpdate(doc);
  };
  a.send(syncFrame(2, edit('from a')));
  c.send(syncFrame(2, edit('from c')));
  a.say(encodedRecords(record('A', 1)));
  c.say(encodedRecords(record('C', 1), record('C', 2)));
  await until(() => recordsOf(b).length === 1 && updatesOf(b, 2).length === 1 && c.last('saved')?.summary.get('C') === 2);
  await divide(lab, ['A'], ['B', 'C']);
  await until(() => recordsOf(b).length === 3 && recordsOf(c).length === 1 && updatesOf(b, 2).length === 2 && updatesOf(c, 2).length === 1);
  await Promise.all([a, b, c].map(caughtUp));
  expect([a, b, c].map(recordsOf)).toEqual([[], ['A:1', 'C:1', 'C:2'], ['A:1']]);
  expect([a, b, c].map((each) => updatesOf(each, 2).length)).toEqual([0, 2, 1]);
});

test('records that the disk has and the island lacks: not claimed in welcome, asked for, passed on, and saved at once', async () => {
  const lab = await startLab();
  const b = await connectReplica(lab, 'lab', 'B');
  await divide(lab, ['A', 'B'], ['C']);
  b.say(encodedRecords(record('B', 1), record('B', 2)));
  await until(() => b.last('saved')?.summary.get('B') === 2);
  b.socket.close();
  await b.closed;
  const c = await connectReplica(lab, 'lab', 'C');
  await divide(lab, ['A'], ['B', 'C']);
  await caughtUp(c);
  expect(recordsOf(c)).toEqual([]);
  const back = await connectReplica(lab, 'lab', 'B', { summary: VersionVector.of([['B', 2]]) });
  expect(back.last('welcome')?.summary.size).toBe(0);
  await until(() => back.last('saved'));
  expect(back.last('saved')?.summary.size).toBe(0);
  back.say(encodedRecords(record('B', 1), record('B', 2)));
  await until(() => back.last('saved')?.summary.get('B') === 2);
  await until(() => recordsOf(c).length === 2);
});

test('a record brings its causal past to an island, from the disk, in order', async () => {
  const lab = await startLab();
  const [a, b] = [await connectReplica(lab, 'lab', 'A'), await connectReplica(lab, 'lab', 'B')];
  await divide(lab, ['A', 'B'], ['C']);
  a.say(encodedRecords(record('A', 1), record('A', 2)));
  await until(() => recordsOf(b).length === 2);
  b.say(encodedRecords(record('B', 1, { A: 1 })));
  await until(() => b.last('saved')?.summary.get('B') === 1);
  b.socket.close();
  await b.closed;
  const c = await connectReplica(lab, 'lab', 'C');
  await divide(lab, ['A'], ['B', 'C']);
  const back = await connectReplica(lab, 'lab', 'B', { summary: VersionVector.of([['A', 1], ['B', 1]]) });
  back.say(encodedRecords(record('B', 2, { A: 1 })));
  await until(() => recordsOf(c).length === 3);
  expect(recordsOf(c)).toEqual(['A:1', 'B:1', 'B:2']);
  await until(() => back.last('saved')?.summary.toString() === '{A:1 B:2}');
  await caughtUp(back);
  expect(recordsOf(back)).toEqual([]);
});

test('a window that was away while the islands changed brings what it has to the new one, and ends with all saved', async () => {
  const lab = await startLab();
  const [a, b, c] = [await openWindow(lab, 'A'), await openWindow(lab, 'B'), await openWindow(lab, 'C')];
  await divide(lab, ['A', 'B'], ['C']);
  a.replica.perform('tags', { kind: 'add', element: 'a' });
  await until(() => b.replica.clock.get('A') === 1);
  b.replica.perform('tags', { kind: 'add', element: 'b' });
  await until(() => isSaved(a) && isSaved(b) && haveEqualDocuments([a.doc, b.doc]));
  b.connection.isOnline = false;
  await until(async () => (await lab.relay.lease('lab')).room.sessions.length === 2);
  a.replica.perform('tags', { kind: 'add', element: 'after b had gone' });
  await until(() => isSaved(a));
  await divide(lab, ['A'], ['B', 'C']);
  b.replica.perform('votes', { kind: 'increment', by: 1 });
  b.connection.isOnline = true;
  await until(() => isSaved(b) && c.replica.clock.size === 3 && haveEqualDocuments([b.doc, c.doc]));
  expect(c.replica.value('crdt', 'tags')).toEqual(['a', 'b']);
  expect(c.replica.clock.toString()).toBe('{A:1 B:2}');
  await heal(lab);
  await converged(lab, [a, b, c]);
});

test('an island that keeps its names keeps what it has, though nobody is there', async () => {
  const lab = await startLab();
  await divide(lab, ['A', 'B'], ['C']);
  const a = await connectReplica(lab, 'lab', 'A');
  a.say(encodedRecords(record('A', 1)));
  a.send(syncFrame(2, Y.encodeStateAsUpdate(docOf('kept'))));
  await until(() => a.last('saved')?.yjsFrames === 1);
  a.socket.close();
  await a.closed;
  await divide(lab, ['C'], ['D'], ['B', 'A']);
  expect((await connectReplica(lab, 'lab', 'B')).last('welcome')?.summary.toString()).toBe('{A:1}');
  const app = joinAsApp(lab, 'lab', new Y.Doc(), { name: 'D' });
  await until(() => app.synced);
  expect(app.doc.getText('t').length).toBe(0);
});

test('those that no list names are others when other names are listed: who comes to be among them does not get what they had', async () => {
  const lab = await startLab();
  const [a, c] = [await connectReplica(lab, 'lab', 'A'), await connectReplica(lab, 'lab', 'C')];
  await divide(lab, ['B'], ['C']);
  a.say(encodedRecords(record('A', 1)));
  await until(() => a.last('saved')?.summary.get('A') === 1);
  await divide(lab, ['A'], ['B']);
  await caughtUp(c);
  expect(recordsOf(c)).toEqual([]);
  await heal(lab);
  await until(() => recordsOf(c).length === 1);
});

function docOf(text: string): Y.Doc {
  const doc = new Y.Doc();
  doc.getText('t').insert(0, text);
  return doc;
}

test('a session is found by its replica too: on hello it moves to the island that names it', async () => {
  const lab = await startLab();
  const a = await connectReplica(lab, 'lab', 'A');
  await divide(lab, ['A', 'B']);
  a.say(encodedRecords(record('A', 1)));
  await until(() => a.last('saved')?.summary.get('A') === 1);
  const phone = await connectRaw(lab, '/lab?name=phone');
  phone.send(syncFrame(2, Y.encodeStateAsUpdate(docOf('before hello'))));
  phone.send(syncFrame(0, Y.encodeStateVector(new Y.Doc())));
  await until(async () => (await roomDocument(lab)).getText('t').length > 0);
  phone.say({ kind: 'hello', version: 1, replica: 'B', instance: 'copy-of-B', summary: VersionVector.empty });
  await until(() => recordsOf(phone).length === 1);
  const app = joinAsApp(lab, 'lab', new Y.Doc(), { name: 'A' });
  await until(() => app.doc.getText('t').toString() === 'before hello');
  expect(phone.last('welcome')?.summary.toString()).toBe('{A:1}');
});

/** Random divisions, healings and edits by windows and an app; a model says what each may know. */
const names = ['A', 'B', 'C', 'D'] as const;
const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('divide' as const), places: fc.array(fc.nat(2), { minLength: names.length + 1, maxLength: names.length + 1 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('heal' as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('edit' as const), who: fc.nat(names.length - 1), removes: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('app-edit' as const) }) },
);

test('whatever the islands and edits, each knows just what reached its island, and healing makes all equal', { timeout: 600_000, tags: ['runs'] }, async () => {
  let [divisions, edits] = [0, 0];
  const runs = propertyRuns('island-moves');
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
    const lab = await startLab();
    const windows: LabWindow[] = [];
    for (const name of names) windows.push(await openWindow(lab, name));
    const app = joinAsApp(lab, 'lab', new Y.Doc(), { name: 'app' });
    await until(() => app.synced);
    const docs = [...windows, app].map(({ doc }) => doc);
    let places = docs.map(() => 0);
    let known = docs.map(() => VersionVector.empty);
    const mates = (i: number): number[] => places.flatMap((place, j) => (place === places[i] ? [j] : []));
    const meet = (): void => void (known = known.map((_, i) => mates(i).filter((j) => j < names.length).reduce((all, j) => all.merge(known[j]!), VersionVector.empty)));
    const atRest = (): Promise<void> => until(() => windows.every(({ replica }, i) => replica.clock.compare(known[i]!) === 'equal') && docs.every((_, i) => haveEqualDocuments(mates(i).map((j) => docs[j]!))));
    for (const each of steps) {
      if (each.kind === 'divide') {
        places = each.places;
        const lists = [0, 1].map((place) => [...names, 'app'].filter((_, i) => places[i] === place)).filter((list) => list.length > 0);
        await divide(lab, ...lists);
        divisions++;
      } else if (each.kind === 'heal') {
        places = places.map(() => 0);
        await heal(lab);
      } else if (each.kind === 'edit') {
        const { replica } = windows[each.who]!;
        const text = String(replica.value('crdt', 'notes'));
        replica.perform('notes', each.removes && text !== '' ? { kind: 'splice', index: 0, removed: text.slice(0, 2), inserted: '' } : { kind: 'splice', index: text.length, removed: '', inserted: `${edits}` });
        known[each.who] = known[each.who]!.with({ replica: names[each.who]!, counter: known[each.who]!.get(names[each.who]!) + 1 });
        edits++;
      } else app.doc.getMap('m').set(`key ${edits % 3}`, edits);
      meet();
      await atRest();
    }
    await heal(lab);
    await converged(lab, windows, [app]);
    for (const { connection, replica } of windows) {
      connection.close();
      await replica.close();
    }
    app.destroy();
    await lab.close();
  }), { ...runs, endOnFailure: true });
  expect(Math.min(divisions, edits)).toBeGreaterThanOrEqual(runs.numRuns / 4);
});
