/** What one room, one address or one client may use of the relay, and how it hears that this is the most. */
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { createRelay } from '../../../server/relay/relay.ts';
import { MemoryStore } from '../../support/memory-store.ts';
import { SharedMemory } from '../../support/memory-shared-store.ts';
import { connectRaw, connectReplica, documentOf, joinAsApp, LoadingStore, refusedHandshake, refusedSession, startLab, syncFrame, until, updateOf } from '../../support/lab-fixture.ts';

test('one session too many in a room is closed with 4503; other rooms go on, and a place that is left is free', async () => {
  const lab = await startLab({ sessionsPerRoomMax: 2 });
  const first = await connectRaw(lab, '/lab');
  await connectRaw(lab, '/lab');
  expect(await refusedSession(lab, '/lab')).toEqual({ code: 4503, reason: '2 sessions are in room lab, which is the most' });
  await connectRaw(lab, '/other');
  first.socket.close();
  await first.closed;
  await until(() => connectRaw(lab, '/lab').then(() => true));
});

test('one connection too many from an address is refused with 429, control channels included; what was refused holds no place', async () => {
  const lab = await startLab({ sessionsPerAddressMax: 2 });
  await connectRaw(lab, '/lab');
  const channel = await connectRaw(lab, '/-/control?room=lab');
  for (const path of ['/lab', '/other', '/-/control?room=lab']) expect(await refusedHandshake(lab, path)).toEqual({ status: 429, body: '2 connections from 127.0.0.1 are open, which is the most\n' });
  channel.socket.close();
  await channel.closed;
  await until(() => connectRaw(lab, '/other').then(() => true));
});

test('sessions that are refused for their room give their place back', async () => {
  const lab = await startLab({ sessionsPerAddressMax: 1 });
  for (let i = 0; i < 5; i++) expect((await refusedSession(lab, '/-/b')).code).toBe(4404);
  await until(() => connectRaw(lab, '/lab').then(() => true));
});

test('this machine may have more connections than others may by default', async () => {
  const lab = await startLab();
  await Promise.all(Array.from({ length: 300 }, () => connectRaw(lab, '/lab')));
});

test('one room too many in memory is refused with 4503, and with 503 at the control API; rooms that are open go on, and one that is left makes place', async () => {
  const lab = await startLab({ roomsMax: 2 });
  const one = await connectRaw(lab, '/one');
  await connectRaw(lab, '/two');
  const reason = '2 rooms are open, which is the most; try again when one is left by everybody';
  expect(await refusedSession(lab, '/three')).toEqual({ code: 4503, reason });
  const answer = await fetch(`${lab.url}/-/api/rooms/three`);
  expect([answer.status, ((await answer.json()) as { detail: string }).detail]).toEqual([503, reason]);
  expect((await (await connectRaw(lab, '/-/control?room=three')).closed).code).toBe(4503);
  await connectRaw(lab, '/one');
  expect(lab.lines).toEqual([]);
  const two = joinAsApp(lab, 'two');
  await until(() => two.synced);
  const fresh = await startLab({ roomsMax: 1 });
  const left = await connectRaw(fresh, '/one');
  left.socket.close();
  await left.closed;
  await until(() => connectRaw(fresh, '/two').then(() => true));
  one.socket.close();
});

test('an update that would make a document too large closes with 4413 and reaches nobody; smaller ones and deletions go on', async () => {
  const lab = await startLab({ documentBytesMax: 20_000 });
  const reader = joinAsApp(lab, 'lab');
  const author = joinAsApp(lab, 'lab');
  await until(() => reader.synced && author.synced);
  author.doc.getText('t').insert(0, 'x'.repeat(15_000));
  await until(() => reader.doc.getText('t').length === 15_000);
  const before = await documentOf(lab, 'lab');
  const greedy = await connectRaw(lab, '/lab');
  greedy.send(syncFrame(2, updateOf('big', 'y'.repeat(10_000))));
  expect(await greedy.closed).toEqual({ code: 4413, reason: 'the document would be larger than 20000 bytes, which is the most' });
  expect(await documentOf(lab, 'lab')).toEqual(before);
  expect(reader.doc.getMap('map').get('big')).toBe(undefined);
  author.doc.getText('t').insert(0, 'small');
  await until(() => reader.doc.getText('t').length === 15_005);
  // What was deleted makes place.
  author.doc.getText('t').delete(0, 14_000);
  await until(() => reader.doc.getText('t').length === 1_005);
  author.doc.getMap('map').set('big', 'z'.repeat(10_000));
  await until(() => reader.doc.getMap('map').get('big') === 'z'.repeat(10_000));
  expect(author.wsconnected && reader.wsconnected).toBe(true);
});

test('edits that replace one another do not fill a document, however many they are', async () => {
  const lab = await startLab({ documentBytesMax: 50_000 });
  const author = joinAsApp(lab, 'lab');
  const reader = joinAsApp(lab, 'lab');
  await until(() => author.synced && reader.synced);
  for (let i = 0; i < 300; i++) author.doc.getMap('map').set('key', `${i} ${'x'.repeat(1_000)}`);
  await until(() => String(reader.doc.getMap('map').get('key')).startsWith('299 '));
});

test('a document that is too large already is loaded and read; only what makes it larger is refused', async () => {
  const disk = new Map<string, Uint8Array>();
  const first = await startLab({ store: new MemoryStore(disk) });
  const author = joinAsApp(first, 'lab');
  author.doc.getText('t').insert(0, 'x'.repeat(30_000));
  author.doc.getText('t').delete(5, 10);
  await until(async () => (await documentOf(first, 'lab')).snapshot.length > 60_000);
  await first.close();
  const lab = await startLab({ store: new MemoryStore(disk), documentBytesMax: 10_000 });
  const reader = joinAsApp(lab, 'lab');
  await until(() => reader.doc.getText('t').length === 29_990);
  // A client that has all of it, and says so once more while it is connected, is no worse for it.
  const same = joinAsApp(lab, 'lab');
  Y.applyUpdate(same.doc, Y.encodeStateAsUpdate(reader.doc));
  await until(() => same.synced);
  const greedy = await connectRaw(lab, '/lab');
  greedy.send(syncFrame(2, updateOf('one', '1')));
  expect((await greedy.closed).code).toBe(4413);
  reader.doc.getText('t').delete(0, 29_000);
  await until(() => same.doc.getText('t').length === 990);
});

test('deletions of what never came are capped like other updates that wait', async () => {
  const lab = await startLab();
  const bad = await connectRaw(lab, '/lab');
  for (let client = 1; client <= 1_200; client++) {
    bad.send(syncFrame(2, encoding.encode((encoder) => [0, 1, client, 1, 5, 1].forEach((number) => encoding.writeVarUint(encoder, number)))));
  }
  expect(await bad.closed).toEqual({ code: 4429, reason: '1000 updates wait for others that never came' });
  const app = joinAsApp(lab, 'lab');
  await until(() => app.synced);
});

test('one awareness client too many is dropped and told so, and all stay', async () => {
  const lab = await startLab({ awarenessClientsMax: 3 });
  const present = (...clients: number[]): Uint8Array => encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint8Array(encoder, encoding.encode((inner) => {
      encoding.writeVarUint(inner, clients.length);
      for (const client of clients) {
        encoding.writeVarUint(inner, client);
        encoding.writeVarUint(inner, 1);
        encoding.writeVarString(inner, '{}');
      }
    }));
  });
  const good = await connectRaw(lab, '/lab');
  good.send(present(1, 2, 3));
  const heard = (): number => good.frames.filter((frame) => frame.toString() === present(1, 2, 3).toString()).length;
  await until(() => heard() === 1);
  const bad = await connectRaw(lab, '/lab');
  const denied = (): string[] => bad.frames.filter((frame) => frame[0] === 2).map((frame) => Buffer.from(frame.subarray(3)).toString());
  bad.send(present(4));
  await until(() => denied().length === 1);
  expect(denied()).toEqual(['presence was dropped: more than 3 awareness clients in one room']);
  const crowd = await connectRaw(lab, '/crowded');
  crowd.send(present(4, 5, 6, 7));
  await until(() => crowd.frames.some((frame) => frame.toString() === present(4, 5, 6).toString()));
  await until(() => crowd.frames.some((frame) => frame[0] === 2));
  expect(good.frames.some((frame) => frame.toString() === present(4).toString())).toBe(false);
  expect([good, bad, crowd].map(({ socket }) => socket.readyState)).toEqual([1, 1, 1]);
});

test.each([
  ['its own store', () => new MemoryStore()],
  ['a store that it shares', () => new SharedMemory().open()],
])('a room gives away so many names of replicas and no more; those who have one come back: %s', async (_kind, openStore) => {
  const lab = await startLab({ store: openStore(), replicasPerRoomMax: 2 });
  await connectReplica(lab, 'lab', 'A');
  const b = await connectReplica(lab, 'lab', 'B');
  const c = await connectRaw(lab, '/lab');
  c.say({ kind: 'hello', version: 1, replica: 'C', instance: 'copy-of-C', summary: b.last('welcome')!.summary });
  expect(await c.closed).toEqual({ code: 4413, reason: '2 replicas have a name in room lab, which is the most' });
  const named = await fetch(`${lab.url}/-/api/rooms/lab/replicas`, { method: 'POST', body: JSON.stringify({ instance: 'new' }) });
  expect(named.status).toBe(503);
  b.socket.close();
  await connectReplica(lab, 'lab', 'B');
});

test('frames that come while a room loads wait, but not any number of them', async () => {
  const store = new LoadingStore();
  const lab = await startLab({ store, backlogFramesMax: 100 });
  const patient = joinAsApp(lab, 'lab');
  patient.doc.getMap('map').set('early', true);
  // In one piece, as a socket that waits is not read any more.
  const { port } = lab;
  const flood = connect(port, '127.0.0.1');
  const closed = new Promise<Buffer>((resolve) => {
    const chunks: Buffer[] = [];
    flood.on('data', (chunk) => chunks.push(chunk)).on('close', () => resolve(Buffer.concat(chunks)));
  });
  const frame = Buffer.from([0x82, 0x81, 0, 0, 0, 0, 3]);
  flood.write('GET /lab HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n');
  await new Promise((resolve) => flood.once('data', resolve));
  flood.write(Buffer.concat(Array.from({ length: 150 }, () => frame)));
  const chunks: Buffer[] = [];
  flood.on('data', (chunk) => chunks.push(chunk));
  await until(() => Buffer.concat(chunks).length >= 4);
  const said = Buffer.concat(chunks);
  expect([said[0], said.readUInt16BE(2)]).toEqual([0x88, 4508]);
  expect(said.subarray(4).toString()).toBe('more than 100 frames came before the room was loaded');
  flood.destroy();
  await closed;
  store.loaded();
  await until(async () => (await documentOf(lab, 'lab')).map['early'] === true);
});

test.each([['sessionsPerRoomMax', 0], ['roomsMax', 1.5], ['documentBytesMax', -1], ['payloadBytesMax', Number.NaN]])('%s = %d is refused', async (name, value) => {
  await expect(createRelay({ store: new MemoryStore(), [name]: value })).rejects.toThrow(`${name} is a whole number above 0`);
});
