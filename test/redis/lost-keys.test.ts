/** Redis loses keys while its connections stay: nobody writes, and still every relay notices. */
import { expect, test } from 'vitest';
import {
  connectReplica,
  encodedRecords,
  joinAsApp,
  record,
  type TestLab,
  until,
} from '../support/lab-fixture.ts';
import { startRedis, startSharing } from './redis-fixture.ts';

type App = ReturnType<typeof joinAsApp>;

const textOf = (app: App): string => app.doc.getText('t').toString();
const reloads = (lab: TestLab): number =>
  lab.lines.filter((line) => line.includes('loaded anew')).length;

test.each([
  ['all keys', ['FLUSHALL']],
  ['the keys of one room', ['DEL', 'rejoin:{lab}', 'rejoin:{lab}:news']],
  ['the keys of a room without its news', ['DEL', 'rejoin:{lab}']],
])('%s are lost: clients, other relays and newcomers have the same again', async (_, command) => {
  const redis = await startRedis();
  const labs = [await startSharing(redis), await startSharing(redis)] as const;
  const apps = labs.map((lab) => joinAsApp(lab, 'lab'));
  apps[0]!.doc.getText('t').insert(0, 'kept');
  await until(() => textOf(apps[1]!) === 'kept');
  await redis.client.call(command[0]!, ...command.slice(1));
  // Nobody writes, and nobody says anything: both look by themselves.
  await until(() => labs.every((lab) => reloads(lab) > 0));
  const late = joinAsApp(await startSharing(redis), 'lab');
  await until(() => textOf(late) === 'kept');
  for (const [i, letter] of [...'abcdefgh'].entries()) {
    late.doc.getText('t').insert(4 + i, letter);
    await until(() => apps.every((app) => textOf(app) === `kept${'abcdefgh'.slice(0, i + 1)}`));
  }
});

test('a relay at which nobody writes hears that another one began a new life of the room', async () => {
  const redis = await startRedis();
  const never = { beatMs: 3_600_000, silenceMsMax: 7_200_000 };
  const [one, two] = [await startSharing(redis, never), await startSharing(redis, never)];
  const quiet = joinAsApp(two, 'lab');
  const busy = joinAsApp(one, 'lab');
  // Without beats, what is written before a relay listens is not made up for.
  await until(() => quiet.synced && busy.synced);
  for (const letter of 'abc') {
    busy.doc.getText('t').insert(0, letter);
    await until(() => textOf(quiet).startsWith(letter));
  }
  await redis.client.flushall();
  // The first number of the new life is lower than the last one of the old.
  busy.doc.getText('t').insert(0, 'd');
  await until(() => textOf(quiet) === 'dcba' && reloads(two) > 0);
  const late = joinAsApp(await startSharing(redis), 'lab');
  await until(() => textOf(late) === 'dcba');
});

test('Redis goes back to an older state of the same life, and writes as much as before', async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const a = await connectReplica(one, 'lab', 'A');
  await connectReplica(two, 'lab', 'B');
  a.say(encodedRecords(record('A', 1)));
  await until(() => a.last('saved')?.summary.get('A') === 1);
  const older = await redis.client.dumpBuffer('rejoin:{lab}');
  const number = Number(await redis.client.hget('rejoin:{lab}', '@seq'));
  a.say(encodedRecords(record('A', 2)));
  await until(() => a.last('saved')?.summary.get('A') === 2);
  await redis.client
    .multi()
    .restore('rejoin:{lab}', 0, older!, 'REPLACE')
    .del('rejoin:{lab}:news')
    .hset('rejoin:{lab}', '@seq', number + 1, '@at', '1-1')
    .exec();
  await until(() => reloads(one) > 0 && reloads(two) > 0);
});

test('a room that is open and was never written to keeps its place in Redis', async () => {
  const redis = await startRedis();
  const lab = await startSharing(redis);
  const app = joinAsApp(lab, 'lab');
  await until(() => app.synced);
  await redis.client.expire('rejoin:{lab}', 50);
  await until(async () => (await redis.client.ttl('rejoin:{lab}')) > 1_000);
  expect(reloads(lab)).toBe(0);
});

test('a Redis that throws keys away when it is full is told of at the start', async () => {
  const redis = await startRedis(['--maxmemory-policy', 'allkeys-lru']);
  const lab = await startSharing(redis);
  await until(() => lab.lines.some((line) => line.includes('(maxmemory-policy allkeys-lru)')));
});
