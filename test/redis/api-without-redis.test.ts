/** Calls of the control API while Redis is away: 503 in one line, and nothing with a stack in the log. */
import { expect, test } from 'vitest';
import { connectReplica, joinAsApp, type TestLab, until } from '../support/lab-fixture.ts';
import { startRedis, startSharing } from './redis-fixture.ts';

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly detail: string;
}

async function call(lab: TestLab, method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(`${lab.url}/-/api/rooms/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const detail = answer.status < 400 ? text : (JSON.parse(text) as { detail: string }).detail;
  return { status: answer.status, type: answer.headers.get('content-type'), detail };
}

const writes = [
  ['DELETE', ''],
  ['PUT', '/settings', { enabled: ['crdt'] }],
  ['POST', '/replicas', { instance: 'copy-number-one-of-it' }],
  ['PUT', '/islands', [['A'], ['B']]],
  ['PUT', '/links/A', { online: false }],
  ['POST', '/reset'],
] as const;

test('Redis is away: calls that need a room that is not in memory, or write, answer 503', async () => {
  const redis = await startRedis();
  const lab = await startSharing(redis);
  await connectReplica(lab, 'lab', 'A');
  await redis.kill();
  await until(() => lab.lines.some((line) => line.includes('cannot be reached')));
  const answers = [await call(lab, 'GET', 'other'), await call(lab, 'GET', 'other/history')];
  for (const room of ['other', 'lab']) {
    for (const [method, path, body] of writes) answers.push(await call(lab, method, room + path, body));
  }
  for (const answer of answers) {
    expect(answer).toMatchObject({ status: 503, type: 'application/problem+json; charset=utf-8' });
    expect(answer.detail).toMatch(/^Redis at 127\.0\.0\.1:\d+ cannot be reached: [^\n]+$/);
  }
  expect((await call(lab, 'GET', 'lab')).status).toBe(200);
  expect(lab.lines.filter((line) => line.includes('\n'))).toEqual([]);
  await redis.start();
  await until(async () => (await call(lab, 'PUT', 'lab/settings', { enabled: ['crdt'] })).status === 200);
});

test('Redis stops answering in the middle of a call: the call answers 503 in time', async () => {
  const redis = await startRedis();
  const lab = await startSharing(redis, { answerMsMax: 300 });
  // An app comes again where a busy machine makes Redis slower than that while the room is loaded; the relay then closes the session.
  const app = joinAsApp(lab, 'lab');
  await until(() => app.synced);
  redis.process.kill('SIGSTOP');
  const answer = await call(lab, 'PUT', 'lab/settings', { enabled: ['crdt'] });
  redis.process.kill('SIGCONT');
  expect(answer.status).toBe(503);
  expect(answer.detail).not.toContain('\n');
});

test('the store says whether Redis can be reached, and since when it cannot', async () => {
  const redis = await startRedis();
  const { openRedisSharedStore } = await import('../../server/storage/redis-shared-store.ts');
  const { systemClock } = await import('../../server/relay/system-clock.ts');
  const store = await openRedisSharedStore({
    url: redis.url,
    clock: systemClock,
    report: () => {},
    beatMs: 50,
    answerMsMax: 300,
  });
  expect(store.state()).toEqual({ reachable: true, trouble: null, sinceMs: null });
  const before = Date.now();
  redis.process.kill('SIGSTOP');
  await until(() => !store.state().reachable);
  expect(store.state().trouble).toMatch(/^[^\n]+$/);
  redis.process.kill('SIGCONT');
  await until(() => store.state().reachable);
  await redis.kill();
  await until(() => !store.state().reachable);
  expect(store.state().sinceMs).toBeGreaterThanOrEqual(before);
  expect(store.state().sinceMs).toBeLessThanOrEqual(Date.now());
  await redis.start();
  await until(() => store.state().reachable);
  await store.close();
});
