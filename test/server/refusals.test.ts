import { request } from 'node:http';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { connectRaw, documentOf, joinAsApp, refusedHandshake, startLab, syncFrame, type TestLab, until, updateOf } from './lab-fixture.ts';

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

test('an oversized message closes with 1009; a text frame with 1003; the other session sees nothing', async () => {
  const lab = await startLab({ payloadBytesMax: 1_000 });
  const watcher = await connectRaw(lab, '/lab');
  const big = await connectRaw(lab, '/lab');
  big.send(new Uint8Array(1_001));
  expect((await big.closed).code).toBe(1009);
  const text = await connectRaw(lab, '/lab');
  text.send('hello');
  expect(await text.closed).toEqual({ code: 1003, reason: 'text frames are not part of the protocol' });
  expect(watcher.frames).toEqual([]);
  expect(watcher.socket.readyState).toBe(watcher.socket.OPEN);
});

test('a session that does not read is closed with 1013 and does not hold up the others', async () => {
  const lab = await startLab({ bufferedBytesMax: 100_000 });
  const slow = await connectRaw(lab, '/lab');
  slow.socket.pause();
  const author = joinAsApp(lab, 'lab');
  const reader = joinAsApp(lab, 'lab');
  await until(() => author.synced && reader.synced);
  const sessions = async (): Promise<number> => {
    const lease = await lab.relay.lease('lab');
    lease.release();
    return lease.room.sessions.length;
  };
  // Well beyond what the system's own socket buffers take.
  for (let i = 0; i < 100 && (await sessions()) === 3; i++) {
    author.doc.getArray('a').push(['x'.repeat(200_000)]);
    await until(() => reader.doc.getArray('a').length === i + 1);
  }
  expect(await sessions()).toBe(2);
  slow.socket.resume();
  expect((await slow.closed).code).toBe(1013);
});

test('updates that wait for others that never come are capped, and the document goes on', async () => {
  const lab = await startLab();
  const doc = new Y.Doc();
  const pieces: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => pieces.push(update));
  for (let i = 0; i < 1_200; i++) doc.getArray('a').push([i]);
  const bad = await connectRaw(lab, '/lab');
  for (const piece of pieces.slice(1)) bad.send(syncFrame(2, piece));
  expect(await bad.closed).toMatchObject({ code: 1008 });
  const app = joinAsApp(lab, 'lab');
  app.doc.getMap('map').set('works', true);
  await until(async () => (await documentOf(lab, 'lab')).map['works'] === true);
  const whole = joinAsApp(lab, 'lab', doc);
  await until(() => whole.synced);
  const other = joinAsApp(lab, 'lab');
  await until(() => other.doc.getArray('a').length === 1_200);
});
