import { expect, test } from 'vitest';
import WebSocket from 'ws';
import type { ControlMessage, ReplicaStatus } from '../../shared/protocol/control.ts';
import { atEnd, connectReplica, encodedRecords, record, refusedSession, startLab, type TestLab, until } from './lab-fixture.ts';

interface Channel {
  readonly socket: WebSocket;
  readonly received: ControlMessage[];
  readonly closed: Promise<{ code: number; reason: string }>;
  lab(): Extract<ControlMessage, { kind: 'lab' }> | undefined;
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
  ['null', null],
])('%s closes the channel with 4400; the others go on', async (_name, message) => {
  const lab = await startLab();
  const [bad, control] = [await watch(lab, 'room=lab&replica=A'), await watch(lab, 'room=lab')];
  bad.say(message);
  expect(await bad.closed).toMatchObject({ code: 4400, reason: expect.stringMatching(/^malformed message: /) });
  expect(control.socket.readyState).toBe(WebSocket.OPEN);
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
