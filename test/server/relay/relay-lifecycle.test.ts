import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { discardedMax, isDiscarded } from '../../../shared/protocol/room-life.ts';
import { SharedMemory } from '../../support/memory-shared-store.ts';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import { MemoryStore } from '../../support/memory-store.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import { createRelay } from '../../../server/relay/relay.ts';
import { systemClock } from '../../../server/relay/system-clock.ts';
import { atEnd, connectRaw, connectReplica, documentOf, encodedRecords, HeldStore, joinAsApp, record, refusedSession, startLab, syncFrame, until, updateOf } from '../../support/lab-fixture.ts';

test('two relays in one process know nothing of each other', async () => {
  const [one, two] = [await startLab(), await startLab()];
  const [a, b] = [joinAsApp(one, 'lab'), joinAsApp(two, 'lab')];
  a.doc.getMap('map').set('a', 1);
  await until(async () => (await documentOf(one, 'lab')).map['a'] === 1);
  await until(() => b.synced);
  expect((await documentOf(two, 'lab')).map).toEqual({});
  one.relay.online = false;
  await until(() => !a.wsconnected);
  expect(b.wsconnected).toBe(true);
});

test('switched off, the relay closes its sessions and new ones with 4503; on again, all is there', async () => {
  const lab = await startLab();
  const a = await connectReplica(lab, 'lab', 'A');
  a.send(syncFrame(2, updateOf('one', '1')));
  a.say(encodedRecords(record('A', 1)));
  await until(() => a.last('saved')?.yjsFrames === 1 && a.last('saved')?.summary.get('A') === 1);
  lab.relay.online = false;
  expect(await a.closed).toEqual({ code: 4503, reason: 'the relay was switched off' });
  expect(await refusedSession(lab, '/lab')).toEqual({ code: 4503, reason: 'the relay is switched off' });
  lab.relay.online = true;
  expect((await connectReplica(lab, 'lab', 'A')).last('welcome')?.summary.toString()).toBe('{A:1}');
  expect((await documentOf(lab, 'lab')).map).toEqual({ one: '1' });
});

/** A clock whose half seconds pass when the test says so. */
function clockWithHeldRefusals(): { clock: Clock; held: (() => void)[] } {
  const held: (() => void)[] = [];
  const after: Clock['after'] = (ms, callback) => (ms === 500 ? (held.push(callback), () => {}) : systemClock.after(ms, callback));
  return { clock: { ...systemClock, after }, held };
}

test('a refusal that has passed when it would be told is none: the client is let in', async () => {
  const { clock, held } = clockWithHeldRefusals();
  const lab = await startLab({ clock });
  lab.relay.online = false;
  const coming = connectRaw(lab, '/lab');
  await until(() => held.length === 1);
  lab.relay.online = true;
  held[0]!();
  const client = await coming;
  client.send(syncFrame(2, updateOf('one', 1)));
  await until(async () => (await documentOf(lab, 'lab')).map['one'] === 1);
  expect(lab.relay.meter.refused.size).toBe(0);
});

test('a relay that ends does not wait for clients that wait to be refused', async () => {
  const { clock, held } = clockWithHeldRefusals();
  const lab = await startLab({ clock });
  lab.relay.online = false;
  const coming = connectRaw(lab, '/lab').catch((error: Error) => error.message);
  await until(() => held.length === 1);
  await lab.close();
  expect(await coming).toBe('socket hang up');
});

test('what a plain client sends while its room is emptied does not come into the new life', async () => {
  const store = new HeldStore();
  const lab = await startLab({ store });
  const raw = await connectRaw(lab, '/lab');
  raw.send(syncFrame(2, updateOf('one', '1')));
  await until(async () => (await documentOf(lab, 'lab')).map['one'] === '1');
  await until(() => lab.relay.storing.unsavedSinceMs === null);
  store.holding = true;
  const emptying = lab.relay.emptyRoom('lab');
  await until(() => store.waiting > 0);
  raw.send(syncFrame(2, updateOf('late', 'x')));
  await until(() => lab.relay.meter.framesReceived === 2);
  store.go();
  await emptying;
  expect((await raw.closed).code).toBe(4410);
  expect((await documentOf(lab, 'lab')).map).toEqual({});
});

test('a session that was cut off by switching the relay off changes nothing any more', async () => {
  const lab = await startLab();
  const raw = await connectRaw(lab, '/lab');
  raw.send(syncFrame(2, updateOf('one', '1')));
  await until(async () => (await documentOf(lab, 'lab')).map['one'] === '1');
  lab.relay.online = false;
  raw.send(syncFrame(2, updateOf('late', 'x')));
  await raw.closed;
  expect((await documentOf(lab, 'lab')).map).toEqual({ one: '1' });
});

test('rooms leave memory when their last session has gone, and come back from the store', async () => {
  const lab = await startLab();
  for (let i = 0; i < 20; i++) {
    const client = await connectRaw(lab, `/room-${i}`);
    client.send(syncFrame(2, updateOf('n', i)));
    await until(async () => (await documentOf(lab, `room-${i}`)).map['n'] === i);
    client.socket.close();
  }
  await until(() => lab.relay.roomNames().length === 0);
  expect((await documentOf(lab, 'room-7')).map).toEqual({ n: 7 });
});

test('a room where nothing happened leaves nothing in the store', async () => {
  const disk = new Map<string, Uint8Array>();
  const lab = await startLab({ store: new MemoryStore(disk) });
  const app = joinAsApp(lab, 'lab');
  await until(() => app.synced);
  app.destroy();
  await until(() => lab.relay.roomNames().length === 0);
  await lab.close();
  expect([...disk.keys()].filter((key) => !key.includes('/update/'))).toEqual([]);
});

test('an emptied room has a new epoch and names the old one as discarded; its windows are closed with 4503', async () => {
  const disk = new Map<string, Uint8Array>();
  const lab = await startLab({ store: new MemoryStore(disk) });
  const a = await connectReplica(lab, 'lab', 'A', { instance: 'first' });
  a.send(syncFrame(2, updateOf('one', '1')));
  a.say(encodedRecords(record('A', 1)));
  await until(() => a.last('saved')?.yjsFrames === 1);
  const old = a.last('welcome')!.epoch;
  await lab.relay.emptyRoom('lab');
  expect(await a.closed).toMatchObject({ code: 4503 });
  const fresh = await connectReplica(lab, 'lab', 'A', { instance: 'second' });
  expect(fresh.last('welcome')).toMatchObject({ discarded: [old], summary: VersionVector.empty });
  expect(fresh.last('welcome')?.epoch).not.toBe(old);
  expect((await documentOf(lab, 'lab')).map).toEqual({});
  await until(() => fresh.last('saved'));
  await lab.close();
  expect([...disk.keys()].filter((key) => /update|record/.test(key))).toEqual([]);
  const again = await startLab({ store: new MemoryStore(disk) });
  expect((await connectReplica(again, 'lab', 'B')).last('welcome')?.discarded).toEqual([old]);
});

test('a replica from before the room was emptied, whose name went to another copy, hears that its epoch was discarded', async () => {
  const lab = await startLab();
  const a = await connectReplica(lab, 'lab', 'A', { instance: 'first' });
  const old = a.last('welcome')!.epoch;
  await lab.relay.emptyRoom('lab');
  await connectReplica(lab, 'lab', 'A', { instance: 'second' });
  const back = await connectReplica(lab, 'lab', 'A', { instance: 'first' });
  expect(back.last('welcome')?.discarded).toEqual([old]);
  expect((await back.closed).code).toBe(4409);
});

test('a room that is emptied closes plain clients with 4410, so that they do not bring it back', async () => {
  const lab = await startLab();
  const app = joinAsApp(lab, 'lab');
  app.doc.getMap('map').set('old', true);
  await until(async () => (await documentOf(lab, 'lab')).map['old'] === true);
  const closed = new Promise((resolve) => app.on('closed', resolve));
  expect((await fetch(`${lab.url}/-/api/rooms/lab`, { method: 'DELETE' })).status).toBe(204);
  expect(await closed).toEqual({ code: 4410, reason: 'the room was emptied: drop your copy of its document, then connect again' });
  expect(app.shouldConnect).toBe(false);
  const fresh = joinAsApp(lab, 'lab');
  await until(() => fresh.synced);
  expect(fresh.doc.getMap('map').toJSON()).toEqual({});
});

test('a room that is emptied at one relay closes the plain clients of the others with 4410 too', async () => {
  const memory = new SharedMemory();
  const [here, there] = [await startLab({ store: memory.open() }), await startLab({ store: memory.open() })];
  const app = joinAsApp(there, 'lab');
  app.doc.getMap('map').set('old', true);
  await until(async () => (await documentOf(here, 'lab')).map['old'] === true);
  const closed = new Promise((resolve) => app.on('closed', resolve));
  await here.relay.emptyRoom('lab');
  expect(await closed).toMatchObject({ code: 4410 });
  for (const lab of [here, there]) expect((await documentOf(lab, 'lab')).map).toEqual({});
});

test('emptied again and again, the room names a bounded number of lives, and a copy of any of them hears that it is over', async () => {
  const lab = await startLab();
  const lives: string[] = [];
  for (let i = 0; i < discardedMax + 30; i++) {
    const lease = await lab.relay.lease('lab');
    lives.push(lease.room.epoch);
    await lease.room.empty();
    lease.release();
  }
  const { epoch, discarded } = (await connectReplica(lab, 'lab', 'A')).last('welcome')!;
  expect(discarded).toEqual(lives.slice(-discardedMax));
  expect(lives.filter((life) => !isDiscarded(life, epoch, discarded))).toEqual([]);
  expect(isDiscarded(epoch, epoch, discarded)).toBe(false);
});

test('emptying fails cleanly while the store fails: the room is as it was', async () => {
  const inner = new MemoryStore();
  let failing = false;
  const lab = await startLab({
    store: { read: (prefix) => inner.read(prefix), close: () => inner.close(), write: async (changes) => (failing ? Promise.reject(new Error('disk full')) : inner.write(changes)) },
  });
  const raw = await connectRaw(lab, '/lab');
  raw.send(syncFrame(2, updateOf('one', '1')));
  await until(async () => (await documentOf(lab, 'lab')).map['one'] === '1');
  const lease = await lab.relay.lease('lab');
  await lease.room.settled();
  failing = true;
  await expect(lab.relay.emptyRoom('lab')).rejects.toThrow('disk full');
  // It is not told to drop a copy of what is still there.
  expect((await raw.closed).code).toBe(4503);
  failing = false;
  lease.release();
  expect((await documentOf(lab, 'lab')).map).toEqual({ one: '1' });
});

test('a session that does not answer pings is closed', async () => {
  let ping = (): void => {};
  const clock = { nowMs: () => 0, wallMs: () => 0, after: (ms: number, callback: () => void) => (ms === 7_777 && (ping = callback), () => {}) };
  const store = new MemoryStore();
  const relay = await createRelay({ store, clock, pingMs: 7_777 });
  atEnd(() => relay.close());
  const ws = relay.url.replace('http', 'ws');
  const deaf = await connectRaw({ ws }, '/lab');
  deaf.socket.pause();
  const alive = await connectRaw({ ws }, '/lab');
  await until(async () => {
    const lease = await relay.lease('lab');
    lease.release();
    return lease.room.sessions.length === 2;
  });
  let pongs = 0;
  alive.socket.on('ping', () => pongs++);
  ping();
  await until(() => pongs === 1);
  // The answer to a ping of its own comes after the relay has taken the pong that went before it.
  await new Promise((resolve) => {
    alive.socket.once('pong', resolve);
    alive.socket.ping();
  });
  ping();
  const sessions = async (): Promise<number> => {
    const lease = await relay.lease('lab');
    lease.release();
    return lease.room.sessions.length;
  };
  await until(async () => (await sessions()) === 1);
  expect(alive.socket.readyState).toBe(alive.socket.OPEN);
});

test('closing the relay frees its port and closes its sessions with 1001', async () => {
  const relay = await createRelay({ store: new MemoryStore() });
  const { port, url } = relay;
  const client = await connectRaw({ ws: url.replace('http', 'ws') }, '/lab');
  await relay.close();
  expect((await client.closed).code).toBe(1001);
  const again = createServer();
  await new Promise<void>((resolve, reject) => again.once('error', reject).listen(port, '127.0.0.1', resolve));
  await new Promise((resolve) => again.close(resolve));
});

test('a port that is taken rejects with EADDRINUSE', async () => {
  const lab = await startLab();
  await expect(createRelay({ store: new MemoryStore(), port: lab.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
