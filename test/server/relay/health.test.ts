import { expect, test } from 'vitest';
import { SharedMemory } from '../../support/memory-shared-store.ts';
import { HeldStore, joinAsApp, startLab, type TestLab, until } from '../../support/lab-fixture.ts';

async function health(lab: TestLab): Promise<string> {
  const answer = await fetch(`${lab.url}/healthz`);
  return `${answer.status} ${await answer.text()}`;
}

test('a relay that does what it should says ok, without a token', async () => {
  expect(await health(await startLab({ token: 'AbCdEfGhIjKlMnOpQrStUv' }))).toBe('200 ok\n');
});

test('one that is switched off, cannot store or cannot reach its store says so, and nothing else', async () => {
  const store = new HeldStore();
  const lab = await startLab({ store });
  store.failing = true;
  joinAsApp(lab, 'secret').doc.getMap('map').set('one', 1);
  await until(async () => (await health(lab)) === '503 storing fails\n');
  lab.relay.online = false;
  expect(await health(lab)).toBe('503 the relay is switched off; storing fails\n');
  store.failing = false;
  lab.relay.online = true;
  await until(async () => (await health(lab)) === '200 ok\n');
  const shared = new SharedMemory().open();
  const sharing = await startLab({ store: { ...shared, enter: shared.enter.bind(shared), state: () => ({ reachable: false, trouble: 'Redis at 10.0.0.5 is away', sinceMs: 0 }) } });
  expect(await health(sharing)).toBe('503 the store cannot be reached\n');
});
