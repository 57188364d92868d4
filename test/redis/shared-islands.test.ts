/** Islands and links of a room that several relays have. */
import { expect, test } from 'vitest';
import { connectReplica, documentOf, encodedRecords, joinAsApp, type RawClient, record, until } from '../support/lab-fixture.ts';
import { startRedis, startSharing } from './redis-fixture.ts';

function recordsOf(client: RawClient): string[] {
  return client.messages().flatMap((message) => (message.kind === 'records' ? message.records : [])).map((bytes) => Buffer.from(bytes).toString('latin1'));
}

async function put(lab: { url: string }, path: string, body: unknown, method = 'PUT'): Promise<void> {
  const answer = await fetch(`${lab.url}/-/api/rooms/lab/${path}`, { method, headers: { 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  expect([200, 204]).toContain(answer.status);
}

async function lists(lab: { url: string }): Promise<string> {
  return (await fetch(`${lab.url}/-/api/rooms/lab/islands`)).text();
}

test('an island whose sessions are at two relays is one island; the other one sees nothing of it until the room is healed, by any relay', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const join = (lab: { ws: string }, name: string): ReturnType<typeof joinAsApp> => joinAsApp(lab, 'lab', undefined, { name });
  const apps = { a: join(one, 'a'), b: join(two, 'b'), c: join(one, 'c'), d: join(two, 'd') };
  const all = Object.values(apps);
  await until(() => all.every((app) => app.synced));
  apps.a.awareness.setLocalState({ name: 'a' });
  apps.b.awareness.setLocalState({ name: 'b' });
  apps.c.awareness.setLocalState({ name: 'c' });
  apps.d.awareness.setLocalState({ name: 'd' });
  apps.a.doc.getText('t').insert(0, 'base ');
  await until(() => all.every((app) => app.doc.getText('t').toString() === 'base ' && app.awareness.getStates().size === 4));
  await put(one, 'islands', [['a', 'b'], ['c', 'd']]);
  await until(async () => (await lists(two)) === '[["a","b"],["c","d"]]');
  apps.a.doc.getText('t').insert(5, 'left ');
  apps.d.doc.getText('t').insert(5, 'right ');
  await until(() => apps.b.doc.getText('t').toString() === 'base left ' && apps.c.doc.getText('t').toString() === 'base right ');
  const names = (app: (typeof apps)['a']): string => [...app.awareness.getStates().values()].map((state) => String(state['name'])).sort().join('');
  await until(() => names(apps.a) === 'ab' && names(apps.b) === 'ab' && names(apps.c) === 'cd' && names(apps.d) === 'cd');
  // Somebody who comes to a third relay finds the island as it is.
  const three = await startSharing(redis);
  await put(three, 'links/nobody', { upstream: { latencyMs: 1 } });
  const late = join(three, 'b');
  late.awareness.setLocalState({ name: 'e' });
  await until(() => late.doc.getText('t').toString() === 'base left ' && names(apps.a) === 'abe' && names(apps.c) === 'cd');
  late.doc.getText('t').insert(0, 'late ');
  await until(() => apps.a.doc.getText('t').toString() === 'late base left ' && apps.b.doc.getText('t').toString() === 'late base left ');
  expect(apps.c.doc.getText('t').toString()).toBe('base right ');
  await put(two, 'islands', undefined, 'DELETE');
  await until(() => new Set([...all, late].map((app) => app.doc.getText('t').toString())).size === 1 && apps.a.doc.getText('t').length === 21);
  await until(() => names(apps.a) === 'abcde' && names(apps.d) === 'abcde' && names(late) === 'abcde');
  expect(await redis.client.hkeys('rejoin:{lab}')).toEqual(expect.not.arrayContaining([expect.stringContaining('islands/')]));
});

test('records, summaries and rosters stay on their island; healing brings them everywhere', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const [a, b, c] = [await connectReplica(one, 'lab', 'A'), await connectReplica(two, 'lab', 'B'), await connectReplica(two, 'lab', 'C')];
  await until(() => [a, b, c].every((client) => client.last('roster')?.present.length === 3));
  await put(two, 'islands', [['A', 'B'], ['C']]);
  await until(() => a.last('roster')?.present.join() === 'A,B' && b.last('roster')?.present.join() === 'A,B' && c.last('roster')?.present.join() === 'C');
  a.say(encodedRecords(record('A', 1)));
  c.say(encodedRecords(record('C', 1)));
  await until(() => recordsOf(b).length === 1 && a.last('saved')?.summary.get('A') === 1 && c.last('saved')?.summary.get('C') === 1);
  b.say(encodedRecords(record('B', 1, { A: 1 })));
  await until(() => recordsOf(a).length === 1 && b.last('saved')?.summary.get('B') === 1);
  expect(recordsOf(c)).toEqual([]);
  expect([b.last('saved')?.summary.get('C'), c.last('saved')?.summary.get('A')]).toEqual([0, 0]);
  const three = await startSharing(redis);
  const d = await connectReplica(three, 'lab', 'C');
  expect([d.last('welcome')?.summary.get('C'), d.last('welcome')?.summary.get('A')]).toEqual([1, 0]);
  await put(three, 'reset', undefined, 'POST');
  await until(() => recordsOf(a).length === 2 && recordsOf(b).length === 2 && recordsOf(d).length === 3);
  await until(() => d.last('roster')?.present.join() === 'A,B,C' && a.last('roster')?.present.join() === 'A,B,C');
});

test('who moves to another island takes along what the former one had, whatever relay the others are at', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const apps = [joinAsApp(one, 'lab', undefined, { name: 'a' }), joinAsApp(two, 'lab', undefined, { name: 'b' }), joinAsApp(two, 'lab', undefined, { name: 'c' })] as const;
  const [a, b, c] = apps;
  await until(() => apps.every((app) => app.synced));
  const text = (app: typeof a): string => app.doc.getText('t').toString();
  await put(one, 'islands', [['a'], ['b'], ['c']]);
  await until(async () => (await lists(two)) === '[["a"],["b"],["c"]]');
  a.doc.getText('t').insert(0, 'A');
  c.doc.getText('t').insert(0, 'C');
  await until(async () => (await documentOf(two, 'lab')).snapshot.length > 40);
  await put(two, 'islands', [['a', 'b'], ['c']]);
  await until(() => text(b) === 'A');
  expect(text(c)).toBe('C');
  await put(one, 'islands', [['a'], ['b', 'c']]);
  await until(() => text(c).length === 2 && text(c) === text(b));
  expect(text(a)).toBe('A');
  await put(one, 'islands', undefined, 'DELETE');
  await until(() => text(a) === text(c));
});

test('the faults of a link hold at whatever relay its session is', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const a = await connectReplica(one, 'lab', 'A');
  const b = await connectReplica(two, 'lab', 'B');
  await put(one, 'links/B', { upstream: { cut: true }, downstream: { cut: true } });
  await until(async () => ((await (await fetch(`${two.url}/-/api/rooms/lab/links/B`)).json()) as { upstream: { cut: boolean } }).upstream.cut);
  a.say(encodedRecords(record('A', 1)));
  await until(() => a.last('saved')?.summary.get('A') === 1);
  await until(async () => (await documentOf(two, 'lab')) !== null);
  expect(recordsOf(b)).toEqual([]);
  await put(one, 'links/B', { online: false });
  expect(await b.closed).toEqual({ code: 4503, reason: 'the link of B is off' });
  const reset = (lab: { url: string }): Promise<void> => put(lab, 'reset', undefined, 'POST');
  // Changes of the faults at two relays at once: both are carried out.
  await Promise.all([put(one, 'links/x', { upstream: { latencyMs: 5 } }), put(two, 'links/y', { upstream: { latencyMs: 6 } }), put(one, 'links/z', { upstream: { latencyMs: 7 } })]);
  const links = async (lab: { url: string }): Promise<string> => ((await (await fetch(`${lab.url}/-/api/rooms/lab`)).json()) as { links: { name: string }[] }).links.map(({ name }) => name).join();
  await until(async () => (await links(one)) === 'B,x,y,z' && (await links(two)) === 'B,x,y,z');
  await reset(two);
  await until(async () => (await links(one)) === '');
  const back = await connectReplica(two, 'lab', 'B');
  expect(recordsOf(back)).toHaveLength(1);
});

test('a room that is emptied while it is divided stays divided', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const first = joinAsApp(one, 'lab', undefined, { name: 'a' });
  await until(() => first.synced);
  first.doc.getText('t').insert(0, 'old');
  await put(one, 'islands', [['a'], ['b']]);
  await until(async () => (await documentOf(two, 'lab')).snapshot.length > 20);
  first.destroy();
  expect((await fetch(`${two.url}/-/api/rooms/lab`, { method: 'DELETE' })).status).toBe(204);
  const a = joinAsApp(one, 'lab', undefined, { name: 'a' });
  const b = joinAsApp(two, 'lab', undefined, { name: 'b' });
  const a2 = joinAsApp(two, 'lab', undefined, { name: 'a' });
  await until(() => a.synced && b.synced && a2.synced);
  a.doc.getText('t').insert(0, 'new');
  await until(() => a2.doc.getText('t').toString() === 'new');
  expect(b.doc.getText('t').toString()).toBe('');
});
