import { expect, test } from 'vitest';
import { connectRaw, connectReplica, encodedRecords, joinAsApp, record, startLab, syncFrame, updateOf, until } from './lab-fixture.ts';

/** Samples by name, labels included: 'rejoin_refused_total{reason="malformed"}'. */
async function samples(url: string): Promise<Record<string, number>> {
  const response = await fetch(`${url}/-/metrics`);
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => {
    const parts = /^([a-z_]+(?:\{[a-z]+="[^"]*"\})?) ([0-9.e+-]+)$/.exec(line);
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
  expect((await samples(lab.url))['rejoin_deliveries_total']).toBe(0);
  const b = await connectReplica(lab, 'lab', 'B');
  a.say(encodedRecords(record('A', 2), record('A', 3)));
  await until(() => b.messages().flatMap((message) => (message.kind === 'records' ? message.records : [])).length === 3);
  expect((await samples(lab.url))['rejoin_deliveries_total']).toBe(2);
});

test('what is refused is counted by reason', async () => {
  const lab = await startLab();
  for (const [frame, reason] of [[Uint8Array.of(77), 'malformed'], ['text', 'only-binary']] as const) {
    const client = await connectRaw(lab, '/lab');
    client.send(frame);
    await client.closed;
    await until(async () => (await samples(lab.url))[`rejoin_refused_total{reason="${reason}"}`] === 1);
  }
  await (await connectRaw(lab, '/replica/A')).closed;
  await expect(connectRaw(lab, '/lab', { origin: 'http://evil.example' })).rejects.toThrow('403');
  expect(await samples(lab.url)).toMatchObject({ 'rejoin_refused_total{reason="upgrade-4404"}': 1, 'rejoin_refused_total{reason="upgrade-403"}': 1, rejoin_sessions: 0 });
});
