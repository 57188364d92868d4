/** A room divided into islands, with real windows and unmodified y-websocket clients over real sockets. */
import { expect, test } from 'vitest';
import type { WebsocketProvider } from 'y-websocket';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { MemoryStore } from '../../../support/memory-store.ts';
import { caughtUp, converged, divide, haveEqualDocuments, heal, isSaved, type LabWindow, openWindow, peersOf, recordsOf, roomDocument, updatesOf } from '../../../support/faults-fixture.ts';
import { connectRaw, connectReplica, encodedRecords, joinAsApp, record, startLab, syncFrame, until } from '../../../support/lab-fixture.ts';

test('both sides of a partition work, each sees its own edits, and healing makes all equal, deletions included', async () => {
  const lab = await startLab();
  const [a, b, c] = [await openWindow(lab, 'A'), await openWindow(lab, 'B'), await openWindow(lab, 'C')];
  const windows = [a, b, c];
  a.replica.perform('notes', { kind: 'splice', index: 0, removed: '', inserted: 'before' });
  await converged(lab, windows);
  await divide(lab, ['A', 'B'], ['C']);
  a.replica.perform('title', { kind: 'set', value: 'Paris' });
  b.replica.perform('notes', { kind: 'splice', index: 0, removed: 'before', inserted: '' });
  c.replica.perform('title', { kind: 'set', value: 'Rome' });
  c.replica.perform('votes', { kind: 'increment', by: 1 });
  await until(() => b.replica.value('last-writer-wins', 'title') === 'Paris' && a.replica.value('crdt', 'notes') === '');
  await until(() => windows.every(isSaved));
  expect([a, b, c].map(({ replica }) => replica.clock.get('C'))).toEqual([0, 0, 2]);
  expect(c.replica.value('crdt', 'notes')).toBe('before');
  expect(c.replica.clock.get('A') + c.replica.clock.get('B')).toBe(1);
  await heal(lab);
  await converged(lab, windows);
  expect(a.replica.value('crdt', 'notes')).toBe('');
  expect(a.replica.value('crdt', 'votes')).toBe(1);
  expect(windows.every(({ connection }) => connection.state === 'synced')).toBe(true);
});

test('nothing at all crosses: no record, update, presence, roster or direct message', async () => {
  const lab = await startLab();
  const [a, b, c] = [await openWindow(lab, 'A'), await openWindow(lab, 'B'), await connectReplica(lab, 'lab', 'C')];
  const app = await connectRaw(lab, '/lab?name=app');
  // Nobody is about to be let in, which C would hear of.
  await until(() => c.last('roster')?.present.length === 3 && c.last('roster')?.members.length === 3 && !c.last('roster')?.waiting);
  await divide(lab, ['A', 'B'], ['C', 'app']);
  await until(() => c.last('roster')?.present.length === 1);
  // The answer to its own hello comes when that is on disk.
  await until(() => c.last('saved'));
  await Promise.all([caughtUp(c), caughtUp(app)]);
  const before = [c.frames.length, app.frames.length];
  a.replica.perform('title', { kind: 'set', value: 'Paris' });
  b.replica.perform('notes', { kind: 'splice', index: 0, removed: '', inserted: 'x' });
  await until(() => isSaved(a) && isSaved(b) && b.replica.clock.get('A') === a.replica.clock.get('A'));
  a.connection.announce({ replica: 'A', clock: { A: 1 } });
  a.connection.send(new Uint8Array([64, 6, 1, 67, 3, 3, 0]));
  b.connection.isOnline = false;
  await until(() => a.replica.reachable.length === 1);
  const d = await openWindow(lab, 'D');
  d.replica.perform('title', { kind: 'set', value: 'elsewhere' });
  await until(() => isSaved(d));
  await Promise.all([caughtUp(c), caughtUp(app)]);
  expect([c, app].map(({ frames }, i) => frames.slice(before[i]).map((frame) => Buffer.from(frame).toString('hex')))).toEqual([[], []]);
});

test('y-websocket clients are divided by ?name=, and see only their side until it is healed', async () => {
  const lab = await startLab();
  const app = (name: string): WebsocketProvider => joinAsApp(lab, 'lab', new Y.Doc(), { name });
  const [one, two, three] = [app('one'), app('two'), app('three')];
  one.doc.getText('t').insert(0, 'shared');
  await until(() => three.doc.getText('t').toString() === 'shared');
  await divide(lab, ['one', 'two'], ['three']);
  one.doc.getText('t').delete(0, 6);
  one.doc.getMap('m').set('one', 1);
  three.doc.getMap('m').set('three', 3);
  await until(() => two.doc.getMap('m').get('one') === 1);
  await until(async () => (await roomDocument(lab)).getMap('m').size === 2);
  expect([two.doc.getText('t').toString(), three.doc.getText('t').toString()]).toEqual(['', 'shared']);
  expect(three.doc.getMap('m').toJSON()).toEqual({ three: 3 });
  await heal(lab);
  await converged(lab, [], [one, two, three]);
  expect(three.doc.getText('t').toString()).toBe('');
  expect(two.doc.getMap('m').toJSON()).toEqual({ one: 1, three: 3 });
});

test('a deletion alone, which moves no state vector, crosses on healing, and is sent only to who lacks it', async () => {
  const lab = await startLab();
  const [a, c] = [joinAsApp(lab, 'lab', new Y.Doc(), { name: 'A' }), joinAsApp(lab, 'lab', new Y.Doc(), { name: 'C' })];
  a.doc.getText('t').insert(0, 'gone');
  await until(() => c.doc.getText('t').length === 4);
  await divide(lab, ['A'], ['C']);
  a.doc.getText('t').delete(0, 4);
  await until(async () => (await roomDocument(lab)).getText('t').length === 0);
  expect(Y.encodeStateVector(a.doc)).toEqual(Y.encodeStateVector(c.doc));
  let toA = 0;
  a.doc.on('update', () => toA++);
  await heal(lab);
  await until(() => haveEqualDocuments([a.doc, c.doc]));
  expect([c.doc.getText('t').length, toA]).toEqual([0, 0]);
});

test('three islands and those that no list names: four sides, each alone, then one', async () => {
  const lab = await startLab();
  const windows: LabWindow[] = [];
  for (const name of ['A', 'B', 'C', 'D', 'E']) windows.push(await openWindow(lab, name));
  await divide(lab, ['A'], ['B'], ['C']);
  for (const { name, replica } of windows) replica.perform('tags', { kind: 'add', element: name });
  await until(() => windows.every(isSaved));
  await until(() => windows[3]!.replica.clock.get('E') === 1 && windows[4]!.replica.clock.get('D') === 1);
  expect(windows.map(({ replica }) => replica.value('crdt', 'tags'))).toEqual([['A'], ['B'], ['C'], ['D', 'E'], ['D', 'E']]);
  expect(windows.map(({ replica }) => [...replica.reachable].sort().join(''))).toEqual(['A', 'B', 'C', 'DE', 'DE']);
  await heal(lab);
  await converged(lab, windows);
  expect(windows[0]!.replica.value('siblings', 'tags')).not.toEqual(['A']);
  expect(windows[0]!.replica.value('crdt', 'tags')).toEqual(['A', 'B', 'C', 'D', 'E']);
});

test('who comes late lands on the island that its name is on, and gets what that one has and no more', async () => {
  const lab = await startLab();
  const [a, c] = [await openWindow(lab, 'A'), await openWindow(lab, 'C')];
  a.replica.perform('tags', { kind: 'add', element: 'before' });
  await converged(lab, [a, c]);
  await divide(lab, ['A', 'B'], ['C']);
  a.replica.perform('tags', { kind: 'add', element: 'a' });
  c.replica.perform('tags', { kind: 'add', element: 'c' });
  await until(() => isSaved(a) && isSaved(c));
  const b = await openWindow(lab, 'B');
  await until(() => b.replica.clock.get('A') === 2);
  const app = joinAsApp(lab, 'lab');
  await until(() => app.synced);
  const raw = await connectReplica(lab, 'lab', 'D');
  await caughtUp(raw);
  expect(b.replica.value('crdt', 'tags')).toEqual(['a', 'before']);
  expect(b.replica.clock.get('C')).toBe(0);
  expect(raw.last('welcome')?.summary.toString()).toBe('{A:1}');
  expect(recordsOf(raw)).toEqual(['A:1']);
  raw.socket.close();
  await raw.closed;
  await heal(lab);
  await converged(lab, [a, b, c], [app]);
});

test('presence ends at the edge of an island at once, and comes back on healing without waiting to be renewed', async () => {
  const lab = await startLab();
  const [a, b, c] = [await openWindow(lab, 'A'), await openWindow(lab, 'B'), await openWindow(lab, 'C')];
  await until(() => [a, b, c].every((each) => peersOf(each).length === 2));
  await divide(lab, ['A', 'B'], ['C']);
  await until(() => peersOf(c).length === 0 && peersOf(a).join() === 'B' && peersOf(b).join() === 'A');
  a.connection.announce({ replica: 'A', clock: { A: 7 } });
  await until(() => b.connection.peers[0]?.clock['A'] === 7);
  expect(peersOf(c)).toEqual([]);
  await heal(lab);
  await until(() => peersOf(c).join() === 'A,B' && peersOf(a).join() === 'B,C' && peersOf(b).join() === 'A,C');
  expect(c.connection.peers.find((peer) => peer?.replica === 'A')?.clock['A']).toBe(7);
});

test('presence that somebody passes on late, of a client that was divided from them, is not taken', async () => {
  const lab = await startLab();
  const presence = (client: number, clock: number, state: string): Uint8Array => encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint8Array(encoder, encoding.encode((inner) => {
      for (const number of [1, client, clock]) encoding.writeVarUint(inner, number);
      encoding.writeVarString(inner, state);
    }));
  });
  const [a, b] = [await connectRaw(lab, '/lab?name=A'), await connectRaw(lab, '/lab?name=B')];
  b.send(presence(7, 3, '{"b":1}'));
  await until(() => a.frames.length === 1);
  await divide(lab, ['A', 'late'], ['B']);
  const heard = (frame: Uint8Array): boolean => a.frames.some((each) => each.toString() === frame.toString());
  await until(() => heard(presence(7, 3, 'null')));
  a.send(presence(7, 3, '{"b":1}'));
  a.send(presence(8, 1, '{"a":1}'));
  await until(() => heard(presence(8, 1, '{"a":1}')));
  const late = await connectRaw(lab, '/lab?name=late');
  await until(() => late.frames.length === 1);
  expect(late.frames[0]).toEqual(presence(8, 1, '{"a":1}'));
});

test('on healing each session gets just what it lacks, once, and who lacks nothing gets nothing', async () => {
  const lab = await startLab();
  const doc = new Y.Doc();
  const [a, b, c] = [await connectReplica(lab, 'lab', 'A'), await connectReplica(lab, 'lab', 'B'), await connectReplica(lab, 'lab', 'C')];
  for (const each of [a, b, c]) each.send(syncFrame(0, Y.encodeStateVector(new Y.Doc())));
  doc.getText('t').insert(0, 'old');
  a.send(syncFrame(1, Y.encodeStateAsUpdate(doc)));
  a.say(encodedRecords(record('A', 1)));
  await until(() => recordsOf(c).length === 1 && updatesOf(c, 2).length === 1);
  await divide(lab, ['A', 'B'], ['C']);
  doc.once('update', (update: Uint8Array) => a.send(syncFrame(2, update)));
  doc.getText('t').insert(3, ' and new');
  a.say(encodedRecords(record('A', 2), record('A', 3)));
  await until(() => recordsOf(b).length === 3 && updatesOf(b, 2).length === 2);
  await until(() => a.last('saved')?.summary.get('A') === 3);
  const before = [a, b].map((each) => [recordsOf(each).length, updatesOf(each, 2).length]);
  const sentToB = updatesOf(b, 2)[1]!;
  await heal(lab);
  await until(() => recordsOf(c).length === 3 && updatesOf(c, 2).length === 2);
  await Promise.all([a, b, c].map(caughtUp));
  expect(recordsOf(c)).toEqual(['A:1', 'A:2', 'A:3']);
  expect(updatesOf(c, 2)[1]).toEqual(sentToB);
  expect(updatesOf(c, 2)).toHaveLength(2);
  expect([a, b].map((each) => [recordsOf(each).length, updatesOf(each, 2).length])).toEqual(before);
});

test('a malformed update from an island changes neither the island nor the room', async () => {
  const lab = await startLab();
  const app = joinAsApp(lab, 'lab', new Y.Doc(), { name: 'A' });
  app.doc.getMap('m').set('good', 1);
  await until(async () => (await roomDocument(lab)).getMap('m').size === 1);
  await divide(lab, ['A', 'B']);
  const b = await connectRaw(lab, '/lab?name=B');
  b.send(syncFrame(2, Uint8Array.of(1, 1, 9, 9, 9)));
  expect((await b.closed).code).toBe(4400);
  app.doc.getMap('m').set('after', 1);
  await until(async () => (await roomDocument(lab)).getMap('m').size === 2);
  await heal(lab);
  await converged(lab, [], [app]);
});

test('an update that the island could take and the room cannot changes neither', async () => {
  const lab = await startLab();
  const pieces = (client: number): Uint8Array[] => {
    const doc = new Y.Doc();
    doc.clientID = client;
    const made: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => made.push(update));
    for (let i = 0; i < 1_002; i++) doc.getArray('a').push([i]);
    return made.slice(1);
  };
  await divide(lab, ['A'], ['B']);
  const [a, b] = [await connectReplica(lab, 'lab', 'A'), await connectReplica(lab, 'lab', 'B')];
  // As many updates as may wait in one document for one that never came.
  for (const piece of pieces(7).slice(0, 1_000)) a.send(syncFrame(2, piece));
  await until(() => a.last('saved')?.yjsFrames === 1_000);
  b.send(syncFrame(2, pieces(8)[0]!));
  expect((await b.closed).code).toBe(4429);
  const lease = await lab.relay.lease('lab');
  expect(lease.room.islands.all.map(({ document }) => document.doc.store.pendingStructs?.missing.has(8) ?? false)).toEqual([false, false, false]);
  expect(lease.room.document.doc.store.pendingStructs?.missing.has(8)).toBe(false);
  lease.release();
  expect(a.socket.readyState).toBe(a.socket.OPEN);
});

test('a room that is emptied while it is divided stays divided, and is empty on every island', async () => {
  const lab = await startLab();
  const a = await connectReplica(lab, 'lab', 'A', { instance: 'old' });
  a.say(encodedRecords(record('A', 1)));
  await until(() => a.last('saved')?.summary.get('A') === 1);
  await divide(lab, ['A'], ['B']);
  await lab.relay.emptyRoom('lab');
  expect((await a.closed).code).toBe(4503);
  const [fresh, b] = [await connectReplica(lab, 'lab', 'A', { instance: 'new' }), await connectReplica(lab, 'lab', 'B')];
  expect([fresh, b].map((each) => each.last('welcome')?.summary.size)).toEqual([0, 0]);
  fresh.say(encodedRecords(record('A', 1, {}, 'of the new life')));
  await until(() => fresh.last('saved')?.summary.get('A') === 1);
  await caughtUp(b);
  expect(recordsOf(b)).toEqual([]);
  await heal(lab);
  await until(() => recordsOf(b).length === 1);
});

test('a divided room that everybody has left is still divided when they come back; a restarted relay is whole', async () => {
  const disk = new Map<string, Uint8Array>();
  const lab = await startLab({ store: new MemoryStore(disk) });
  await divide(lab, ['A'], ['C']);
  const a = await connectReplica(lab, 'lab', 'A');
  a.say(encodedRecords(record('A', 1)));
  await until(() => a.last('saved')?.summary.get('A') === 1);
  a.socket.close();
  await a.closed;
  const c = await connectReplica(lab, 'lab', 'C');
  expect(c.last('welcome')?.summary.size).toBe(0);
  c.socket.close();
  await c.closed;
  await heal(lab);
  await until(() => lab.relay.roomNames().length === 0);
  await divide(lab, ['A'], ['C']);
  await lab.close();
  const again = await startLab({ store: new MemoryStore(disk) });
  expect((await connectReplica(again, 'lab', 'C')).last('welcome')?.summary.toString()).toBe('{A:1}');
});
