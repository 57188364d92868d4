/** y-websocket clients at several relays, on links that lose, repeat and reorder frames. */
import { expect, test } from 'vitest';
import { bend, haveEqualDocuments, reset } from '../support/faults-fixture.ts';
import { until } from '../support/lab-fixture.ts';
import { joinFollowed, typeOverLossyLinks } from '../support/lossy-clients.ts';
import { startRedis, startSharing } from './redis-fixture.ts';

test('apps at two relays on lossy links: none is closed, no room is loaded anew, and all are equal when the links are mended', { timeout: 120_000 }, async () => {
  const redis = await startRedis();
  const [one, two] = [await startSharing(redis), await startSharing(redis)];
  const apps = [...await joinFollowed(one, ['a', 'b']), ...await joinFollowed(two, ['c'])];
  await typeOverLossyLinks((name, link) => bend(one, name, link), apps, 2_400);
  await reset(one);
  await until(() => haveEqualDocuments(apps.map(({ doc }) => doc)));
  expect(apps.flatMap(({ closes }) => closes)).toEqual([]);
  expect([...one.lines, ...two.lines].filter((line) => line.includes('loaded anew'))).toEqual([]);
});
