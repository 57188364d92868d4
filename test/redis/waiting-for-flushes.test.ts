/**
 * A Redis that flushes every second, and knows WAITAOF. The one that is installed may be too old for it, so something in between answers in its place:
 * with what is under the key "flushed".
 */
import { connect, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { atEnd, connectReplica, encodedRecords, record, until } from '../support/lab-fixture.ts';
import { startRedis, startSharing } from './redis-fixture.ts';

const waits = /\*4\r\n\$7\r\nWAITAOF\r\n(?:\$\d+\r\n\d+\r\n){3}/g;
const script = "return {tonumber(redis.call('GET', 'flushed') or '1'), 0}";
const answers = `*3\r\n$4\r\nEVAL\r\n$${script.length}\r\n${script}\r\n$1\r\n0\r\n`;

/** Hands on what relays say to a Redis, and has it answer WAITAOF as this test wants. */
async function startBetween(url: string): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(new URL(url).port), '127.0.0.1');
    for (const [from, to] of [[near, far], [far, near]] as const) {
      sockets.add(from);
      from.on('error', () => {}).on('close', () => to.destroy());
    }
    near.on('data', (data: Buffer) => far.write(Buffer.from(data.toString('latin1').replace(waits, answers), 'latin1')));
    far.on('data', (data: Buffer) => near.write(data));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `redis://127.0.0.1:${(server.address() as { port: number }).port}`;
}

test('nothing is confirmed before Redis has flushed it, neither what a relay wrote nor what it has only heard', async () => {
  const redis = await startRedis(['--appendfsync', 'everysec']);
  const between = { url: await startBetween(redis.url) };
  const [one, two] = [await startSharing(between), await startSharing(between)];
  const a = await connectReplica(one, 'lab', 'A');
  const b = await connectReplica(two, 'lab', 'B');
  await until(() => a.last('saved') && b.last('saved'));
  expect([...one.lines, ...two.lines]).toEqual([]);
  await redis.client.set('flushed', '0');
  a.say(encodedRecords(record('A', 1)));
  await until(() => one.lines.some((line) => line.includes('has not flushed its append-only file in time')));
  await until(() => b.last('records'));
  // It brings what the other relay has told it: that is not on disk either.
  b.say(encodedRecords(record('A', 1)));
  await until(() => two.lines.some((line) => line.includes('has not flushed its append-only file in time')));
  expect([a.last('saved')?.summary.get('A'), b.last('saved')?.summary.get('A')]).toEqual([0, 0]);
  await redis.client.set('flushed', '1');
  await until(() => a.last('saved')?.summary.get('A') === 1 && b.last('saved')?.summary.get('A') === 1);
});
