/** What people, partitions and crashes do to several relays, by chance, from a seed; at the end all have the same, and all that was confirmed. */
import { expect, test } from 'vitest';
import type * as Y from 'yjs';
import { VersionVector } from '../../shared/clocks/version-vector.ts';
import { encodeRecord } from '../../shared/history/record-codec.ts';
import { SeededRandom } from '../../shared/network/seeded-random.ts';
import { connectRaw, documentOf, joinAsApp, type RawClient, record, type TestLab, until } from '../support/lab-fixture.ts';
import type { RoomLease } from '../../shared/relay/room/rooms.ts';
import { noteRuns, seedsOf } from '../support/run-counts.ts';
import { startRedis, startSharing, type TestRedis } from './redis-fixture.ts';

const names = ['A', 'B', 'C', 'D'] as const;

/** A window: it keeps its records, sends what the relay lacks, and comes back to any relay. */
class Writer {
  client: RawClient | null = null;
  confirmed = 0;
  written = 0;

  constructor(readonly name: string) {}

  async connect(lab: TestLab): Promise<void> {
    this.client?.socket.terminate();
    this.client = null;
    const client = await connectRaw(lab, `/lab?name=${this.name}`);
    client.say({ kind: 'hello', version: 1, replica: this.name, instance: `copy-of-${this.name}`, summary: VersionVector.empty });
    const ended = client.closed.then(() => true);
    while (!client.last('welcome')) if (await Promise.race([ended, new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))])) return;
    this.client = client;
    client.socket.on('message', () => this.note());
    const has = client.last('welcome')!.summary.get(this.name);
    for (let counter = has + 1; counter <= this.written; counter++) this.send(counter);
  }

  edit(): void {
    this.send(++this.written);
  }

  private send(counter: number): void {
    if (this.client?.socket.readyState === 1) this.client.say({ kind: 'records', records: [encodeRecord(record(this.name, counter))] });
  }

  private note(): void {
    const saved = this.client?.last('saved')?.summary.get(this.name) ?? 0;
    this.confirmed = Math.max(this.confirmed, saved);
  }
}

interface World {
  readonly redis: TestRedis;
  readonly labs: TestLab[];
  readonly writers: readonly Writer[];
  readonly apps: ReturnType<typeof joinAsApp>[];
  readonly random: SeededRandom;
  islands: boolean;
}

/** Redis loses everything. What this relay has in memory comes back, and others notice too. */
async function loseKeys(world: World, lab: TestLab): Promise<void> {
  const { redis, labs } = world;
  const lease = await leaseOf(lab);
  // Not what it was about to write.
  await lease.room.settled();
  await redis.client.flushall();
  world.islands = false;
  for (const each of labs) await until(() => hasBroughtBack(each, redis));
  lease.release();
}

/** Of a room that is in memory or can be loaded: Redis may not be there yet. */
async function leaseOf(lab: TestLab): Promise<RoomLease> {
  let lease: RoomLease | null = null;
  await until(async () => (lease = await lab.relay.lease('lab').catch(() => null)) !== null);
  return lease!;
}

async function hasBroughtBack(lab: TestLab, redis: TestRedis): Promise<boolean> {
  const lease = await leaseOf(lab);
  try {
    const stored = await redis.client.hgetBuffer('rejoin:{lab}', 'meta/epoch');
    if (lease.room.awaitsReload || !stored?.includes(lease.room.epoch)) return false;
    await lease.room.settled();
    return true;
  } finally {
    lease.release();
  }
}

/** Tries until Redis is there for it; no lists: the room is whole. */
async function divide(lab: TestLab, lists: readonly (readonly string[])[]): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(lists);
  await until(async () => (await fetch(`${lab.url}/-/api/rooms/lab/islands`, { method: 'PUT', headers, body })).ok);
}

async function act(world: World, step: number): Promise<void> {
  const { redis, labs, writers, apps, random } = world;
  const pick = <Item>(items: readonly Item[]): Item => items[random.below(items.length)]!;
  const chance = random.below(100);
  if (chance < 40) pick(writers).edit();
  else if (chance < 70) {
    const map = pick(apps).doc.getMap('map');
    map.set(`k${step}`, step);
    if (random.chance(0.25)) map.delete(pick([...map.keys()]));
  } else if (chance < 82) await pick(writers).connect(pick(labs));
  else if (chance < 90) {
    world.islands = !world.islands;
    const lists = world.islands ? [pick([['A', 'app0'], ['A', 'B', 'app1']]), pick([['C', 'app2'], ['D']])] : [];
    await divide(pick(labs), lists);
  } else if (chance < 96) {
    const at = random.below(labs.length);
    await labs[at]!.close();
    labs[at] = await startSharing(redis);
    apps.push(joinAsApp(labs[at], 'lab', undefined, { name: `app${apps.length}` }));
  } else if (chance < 98) {
    await loseKeys(world, pick(labs));
  } else {
    await redis.kill();
    for (let i = 0; i < 5; i++) pick(writers).edit();
    await redis.start();
  }
}

test.each(seedsOf('relays-in-redis'))('seed %i: relays, clients, islands and restarts', { tags: ['runs'] }, async (seed) => {
  noteRuns('relays-in-redis', 1);
  const redis = await startRedis();
  const labs = [await startSharing(redis), await startSharing(redis), await startSharing(redis)];
  const world: World = { redis, labs, writers: names.map((name) => new Writer(name)), apps: labs.map((lab, i) => joinAsApp(lab, 'lab', undefined, { name: `app${i}` })), random: new SeededRandom(seed), islands: false };
  for (const [i, writer] of world.writers.entries()) await writer.connect(labs[i % 3]!);
  for (let step = 0; step < 120; step++) {
    await act(world, step);
    // Now and then all rest, so that some is confirmed.
    if (step % 10 === 0) await until(async () => (await redis.client.ping()) === 'PONG');
  }
  await divide(labs[0]!, []);
  // Before anybody comes back who could bring something: a relay that was never there has all that was confirmed.
  const lease = await (await startSharing(redis)).relay.lease('lab');
  for (const { name, confirmed } of world.writers) expect(lease.room.journal.stored.get(name)).toBeGreaterThanOrEqual(confirmed);
  lease.release();
  for (const [i, writer] of world.writers.entries()) await until(async () => {
    if (writer.client?.socket.readyState !== 1) await writer.connect(labs[i % 3]!);
    return writer.client?.socket.readyState === 1;
  });
  for (const lab of labs) {
    await until(async () => {
      const lease = await lab.relay.lease('lab');
      const { summary } = lease.room.journal;
      lease.release();
      return world.writers.every(({ name, written }) => summary.get(name) === written);
    });
  }
  // Apps whose relay has ended stay with what they had; the others are brought up to date.
  const live = world.apps.filter((app) => labs.some((lab) => app.url.startsWith(lab.ws)));
  await until(() => live.every((app) => app.wsconnected && app.synced));
  expect(live.length).toBeGreaterThan(0);
  const states = async (): Promise<string[]> => [...live.map((app) => vectorOf(app.doc)), ...(await Promise.all(labs.map(async (lab) => documentStateOf(lab))))];
  await until(async () => new Set(await states()).size === 1);
  const late = await startSharing(redis);
  expect((await documentOf(late, 'lab')).map).toEqual(live[0]!.doc.getMap('map').toJSON());
  await until(() => world.writers.every((writer) => (writer.client?.last('saved')?.summary.get(writer.name) ?? 0) === writer.written || writer.client?.last('welcome')?.summary.get(writer.name) === writer.written));
});

function vectorOf(doc: Y.Doc): string {
  return JSON.stringify(Object.entries(doc.getMap('map').toJSON()).sort());
}

async function documentStateOf(lab: TestLab): Promise<string> {
  return JSON.stringify(Object.entries((await documentOf(lab, 'lab')).map).sort());
}
