/** Faults of single links at the relay, with real windows and unmodified y-websocket clients over real sockets. */
import { expect, test } from 'vitest';
import type { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { bend, call, caughtUp, converged, divide, haveEqualDocuments, isSaved, type LabWindow, openMembers, openWindow, peersOf, recordsOf, reset, roomDocument, updatesOf } from '../../../support/faults-fixture.ts';
import { connectRaw, connectReplica, encodedRecords, joinAsApp, record, refusedSession, startLab, syncFrame, type TestLab, until } from '../../../support/lab-fixture.ts';

const app = (lab: TestLab, name: string): WebsocketProvider => joinAsApp(lab, 'lab', new Y.Doc(), { name });

async function pair(lab: TestLab): Promise<[WebsocketProvider, WebsocketProvider]> {
  const [a, b] = [app(lab, 'A'), app(lab, 'B')];
  await until(() => a.synced && b.synced);
  return [a, b];
}

/** How long it takes until a condition holds, in milliseconds. */
async function timeUntil(condition: () => unknown): Promise<number> {
  const start = performance.now();
  await until(condition);
  return performance.now() - start;
}

test('latency one way delays that way alone, and keeps the order', async () => {
  const lab = await startLab();
  const [a, b] = await pair(lab);
  await bend(lab, 'A', { upstream: { latencyMs: 800 } });
  const texts: string[] = [];
  b.doc.on('update', () => texts.push(b.doc.getText('t').toString()));
  const sentMs = performance.now();
  for (const letter of 'abc') a.doc.getText('t').insert(a.doc.getText('t').length, letter);
  b.doc.getMap('m').set('b', 1);
  await until(() => a.doc.getMap('m').get('b') === 1);
  expect(b.doc.getText('t').length).toBe(0);
  await until(() => b.doc.getText('t').length === 3);
  expect(performance.now() - sentMs).toBeGreaterThanOrEqual(795);
  expect(texts.filter((text) => text !== '')).toEqual(['a', 'ab', 'abc']);
});

test('downstream latency delays what others did', async () => {
  const lab = await startLab();
  const [a, b] = await pair(lab);
  await bend(lab, 'A', { downstream: { latencyMs: 200 } });
  b.doc.getMap('m').set('b', 1);
  expect(await timeUntil(() => a.doc.getMap('m').get('b') === 1)).toBeGreaterThanOrEqual(195);
});

test('jitter keeps the order too', async () => {
  const lab = await startLab();
  const [a, b] = [await connectReplica(lab, 'lab', 'A'), await connectReplica(lab, 'lab', 'B')];
  await bend(lab, 'B', { downstream: { jitterMs: 80 } });
  for (let i = 1; i <= 40; i++) a.say(encodedRecords(record('A', i)));
  await until(() => recordsOf(b).length === 40);
  expect(recordsOf(b)).toEqual(Array.from({ length: 40 }, (_, i) => `A:${i + 1}`));
});

test('bandwidth: 25,000 bytes at 1,000 kbit/s take 200 ms', async () => {
  const lab = await startLab();
  const [a, b] = await pair(lab);
  await bend(lab, 'A', { upstream: { bandwidthKbps: 1_000 } });
  a.doc.getText('t').insert(0, 'x'.repeat(25_000));
  expect(await timeUntil(() => b.doc.getText('t').length === 25_000)).toBeGreaterThanOrEqual(195);
});

test('cut upstream: nothing of it arrives, all else does, no socket closes, and without faults it arrives', async () => {
  const lab = await startLab();
  const [a, b] = await pair(lab);
  await bend(lab, 'A', { upstream: { cut: true } });
  a.doc.getMap('m').set('a', 1);
  b.doc.getMap('m').set('b', 1);
  await until(() => a.doc.getMap('m').get('b') === 1);
  await caughtUp({ socket: a.ws as never });
  expect((await roomDocument(lab)).getMap('m').toJSON()).toEqual({ b: 1 });
  await reset(lab);
  await converged(lab, [], [a, b]);
  expect(b.doc.getMap('m').toJSON()).toEqual({ a: 1, b: 1 });
});

test('cut downstream: it gives and does not get, deletions included, until it is mended', async () => {
  const lab = await startLab();
  const [a, b] = await pair(lab);
  a.doc.getText('t').insert(0, 'gone');
  await until(() => b.doc.getText('t').length === 4);
  await bend(lab, 'A', { downstream: { cut: true } });
  b.doc.getText('t').delete(0, 4);
  b.doc.getMap('m').set('b', 1);
  a.doc.getMap('m').set('a', 1);
  await until(() => b.doc.getMap('m').get('a') === 1);
  expect([a.doc.getText('t').length, a.doc.getMap('m').size]).toEqual([4, 1]);
  let disconnects = 0;
  a.on('status', () => disconnects++);
  await bend(lab, 'A', {});
  await converged(lab, [], [a, b]);
  expect([a.doc.getText('t').length, disconnects]).toEqual([0, 0]);
});

test('an app whose very first frames were lost is synced when its link is mended', async () => {
  const lab = await startLab();
  const b = app(lab, 'B');
  b.doc.getMap('m').set('b', 1);
  await bend(lab, 'A', { upstream: { cut: true } });
  const a = app(lab, 'A');
  a.doc.getMap('m').set('a', 1);
  await until(() => a.wsconnected);
  await caughtUp({ socket: a.ws as never });
  expect(a.synced).toBe(false);
  await reset(lab);
  await until(() => a.synced);
  await converged(lab, [], [a, b]);
});

test.each([
  ['dropped', { dropRate: 0.4 }],
  ['repeated', { duplicateRate: 1 }],
  ['overtaken', { reorderRate: 0.5 }],
  ['dropped, repeated, late and overtaken', { dropRate: 0.2, duplicateRate: 0.2, reorderRate: 0.2, latencyMs: 5, jitterMs: 10 }],
])('frames both ways are %s: windows and apps converge when the faults are off, without a disconnect', async (_what, faults) => {
  const lab = await startLab();
  const windows = [await openWindow(lab, 'A'), await openWindow(lab, 'B')];
  const apps = await Promise.all(['one', 'two'].map(async (name) => {
    const each = app(lab, name);
    await until(() => each.synced);
    return each;
  }));
  let closed = 0;
  for (const { connection } of windows) connection.listen({ opened: () => {}, received: () => {}, closed: () => closed++ });
  for (const each of apps) each.on('status', () => closed++);
  for (const name of ['A', 'B', 'one', 'two']) await bend(lab, name, { upstream: faults, downstream: faults });
  for (let i = 0; i < 15; i++) {
    for (const { name, replica } of windows) replica.perform('notes', { kind: 'splice', index: 0, removed: '', inserted: `${name}${i}` });
    for (const each of apps) each.doc.getMap('m').set(`key ${i % 4}`, i);
    for (const each of apps) if (each.doc.getMap('m').size > 2) each.doc.getMap('m').delete(`key ${i % 3}`);
    await windows[0]!.replica.stored();
  }
  await reset(lab);
  await converged(lab, windows, apps);
  expect(windows[0]!.replica.clock.toString()).toBe('{A:15 B:15}');
  expect(closed).toBe(0);
});

test('while frames are lost, a window is asked again and again, so that records arrive under loss too', async () => {
  const lab = await startLab();
  const [a, b] = [await openWindow(lab, 'A'), await openWindow(lab, 'B')];
  await bend(lab, 'A', { upstream: { dropRate: 0.5 } });
  for (let i = 0; i < 6; i++) {
    a.replica.perform('votes', { kind: 'increment', by: 1 });
    await a.replica.stored();
  }
  await until(() => b.replica.value('crdt', 'votes') === 6 && b.replica.clock.get('A') === 6 && isSaved(a));
  expect((await call(lab, 'GET', '/links/A')).json.upstream.dropRate).toBe(0.5);
});

test('the same seed loses the same frames', async () => {
  const lost = async (seed: number): Promise<string[]> => {
    const lab = await startLab();
    const [a, b] = [await connectReplica(lab, 'lab', 'A'), await connectReplica(lab, 'lab', 'B')];
    // No other frame may come between the records.
    await until(() => b.last('roster')?.members.length === 1);
    await caughtUp(b);
    await bend(lab, 'B', { downstream: { dropRate: 0.5 }, seed });
    for (let i = 1; i <= 40; i++) a.say(encodedRecords(record('A', i)));
    await until(() => a.last('saved')?.summary.get('A') === 40);
    await caughtUp(b);
    return recordsOf(b);
  };
  const [first, second, other] = [await lost(5), await lost(5), await lost(6)];
  expect(first).toEqual(second);
  expect(first).not.toEqual(other);
  expect(first.length).toBeGreaterThan(5);
  expect(first.length).toBeLessThan(35);
});

test('a lost frame is not confirmed by a later one; a step 2 confirms it', async () => {
  const lab = await startLab();
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (let i = 0; i < 4; i++) doc.getText('t').insert(i, 'x');
  const a = await connectReplica(lab, 'lab', 'A');
  a.send(syncFrame(2, updates[0]!));
  await until(() => a.last('saved')?.yjsFrames === 1);
  await bend(lab, 'A', { upstream: { cut: true } });
  a.send(syncFrame(2, updates[1]!));
  await caughtUp(a);
  await bend(lab, 'A', { upstream: { latencyMs: 1 } });
  a.send(syncFrame(2, updates[2]!));
  a.send(syncFrame(2, updates[3]!));
  a.say(encodedRecords(record('A', 1)));
  await until(() => a.last('saved')?.summary.get('A') === 1);
  expect(a.last('saved')?.yjsFrames).toBe(1);
  await until(() => a.last('again'));
  a.say({ kind: 'hello', version: 1, replica: 'A', instance: 'copy-of-A', summary: a.last('saved')!.summary });
  a.send(syncFrame(0, Y.encodeStateVector(doc)));
  await until(() => updatesOf(a, 1).length === 1);
  a.send(syncFrame(1, Y.encodeStateAsUpdate(doc)));
  await until(() => a.last('saved')?.yjsFrames === 5);
  expect((await roomDocument(lab)).getText('t').length).toBe(4);
});

test('a record whose forerunner was lost is not taken, closes nothing, and comes again when it is asked for', async () => {
  const lab = await startLab();
  const a = await connectReplica(lab, 'lab', 'A');
  await bend(lab, 'A', { upstream: { cut: true } });
  a.say(encodedRecords(record('A', 1)));
  await caughtUp(a);
  await bend(lab, 'A', {});
  a.say(encodedRecords(record('A', 2)));
  await until(() => a.last('again'));
  a.say({ kind: 'hello', version: 1, replica: 'A', instance: 'copy-of-A', summary: a.last('welcome')!.summary });
  await until(() => a.messages().filter(({ kind }) => kind === 'welcome').length === 2);
  expect(a.last('welcome')?.summary.size).toBe(0);
  a.say(encodedRecords(record('A', 1), record('A', 2)));
  await until(() => a.last('saved')?.summary.get('A') === 2);
});

test('a window of a life that was thrown away, whose hello is lost, brings nothing of it into the new life', async () => {
  const lab = await startLab();
  const old = await connectReplica(lab, 'lab', 'A', { instance: 'one' });
  const { epoch } = old.last('welcome')!;
  await lab.relay.emptyRoom('lab');
  await bend(lab, 'A', { upstream: { cut: true } });
  const back = await connectRaw(lab, '/lab?name=A');
  const hello = { kind: 'hello', version: 1, replica: 'A', instance: 'one', summary: old.last('welcome')!.summary } as const;
  back.say(hello);
  await caughtUp(back);
  await bend(lab, 'A', { upstream: { latencyMs: 1 } });
  const doc = new Y.Doc();
  doc.getText('t').insert(0, 'of the old life');
  back.send(syncFrame(1, Y.encodeStateAsUpdate(doc)));
  await until(() => back.last('again'));
  back.say(hello);
  await until(() => back.last('welcome'));
  expect(back.last('welcome')?.discarded).toEqual([epoch]);
  expect((await roomDocument(lab)).getText('t').length).toBe(0);
});

test('off: the socket is closed, the name is refused until it is on, and the window then goes on by itself', async () => {
  const lab = await startLab();
  const [a, b] = [await openWindow(lab, 'A'), await openWindow(lab, 'B')];
  await bend(lab, 'A', { online: false });
  await until(() => a.connection.state === 'connecting');
  expect(await refusedSession(lab, '/lab?name=A')).toEqual({ code: 4503, reason: 'the link of A is off' });
  const other = await connectRaw(lab, '/lab?name=disguised');
  other.say({ kind: 'hello', version: 1, replica: 'A', instance: 'copy-of-A', summary: a.replica.clock });
  expect(await other.closed).toEqual({ code: 4503, reason: 'the link of A is off' });
  a.replica.perform('votes', { kind: 'increment', by: 1 });
  expect(b.connection.state).toBe('synced');
  await reset(lab);
  await converged(lab, [a, b]);
  expect(b.replica.value('crdt', 'votes')).toBe(1);
});

test('pings pass while one way is cut, and stop when both are', async () => {
  let ping = (): void => {};
  const clock = { nowMs: () => 0, wallMs: () => 0, after: (ms: number, callback: () => void) => (ms === 7_777 && (ping = callback), () => {}) };
  const lab = await startLab({ clock, pingMs: 7_777 });
  const a = await connectRaw(lab, '/lab?name=A');
  let pings = 0;
  a.socket.on('ping', () => pings++);
  await until(async () => (await call(lab, 'GET', '')).json.sessions.length === 1);
  for (const link of [{ upstream: { cut: true } }, { downstream: { cut: true } }]) {
    await bend(lab, 'A', link);
    for (let i = 0; i < 3; i++) {
      ping();
      await caughtUp(a);
    }
  }
  expect(pings).toBe(6);
  await bend(lab, 'A', { upstream: { cut: true }, downstream: { cut: true } });
  ping();
  await caughtUp(a);
  expect(pings).toBe(6);
  ping();
  expect((await a.closed).code).toBe(1006);
});

test('more than may wait on a slow link closes it with 4508', async () => {
  const lab = await startLab();
  const [a, b] = [await connectRaw(lab, '/lab?name=A'), await connectRaw(lab, '/lab?name=B')];
  await bend(lab, 'B', { downstream: { bandwidthKbps: 1 } });
  const doc = new Y.Doc();
  doc.on('update', (update: Uint8Array) => a.send(syncFrame(2, update)));
  for (let i = 0; i < 3; i++) doc.getText('t').insert(0, 'x'.repeat(12_000_000));
  expect(await b.closed).toMatchObject({ code: 4508, reason: expect.stringMatching(/^its link is slow: \d+ bytes wait on it$/) });
});

test('what is under way when a fault is taken off arrives at once, in order', async () => {
  const lab = await startLab();
  const [a, b] = [await connectReplica(lab, 'lab', 'A'), await connectReplica(lab, 'lab', 'B')];
  await bend(lab, 'A', { upstream: { latencyMs: 60_000 } });
  a.say(encodedRecords(record('A', 1)));
  a.say(encodedRecords(record('A', 2)));
  await caughtUp(a);
  expect(recordsOf(b)).toEqual([]);
  await reset(lab);
  a.say(encodedRecords(record('A', 3)));
  await until(() => recordsOf(b).length === 3);
  expect(recordsOf(b)).toEqual(['A:1', 'A:2', 'A:3']);
  await caughtUp(a);
  expect(a.last('again')).toBeUndefined();
});

test('faults and islands together, and all off at once: everybody has everything', async () => {
  const lab = await startLab();
  const windows = [await openWindow(lab, 'A'), await openWindow(lab, 'B'), await openWindow(lab, 'C')];
  const [a, b, c] = windows as [LabWindow, LabWindow, LabWindow];
  const one = app(lab, 'one');
  await until(() => one.synced);
  await bend(lab, 'B', { downstream: { cut: true } });
  await bend(lab, 'one', { upstream: { dropRate: 0.5 }, downstream: { dropRate: 0.5 } });
  await divide(lab, ['A', 'B'], ['C', 'one']);
  for (const { name, replica } of windows) replica.perform('tags', { kind: 'add', element: name });
  for (let i = 0; i < 8; i++) one.doc.getMap('m').set(`key ${i}`, i);
  await until(() => isSaved(a) && isSaved(c) && a.replica.clock.get('B') === 1);
  // B has not received A's edit, so it cannot bring it to C; what it did itself comes with its next edit.
  await divide(lab, ['A'], ['B', 'C', 'one']);
  b.replica.perform('tags', { kind: 'add', element: 'more' });
  await until(() => c.replica.clock.get('B') === 2);
  expect(c.replica.clock.get('A')).toBe(0);
  expect(c.replica.value('crdt', 'tags')).not.toContain('A');
  await reset(lab);
  await converged(lab, windows, [one]);
  await until(() => windows.every((each) => peersOf(each).length === 3));
});

test('the coordinated strategies go on over a link that loses frames, and all is answered', async () => {
  const lab = await startLab();
  const windows = await openMembers(lab, ['A', 'B', 'C']);
  await bend(lab, 'C', { upstream: { dropRate: 0.3 }, downstream: { dropRate: 0.3 } });
  for (const { replica } of windows) replica.perform('votes', { kind: 'increment', by: 1 });
  await until(() => windows.slice(0, 2).every(({ replica }) => replica.newestEdit('consensus', 'votes')?.outcome === 'accepted'));
  await reset(lab);
  await until(() => windows.every(({ replica }) => replica.openEdits('consensus').length === 0));
  await converged(lab, windows);
  await until(() => new Set(windows.map(({ strategies }) => strategies.get('consensus').digest())).size === 1);
  expect(haveEqualDocuments(windows.map(({ doc }) => doc))).toBe(true);
});
