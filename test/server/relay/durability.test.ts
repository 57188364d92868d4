import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { systemClock } from '../../../server/relay/system-clock.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import { MemoryStore } from '../../support/memory-store.ts';
import { openLevelStore } from '../../../server/storage/level-store.ts';
import { atEnd, connectRaw, connectReplica, documentOf, encodedRecords, HeldStore, joinAsApp, LoadingStore, record, startLab, syncFrame, until, updateOf } from '../../support/lab-fixture.ts';

test('document and records are there when the relay is closed and opened again on the same folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rejoin-durable-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const first = await openLevelStore(folder);
  const lab = await startLab({ store: first });
  const app = joinAsApp(lab, 'lab');
  app.doc.getText('t').insert(0, 'kept');
  const a = await connectReplica(lab, 'lab', 'A');
  a.say(encodedRecords(record('A', 1), record('A', 2)));
  const epoch = a.last('welcome')?.epoch;
  await until(() => a.last('saved')?.summary.get('A') === 2);
  await until(async () => (await documentOf(lab, 'lab')).snapshot.length > 8);
  app.destroy();
  await lab.close();
  await first.close();

  const second = await openLevelStore(folder);
  atEnd(() => second.close());
  const again = await startLab({ store: second });
  const doc = new Y.Doc();
  joinAsApp(again, 'lab', doc);
  await until(() => doc.getText('t').toString() === 'kept');
  const b = await connectReplica(again, 'lab', 'B');
  expect(b.last('welcome')?.epoch).toBe(epoch);
  await until(() => b.messages().flatMap((message) => (message.kind === 'records' ? message.records : [])).length === 2);
});

test('saved comes only after the write has ended', async () => {
  const store = new HeldStore();
  const lab = await startLab({ store });
  const a = await connectReplica(lab, 'lab', 'A');
  await until(() => a.last('saved'));
  store.holding = true;
  a.send(syncFrame(2, updateOf('one', '1')));
  a.say(encodedRecords(record('A', 1)));
  await until(() => store.waiting === 1);
  // The others see it already: passing on does not wait for the disk.
  await until(async () => (await documentOf(lab, 'lab')).map['one'] === '1');
  expect(a.last('saved')).toMatchObject({ yjsFrames: 0 });
  store.go();
  await until(() => a.last('saved')?.yjsFrames === 1 && a.last('saved')?.summary.get('A') === 1);
});

test('an update that only deletes, and so moves no state vector, is confirmed after its write too', async () => {
  const store = new HeldStore();
  const lab = await startLab({ store });
  const doc = new Y.Doc();
  doc.getText('t').insert(0, 'gone');
  const a = await connectReplica(lab, 'lab', 'A');
  a.send(syncFrame(1, Y.encodeStateAsUpdate(doc)));
  await until(() => a.last('saved')?.yjsFrames === 1);
  let deletion: Uint8Array | null = null;
  doc.once('update', (update: Uint8Array) => (deletion = update));
  doc.getText('t').delete(0, 4);
  store.holding = true;
  a.send(syncFrame(2, deletion!));
  await until(() => store.waiting === 1);
  expect(a.last('saved')?.yjsFrames).toBe(1);
  store.go();
  await until(() => a.last('saved')?.yjsFrames === 2);
});

test('a step 2 with nothing in it is counted, after what came before it', async () => {
  const store = new HeldStore();
  const lab = await startLab({ store });
  const a = await connectReplica(lab, 'lab', 'A');
  await until(() => a.last('saved'));
  store.holding = true;
  a.send(syncFrame(2, updateOf('one', '1')));
  await until(() => store.waiting === 1);
  a.send(syncFrame(1, Y.encodeStateAsUpdate(new Y.Doc())));
  a.send(syncFrame(1, Y.encodeStateAsUpdate(new Y.Doc())));
  store.go();
  await until(() => a.last('saved')?.yjsFrames === 3);
});

test('many edits in one turn are confirmed by few messages', async () => {
  const store = new HeldStore();
  const lab = await startLab({ store });
  const a = await connectReplica(lab, 'lab', 'A');
  await until(() => a.last('saved'));
  store.holding = true;
  a.send(syncFrame(2, updateOf('key', 'first')));
  await until(() => store.waiting === 1);
  for (let i = 0; i < 50; i++) a.send(syncFrame(2, updateOf(`key${i}`, 'v')));
  await until(async () => Object.keys((await documentOf(lab, 'lab')).map).length === 51);
  const before = a.messages().length;
  store.go();
  await until(() => a.last('saved')?.yjsFrames === 51);
  expect(a.messages().length - before).toBeLessThanOrEqual(3);
});

test('while the store fails nothing is confirmed; when it works again everything is', async () => {
  const store = new HeldStore();
  let retry = (): void => {};
  // A failed write is tried again after a second: when this test says so.
  const clock: Clock = { ...systemClock, after: (ms, callback) => (ms === 1_000 ? ((retry = callback), () => {}) : systemClock.after(ms, callback)) };
  const lab = await startLab({ store, clock });
  const a = await connectReplica(lab, 'lab', 'A');
  await until(() => a.last('saved'));
  store.failing = true;
  a.send(syncFrame(2, updateOf('one', '1')));
  await until(() => lab.lines.length === 1);
  expect(lab.lines[0]).toBe('room lab: storing failed and nothing is confirmed until it works again: disk full');
  a.send(syncFrame(2, updateOf('two', '2')));
  await until(async () => (await documentOf(lab, 'lab')).map['two'] === '2');
  expect(a.last('saved')?.yjsFrames).toBe(0);
  store.failing = false;
  retry();
  await until(() => a.last('saved')?.yjsFrames === 2);
  expect(lab.lines[1]).toBe('room lab: storing works again');
});

test('a relay that is closed while its store fails says for which rooms changes are lost, and ends', async () => {
  const store = new HeldStore();
  const lab = await startLab({ store });
  const a = await connectReplica(lab, 'lab', 'A');
  await until(() => a.last('saved'));
  store.failing = true;
  a.send(syncFrame(2, updateOf('one', '1')));
  await until(() => lab.lines.length === 1);
  await lab.close();
  expect(lab.lines.at(-1)).toBe('room lab: the last changes could not be stored');
});

test('a room whose last session leaves before its write has ended is not loaded anew from a store that lacks it', async () => {
  const store = new HeldStore();
  const lab = await startLab({ store });
  const a = await connectReplica(lab, 'lab', 'A');
  await until(() => a.last('saved'));
  store.holding = true;
  a.send(syncFrame(2, updateOf('one', '1')));
  await until(() => store.waiting === 1);
  a.socket.close();
  await a.closed;
  const app = joinAsApp(lab, 'lab');
  await until(() => app.doc.getMap('map').get('one') === '1');
  app.destroy();
  store.go();
  await until(() => lab.relay.roomNames().length === 0);
  expect((await documentOf(lab, 'lab')).map).toEqual({ one: '1' });
});

test('updates that came out of order wait for what they lack, in the store too; the others hear of them when they can be integrated', async () => {
  const disk = new Map<string, Uint8Array>();
  const doc = new Y.Doc();
  const pieces: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => pieces.push(update));
  for (let i = 0; i < 5; i++) doc.getArray('a').push([i]);
  doc.getArray('a').delete(4);
  const first = await startLab({ store: new MemoryStore(disk) });
  const a = await connectReplica(first, 'lab', 'A');
  const watcher = joinAsApp(first, 'lab');
  await until(() => watcher.synced);
  for (const piece of pieces.slice(1)) a.send(syncFrame(2, piece));
  await until(() => a.last('saved')?.yjsFrames === 5);
  await first.close();
  const second = await startLab({ store: new MemoryStore(disk) });
  const b = await connectReplica(second, 'lab', 'B');
  b.send(syncFrame(2, pieces[0]!));
  const late = joinAsApp(second, 'lab');
  await until(() => late.doc.getArray('a').length === 4);
  expect(late.doc.getArray('a').toJSON()).toEqual([0, 1, 2, 3]);
  expect(watcher.doc.store.pendingStructs).toBe(null);
});

test('frames that arrive while a room is still loading are not lost', async () => {
  const store = new LoadingStore();
  const lab = await startLab({ store });
  const app = joinAsApp(lab, 'lab');
  app.doc.getMap('map').set('early', true);
  await until(() => app.wsconnected);
  app.doc.getMap('map').set('later', true);
  store.loaded();
  await until(async () => Object.keys((await documentOf(lab, 'lab')).map).length === 2);
});

test('edits that arrive while a room is still loading are not lost when their client says goodbye before it is loaded', async () => {
  const store = new LoadingStore();
  const lab = await startLab({ store });
  const ended: string[] = [];
  lab.relay.onEvent((event) => event.kind === 'session-ended' && ended.push(event.session));
  for (let i = 0; i < 5; i++) {
    const client = await connectRaw(lab, `/lab?name=${i}`);
    for (let edit = 0; edit < 8; edit++) client.send(syncFrame(2, updateOf(`${i}/${edit}`, 'x')));
    client.socket.close();
  }
  // Those whose frames came in one piece have ended by now, the others end when they are read on.
  await until(() => lab.relay.meter.framesReceived >= 5);
  await until(() => ended.length > 0);
  store.loaded();
  await until(() => ended.length === 5);
  expect(Object.keys((await documentOf(lab, 'lab')).map)).toHaveLength(40);
});

test('edits that arrive while a room is still loading are stored though the relay ends before it is loaded, whether their clients have left or not', async () => {
  const disk = new Map<string, Uint8Array>();
  const store = new LoadingStore(disk);
  const lab = await startLab({ store });
  for (let i = 0; i < 6; i++) {
    const client = await connectRaw(lab, `/lab?name=${i}`);
    client.send(syncFrame(2, updateOf(`edit ${i}`, 'x')));
    if (i % 2 === 0) client.socket.close();
  }
  await until(() => lab.relay.meter.framesReceived === 6);
  const closing = lab.close();
  store.loaded();
  expect(await closing, 'rooms with unsaved changes').toEqual([]);
  const again = await startLab({ store: new MemoryStore(disk) });
  expect(Object.keys((await documentOf(again, 'lab')).map)).toHaveLength(6);
});

test('a room that cannot be read closes its sessions with 4500 and is tried anew the next time', async () => {
  const inner = new HeldStore();
  let broken = true;
  const lab = await startLab({
    store: {
      read: (prefix: string) => {
        if (broken) throw new Error('unreadable');
        return inner.read(prefix);
      },
      write: (changes) => inner.write(changes),
      close: () => inner.close(),
    },
  });
  expect(await (await connectRaw(lab, '/lab')).closed).toEqual({ code: 4500, reason: 'room lab cannot be read' });
  broken = false;
  const app = joinAsApp(lab, 'lab');
  await until(() => app.synced);
});
