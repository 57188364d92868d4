import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { connectRaw, documentOf, joinAsApp, startLab, syncFrame, until } from '../../support/lab-fixture.ts';

test('two unmodified y-websocket clients in one room see each other\'s edits', async () => {
  const lab = await startLab();
  const a = joinAsApp(lab, 'lab');
  const b = joinAsApp(lab, 'lab');
  a.doc.getText('t').insert(0, 'hello');
  await until(() => b.doc.getText('t').toString() === 'hello');
  b.doc.getText('t').insert(5, ' world');
  await until(() => a.doc.getText('t').toString() === 'hello world');
});

test('three clients, one joining late with edits of its own, end with the same document', async () => {
  const lab = await startLab();
  const a = joinAsApp(lab, 'lab');
  const b = joinAsApp(lab, 'lab');
  a.doc.getMap('map').set('a', 1);
  b.doc.getMap('map').set('b', 2);
  const late = new Y.Doc();
  late.getMap('map').set('c', 3);
  const c = joinAsApp(lab, 'lab', late);
  for (const each of [a, b, c]) await until(() => each.doc.getMap('map').size === 3);
  expect((await documentOf(lab, 'lab')).map).toEqual({ a: 1, b: 2, c: 3 });
});

test('clients of different rooms do not meet', async () => {
  const lab = await startLab();
  const a = joinAsApp(lab, 'one');
  const b = joinAsApp(lab, 'two');
  a.doc.getMap('map').set('a', 1);
  await until(async () => (await documentOf(lab, 'one')).map['a'] === 1);
  await until(() => b.synced);
  expect(b.doc.getMap('map').toJSON()).toEqual({});
});

test('presence of two clients is seen, and goes with the one that leaves', async () => {
  const lab = await startLab();
  const a = joinAsApp(lab, 'lab');
  const b = joinAsApp(lab, 'lab');
  a.awareness.setLocalStateField('name', 'Ann');
  await until(() => b.awareness.getStates().get(a.doc.clientID)?.['name'] === 'Ann');
  const third = joinAsApp(lab, 'lab');
  await until(() => third.awareness.getStates().has(a.doc.clientID));
  a.ws?.close();
  a.disconnect();
  await until(() => !b.awareness.getStates().has(a.doc.clientID));
});

test('a client hears its own presence back, so that a lone y-websocket 3 client does not drop its connection', async () => {
  const lab = await startLab();
  const a = joinAsApp(lab, 'lab');
  await until(() => a.synced);
  a.wsLastMessageReceived = 0;
  a.awareness.setLocalStateField('name', 'Ann');
  await until(() => a.wsLastMessageReceived > 0);
});

test('two clients edit while the relay is off and meet when it is on again', async () => {
  const lab = await startLab();
  const a = joinAsApp(lab, 'lab');
  const b = joinAsApp(lab, 'lab');
  await until(() => a.synced && b.synced);
  lab.relay.online = false;
  await until(() => !a.wsconnected && !b.wsconnected);
  a.doc.getMap('map').set('a', 1);
  b.doc.getMap('map').set('b', 2);
  lab.relay.online = true;
  for (const each of [a, b]) await until(() => each.doc.getMap('map').size === 2);
});

test('a document larger than one mebibyte heals in a single step 2', async () => {
  const lab = await startLab();
  const doc = new Y.Doc();
  doc.getText('t').insert(0, 'x'.repeat(3_000_000));
  joinAsApp(lab, 'lab', doc);
  const b = joinAsApp(lab, 'lab');
  await until(() => b.doc.getText('t').length === 3_000_000);
});

test('who brings what an update has waited for hears of that update too', async () => {
  const lab = await startLab();
  const writer = new Y.Doc();
  const updates: Uint8Array[] = [];
  writer.on('update', (update) => updates.push(update));
  writer.getText('t').insert(0, 'one ');
  writer.getText('t').insert(4, 'two');
  // Somebody has only the second one: the first one was lost on the way.
  const early = await connectRaw(lab, '/lab');
  early.send(syncFrame(2, updates[1]!));
  early.send(syncFrame(0, Uint8Array.of(0)));
  await until(() => early.frames.some((frame) => frame[0] === 0 && frame[1] === 1));
  const doc = new Y.Doc();
  Y.applyUpdate(doc, updates[0]!);
  joinAsApp(lab, 'lab', doc);
  await until(() => doc.getText('t').toString() === 'one two');
});
