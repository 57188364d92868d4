import { request } from 'node:http';
import * as decoding from 'lib0/decoding';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import type { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import type { LabOptions } from '../../../server/control/lab.ts';
import { closeCodes } from '../../../shared/relay/refusal.ts';
import { systemClock } from '../../../server/relay/system-clock.ts';
import { connectRaw, documentOf, joinAsApp, type RawClient, refusedHandshake, startLab, syncFrame, type TestLab, until, updateOf } from '../../support/lab-fixture.ts';

function get(lab: TestLab, headers: Record<string, string>, path = '/-/api/rooms'): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`${lab.url}${path}`, { headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    }).on('error', reject).end();
  });
}

test.each([`/${'x'.repeat(64)}`, '/a', '/A_b-9', '/__proto__', '/constructor', '/toString'])('the room name %s is let in and works', async (path) => {
  const lab = await startLab();
  const client = await connectRaw(lab, path);
  client.send(syncFrame(2, updateOf('one', '1')));
  await until(async () => (await documentOf(lab, path.slice(1))).map['one'] === '1');
});

test.each(['evil.example', 'evil.example:80', 'localhost.evil.example', '127.0.0.1.evil.example', 'a b', '[::1', 'user@localhost'])('the Host header "%s" is refused with 403', async (host) => {
  const lab = await startLab();
  expect(await get(lab, { host })).toBe(403);
  if (host !== 'a b') expect((await refusedHandshake(lab, '/lab', { host })).status).toBe(403);
});

test.each(['localhost', 'LOCALHOST:99', '127.0.0.1', '[::1]:1234', '192.168.1.7:1234', 'lab.test'])('the Host header "%s" is let in', async (host) => {
  const lab = await startLab({ hostNames: ['lab.test'] });
  expect(await get(lab, { host })).toBe(200);
  (await connectRaw(lab, '/lab', { host })).socket.close();
});

test.each(['null', 'http://evil.example', 'https://127.0.0.1', 'http://192.168.1.7', 'http://127.0.0.1', 'http://127.0.0.1:1', 'rejoin://other', 'file://', 'http://localhost.evil.example'])(
  'the Origin %s is refused with 403, for sockets, channel and API',
  async (origin) => {
    const lab = await startLab();
    expect((await refusedHandshake(lab, '/lab', { origin })).status).toBe(403);
    expect((await refusedHandshake(lab, '/-/control?room=lab', { origin })).status).toBe(403);
    expect(await get(lab, { origin })).toBe(403);
    expect(await get(lab, { origin }, '/')).toBe(403);
  },
);

test("our own origins, the desktop's and those that were allowed are let in", async () => {
  const lab = await startLab({ allowOrigins: ['http://localhost:5173'] });
  for (const origin of [lab.url, `http://localhost:${lab.port}`, `http://[::1]:${lab.port}`, 'rejoin://lab', 'http://localhost:5173']) {
    (await connectRaw(lab, '/lab', { origin })).socket.close();
    expect(await get(lab, { origin })).toBe(200);
  }
});

test('an oversized message closes with 4413; a text frame with 4415; the other session sees nothing', async () => {
  const lab = await startLab({ payloadBytesMax: 1_000 });
  const watcher = await connectRaw(lab, '/lab');
  const big = await connectRaw(lab, '/lab');
  big.send(new Uint8Array(1_001));
  expect(await big.closed).toEqual({ code: 4413, reason: 'a message of 1001 bytes is too large: 1000 bytes is the most' });
  const text = await connectRaw(lab, '/lab');
  text.send('hello');
  expect(await text.closed).toEqual({ code: 4415, reason: 'text frames are not part of the protocol' });
  expect(watcher.frames).toEqual([]);
  expect(watcher.socket.readyState).toBe(watcher.socket.OPEN);
});

/** A lab whose pings are sent when the test says so. */
async function startPingedLab(options: Partial<LabOptions> = {}): Promise<TestLab & { ping(): void }> {
  let ping = (): void => {};
  const after = (ms: number, callback: () => void): (() => void) => {
    if (ms === 7_777) ping = callback;
    else return systemClock.after(ms, callback);
    return () => {};
  };
  const lab = await startLab({ ...options, pingMs: 7_777, clock: { ...systemClock, after } });
  return { ...lab, ping: () => ping() };
}

/** Edits until more waits for the session that does not read than the system's own socket buffers take. */
async function overwhelm(lab: TestLab, slow: RawClient, author: WebsocketProvider, reader: WebsocketProvider): Promise<void> {
  slow.send(syncFrame(0, Uint8Array.of(0)));
  await until(() => slow.frames.some((frame) => frame[0] === 0 && frame[1] === 1));
  slow.socket.pause();
  for (let i = 1; i <= 60; i++) {
    author.doc.getArray('a').push(['x'.repeat(200_000)]);
    await until(() => reader.doc.getArray('a').length === i);
  }
}

test('a session that does not read holds up nobody and takes little memory; when it reads again it gets all that it lacks, and was never closed', async () => {
  const lab = await startPingedLab({ bufferedBytesMax: 500_000 });
  const slow = await connectRaw(lab, '/lab');
  const [author, reader] = [joinAsApp(lab, 'lab'), joinAsApp(lab, 'lab')];
  await until(() => author.synced && reader.synced);
  await overwhelm(lab, slow, author, reader);
  const late = new Y.Doc();
  slow.socket.on('message', (data: Buffer) => {
    if (data[0] !== 0 || data[1] === 0) return;
    const decoder = decoding.createDecoder(data.subarray(2));
    Y.applyUpdate(late, decoding.readVarUint8Array(decoder));
  });
  slow.socket.resume();
  await until(() => late.getArray('a').length === 60);
  expect(slow.socket.readyState).toBe(WebSocket.OPEN);
  expect([late.store.pendingStructs, late.store.pendingDs]).toEqual([null, null]);
});

test('a session that takes no byte at all for four pings is closed as too slow', async () => {
  const lab = await startPingedLab();
  const slow = await connectRaw(lab, '/lab');
  const [author, reader] = [joinAsApp(lab, 'lab'), joinAsApp(lab, 'lab')];
  await until(() => author.synced && reader.synced);
  await overwhelm(lab, slow, author, reader);
  const ended: { code: number; reason: string }[] = [];
  lab.relay.onEvent((event) => event.kind === 'session-ended' && ended.push({ code: event.code, reason: event.reason }));
  // The first one asks; after that, each finds that nothing was taken.
  for (let i = 0; i < 4; i++) {
    lab.ping();
    await until(async () => (await fetch(`${lab.url}/-/api/rooms`)).ok);
    expect(ended).toEqual([]);
  }
  lab.ping();
  await until(() => ended.length > 0);
  expect(ended[0]).toEqual({ code: closeCodes.tooSlow, reason: expect.stringMatching(/^it does not read: \d+ bytes wait for it$/) });
  expect(author.wsconnected && reader.wsconnected).toBe(true);
});

test('updates that wait for others that never come are capped, and the document goes on', async () => {
  const lab = await startLab();
  const doc = new Y.Doc();
  const pieces: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => pieces.push(update));
  for (let i = 0; i < 1_200; i++) doc.getArray('a').push([i]);
  const bad = await connectRaw(lab, '/lab');
  for (const piece of pieces.slice(1)) bad.send(syncFrame(2, piece));
  expect(await bad.closed).toMatchObject({ code: 4429 });
  const app = joinAsApp(lab, 'lab');
  app.doc.getMap('map').set('works', true);
  await until(async () => (await documentOf(lab, 'lab')).map['works'] === true);
  const whole = joinAsApp(lab, 'lab', doc);
  await until(() => whole.synced);
  const other = joinAsApp(lab, 'lab');
  await until(() => other.doc.getArray('a').length === 1_200);
});
