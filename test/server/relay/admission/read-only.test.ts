/** What a token may that only reads, and what clients see of it. */
import { expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { VersionVector } from '../../../../shared/clocks/version-vector.ts';
import { atEnd, connectRaw, documentOf, joinAsApp, refusedHandshake, startLab, syncFrame, until, updateOf } from '../../../support/lab-fixture.ts';

const token = 'the token of those who write';
const readToken = 'the token of readers: ä%+/=';
const lab = (): ReturnType<typeof startLab> => startLab({ token, readToken, tokenQuery: 'auth' });
const asWriter = { authorization: `Bearer ${token}` };
const asReader = { authorization: `Bearer ${encodeURIComponent(readToken)}` };

test('a reader gets all that is written and says who it is, and what it writes reaches nobody; its connection stays', async () => {
  const relay = await lab();
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
  atEnd(() => warned.mockRestore());
  const writer = joinAsApp(relay, 'lab', undefined, { token });
  const own = new Y.Doc();
  own.getMap('map').set('offline', 'a reader had this before');
  const reader = joinAsApp(relay, 'lab', own, { token: readToken });
  writer.doc.getMap('map').set('one', 1);
  await until(() => reader.synced && reader.doc.getMap('map').get('one') === 1);
  reader.awareness.setLocalStateField('user', 'reader');
  await until(() => [...writer.awareness.getStates().values()].some((state) => state['user'] === 'reader'));
  reader.doc.getMap('map').set('two', 2);
  reader.doc.getMap('map').set('three', 3);
  await until(() => relay.relay.meter.refused.get('read-only') === 2);
  await until(() => warned.mock.calls.length > 0);
  expect(warned.mock.calls.map(([line]) => String(line))).toEqual([expect.stringContaining('this token only reads: your changes reach nobody')]);
  writer.doc.getMap('map').set('four', 4);
  await until(() => reader.doc.getMap('map').get('four') === 4);
  expect((await documentOf(relay, 'lab')).map).toEqual({ one: 1, four: 4 });
  expect(writer.doc.getMap('map').toJSON()).toEqual({ one: 1, four: 4 });
  expect(reader.wsconnected).toBe(true);
});

test('a reader whose link has lost frames is brought up to date, and still writes nothing', async () => {
  const relay = await lab();
  const reader = joinAsApp(relay, 'lab', undefined, { token: readToken, name: 'reader' });
  await until(() => reader.synced);
  reader.doc.getMap('map').set('mine', true);
  const bend = (link: object): Promise<Response> => fetch(`${relay.url}/-/api/rooms/lab/links/reader`, { method: 'PUT', headers: asWriter, body: JSON.stringify(link) });
  expect((await bend({ downstream: { cut: true } })).status).toBe(200);
  const writer = joinAsApp(relay, 'lab', undefined, { token });
  writer.doc.getMap('map').set('one', 1);
  await until(async () => (await documentOf(relay, 'lab')).map['one'] === 1);
  await bend({});
  await until(() => reader.doc.getMap('map').get('one') === 1);
  expect((await documentOf(relay, 'lab')).map).toEqual({ one: 1 });
});

test('a reader reads the control API and changes nothing there; the control channel and being a replica are for writers', async () => {
  const relay = await lab();
  for (const path of ['/-/api/rooms', '/-/api/rooms/lab', '/-/api/rooms/lab/document', '/-/api/rooms/lab/history', '/-/metrics', '/-/api/relay']) expect((await fetch(`${relay.url}${path}`, { headers: asReader })).status).toBe(200);
  for (const [method, path] of [['PUT', '/-/api/relay'], ['DELETE', '/-/api/rooms/lab'], ['PUT', '/-/api/rooms/lab/document'], ['POST', '/-/api/rooms/lab/reset'], ['PATCH', '/-/api/rooms/lab']] as const) {
    const answer = await fetch(`${relay.url}${path}`, { method, headers: asReader, body: '{"online":false}' });
    expect([answer.status, await answer.json()]).toMatchObject([403, { detail: 'this token only reads' }]);
  }
  expect(relay.relay.online).toBe(true);
  expect((await refusedHandshake(relay, '/-/control?room=lab', asReader)).status).toBe(403);
  const window = await connectRaw(relay, '/lab', asReader);
  window.say({ kind: 'hello', version: 1, replica: 'A', instance: 'one', summary: VersionVector.empty });
  expect(await window.closed).toEqual({ code: 4403, reason: 'this token only reads, and a replica of the lab writes' });
  const raw = await connectRaw(relay, '/lab', asReader);
  raw.send(syncFrame(1, updateOf('step two', 1)));
  await until(() => relay.relay.meter.refused.get('read-only') === 2);
  expect((await documentOf(relay, 'lab')).map).toEqual({});
});

test('any text is a token, in every place that clients can write it to', async () => {
  const relay = await lab();
  for (const [text, rights] of [[token, 'PUT'], [readToken, 'GET']] as const) {
    const encoded = encodeURIComponent(text);
    const places: { path: string; headers: Record<string, string> }[] = [
      { path: `?token=${encoded}`, headers: {} },
      { path: `?auth=${encoded}`, headers: {} },
      { path: `?token=${encoded.replaceAll('%2B', '+')}`, headers: {} },
      { path: '', headers: { authorization: `Bearer ${encoded}` } },
      { path: '', headers: { authorization: `bearer ${Buffer.from(text).toString('latin1')}` } },
      { path: '', headers: { cookie: `rejoin-token-${relay.port}=${encoded}` } },
    ];
    for (const { path, headers } of places) {
      const answer = await fetch(`${relay.url}/-/api/relay${path}`, { method: rights, headers, ...(rights === 'PUT' ? { body: '{"online":true}' } : {}) });
      expect([text, path, headers, answer.status]).toEqual([text, path, headers, 200]);
      (await connectRaw(relay, `/lab${path}`, headers)).socket.close();
    }
  }
  for (const path of ['?auth=wrong', `?auth=wrong&token=${'x'.repeat(22)}`, '?other=1']) expect((await fetch(`${relay.url}/-/api/relay${path}`)).status).toBe(401);
});

test('a browser that came with a token in its address gets a cookie that is one again', async () => {
  const relay = await lab();
  const first = await fetch(`${relay.url}/-/api/relay?auth=${encodeURIComponent(readToken)}`);
  const cookie = first.headers.get('set-cookie')!.split(';')[0]!;
  expect((await fetch(`${relay.url}/-/api/relay`, { headers: { cookie } })).status).toBe(200);
});

test('as a sub-protocol a token lets y-websocket in, and an app keeps its own protocol', async () => {
  const relay = await lab();
  for (const [protocols, answered] of [[[encodeURIComponent(token)], encodeURIComponent(token)], [['yjs', encodeURIComponent(token)], 'yjs'], [[encodeURIComponent(token), 'yjs'], 'yjs']] as const) {
    const provider = new WebsocketProvider(relay.ws, 'lab', new Y.Doc(), { WebSocketPolyfill: WebSocket as never, disableBc: true, protocols: [...protocols] });
    atEnd(() => provider.destroy());
    await until(() => provider.synced);
    expect(provider.ws!.protocol).toBe(answered);
  }
  const status = await new Promise((resolve) => new WebSocket(`${relay.ws}/lab`, ['yjs', 'x'.repeat(22)]).on('unexpected-response', (_request, { statusCode }) => resolve(statusCode)).on('error', () => {}));
  expect(status).toBe(401);
});
