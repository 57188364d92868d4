/** What a relay has in memory when it must load a room anew: it brings that back, whoever is still connected. */
import { expect, test } from 'vitest';
import {
  connectReplica,
  documentOf,
  encodedRecords,
  joinAsApp,
  type RawClient,
  record,
  syncFrame,
  type TestLab,
  until,
  updateOf,
} from '../support/lab-fixture.ts';
import { startRedis, startSharing, type TestRedis } from './redis-fixture.ts';

const reloads = (lab: TestLab): number =>
  lab.lines.filter((line) => line.includes('loaded anew')).length;

async function mapOf(lab: TestLab): Promise<Record<string, unknown>> {
  return (await documentOf(lab, 'lab')).map;
}

async function summaryOf(lab: TestLab): Promise<Record<string, number>> {
  const lease = await lab.relay.lease('lab');
  const summary = Object.fromEntries(lease.room.journal.summary.entries());
  lease.release();
  return summary;
}

/** Keeps the room in the relay's memory when its clients have gone. */
async function keep(lab: TestLab): Promise<void> {
  const lease = await lab.relay.lease('lab');
  void lease;
}

/** The relay does not hear Redis for more than the stream keeps; others write meanwhile. */
async function cutOff(redis: TestRedis, meanwhile: () => Promise<void>): Promise<void> {
  await redis.kill();
  await meanwhile();
  await redis.start();
}

async function leave(...clients: RawClient[]): Promise<void> {
  for (const client of clients) client.socket.close();
  await Promise.all(clients.map((client) => client.closed));
}

test('a relay that missed more than the stream keeps writes what it has and its clients, who have gone, have seen', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const a = await connectReplica(one, 'lab', 'A');
  const b = await connectReplica(two, 'lab', 'B');
  for (const lab of [one, two]) await keep(lab);
  a.say(encodedRecords(record('A', 1)));
  await until(() => a.last('saved')?.summary.get('A') === 1);
  await until(() => b.last('records'));
  await cutOff(redis, async () => {
    a.say(encodedRecords(record('A', 2), record('A', 3)));
    a.send(syncFrame(2, updateOf('plain', 'unwritten')));
    await until(async () => (await summaryOf(one))['A'] === 3 && 'plain' in (await mapOf(one)));
    await leave(a);
  });
  // What another relay wrote meanwhile, and the stream keeps no more: the last entry that this one had heard is gone.
  await redis.client.multi().del('rejoin:{lab}:news').hset('rejoin:{lab}', '@at', '9-9').hincrby('rejoin:{lab}', '@seq', 5).exec();
  await until(() => reloads(one) > 0 && reloads(two) > 0);
  await until(async () => (await summaryOf(two))['A'] === 3);
  await until(async () => (await mapOf(two))['plain'] === 'unwritten');
  const three = await startSharing(redis);
  expect(await summaryOf(three)).toEqual({ A: 3 });
  expect(await mapOf(three)).toEqual({ plain: 'unwritten' });
  expect(await mapOf(one)).toEqual({ plain: 'unwritten' });
});

test('Redis lost the room: relays bring back edits, names, members and settings, with no client left', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const a = await connectReplica(one, 'lab', 'A', { instance: 'copy-1' });
  for (const lab of [one, two]) await keep(lab);
  await fetch(`${one.url}/-/api/rooms/lab/settings`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ enabled: ['crdt'] }),
  });
  a.say(encodedRecords(record('A', 1)));
  a.send(syncFrame(2, updateOf('one', '1')));
  await until(() => a.last('saved')?.yjsFrames === 1 && a.last('saved')?.summary.get('A') === 1);
  await until(() => a.last('roster')?.members.join() === 'A');
  await leave(a);
  await redis.client.flushall();
  await until(() => reloads(one) > 0 && reloads(two) > 0);
  await until(async () => (await redis.client.hkeys('rejoin:{lab}')).filter((key) => /^meta.(members|settings|instance.A)$/.test(key)).length === 3);
  const three = await startSharing(redis);
  await until(async () => (await summaryOf(three))['A'] === 1 && (await mapOf(three))['one'] === '1');
  const settings = (await (await fetch(`${three.url}/-/api/rooms/lab/settings`)).json()) as { enabled: string[] };
  expect(settings.enabled).toEqual(['crdt']);
  const lease = await three.relay.lease('lab');
  expect([lease.room.names.ownerOf('A'), lease.room.members.list.join()]).toEqual(['copy-1', 'A']);
  lease.release();
});

test('a room that people emptied stays empty, though a relay that was cut off has its edits', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const a = await connectReplica(one, 'lab', 'A');
  await connectReplica(two, 'lab', 'B');
  for (const lab of [one, two]) await keep(lab);
  a.say(encodedRecords(record('A', 1)));
  a.send(syncFrame(2, updateOf('old', '1')));
  await until(() => a.last('saved')?.summary.get('A') === 1);
  await leave(a);
  expect((await fetch(`${two.url}/-/api/rooms/lab`, { method: 'DELETE' })).status).toBe(204);
  await until(() => reloads(one) > 0);
  const c = await connectReplica(one, 'lab', 'C');
  c.say(encodedRecords(record('C', 1)));
  await until(() => c.last('saved')?.summary.get('C') === 1);
  await until(async () => (await summaryOf(two))['C'] === 1);
  for (const lab of [one, two, await startSharing(redis)]) {
    expect(await summaryOf(lab)).toEqual({ C: 1 });
    expect(await mapOf(lab)).toEqual({});
  }
});

test('a room that people emptied before Redis lost it stays empty: which lives were thrown away comes back too', async () => {
  const redis = await startRedis();
  const lab = await startSharing(redis);
  const a = await connectReplica(lab, 'lab', 'A');
  await keep(lab);
  const { epoch } = a.last('welcome')!;
  expect((await fetch(`${lab.url}/-/api/rooms/lab`, { method: 'DELETE' })).status).toBe(204);
  await redis.client.flushall();
  await until(() => reloads(lab) > 0);
  const three = await startSharing(redis);
  await until(async () => {
    const client = await connectReplica(three, 'lab', 'Z');
    const { discarded } = client.last('welcome')!;
    await leave(client);
    return discarded.includes(epoch);
  });
});

test('of two records with one name the stored one counts, which is said; all else comes back', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const v = await connectReplica(one, 'lab', 'V');
  const w = await connectReplica(two, 'lab', 'W');
  for (const lab of [one, two]) await keep(lab);
  await until(() => v.last('roster')?.present.length === 2);
  redis.process.kill('SIGSTOP');
  v.say(encodedRecords(record('A', 1, {}, 'this'), record('V', 1)));
  w.say(encodedRecords(record('A', 1, {}, 'that'), record('W', 1)));
  await until(async () => (await summaryOf(one))['V'] === 1 && (await summaryOf(two))['W'] === 1);
  await leave(v, w);
  redis.process.kill('SIGCONT');
  for (const lab of [one, two]) {
    await until(async () => {
      const summary = await summaryOf(lab);
      return summary['A'] === 1 && summary['V'] === 1 && summary['W'] === 1;
    });
  }
  const said = [...one.lines, ...two.lines].filter((line) => line.includes('record A:1 is stored otherwise, which counts'));
  expect(said).toHaveLength(1);
});

test('Redis goes away again before the room is loaded anew: what the relay has is kept until it can be', async () => {
  const redis = await startRedis();
  const lab = await startSharing(redis);
  const a = await connectReplica(lab, 'lab', 'A');
  a.say(encodedRecords(record('A', 1)));
  await until(() => a.last('saved')?.summary.get('A') === 1);
  await redis.kill();
  a.say(encodedRecords(record('A', 2)));
  await until(async () => (await summaryOf(lab))['A'] === 2);
  const lease = await lab.relay.lease('lab');
  // As if the answer of Redis had said so, right before it went.
  (lease.room as unknown as { reload(reason: string): void }).reload('it was changed elsewhere');
  await until(() => lab.lines.some((line) => line.includes('it cannot be loaded')));
  lease.release();
  await a.closed;
  await redis.start();
  await until(async () => (await redis.client.hkeys('rejoin:{lab}')).some((key) => key.endsWith('record/A/000000000002')));
});

test('while the room is divided, what comes back stays on the island that had it', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const apps = ['a', 'b'].map((name, i) => joinAsApp([one, two][i]!, 'lab', undefined, { name }));
  const [a, b] = apps as [(typeof apps)[0], (typeof apps)[0]];
  await until(() => apps.every((app) => app.synced));
  const divided = await fetch(`${one.url}/-/api/rooms/lab/islands`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([['a'], ['b']]),
  });
  expect(divided.status).toBe(200);
  await until(async () => (await (await fetch(`${two.url}/-/api/rooms/lab/islands`)).text()) === '[["a"],["b"]]');
  for (const lab of [one, two]) await keep(lab);
  await cutOff(redis, async () => {
    a.doc.getMap('map').set('of a', 1);
    await until(async () => 'of a' in (await mapOf(one)));
    a.destroy();
  });
  await redis.client.multi().del('rejoin:{lab}:news').hset('rejoin:{lab}', '@at', '9-9').hincrby('rejoin:{lab}', '@seq', 5).exec();
  await until(() => reloads(one) > 0 && reloads(two) > 0);
  const again = joinAsApp(two, 'lab', undefined, { name: 'a' });
  await until(() => again.doc.getMap('map').get('of a') === 1);
  await until(() => b.synced);
  expect(b.doc.getMap('map').toJSON()).toEqual({});
  await fetch(`${two.url}/-/api/rooms/lab/islands`, { method: 'DELETE' });
  await until(() => b.doc.getMap('map').get('of a') === 1);
});
