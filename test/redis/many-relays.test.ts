/** Several relays, one Redis: what each takes, all have. */
import { expect, test } from 'vitest';
import { connectReplica, documentOf, encodedRecords, joinAsApp, type RawClient, record, syncFrame, until, updateOf } from '../server/lab-fixture.ts';
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
  const hello = await Promise.allSettled(labs.map(async (lab, i) => connectReplica(lab, 'race', 'Q', { instance: `copy-${i}` })));
  const welcomed = hello.filter(({ status }) => status === 'fulfilled');
  expect(welcomed).toHaveLength(1);
}, 60_000);

test('members are let in one after the other, whatever relay they are at, and the list is the same everywhere', async () => {
  const redis = await startRedis();
  const labs = [await startSharing(redis), await startSharing(redis), await startSharing(redis)];
  const clients = await Promise.all([...'ABCDEF'].map((name, i) => connectReplica(labs[i % 3]!, 'lab', name)));
  const members = (client: RawClient): readonly string[] => client.last('roster')?.members ?? [];
  for (let size = 1; size <= 6; size++) {
    await until(() => clients.every((client) => members(client).length === size && client.last('roster')?.present.length === 6));
    expect(new Set(clients.map((client) => members(client).join())).size).toBe(1);
    // All say so at once: one is let in, and no more.
    for (const client of clients) client.say({ kind: 'settled-in', members: members(client) });
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
  expect([(await a.closed).code, (await b.closed).code]).toEqual([1012, 1012]);
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

