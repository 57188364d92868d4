/** The partition of partition.test.ts with Playwright's own test runner: npx playwright test. */
import { test as base, expect } from '@playwright/test';
import { EditorPage, servePages } from './editor-page.ts';
import { startRelay } from './rejoin-relay.ts';

/** The pages and a relay that lets them in, once for all tests. */
const test = base.extend<object, { lab: { origin: string; relay: string; api: string } }>({
  lab: [async ({ browserName: _browserName }, use) => {
    const pages = await servePages();
    const relay = await startRelay(pages.origin);
    await use({ origin: pages.origin, relay: relay.address, api: relay.api });
    await relay.stop();
    await pages.stop();
  }, { scope: 'worker' }],
});

// Shown in docs/control-api.md.
test('two people write apart and keep what both wrote', async ({ browser, request, lab }) => {
  const open = (name: string) => EditorPage.open(browser, { ...lab, room: 'my-room', name });
  const [alice, bob] = [await open('alice'), await open('bob')];
  const room = `${lab.api}/rooms/my-room`;                   // http://127.0.0.1:1234/-/api/rooms/my-room

  await request.put(`${room}/islands`, { data: [['alice'], ['bob']] });
  await alice.type('from Alice. ');
  await bob.type('from Bob. ');
  await expect(bob.page.getByText('from Alice')).toBeHidden();

  await request.post(`${room}/reset`);
  for (const { page } of [alice, bob]) {
    await expect(page.getByText('from Alice')).toBeVisible();
    await expect(page.getByText('from Bob')).toBeVisible();
  }
});
// End of what is shown.
