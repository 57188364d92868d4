/** The lab's pages as a phone opens them: from another machine's address, with the token typed once. */
import { networkInterfaces } from 'node:os';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { startLab } from '../support/lab.ts';
import { ReplicaPage } from '../support/replica-page.ts';
import { until } from '../support/until.ts';

const token = 'AbCdEfGhIjKlMnOpQrStUv';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

test('a page that was opened with the token works, forgets it in its address, and works again when it is loaded anew; a page without it is not served', async () => {
  const lab = await startLab({ host: '0.0.0.0', token });
  const outside = Object.values(networkInterfaces()).flatMap((each) => each ?? []).find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
  const origin = `http://${outside}:${lab.lab.port}`;
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    expect((await page.goto(`${origin}/replica/A`))?.status()).toBe(401);
    await page.goto(`${origin}/replica/A?token=${token}`);
    const replica = new ReplicaPage(page);
    await until(async () => (await replica.status.innerText()).includes('Synced'), 'the window to be synced');
    expect(page.url()).toBe(`${origin}/replica/A`);
    await page.reload();
    await until(async () => (await replica.status.innerText()).includes('Synced'), 'the window to be synced again');
    // The control room needs no token of its own in this browser.
    const room = await context.newPage();
    await room.goto(`${origin}/`);
    await until(() => room.getByText('A', { exact: true }).first().isVisible(), 'the control room to show the replica');
    // Nor does the worker that reads the history for it.
    await replica.vote(1);
    await room.getByRole('figure', { name: 'Space-time diagram' }).getByRole('button', { name: /^A, Votes: \+1/ }).waitFor({ state: 'attached' });
    expect(lab.reported).toEqual([]);
  } finally {
    await context.close();
    await lab.stop();
  }
});
