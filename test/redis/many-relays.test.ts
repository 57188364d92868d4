/** Several relays, one Redis: what each takes, all have. */
import { expect, test } from 'vitest';
import { VersionVector } from '../../shared/clocks/version-vector.ts';
import { connectRaw, connectReplica, documentOf, encodedRecords, joinAsApp, type RawClient, record, syncFrame, type TestLab, until, updateOf } from '../support/lab-fixture.ts';
import { startRedis, startSharing } from './redis-fixture.ts';

function recordsOf(client: RawClient): number {
  return client.messages().reduce((sum, message) => sum + (message.kind === 'records' ? message.records.length : 0), 0);
}

test('apps at three relays see one another: text, deletions, and who is here', async () => {
  const redis = await startRedis();
  const labs = [await startSharing(redis), await startSharing(redis), await startSharing(redis)];
  const apps = labs.map((lab) => joinAsApp(lab, 'lab'));
  await until(() => apps.every((app) => app.synced));
  apps.forEach((app, i) => app.awareness.setLocalState({ name: i }));
  apps.forEach((app, i) => app.doc.getText('t').insert(0, `from ${i} `));
  await until(() => apps.every((app) => app.doc.getText('t').length === 21));
  await until(() => apps.every((app) => app.awareness.getStates().size === 3));
  apps[1]!.doc.getText('t').delete(0, 14);
  await until(() => apps.every((app) => app.doc.getText('t').length === 7));
  expect(new Set(apps.map((app) => app.doc.getText('t').toString())).size).toBe(1);
  apps[0]!.destroy();
  await until(() => apps.slice(1).every((app) => app.awareness.getStates().size === 2));
});

test('rooms with any names are apart, at all relays, and listed; an emptied one closes apps at the other relay for good', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const rooms = ['a', 'a/b', 'a}:news', '{a}', 'org/my $& doc', 'Größe'];
  for (const room of rooms) {
    const [here, there] = [joinAsApp(one, encodeURIComponent(room)), joinAsApp(two, encodeURIComponent(room))];
    here.doc.getMap('map').set('room', room);
    await until(() => there.doc.getMap('map').get('room') === room);
    if (room !== 'a') [here, there].forEach((app) => app.destroy());
  }
  for (const room of rooms) expect((await documentOf(two, room)).map).toEqual({ room });
  const stored = async (): Promise<string[]> => ((await (await fetch(`${two.url}/-/api/rooms`)).json()) as { stored: { name: string }[] }).stored.map(({ name }) => name);
  expect((await stored()).sort()).toEqual([...rooms].sort());
  const app = joinAsApp(two, 'a');
  await until(() => app.synced);
  const closed = new Promise((resolve) => app.on('closed', resolve));
  await one.relay.emptyRoom('a');
  expect(await closed).toMatchObject({ code: 4410 });
  for (const room of rooms.slice(1)) expect((await documentOf(one, room)).map).toEqual({ room });
  expect((await documentOf(two, 'a')).map).toEqual({});
});

test('records go to the other relay, and what is saved is in Redis: a third relay that starts then has all', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const a = await connectReplica(one, 'lab', 'A');
  const b = await connectReplica(two, 'lab', 'B');
  expect(a.last('welcome')?.epoch).toBe(b.last('welcome')?.epoch);
  a.say(encodedRecords(record('A', 1), record('A', 2)));
  a.send(syncFrame(2, updateOf('one', '1')));
  await until(() => recordsOf(b) === 2);
  b.say(encodedRecords(record('B', 1, { A: 2 })));
  await until(() => a.last('saved')?.summary.get('A') === 2 && a.last('saved')?.yjsFrames === 1);
  await until(() => b.last('saved')?.summary.get('B') === 1 && b.last('saved')?.summary.get('A') === 2);
  await until(() => recordsOf(a) === 1);
  const three = await startSharing(redis);
  const c = await connectReplica(three, 'lab', 'C');
  expect(c.last('welcome')?.summary.get('A')).toBe(2);
  await until(() => recordsOf(c) === 3);
  expect((await documentOf(three, 'lab')).map).toEqual({ one: '1' });
  // Nobody has heard anything of his own again.
  expect([recordsOf(a), recordsOf(b)]).toEqual([1, 2]);
});

test('nothing is confirmed while Redis is paused; within a relay it is passed on all the same', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const a = await connectReplica(one, 'lab', 'A');
  const b = await connectReplica(one, 'lab', 'B');
  const c = await connectReplica(two, 'lab', 'C');
  await until(() => a.last('saved') && c.last('saved'));
  redis.process.kill('SIGSTOP');
  a.say(encodedRecords(record('A', 1)));
  a.send(syncFrame(2, updateOf('one', '1')));
  await until(() => recordsOf(b) === 1);
  expect(a.last('saved')).toMatchObject({ yjsFrames: 0 });
  expect(recordsOf(c)).toBe(0);
  redis.process.kill('SIGCONT');
  await until(() => a.last('saved')?.yjsFrames === 1 && a.last('saved')?.summary.get('A') === 1);
  await until(() => recordsOf(c) === 1);
});

test('Redis is killed and comes back on its files: nothing confirmed is lost, what was done meanwhile is brought together', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const a = await connectReplica(one, 'lab', 'A');
  const b = await connectReplica(two, 'lab', 'B');
  a.say(encodedRecords(record('A', 1)));
  await until(() => a.last('saved')?.summary.get('A') === 1);
  await redis.kill();
  a.say(encodedRecords(record('A', 2)));
  b.say(encodedRecords(record('B', 1)));
  a.send(syncFrame(2, updateOf('one', '1')));
  b.send(syncFrame(2, updateOf('two', '2')));
  await until(() => one.lines.some((line) => line.includes('storing failed')) && two.lines.some((line) => line.includes('storing failed')));
  expect([a.last('saved')?.summary.get('A'), b.last('saved')?.yjsFrames]).toEqual([1, 0]);
  await redis.start();
  await until(() => a.last('saved')?.summary.get('A') === 2 && b.last('saved')?.summary.get('B') === 1);
  for (const lab of [one, two]) await until(async () => Object.keys((await documentOf(lab, 'lab')).map).length === 2);
  const c = await connectReplica(await startSharing(redis), 'lab', 'C');
  await until(() => recordsOf(c) === 3);
  expect([a.socket.readyState, b.socket.readyState]).toEqual([1, 1]);
  expect(one.lines.filter((line) => line.startsWith('Redis at'))).toEqual([expect.stringContaining('cannot be reached'), expect.stringContaining('can be reached again')]);
});

test('a relay that starts without Redis says so in one line, refuses rooms, and takes them when it is there', async () => {
  const redis = await startRedis();
  await redis.kill();
  const lab = await startSharing(redis);
  expect(lab.lines).toEqual([expect.stringMatching(/^Redis at 127\.0\.0\.1:\d+ cannot be reached/)]);
  const app = joinAsApp(lab, 'lab');
  await until(() => lab.lines.some((line) => line.startsWith('room lab cannot be read: Redis at')));
  expect(app.synced).toBe(false);
  await redis.start();
  await until(() => app.synced);
});

test('of one replica at two relays the one that was opened last stays', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const first = await connectReplica(one, 'lab', 'A');
  const second = await connectReplica(two, 'lab', 'A');
  expect(await first.closed).toEqual({ code: 4409, reason: 'Replica A was opened somewhere else' });
  const third = await connectReplica(one, 'lab', 'A');
  expect((await second.closed).code).toBe(4409);
  third.say(encodedRecords(record('A', 1)));
  await until(() => third.last('saved')?.summary.get('A') === 1);
});

test('of two that could not hear of each other the one that was opened last stays too, and only that', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  await Promise.all([connectReplica(one, 'lab', 'W'), connectReplica(two, 'lab', 'V')]);
  const before = await connectReplica(one, 'lab', 'A');
  await until(() => before.last('saved'));
  await until(async () => {
    const lease = await two.relay.lease('lab');
    lease.release();
    return lease.room.names.ownerOf('A') !== null;
  });
  before.socket.close();
  await before.closed;
  await redis.kill();
  await until(() => [one, two].every((lab) => lab.lines.some((line) => line.includes('cannot be reached'))));
  // Both relays know the name: they need no Redis to let it in.
  const first = await connectReplica(one, 'lab', 'A');
  const clock = Date.now();
  await until(() => Date.now() > clock);
  const second = await connectReplica(two, 'lab', 'A');
  await redis.start();
  expect((await first.closed).code).toBe(4409);
  second.say(encodedRecords(record('A', 1)));
  await until(() => second.last('saved')?.summary.get('A') === 1);
});

test('a name belongs to one copy only, even when two ask at two relays at once; so does the answer to a copy that asks twice', async () => {
  const redis = await startRedis();
  const labs = [await startSharing(redis), await startSharing(redis), await startSharing(redis)];
  const ask = async (lab: { url: string }, instance: string): Promise<string> => {
    const answer = await fetch(`${lab.url}/-/api/rooms/lab/replicas`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ instance }) });
    return ((await answer.json()) as { replica: string }).replica;
  };
  const instances = Array.from({ length: 12 }, (_, i) => `copy-number-${i}-of-nothing`);
  const names = await Promise.all(instances.map((instance, i) => ask(labs[i % 3]!, instance)));
  expect([...names].sort()).toEqual([...'ABCDEFGHIJKL']);
  const twice = await Promise.all(labs.map((lab) => ask(lab, 'one-copy-that-asks-three-times')));
  expect(new Set(twice).size).toBe(1);
  const rivals = await Promise.all(labs.map((lab) => connectRaw(lab, '/race?name=Q')));
  const closed: number[] = [];
  rivals.forEach((rival, i) => {
    void rival.closed.then(({ code }) => closed.push(code));
    rival.say({ kind: 'hello', version: 1, replica: 'Q', instance: `copy-${i}`, summary: VersionVector.empty });
  });
  await until(() => closed.length === 2);
  expect(closed).toEqual([4409, 4409]);
  await until(() => rivals.filter((rival) => rival.last('welcome')).length === 1);
});

test('members are let in one after the other, whatever relay they are at, and the list is the same everywhere', async () => {
  const redis = await startRedis();
  const labs = [await startSharing(redis), await startSharing(redis), await startSharing(redis)];
  const clients = await Promise.all([...'ABCDEF'].map((name, i) => connectReplica(labs[i % 3]!, 'lab', name)));
  const members = (client: RawClient): readonly string[] => client.last('roster')?.members ?? [];
  for (let size = 1; size <= 6; size++) {
    await until(() => clients.every((client) => members(client).length === size && client.last('roster')?.present.length === 6));
    expect(new Set(clients.map((client) => members(client).join())).size).toBe(1);
    // All say so at once: one is let in, and no more.
    for (const client of clients) client.say({ kind: 'caught-up', members: members(client) });
  }
  const [a, b] = [clients[0]!, clients[1]!];
  const payload = Uint8Array.of(1, 2, 3);
  a.say({ kind: 'direct', peer: 'B', channel: 'consensus', roster: 6, payload });
  await until(() => b.last('direct'));
  expect(b.last('direct')).toEqual({ kind: 'direct', peer: 'A', channel: 'consensus', roster: 6, payload });
  expect(clients.slice(2).every((client) => client.last('direct') === undefined)).toBe(true);
});

test('a relay that goes is missed: its sessions and their presence go, by what it says or by its silence', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const b = await connectReplica(two, 'lab', 'B');
  const watcher = joinAsApp(two, 'lab');
  await connectReplica(one, 'lab', 'A');
  const app = joinAsApp(one, 'lab');
  app.awareness.setLocalState({ here: true });
  await until(() => watcher.awareness.getStates().size === 2 && b.last('roster')?.present.length === 2);
  await one.close();
  await until(() => watcher.awareness.getStates().size === 1 && b.last('roster')?.present.length === 1);
});

test('a room is emptied for all relays at once; its new life is the same everywhere', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const a = await connectReplica(one, 'lab', 'A');
  const b = await connectReplica(two, 'lab', 'B');
  const epoch = a.last('welcome')!.epoch;
  a.say(encodedRecords(record('A', 1)));
  await until(() => recordsOf(b) === 1);
  expect((await fetch(`${one.url}/-/api/rooms/lab`, { method: 'DELETE' })).status).toBe(204);
  expect([(await a.closed).code, (await b.closed).code]).toEqual([4503, 4503]);
  const again = [await connectReplica(one, 'lab', 'A', { instance: 'another-copy' }), await connectReplica(two, 'lab', 'B', { instance: 'another-copy-too' })];
  const welcomes = again.map((client) => client.last('welcome')!);
  expect(welcomes[0]!.epoch).toBe(welcomes[1]!.epoch);
  expect(welcomes[0]!.epoch).not.toBe(epoch);
  for (const welcome of welcomes) expect([welcome.discarded, welcome.summary.size]).toEqual([[epoch], 0]);
});

test('settings that are set at one relay hold at all', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  await connectReplica(two, 'lab', 'B');
  const settings = async (lab: { url: string }): Promise<{ enabled: string[] }> => (await (await fetch(`${lab.url}/-/api/rooms/lab/settings`)).json()) as { enabled: string[] };
  await fetch(`${one.url}/-/api/rooms/lab/settings`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ enabled: ['crdt'] }) });
  await until(async () => (await settings(two)).enabled.join() === 'crdt');
});

test('a record that is there otherwise, through another relay, is refused; that relay takes over what is stored', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const v = await connectReplica(one, 'lab', 'V');
  const w = await connectReplica(two, 'lab', 'W');
  await until(() => v.last('roster')?.present.length === 2);
  redis.process.kill('SIGSTOP');
  v.say(encodedRecords(record('A', 1, {}, 'this')));
  w.say(encodedRecords(record('A', 1, {}, 'that')));
  // Both relays have taken theirs, and wait for Redis.
  for (const lab of [one, two]) await until(async () => (await valuesOf(lab)).length === 1);
  redis.process.kill('SIGCONT');
  expect(await Promise.race([v.closed, w.closed])).toEqual({ code: 4503, reason: 'room lab is loaded anew' });
  await until(async () => (await valuesOf(one)).length === 1 && (await valuesOf(one)).join() === (await valuesOf(two)).join());
  // Refused by Redis, or seen in what the other one wrote, whichever is first.
  expect([...one.lines, ...two.lines].join('\n')).toMatch(/record\/A\/000000000001 is stored otherwise already|another record A:1 is stored here already/);
});

async function valuesOf(lab: TestLab): Promise<string[]> {
  const lease = await lab.relay.lease('lab');
  const values = lease.room.records().map((each) => JSON.stringify(each));
  lease.release();
  return values;
}

test('Redis comes back with nothing: the room begins anew, and its clients bring back what they have', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const apps = [joinAsApp(one, 'lab'), joinAsApp(two, 'lab')];
  apps[0]!.doc.getText('t').insert(0, 'kept by those who have it');
  await until(() => apps[1]!.doc.getText('t').length === 25);
  await redis.kill();
  await redis.lose();
  await redis.start();
  await until(async () => Number(await redis.client.hlen('rejoin:{lab}')) > 1);
  apps[1]!.doc.getText('t').insert(25, '!');
  await until(() => apps.every((app) => app.doc.getText('t').length === 26));
  const late = joinAsApp(await startSharing(redis), 'lab');
  await until(() => late.doc.getText('t').toString() === 'kept by those who have it!');
});

test('a relay that missed more than the stream keeps loads the room anew', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const app = joinAsApp(one, 'lab');
  const other = joinAsApp(two, 'lab');
  app.doc.getText('t').insert(0, 'a');
  await until(() => other.doc.getText('t').length === 1);
  // What a relay would find that was away for longer than that: its last entry is gone, and there are newer ones.
  const subscribers = String(await redis.client.call('CLIENT', 'LIST', 'TYPE', 'pubsub'));
  for (const id of [...subscribers.matchAll(/^id=(\d+)/gm)].map(([, id]) => id!)) await redis.client.call('CLIENT', 'KILL', 'ID', id);
  await redis.client.del('rejoin:{lab}:news');
  app.doc.getText('t').insert(1, 'b');
  await until(() => other.doc.getText('t').toString() === 'ab' && app.doc.getText('t').toString() === 'ab');
});

test('a document is compacted while two relays write to it, and nothing is missing from it', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const apps = [joinAsApp(one, 'lab'), joinAsApp(two, 'lab')] as const;
  await until(() => apps.every((app) => app.synced));
  let updates = 0;
  for (let round = 0; round < 60; round++) {
    for (const [i, app] of apps.entries()) app.doc.getMap('map').set(`${i}/${round}`, `${round}`.padStart(20_000, '.'));
    updates += 2;
    await until(() => apps.every((app) => app.doc.getMap('map').size === updates));
  }
  const a = await connectReplica(one, 'lab', 'A');
  a.send(syncFrame(1, updateOf('last', true)));
  await until(() => a.last('saved')?.yjsFrames === 1);
  const keys = (await redis.client.hkeys('rejoin:{lab}')).filter((key) => key.startsWith('update'));
  // 2.4 MB: far fewer than there were writes.
  expect(keys.length).toBeLessThan(60);
  expect(Object.keys((await documentOf(await startSharing(redis), 'lab')).map)).toHaveLength(121);
});

test('a Redis that promises less says so, once', async () => {
  const redis = await startRedis(['--appendfsync', 'everysec']);
  const lab = await startSharing(redis);
  const knowsWait = await redis.client.call('WAITAOF', '1', '0', '1').then(() => true, () => false);
  await until(() => lab.lines.length === (knowsWait ? 0 : 1));
  if (!knowsWait) expect(lab.lines[0]).toMatch(/^Redis at 127\.0\.0\.1:\d+ flushes every second \(appendfsync everysec\) and does not know WAITAOF/);
  const nothing = await startRedis(['--appendonly', 'no']);
  const other = await startSharing(nothing);
  await until(() => other.lines.length === 1);
  expect(other.lines[0]).toContain('keeps nothing on disk');
});

test('a scenario is refused in a room that others have too', async () => {
  const lab = await startSharing(await startRedis());
  const answer = await fetch(`${lab.url}/-/api/rooms/lab/scenario`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'last-seat' }) });
  expect([answer.status, ((await answer.json()) as { detail: string }).detail]).toEqual([409, expect.stringContaining('shares its rooms with others')]);
});
