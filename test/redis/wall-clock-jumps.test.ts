/** The wall clock of a machine is set: durations go on as if nothing had happened. */
import { afterEach, expect, test, vi } from 'vitest';
import { joinAsApp, until } from '../support/lab-fixture.ts';
import { startRedis, startSharing } from './redis-fixture.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

test.each([
  ['forwards', 3_600_000],
  ['backwards', -3_600_000],
])('it jumps an hour %s: who is here through another relay stays, and so do connections', async (_, ms) => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const apps = [joinAsApp(one, 'lab'), joinAsApp(two, 'lab')] as const;
  apps.forEach((app, i) => app.awareness.setLocalState({ name: i }));
  await until(() => apps.every((app) => app.awareness.getStates().size === 2));
  const lost: number[] = [];
  for (const app of apps) {
    app.awareness.on('change', ({ removed }: { removed: number[] }) => {
      for (const client of removed) lost.push(client);
    });
    app.on('connection-close', () => lost.push(-1));
  }
  const connections = async (): Promise<string[]> =>
    [...String(await redis.client.call('CLIENT', 'LIST')).matchAll(/^id=(\d+)/gm)].map(([, id]) => id!);
  const before = await connections();
  /** Each relay gives so many signs of life, and looks for those of others. */
  const beat = async (times: number): Promise<void> => {
    const published = async (): Promise<number> => {
      const stats = String(await redis.client.info('commandstats'));
      return Number(/cmdstat_publish:calls=(\d+)/.exec(stats)?.[1] ?? 0);
    };
    const start = await published();
    await until(async () => (await published()) >= start + 2 * times);
  };
  // What was told when they came has been heard.
  await beat(3);
  const wallMs = Date.now.bind(Date);
  vi.spyOn(Date, 'now').mockImplementation(() => wallMs() + ms);
  await beat(6);
  expect(lost).toEqual([]);
  expect(await connections()).toEqual(before);
  // And if a relay really goes, it is missed as ever.
  apps[0].doc.getText('t').insert(0, 'on');
  await until(() => apps[1].doc.getText('t').toString() === 'on');
  await one.close();
  await until(() => apps[1].awareness.getStates().size === 1);
});
