/** What relays write when Redis comes back after a long outage with many edits. */
import { expect, test } from 'vitest';
import {
  connectReplica,
  documentOf,
  encodedRecords,
  joinAsApp,
  type RawClient,
  record,
  syncFrame,
  until,
  updateOf,
} from '../support/lab-fixture.ts';
import { until as waitUntil } from '../support/until.ts';
import { startRedis, startSharing } from './redis-fixture.ts';

const recordCount = 30_000;

/** Says so many records of a replica, a thousand in a message. */
function sayRecords(client: RawClient, replica: string, count: number): void {
  for (let from = 1; from <= count; from += 1_000) {
    const size = Math.min(1_000, count - from + 1);
    const records = Array.from({ length: size }, (_, i) => record(replica, from + i));
    client.say(encodedRecords(...records));
  }
}

test('30,000 records of an outage are written when Redis is back, and other relays hear them', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const a = await connectReplica(one, 'lab', 'A');
  const b = await connectReplica(two, 'lab', 'B');
  await redis.kill();
  sayRecords(a, 'A', recordCount);
  a.send(syncFrame(2, updateOf('one', '1')));
  await until(() => one.lines.some((line) => line.includes('storing failed')));
  await redis.start();
  await until(() => a.last('saved')?.summary.get('A') === recordCount);
  await until(() => a.last('saved')?.yjsFrames === 1);
  const heard = (): number =>
    b
      .messages()
      .reduce((sum, each) => sum + (each.kind === 'records' ? each.records.length : 0), 0);
  await until(() => heard() === recordCount);
  // The last part of what was stored comes behind the records.
  await until(async () => (await documentOf(two, 'lab')).map['one'] === '1');
  const c = await connectReplica(await startSharing(redis), 'lab', 'C');
  expect(c.last('welcome')?.summary.get('A')).toBe(recordCount);
  // No command that a relay sent has had more words or bytes than Redis and Lua like.
  const longest = Number(await redis.client.xlen('rejoin:{lab}:news'));
  expect(longest).toBeGreaterThanOrEqual(recordCount / 500);
}, 120_000);

test('an outage of many updates: each part that is written is heard with what it stores', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const apps = [joinAsApp(one, 'lab'), joinAsApp(two, 'lab')] as const;
  await until(() => apps.every((app) => app.synced));
  await redis.kill();
  for (let i = 0; i < 2_000; i++) apps[0].doc.getMap('map').set(`k${i}`, '.'.repeat(2_000));
  await until(() => one.lines.some((line) => line.includes('storing failed')));
  // Each look reads the whole document, and the relay waits for it.
  const isTaken = async (): Promise<boolean> => Object.keys((await documentOf(one, 'lab')).map).length === 2_000;
  await waitUntil(isTaken, 'all updates are taken', { everyMs: 200 });
  await redis.start();
  await until(() => apps[1].doc.getMap('map').size === 2_000);
  const late = joinAsApp(await startSharing(redis), 'lab');
  await until(() => late.doc.getMap('map').size === 2_000);
}, 120_000);
