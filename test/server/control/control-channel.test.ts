import { expect, test } from 'vitest';
import WebSocket from 'ws';
import type { ControlMessage } from '../../../shared/control/control-message.ts';
import type { ReplicaStatus } from '../../../shared/control/replica-status.ts';
import { atEnd, connectReplica, encodedRecords, LoadingStore, record, refusedSession, startLab, type TestLab, until } from '../../support/lab-fixture.ts';

interface Channel {
  readonly socket: WebSocket;
  readonly received: ControlMessage[];
  readonly closed: Promise<{ code: number; reason: string }>;
  lab(): Extract<ControlMessage, { kind: 'lab' }> | undefined;
  /** The moments that it was told, in order. */
  moments(): (number | null)[];
  say(message: unknown): void;
}

async function watch(lab: TestLab, query: string): Promise<Channel> {
  const socket = new WebSocket(`${lab.ws}/-/control?${query}`);
  const received: ControlMessage[] = [];
  socket.on('message', (data: Buffer) => received.push(JSON.parse(data.toString()) as ControlMessage));
  socket.on('error', () => {});
  const closed = new Promise<{ code: number; reason: string }>((resolve) => socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })));
  atEnd(() => socket.terminate());
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return {
    socket,
    received,
    closed,
    lab: () => received.filter((message): message is Extract<ControlMessage, { kind: 'lab' }> => message.kind === 'lab').at(-1),
    moments: () => received.flatMap((message) => (message.kind === 'moment' ? message.atMs : [])),
    say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
  };
}

function status(replica: string, changes: Partial<ReplicaStatus> = {}): ReplicaStatus {
  return { replica, online: true, connection: 'synced', waiting: 0, allSaved: true, clock: { [replica]: 3 }, edits: { [replica]: 2 }, skewMs: 0, digests: { crdt: 'abc' }, ...changes };
}

test('a snapshot comes on opening, and after each change of sessions, status, settings and relay', async () => {
  const lab = await startLab();
  const control = await watch(lab, 'room=lab');
  await until(() => control.lab());
  expect(control.lab()).toMatchObject({ relayOnline: true, room: { room: 'lab', sessions: [], replicas: [] } });
  await connectReplica(lab, 'lab', 'A');
  await until(() => control.lab()?.room.sessions.some((session) => session.name === 'A' && session.replica));
  const a = await watch(lab, 'room=lab&replica=A');
  a.say({ kind: 'status', status: status('A', { waiting: 2 }) });
  await until(() => control.lab()?.room.replicas[0]?.waiting === 2);
  a.say({ kind: 'status', status: status('A', { waiting: 0 }) });
  await until(() => control.lab()?.room.replicas[0]?.waiting === 0);
  await fetch(`${lab.url}/-/api/rooms/lab/settings`, { method: 'PUT', body: JSON.stringify({ lastWriterWins: { granularity: 'document', clock: 'wall' } }) });
  await until(() => control.lab()?.room.settings.lastWriterWins.granularity === 'document');
  lab.relay.online = false;
  await until(() => control.lab()?.relayOnline === false && control.lab()?.room.sessions.length === 0);
  expect(control.lab()?.room.replicas.map((each) => each.replica)).toEqual(['A']);
  lab.relay.online = true;
  await until(() => control.lab()?.relayOnline);
  a.socket.close();
  await until(() => control.lab()?.room.replicas.length === 0);
});

test('the channel works while the relay is off', async () => {
  const lab = await startLab();
  lab.relay.online = false;
  const control = await watch(lab, 'room=lab');
  await until(() => control.lab()?.relayOnline === false);
});

test('a network command reaches the window of that replica in that room, and no other', async () => {
  const lab = await startLab();
  const [a, b, elsewhere, control] = [await watch(lab, 'room=lab&replica=A'), await watch(lab, 'room=lab&replica=B'), await watch(lab, 'room=other&replica=A'), await watch(lab, 'room=lab')];
  control.say({ kind: 'network', replica: 'A', online: false });
  await until(() => a.received.some((message) => message.kind === 'network'));
  expect(a.received.find((message) => message.kind === 'network')).toEqual({ kind: 'network', replica: 'A', online: false });
  for (const other of [b, elsewhere, control]) expect(other.received.some((message) => message.kind === 'network')).toBe(false);
});

test('windows of an emptied room are told so, others not', async () => {
  const lab = await startLab();
  const [a, other] = [await watch(lab, 'room=lab&replica=A'), await watch(lab, 'room=other')];
  await until(() => a.lab() && other.lab());
  await lab.relay.emptyRoom('lab');
  await until(() => a.received.some((message) => message.kind === 'emptied'));
  expect(other.received.some((message) => message.kind === 'emptied')).toBe(false);
});

const atMs = 1_795_939_200_000;
const momentOf = async (lab: TestLab): Promise<unknown> => (await fetch(`${lab.url}/-/api/rooms/lab/moment`)).json();
const atMoment = (at: number | null) => ({ kind: 'moment', atMs: at });

test('a moment that the control room sets reaches all pages of that room, its own too, and no others; null ends it', async () => {
  const lab = await startLab();
  const [control, second, a, elsewhere] = [await watch(lab, 'room=lab'), await watch(lab, 'room=lab'), await watch(lab, 'room=lab&replica=A'), await watch(lab, 'room=other')];
  await until(() => [control, second, a, elsewhere].every((each) => each.lab()));
  control.say(atMoment(atMs + 0.4));
  await until(() => [control, second, a].every((each) => each.moments().length === 1));
  second.say(atMoment(0));
  await until(() => [control, second, a].every((each) => each.moments().length === 2));
  control.say(atMoment(null));
  await until(() => [control, second, a].every((each) => each.moments().length === 3));
  for (const each of [control, second, a]) expect(each.moments()).toEqual([atMs, 0, null]);
  // What was said before the answer to this would have come before it.
  elsewhere.say({ kind: 'ask-time', sentMs: 1 });
  await until(() => elsewhere.received.some(({ kind }) => kind === 'time'));
  expect(elsewhere.moments()).toEqual([]);
});

test('a moment that was set before the room was loaded is shown; a page that connects is told of it after its first snapshot, and of now it is not', async () => {
  const store = new LoadingStore();
  const lab = await startLab({ store });
  const control = await watch(lab, 'room=lab');
  control.say(atMoment(atMs));
  control.say({ kind: 'ask-time', sentMs: 1 });
  await until(() => control.received.some(({ kind }) => kind === 'time'));
  store.loaded();
  await until(() => control.moments().length === 1);
  const late = await watch(lab, 'room=lab&replica=A');
  await until(() => late.moments().length === 1);
  expect(late.received.slice(0, 2).map(({ kind }) => kind)).toEqual(['lab', 'moment']);
  expect([control.moments(), late.moments()]).toEqual([[atMs], [atMs]]);
  control.say(atMoment(null));
  await until(() => late.moments().length === 2);
  const later = await watch(lab, 'room=lab&replica=B');
  await until(() => later.lab());
  control.say(atMoment(7));
  await until(() => later.moments().length === 1);
  expect(later.moments()).toEqual([7]);
});

test('a moment that is dragged comes as few messages, and the last one is right', async () => {
  const lab = await startLab();
  const [control, a] = [await watch(lab, 'room=lab'), await watch(lab, 'room=lab&replica=A')];
  await until(() => control.lab() && a.lab());
  const beganMs = performance.now();
  for (let i = 1; i <= 2_000; i++) control.say(atMoment(i));
  await until(() => a.moments().at(-1) === 2_000 && control.moments().at(-1) === 2_000);
  // One in 16 ms, and timers may be a little early.
  expect(a.moments().length).toBeLessThan(3 + (performance.now() - beganMs) / 12);
  expect(a.moments()).toEqual([...a.moments()].sort((one, other) => one! - other!));
});

test('windows are back to now before they hear that the room was emptied', async () => {
  const lab = await startLab();
  const [control, a] = [await watch(lab, 'room=lab'), await watch(lab, 'room=lab&replica=A')];
  await until(() => control.lab() && a.lab());
  control.say(atMoment(atMs));
  await until(() => a.moments().length === 1);
  await lab.relay.emptyRoom('lab');
  await until(() => a.received.some(({ kind }) => kind === 'emptied'));
  const kinds = a.received.map(({ kind }) => kind);
  expect(a.moments()).toEqual([atMs, null]);
  expect(kinds.lastIndexOf('moment')).toBeLessThan(kinds.indexOf('emptied'));
});

test('when the last control room of a room is closed its windows are back to now; while there is another one they stay, and when a window is closed they do, too', async () => {
  const lab = await startLab();
  const [first, second, elsewhere] = [await watch(lab, 'room=lab'), await watch(lab, 'room=lab'), await watch(lab, 'room=other')];
  const [a, b] = [await watch(lab, 'room=lab&replica=A'), await watch(lab, 'room=lab&replica=B')];
  await until(() => [first, second, elsewhere, a, b].every((each) => each.lab()));
  first.say(atMoment(atMs));
  await until(() => a.moments().length === 1);
  first.socket.close();
  b.socket.close();
  await Promise.all([first.closed, b.closed]);
  expect(await momentOf(lab)).toEqual({ atMs });
  second.say(atMoment(atMs + 1));
  await until(() => a.moments().length === 2);
  // The page is gone without a word.
  second.socket.terminate();
  await until(() => a.moments().length === 3);
  expect(a.moments()).toEqual([atMs, atMs + 1, null]);
});

test('a scenario that is chosen, played or stepped brings the windows back to now, one that is stopped does not', async () => {
  const lab = await startLab();
  const scenario = (method: string, verb: string, body?: object): Promise<Response> => fetch(`${lab.url}/-/api/rooms/lab/scenario${verb}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
  const [control, a] = [await watch(lab, 'room=lab'), await watch(lab, 'room=lab&replica=A')];
  await until(() => control.lab() && a.lab());
  const told: (number | null)[] = [];
  const goBack = async (): Promise<void> => {
    control.say(atMoment(told.length));
    told.push(told.length);
    await until(() => a.moments().length === told.length);
  };
  for (const [method, verb, body] of [['PUT', '', { text: 'title: Votes\nfields: { votes: { type: counter } }\nsteps:\n  - { at: A, increment: votes }\n' }], ['POST', '/play'], ['POST', '/step'], ['DELETE', '']] as const) {
    await goBack();
    expect((await scenario(method, verb, body)).ok).toBe(true);
    told.push(null);
    await until(() => a.moments().length === told.length);
    if (verb !== '/step') continue;
    await goBack();
    expect((await scenario('POST', '/pause')).ok).toBe(true);
    expect(await momentOf(lab)).not.toEqual({ atMs: null });
    control.say(atMoment(null));
    told.push(null);
    await until(() => a.moments().length === told.length);
  }
  expect(a.moments()).toEqual(told);
});

test('totals follow the records and what the open replicas have of them', async () => {
  const lab = await startLab({ scorecard: (records, _doc, everywhere) => [{ strategy: 'crdt', actions: records.length, pending: records.length - everywhere.size } as never] });
  const control = await watch(lab, 'room=lab');
  const a = await connectReplica(lab, 'lab', 'A');
  const b = await watch(lab, 'room=lab&replica=B');
  b.say({ kind: 'status', status: status('B', { clock: { A: 1 } }) });
  a.say(encodedRecords(record('A', 1), record('A', 2)));
  await until(() => control.lab()?.room.totals[0]?.actions === 2 && control.lab()?.room.totals[0]?.pending === 1);
  b.say({ kind: 'status', status: status('B', { clock: { A: 2 } }) });
  await until(() => control.lab()?.room.totals[0]?.pending === 0);
});

test('a burst of changes comes as few snapshots, and the last one is right', async () => {
  const lab = await startLab();
  const control = await watch(lab, 'room=lab');
  const a = await watch(lab, 'room=lab&replica=A');
  await until(() => control.lab());
  for (let i = 1; i <= 500; i++) a.say({ kind: 'status', status: status('A', { waiting: i }) });
  await until(() => control.lab()?.room.replicas[0]?.waiting === 500);
  expect(control.received.length).toBeLessThan(100);
});

test('a scorecard that throws is reported once and leaves the rest of the snapshot', async () => {
  const lab = await startLab({ scorecard: () => { throw new Error('no such field'); } });
  const control = await watch(lab, 'room=lab');
  await until(() => control.lab());
  expect(control.lab()?.room.totals).toEqual([]);
  const a = await connectReplica(lab, 'lab', 'A');
  a.say(encodedRecords(record('A', 1)));
  await until(() => control.lab()?.room.sessions.length === 1);
  expect(lab.lines).toEqual(['room lab: the scorecard cannot be computed: no such field']);
});

test.each([
  ['no JSON', '{'],
  ['a message that only the server sends', { kind: 'emptied' }],
  ['an unknown kind', { kind: 'shout' }],
  ['a status with a wrong member', { kind: 'status', status: { ...status('A'), waiting: -1 } }],
  ['a status with an unknown member', { kind: 'status', status: { ...status('A'), extra: 1 } }],
  ['the status of another replica', { kind: 'status', status: status('B') }],
  ['a network command for no name', { kind: 'network', replica: 'a b', online: true }],
  ['a moment from a replica window', { kind: 'moment', atMs: 1 }],
  ['null', null],
])('%s closes the channel with 4400; the others go on', async (_name, message) => {
  const lab = await startLab();
  const [bad, control] = [await watch(lab, 'room=lab&replica=A'), await watch(lab, 'room=lab')];
  bad.say(message);
  expect(await bad.closed).toMatchObject({ code: 4400, reason: expect.stringMatching(/^malformed message: /) });
  expect(control.socket.readyState).toBe(WebSocket.OPEN);
});

test.each([[-1], ['now'], [undefined], ['1e999'], [8.65e15]])('a moment %j closes the channel of a control room with 4400, and the room stays at now', async (wrong) => {
  const lab = await startLab();
  const [bad, control] = [await watch(lab, 'room=lab'), await watch(lab, 'room=lab')];
  bad.say(wrong === '1e999' ? '{"kind":"moment","atMs":1e999}' : { kind: 'moment', atMs: wrong });
  expect(await bad.closed).toMatchObject({ code: 4400, reason: expect.stringMatching(/^malformed message: atMs: /) });
  expect(await momentOf(lab)).toEqual({ atMs: null });
  expect(control.moments()).toEqual([]);
});

test('binary frames and oversized messages close the channel', async () => {
  const lab = await startLab();
  const binary = await watch(lab, 'room=lab');
  binary.socket.send(Uint8Array.of(1));
  expect((await binary.closed).code).toBe(4415);
  const big = await watch(lab, 'room=lab');
  big.say(JSON.stringify({ kind: 'x'.repeat(70_000) }));
  expect((await big.closed).code).toBe(1009);
});

test('a channel for no room or no replica is closed with 4404', async () => {
  const lab = await startLab();
  for (const query of ['', '?room=a/../b', '?room=lab&replica=a%20b']) expect((await refusedSession(lab, `/-/control${query}`)).code).toBe(4404);
});
