/** Rooms under all the names that y-websocket apps give: both sides sync, the control API reaches them, a restart keeps them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WebsocketProvider } from 'y-websocket';
import WebSocket from 'ws';
import * as Y from 'yjs';
import { isRoomName, roomBytesMax, roomNameProblem, roomOfPath, roomPath } from '../../../shared/protocol/room-name.ts';
import { MemoryStore } from '../../support/memory-store.ts';
import { openLevelStore } from '../../../server/storage/level-store.ts';
import { roomKey, roomOfKey } from '../../../shared/relay/storage/room-key.ts';
import { withChecksum } from '../../../shared/relay/storage/checked-value.ts';
import { atEnd, connectRaw, documentOf, joinAsApp, startLab, type TestLab, until } from '../../support/lab-fixture.ts';

/** As apps give them to y-websocket, which puts them into the address as they are; and as the relay calls the room. */
const names: readonly (readonly [given: string, room: string])[] = [
  ['org/doc', 'org/doc'],
  ['notes.md', 'notes.md'],
  ['json:notebook:1', 'json:notebook:1'],
  ['a@b', 'a@b'],
  ['my notes', 'my notes'],
  ['Größe/日本 🎉', 'Größe/日本 🎉'],
  ['prefix/deep/er/doc', 'prefix/deep/er/doc'],
  ['org%2Fencoded', 'org/encoded'],
  ['50%25 (a+b)', '50% (a+b)'],
  ["it's;a,b=c&d$e!*", "it's;a,b=c&d$e!*"],
  ['a//b/', 'a//b/'],
  ['...', '...'],
  ['replica', 'replica'],
  ['-', '-'],
  ['__proto__', '__proto__'],
  ['x'.repeat(65), 'x'.repeat(65)],
  ['x'.repeat(roomBytesMax), 'x'.repeat(roomBytesMax)],
];

async function view(lab: TestLab, room: string, rest = '', init: RequestInit = {}): Promise<Response> {
  return fetch(`${lab.url}/-/api/rooms/${encodeURIComponent(room)}${rest}`, init);
}

describe.each(names)('a room called %j', (given, room) => {
  test('syncs both sides, answers the control API and outlives a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rejoin-names-'));
    atEnd(() => rm(folder, { recursive: true, force: true }));
    const store = await openLevelStore(folder);
    atEnd(() => store.close());
    const lab = await startLab({ store });
    const [one, two] = [joinAsApp(lab, given), joinAsApp(lab, given)];
    one.doc.getMap('map').set('from one', 1);
    two.doc.getMap('map').set('from two', 2);
    await until(() => one.doc.getMap('map').size === 2 && two.doc.getMap('map').size === 2);
    expect(await (await view(lab, room)).json()).toMatchObject({ room, sessions: [{}, {}] });
    const copy = new Y.Doc();
    Y.applyUpdate(copy, new Uint8Array(await (await view(lab, room, '/document')).arrayBuffer()));
    expect(copy.getMap('map').toJSON()).toEqual({ 'from one': 1, 'from two': 2 });
    for (const [method, rest, body] of [['PUT', '/islands', '[["A"]]'], ['PUT', '/links/A%2FB', '{"upstream":{"latencyMs":1}}'], ['GET', '/links/A%2FB', null], ['POST', '/reset', null], ['GET', '/history', null], ['GET', '/scorecard', null], ['PUT', '/settings', '{"enabled":["crdt"]}'], ['GET', '/scenario', null]] as const) {
      const answer = await view(lab, room, rest, { method, ...(body === null ? {} : { body }) });
      expect([rest, answer.ok, answer.ok ? '' : await answer.text()]).toEqual([rest, true, '']);
    }
    for (const each of [one, two]) each.destroy();
    await lab.close();
    const again = await startLab({ store });
    expect((await documentOf(again, room)).map).toEqual({ 'from one': 1, 'from two': 2 });
    expect((await view(again, room, '', { method: 'DELETE' })).status).toBe(204);
    expect((await documentOf(again, room)).map).toEqual({});
  });
});

test('no room sees what another one keeps, whatever their names have in common', async () => {
  const store = new MemoryStore();
  const first = await startLab({ store });
  const rooms = ['a', 'a/b', 'a/record/B', 'a/meta', 'a%2Fb', 'a/update/000000000001', 'a b', 'A'];
  for (const room of rooms) {
    const app = joinAsApp(first, roomPath(room));
    app.doc.getMap('map').set('room', room);
    await until(async () => (await documentOf(first, room)).map['room'] === room);
    app.destroy();
  }
  await first.close();
  const lab = await startLab({ store });
  for (const room of rooms) expect((await documentOf(lab, room)).map).toEqual({ room });
  await lab.relay.emptyRoom('a');
  for (const room of rooms.slice(1)) expect((await documentOf(lab, room)).map).toEqual({ room });
  expect(lab.lines).toEqual([]);
});

test('rooms that were stored when no other names were allowed are found', async () => {
  const key = 'room/Old_room-1/update/000000000001';
  const doc = new Y.Doc();
  doc.getMap('map').set('kept', true);
  const lab = await startLab({ store: new MemoryStore(new Map([[key, withChecksum(key, Y.encodeStateAsUpdate(doc))]])) });
  expect((await documentOf(lab, 'Old_room-1')).map).toEqual({ kept: true });
});

test('keys of names lead back to them, and other keys to none', () => {
  for (const [, room] of names) expect([roomOfKey(roomKey(room)), /[/{}]/.test(roomKey(room))]).toEqual([room, false]);
  expect(roomKey('Old_room-1')).toBe('Old_room-1');
  for (const key of ['a b', '%', '%2f', '{a}']) expect(roomOfKey(key)).toBeNull();
});

const bad: readonly (readonly [path: string, reason: string])[] = [
  ['/', 'a room has a name: 1 to 512 bytes without control characters or dot segments, not below -/ or replica/'],
  ['/?name=A', 'a room has a name: 1 to 512 bytes without control characters or dot segments, not below -/ or replica/'],
  ['/a%00b', '"a\ufffdb" cannot name a room: it has control characters'],
  ['/a%7F', '"a\ufffd" cannot name a room: it has control characters'],
  ['/a%C2%85', '"a\ufffd" cannot name a room: it has control characters'],
  ['/a%0Ab', '"a\ufffdb" cannot name a room: it has control characters'],
  ['/a%2F..%2Fb', '"a/../b" cannot name a room: it has a dot segment'],
  ['/a%2F%2E', '"a/." cannot name a room: it has a dot segment'],
  ['/50%', '"50%" cannot name a room: its percent-encoding is malformed'],
  ['/a%zz', '"a%zz" cannot name a room: its percent-encoding is malformed'],
  ['/a%ff', '"a%ff" cannot name a room: its percent-encoding is malformed'],
  ['/-/api', '"-/api" cannot name a room: what begins like that is the server\'s own'],
  ['/-%2Fcontrol', '"-/control" cannot name a room: what begins like that is the server\'s own'],
  ['/replica/A', '"replica/A" cannot name a room: what begins like that is the server\'s own'],
  [`/${'ä'.repeat(257)}`, `"${'ä'.repeat(20)}…" cannot name a room: it has 514 bytes, and 512 are the most`],
];

test.each(bad)('%s: the WebSocket is accepted and closed with 4404, and the reason says why', async (path, reason) => {
  const lab = await startLab();
  const client = await connectRaw(lab, path);
  expect(await client.closed).toEqual({ code: 4404, reason });
  expect(lab.relay.meter.refused.get('upgrade-4404')).toBe(1);
  expect(lab.relay.roomNames()).toEqual([]);
});

test('an app with a name that cannot be is told why, and does not come back', async () => {
  const lab = await startLab();
  const provider = new WebsocketProvider(lab.ws, 'replica/A', new Y.Doc(), { WebSocketPolyfill: WebSocket as never, disableBc: true, maxBackoffTime: 1 });
  atEnd(() => provider.destroy());
  const closed = await new Promise((resolve) => provider.on('closed', resolve));
  expect(closed).toMatchObject({ code: 4404, reason: expect.stringContaining('cannot name a room') as string });
  expect(provider.shouldConnect).toBe(false);
});

test.each(['a%2F..%2Fb', 'a%00', '-%2Fapi', 'replica%2FA', 'x'.repeat(513)])('the control API answers 404 for the room %s', async (encoded) => {
  const lab = await startLab();
  for (const rest of ['', '/document', '/islands']) expect((await fetch(`${lab.url}/-/api/rooms/${encoded}${rest}`)).status).toBe(404);
});

test('the control channel takes the same names', async () => {
  const lab = await startLab();
  const channel = await connectRaw(lab, `/-/control?room=${encodeURIComponent('org/my doc')}`);
  await until(() => channel.frames.length > 0);
  expect(lab.relay.roomNames()).toEqual(['org/my doc']);
  expect(await (await connectRaw(lab, '/-/control?room=a%2F..')).closed).toMatchObject({ code: 4404 });
});

test('paths and names', () => {
  for (const [, room] of names) expect(roomOfPath(`/${roomPath(room)}?name=A`)).toEqual({ name: room });
  expect(roomPath('org/my doc?#')).toBe('org/my%20doc%3F%23');
  expect(isRoomName('\ud800')).toBe(false);
  expect(roomNameProblem('\ud800x')).toBe('"\ufffdx" cannot name a room: it is no Unicode text');
});
