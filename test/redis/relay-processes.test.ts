/** `rejoin relay --redis`, each relay a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { atEnd, connectReplica, encodedRecords, joinAsApp, record, until } from '../support/lab-fixture.ts';
import { until as waitUntil } from '../support/until.ts';
import { type BuiltCommand, buildCommand } from '../support/built-command.ts';
import { startRedis } from './redis-fixture.ts';

let command: BuiltCommand;

beforeAll(async () => {
  command = await buildCommand();
});
afterAll(() => command.remove());

interface RelayProcess {
  readonly child: ChildProcess;
  readonly ws: string;
  readonly ready: { readonly redis: string; readonly data?: string };
  err(): string;
}

async function startRelay(url: string, environment: Record<string, string> = {}): Promise<RelayProcess> {
  const child = spawn(process.execPath, [command.program, 'relay', '--redis', url, '--port', '0', '--json'], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  atEnd(() => child.kill('SIGKILL'));
  await until(() => out.includes('\n') || child.exitCode !== null);
  if (child.exitCode !== null) throw new Error(err);
  const ready = JSON.parse(out) as { url: string; redis: string };
  return { child, ready, ws: ready.url.replace('http', 'ws'), err: () => err };
}

test('a relay is killed in the middle of writing: another one has everything that was confirmed, and goes on', async () => {
  const redis = await startRedis();
  const [one, two] = [await startRelay(redis.url), await startRelay(redis.url)];
  expect(one.ready).toMatchObject({ redis: new URL(redis.url).host });
  expect(one.ready).not.toHaveProperty('data');
  const watcher = joinAsApp(two, 'lab');
  const app = joinAsApp(one, 'lab');
  app.awareness.setLocalState({ here: true });
  await until(() => watcher.awareness.getStates().size === 2);
  const a = await connectReplica(one, 'lab', 'A');
  for (let counter = 1; counter <= 300; counter++) a.say(encodedRecords(record('A', counter)));
  await until(() => (a.last('saved')?.summary.get('A') ?? 0) > 0);
  one.child.kill('SIGKILL');
  await a.closed;
  const confirmed = a.last('saved')!.summary.get('A');
  const again = await connectReplica(two, 'lab', 'A', { instance: 'copy-of-A' });
  const has = again.last('welcome')!.summary.get('A');
  expect(has).toBeGreaterThanOrEqual(confirmed);
  // What the killed relay wrote last may reach the other one only now, so that the next edit is one after all of them.
  for (let counter = has + 1; counter <= 301; counter++) again.say(encodedRecords(record('A', counter)));
  await until(() => again.last('saved')?.summary.get('A') === 301);
  // It can say no more that its client has gone: it is silent, and that is noticed.
  app.destroy();
  await waitUntil(() => watcher.awareness.getStates().size === 1, 'the killed relay to be missed', { withinMs: 25_000 });
  expect(two.err()).not.toMatch(/Redis at .* cannot|room lab/);
});

test('all relays and Redis are killed and come back: nothing confirmed is lost', async () => {
  const redis = await startRedis();
  const relays = [await startRelay(redis.url), await startRelay(redis.url)];
  const [a, b] = [await connectReplica(relays[0]!, 'lab', 'A'), await connectReplica(relays[1]!, 'lab', 'B')];
  for (let counter = 1; counter <= 100; counter++) {
    a.say(encodedRecords(record('A', counter)));
    b.say(encodedRecords(record('B', counter)));
  }
  await until(() => (a.last('saved')?.summary.get('A') ?? 0) > 10 && (b.last('saved')?.summary.get('B') ?? 0) > 10);
  await redis.kill();
  for (const { child } of relays) child.kill('SIGKILL');
  await Promise.all([a.closed, b.closed]);
  await redis.start();
  const c = await connectReplica(await startRelay(redis.url), 'lab', 'C');
  const { summary } = c.last('welcome')!;
  expect(summary.get('A')).toBeGreaterThanOrEqual(a.last('saved')!.summary.get('A'));
  expect(summary.get('B')).toBeGreaterThanOrEqual(b.last('saved')!.summary.get('B'));
});

test('a password in the environment is used and never said; a wrong one is told in one line', async () => {
  const redis = await startRedis([], 'secret-word');
  const good = await startRelay(redis.url, { REJOIN_REDIS_PASSWORD: 'secret-word' });
  const a = await connectReplica(good, 'lab', 'A');
  a.say(encodedRecords(record('A', 1)));
  await until(() => a.last('saved')?.summary.get('A') === 1);
  const bad = await startRelay(redis.url, { REJOIN_REDIS_PASSWORD: 'wrong-word' });
  await until(() => bad.err().includes('cannot be reached'));
  expect(bad.err()).toMatch(/^Redis at 127\.0\.0\.1:\d+ cannot be reached \(.*(WRONGPASS|password|NOAUTH)/m);
  expect(good.err() + bad.err()).not.toMatch(/secret-word|wrong-word/);
});
