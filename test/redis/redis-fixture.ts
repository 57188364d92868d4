/** A Redis of its own for a test, that can be killed and started again on its files, and relays that share it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { systemClock } from '../../server/relay/system-clock.ts';
import { openRedisSharedStore, type RedisSharedStoreOptions } from '../../server/storage/redis-shared-store.ts';
import { atEnd, startLab, type TestLab, until } from '../support/lab-fixture.ts';

export interface TestRedis {
  readonly url: string;
  readonly process: ChildProcess;
  /** A connection that is no relay's. */
  readonly client: Redis;
  /** Starts it, again, on the same port and files. Resolves when it answers. */
  start(): Promise<void>;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
  /** Removes all that it has on disk. */
  lose(): Promise<void>;
}

/** `password`: what it asks for; default: nothing. */
export async function startRedis(settings: readonly string[] = [], password: string | null = null): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'rejoin-redis-'));
  const port = await freePort();
  let child: ChildProcess | null = null;
  const client = new Redis(port, '127.0.0.1', { ...(password === null ? {} : { password }), retryStrategy: () => 20, maxRetriesPerRequest: null });
  client.on('error', () => {});
  const redis: TestRedis = {
    url: `redis://127.0.0.1:${port}`,
    client,
    get process() {
      return child!;
    },
    async start() {
      child = spawn(process.env['REJOIN_REDIS_SERVER']!, ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes', '--appendfsync', 'always', ...(password === null ? [] : ['--requirepass', password]), ...settings], { stdio: 'ignore' });
      await until(async () => (await client.ping()) === 'PONG');
    },
    async kill() {
      const ended = new Promise((resolve) => child!.once('close', resolve));
      child!.kill('SIGKILL');
      await ended;
    },
    lose: () => rm(join(folder, 'appendonlydir'), { recursive: true }),
  };
  atEnd(async () => {
    client.disconnect();
    if (child?.exitCode === null && child.signalCode === null) await redis.kill();
    await rm(folder, { recursive: true, force: true });
  });
  await redis.start();
  return redis;
}

/** A relay that shares its rooms through this Redis. Its timeouts are short. */
export async function startSharing(redis: { readonly url: string }, options: Partial<RedisSharedStoreOptions> = {}): Promise<TestLab> {
  const lines: string[] = [];
  const store = await openRedisSharedStore({ url: redis.url, clock: systemClock, report: (line) => lines.push(line), beatMs: 100, silenceMsMax: 1_000, answerMsMax: 2_000, ...options });
  atEnd(() => store.close());
  return startLab({ store, report: (line) => lines.push(line) }).then((lab) => ({ ...lab, lines }));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
