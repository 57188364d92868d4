import { expect, test } from 'vitest';
import { SharedMemory } from '../../support/memory-shared-store.ts';
import { connectRaw, connectReplica, encodedRecords, HeldStore, joinAsApp, record, startLab, syncFrame, updateOf, until } from '../../support/lab-fixture.ts';

/** Samples by name, labels included: 'rejoin_refused_total{reason="malformed"}'. */
async function samples(url: string): Promise<Record<string, number>> {
  const response = await fetch(`${url}/-/metrics`);
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => {
    const parts = /^([a-z0-9_]+(?:\{[a-z]+="[^"]*"\})?) ([0-9.e+-]+)$/.exec(line);
    expect(parts, line).not.toBe(null);
    return [parts![1]!, Number(parts![2])];
  }));
}

test('metrics count sessions, rooms, deliveries, bytes, lag and saving', async () => {
  const lab = await startLab();
  const writer = await connectRaw(lab, '/lab');
  const [first, second] = [joinAsApp(lab, 'lab'), joinAsApp(lab, 'lab')];
  await until(() => first.synced && second.synced);
  for (const key of ['one', 'two', 'three']) writer.send(syncFrame(2, updateOf(key, 'x')));
  await until(() => first.doc.getMap('map').size === 3 && second.doc.getMap('map').size === 3);
  await until(async () => (await samples(lab.url))['rejoin_saving_seconds_count']! >= 3);
  const found = await samples(lab.url);
  expect(found).toMatchObject({ rejoin_online: 1, rejoin_sessions: 3, rejoin_rooms: 1, rejoin_sessions_total: 3, rejoin_deliveries_total: 6, rejoin_queue_frames: 0 });
  expect(found['rejoin_received_bytes_total']).toBeGreaterThan(3 * 20);
  expect(found['rejoin_sent_bytes_total']).toBeGreaterThan(6 * 20);
  expect(found['rejoin_replication_lag_seconds_count']).toBe(3);
  expect(found['rejoin_replication_lag_seconds_bucket{le="+Inf"}']).toBe(3);
  expect(found['rejoin_replication_lag_seconds_sum']).toBeGreaterThan(0);
  const bounds = Object.entries(found).filter(([name]) => name.startsWith('rejoin_replication_lag_seconds_bucket')).map(([, count]) => count);
  expect([...bounds].sort((a, b) => a - b)).toEqual(bounds);
});

test('an edit that nobody else hears of is no delivery; records count for the replicas that hear of them', async () => {
  const lab = await startLab();
  const a = await connectReplica(lab, 'lab', 'A');
  a.send(syncFrame(2, updateOf('alone', 'x')));
  a.say(encodedRecords(record('A', 1)));
  await until(() => a.last('saved')?.summary.get('A') === 1 && a.last('saved')?.yjsFrames === 1);
  await until(async () => (await samples(lab.url))['rejoin_saving_seconds_count'] === 2);
  expect((await samples(lab.url))['rejoin_deliveries_total']).toBe(0);
  const b = await connectReplica(lab, 'lab', 'B');
  a.say(encodedRecords(record('A', 2), record('A', 3)));
  await until(() => b.messages().flatMap((message) => (message.kind === 'records' ? message.records : [])).length === 3);
  await until(async () => (await samples(lab.url))['rejoin_deliveries_total'] === 2);
});

test('what is refused is counted by reason', async () => {
  const lab = await startLab();
  for (const [frame, reason] of [[Uint8Array.of(64, 77), 'malformed'], ['text', 'only-binary']] as const) {
    const client = await connectRaw(lab, '/lab');
    client.send(frame);
    await client.closed;
    await until(async () => (await samples(lab.url))[`rejoin_refused_total{reason="${reason}"}`] === 1);
  }
  await (await connectRaw(lab, '/replica/A')).closed;
  await expect(connectRaw(lab, '/lab', { origin: 'http://evil.example' })).rejects.toThrow('403');
  await until(async () => (await samples(lab.url))['rejoin_refused_total{reason="upgrade-403"}'] === 1);
  expect(await samples(lab.url)).toMatchObject({ 'rejoin_refused_total{reason="upgrade-4404"}': 1, rejoin_sessions: 0 });
});

test('a store that fails is seen, and for how long something has waited; Redis where there is one', async () => {
  const store = new HeldStore();
  const lab = await startLab({ store });
  expect(await samples(lab.url)).toMatchObject({ rejoin_store_failing: 0, rejoin_oldest_unsaved_seconds: 0 });
  store.failing = true;
  const app = joinAsApp(lab, 'lab');
  app.doc.getMap('map').set('one', 1);
  await until(async () => (await samples(lab.url))['rejoin_store_failing'] === 1);
  const first = (await samples(lab.url))['rejoin_oldest_unsaved_seconds']!;
  expect(first).toBeGreaterThan(0);
  await until(async () => (await samples(lab.url))['rejoin_oldest_unsaved_seconds']! > first);
  store.failing = false;
  await until(async () => (await samples(lab.url))['rejoin_store_failing'] === 0);
  expect(await samples(lab.url)).not.toHaveProperty('rejoin_redis_reachable');
  const shared = new SharedMemory().open();
  const sharing = await startLab({ store: { ...shared, enter: shared.enter.bind(shared), state: () => ({ reachable: false, trouble: 'away', sinceMs: 0 }) } });
  expect(await samples(sharing.url)).toMatchObject({ rejoin_redis_reachable: 0 });
});

test('event loop and memory of the process', async () => {
  const found = await samples((await startLab()).url);
  expect(found['rejoin_memory_bytes{kind="resident"}']).toBeGreaterThan(found['rejoin_memory_bytes{kind="heap_used"}']!);
  expect(found['rejoin_memory_bytes{kind="external"}']).toBeGreaterThan(0);
  expect(found['rejoin_event_loop_delay_p50_seconds']).toBeLessThanOrEqual(found['rejoin_event_loop_delay_p99_seconds']!);
  expect(found['rejoin_event_loop_delay_p99_seconds']).toBeLessThanOrEqual(found['rejoin_event_loop_delay_max_seconds']!);
});

test('whoever asks again within a second gets the same text', async () => {
  const lab = await startLab();
  const text = async (): Promise<string> => (await fetch(`${lab.url}/-/metrics`)).text();
  const [first, second] = [await text(), await text()];
  await connectRaw(lab, '/lab');
  expect(second).toBe(first);
  await until(async () => /^rejoin_sessions 1$/m.test(await text()));
});
