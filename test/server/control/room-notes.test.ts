/** What windows note of their replicas, at a real lab: told over the control channel, once each, and seen in history, scorecard, API and metrics. */
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { dotKey } from '../../../shared/clocks/dot.ts';
import type { ControlMessage } from '../../../shared/control/control-message.ts';
import { parseHistory } from '../../../shared/history/history-file.ts';
import type { ReplicaNote } from '../../../shared/history/room-event.ts';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import { MemoryStore } from '../../support/memory-store.ts';
import { NoteReports } from '../../../renderer/controllers/note-reports.ts';
import { atEnd, connectReplica, encodedRecords, record, startLab, type TestLab, until } from '../../support/lab-fixture.ts';

interface Channel {
  readonly messages: ControlMessage[];
  readonly closed: Promise<string>;
  say(message: object): void;
  last<Kind extends ControlMessage['kind']>(kind: Kind): Extract<ControlMessage, { kind: Kind }> | undefined;
  /** The end of the channel that a window has. */
  readonly control: ConstructorParameters<typeof Object>[0] & { listen(listener: Listener): () => void; send(message: ControlMessage): boolean };
}
interface Listener {
  received?(message: ControlMessage): void;
}

async function openChannel(lab: TestLab, replica: string): Promise<Channel> {
  const socket = new WebSocket(`${lab.ws}/-/control?room=lab&replica=${replica}`);
  atEnd(() => socket.terminate());
  const messages: ControlMessage[] = [];
  const listeners = new Set<Listener>();
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as ControlMessage;
    messages.push(message);
    for (const listener of listeners) listener.received?.(message);
  });
  const closed = new Promise<string>((resolve) => socket.on('close', (_code, reason) => resolve(reason.toString())));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const say = (message: object): void => socket.send(JSON.stringify(message));
  return {
    messages,
    closed,
    say,
    last: <Kind extends ControlMessage['kind']>(kind: Kind) => messages.filter((message): message is Extract<ControlMessage, { kind: Kind }> => message.kind === kind).at(-1),
    control: {
      listen: (listener: Listener) => {
        listeners.add(listener);
        const lab = messages.filter(({ kind }) => kind === 'lab').at(-1);
        if (lab) listener.received?.(lab);
        return () => listeners.delete(listener);
      },
      send: (message: ControlMessage) => {
        say(message);
        return true;
      },
    },
  };
}

const arrived = (replica: string, wallMs: number, counters: Record<string, number>): ReplicaNote => ({ kind: 'arrived', replica, wallMs, payload: { has: VersionVector.of(Object.entries(counters)), shows: { crdt: { votes: null } } } });
const json = async (lab: TestLab, path: string): Promise<unknown> => (await fetch(`${lab.url}/-/api/rooms/lab/${path}`)).json();
const historyOf = async (lab: TestLab) => parseHistory((await (await fetch(`${lab.url}/-/api/rooms/lab/history`)).text()).trimEnd().split('\n'));

async function keysOf(store: MemoryStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.read('note/')) keys.push(key);
  return keys;
}

test('notes of windows stand in the history, in the order of time, each once; lag comes of them', async () => {
  const lab = await startLab();
  const a = await connectReplica(lab, 'lab', 'A');
  const edit = { ...record('A', 1), traces: { 'last-writer-wins': { outcome: 'accepted', details: [0, { title: '' }] } } } as const;
  a.say(encodedRecords(edit));
  await until(() => a.last('saved')?.summary.size === 1);
  const [ofA, ofB] = [await openChannel(lab, 'A'), await openChannel(lab, 'B')];
  await until(() => ofA.last('lab') && ofB.last('lab'));
  ofB.say({ kind: 'notes', instance: 'b', from: 1, notes: [arrived('B', edit.wallMs - 1, {}), arrived('B', edit.wallMs + 700, { A: 1 })] });
  ofA.say({ kind: 'notes', instance: 'a', from: 1, notes: [arrived('A', edit.wallMs, { A: 1 })] });
  await until(() => ofA.last('noted')?.upTo === 1 && ofB.last('noted')?.upTo === 2);
  // Again, and one more: only that is new.
  ofB.say({ kind: 'notes', instance: 'b', from: 2, notes: [arrived('B', edit.wallMs + 700, { A: 1 }), { kind: 'promote', replica: 'B', wallMs: edit.wallMs + 800, payload: null }] });
  await until(() => ofB.last('noted')?.upTo === 3);
  const { events, records } = await historyOf(lab);
  expect(records.map(({ dot }) => dotKey(dot))).toEqual(['A:1']);
  expect(events.filter(({ kind }) => kind !== 'settings').map(({ kind, replica, wallMs }) => [kind, replica, wallMs - edit.wallMs])).toEqual([['arrived', 'B', -1], ['arrived', 'A', 0], ['arrived', 'B', 700], ['promote', 'B', 800]]);
  expect(events.find(({ kind }) => kind === 'settings')?.payload).toHaveProperty('enabled');
  const strategy = 'last-writer-wins';
  const { lag } = await json(lab, 'replication') as { lag: { strategy: string; replica: string; worstMs: number | null }[] };
  expect(lag.filter((each) => each.strategy === strategy).map(({ replica, worstMs }) => [replica, worstMs])).toEqual([['A', null], ['B', 700]]);
  const scorecard = await json(lab, 'scorecard') as { strategy: string; lagWorstMs: number | null }[];
  expect(scorecard.find((each) => each.strategy === strategy)!.lagWorstMs).toBe(700);
  ofA.say({ kind: 'status', status: { replica: 'A', online: true, connection: 'synced', waiting: 0, allSaved: true, clock: { A: 1 }, skewMs: 0, digests: {} } });
  await until(async () => (await (await fetch(`${lab.url}/-/metrics`)).text()).includes(`rejoin_window_lag_worst_seconds{strategy="${strategy}"} 0.7`));
});

test('what a window notes of a room that was emptied, before it has started over, is not of the new one', async () => {
  const lab = await startLab();
  const old = await openChannel(lab, 'A');
  old.say({ kind: 'notes', instance: 'a', from: 1, notes: [] });
  await until(() => old.last('noted'));
  await fetch(`${lab.url}/-/api/rooms/lab`, { method: 'DELETE' });
  await until(() => old.last('emptied'));
  const reach: ReplicaNote = { kind: 'reach', replica: 'A', wallMs: Date.now(), payload: { before: ['A', 'B'], after: ['A'] } };
  old.say({ kind: 'notes', instance: 'a', from: 1, notes: [reach] });
  old.say({ kind: 'ask-time', sentMs: 1 });
  await until(() => old.last('time'));
  const fresh = await openChannel(lab, 'A');
  fresh.say({ kind: 'notes', instance: 'a', from: 1, notes: [arrived('A', Date.now(), {})] });
  await until(() => fresh.last('noted')?.upTo === 1);
  expect((await historyOf(lab)).events.map(({ kind }) => kind).filter((kind) => kind !== 'settings')).toEqual(['arrived']);
});

test('what is malformed, or of another replica, ends the channel and changes nothing', async () => {
  const lab = await startLab();
  for (const [notes, reason] of [
    [[{ kind: 'arrived', replica: 'A', wallMs: 1, payload: { has: { A: 0.5 }, shows: {} } }], /malformed message: "A": 0.5 is no entry/],
    [[arrived('B', 1, {})], /a note of B on the channel of A/],
    [[{ kind: 'settings', wallMs: 1, payload: {} }], /expected a note of a replica/],
    [[{ kind: 'reach', replica: 'A', wallMs: 1e300, payload: { before: [], after: [] } }], /a note has a time/],
  ] as const) {
    const channel = await openChannel(lab, 'A');
    await until(() => channel.last('lab'));
    channel.say({ kind: 'notes', instance: 'a', from: 1, notes });
    expect(await channel.closed).toMatch(reason);
  }
  expect((await historyOf(lab)).events.filter(({ kind }) => kind !== 'settings')).toEqual([]);
});

test('islands and settings that the lab sets stand there too', async () => {
  const lab = await startLab();
  await connectReplica(lab, 'lab', 'A');
  const put = (path: string, body: unknown) => fetch(`${lab.url}/-/api/rooms/lab/${path}`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  await put('islands', [['A'], ['B']]);
  await put('links/A', { upstream: { latencyMs: 40 } });
  await put('links/A', {});
  await put('settings', { preset: 'cassandra' });
  const { events } = await historyOf(lab);
  expect(events.find(({ kind }) => kind === 'island')?.payload).toEqual([['A'], ['B']]);
  expect(events.filter(({ kind }) => kind === 'fault').map(({ replica, payload }) => [replica, (payload as { upstream: { latencyMs: number } }).upstream.latencyMs])).toEqual([['A', 40], ['A', 0]]);
  expect(events.filter(({ kind }) => kind === 'settings').map(({ payload }) => (payload as { preset: string | null }).preset)).toEqual([null, 'cassandra']);
});

test('a network that a window switches off and on again stands there too, once each; what was answered meanwhile is in the scorecard', async () => {
  const lab = await startLab();
  const [a, b] = [await connectReplica(lab, 'lab', 'A'), await openChannel(lab, 'B')];
  const status = (online: boolean, waiting = 0) => b.say({ kind: 'status', status: { replica: 'B', online, connection: online ? 'synced' : 'offline', waiting, allSaved: true, clock: {}, skewMs: 0, digests: {} } });
  const networkEvents = async () => (await historyOf(lab)).events.filter(({ kind }) => kind === 'online' || kind === 'offline');
  await until(() => b.last('lab'));
  const reach: ReplicaNote = { kind: 'reach', replica: 'B', wallMs: Date.now() - 1, payload: { before: ['B'], after: ['A', 'B'] } };
  b.say({ kind: 'notes', instance: 'b', from: 1, notes: [reach, arrived('B', Date.now() - 1, {})] });
  await until(() => b.last('noted')?.upTo === 2);
  for (const [online, waiting] of [[true, 0], [false, 0], [false, 1]] as const) status(online, waiting);
  await until(async () => (await networkEvents()).length === 1);
  const [cut] = await networkEvents();
  const edit = { ...record('B', 1), wallMs: cut!.wallMs + 1, traces: { 'last-writer-wins': { outcome: 'accepted', details: [0, { title: '' }] } } } as const;
  await until(() => Date.now() > edit.wallMs);
  status(true);
  await until(async () => (await networkEvents()).length === 2);
  expect((await networkEvents()).map(({ kind, replica }) => [kind, replica])).toEqual([['offline', 'B'], ['online', 'B']]);
  a.say(encodedRecords(edit));
  await until(() => a.last('saved')?.summary.size === 1);
  const scorecard = await json(lab, 'scorecard') as { strategy: string; whileCut: object | null }[];
  expect(scorecard.map(({ strategy, whileCut }) => [strategy, whileCut])).toContainEqual(['last-writer-wins', { replicas: ['B'], actions: 1, answered: 1 }]);
});

test('a window asks for the time', async () => {
  const lab = await startLab();
  const channel = await openChannel(lab, 'A');
  channel.say({ kind: 'ask-time', sentMs: 5 });
  await until(() => channel.last('time'));
  expect(channel.last('time')!.sentMs).toBe(5);
  expect(Math.abs(channel.last('time')!.serverMs - Date.now())).toBeLessThan(10_000);
});

test('a window tells what it noted while it had no lab, in parts, and again to a lab that has started anew', async () => {
  const store = new MemoryStore();
  const quiet = { listen: () => () => {}, send: () => false };
  const before = await NoteReports.open(store, 'copy', quiet as never);
  for (let counter = 1; counter <= 700; counter++) before.add(arrived('A', counter, { A: counter }));
  await until(async () => (await keysOf(store)).length === 700);
  for (const restarted of [false, true]) {
    const lab = await startLab();
    const channel = await openChannel(lab, 'A');
    const reports = await NoteReports.open(store, 'copy', channel.control as never);
    await until(() => channel.last('noted')?.upTo === (restarted ? 701 : 700));
    if (!restarted) reports.add(arrived('A', 701, { A: 701 }));
    await until(() => channel.last('noted')?.upTo === 701);
    await until(async () => (await keysOf(store)).length === 701);
    expect((await historyOf(lab)).events.filter(({ kind }) => kind === 'arrived')).toHaveLength(701);
    await lab.close();
  }
});
