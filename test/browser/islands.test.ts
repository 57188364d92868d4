/** Islands and bent links as three people see them, in a real Chromium against the real relay. */
import { expect, test } from 'vitest';
import { useBrowserLab } from '../support/browser-lab.ts';
import { deepText } from '../support/deep-text.ts';
import type { ReplicaPage } from '../support/replica-page.ts';
import { until } from '../support/until.ts';

const here = useBrowserLab();

const saved = (...pages: ReplicaPage[]) => until(async () => (await Promise.all(pages.map((page) => page.statusText()))).every((text) => text.includes('Synced, all saved')), 'all to be synced and saved');

const says = (page: ReplicaPage, words: string) => until(async () => (await page.statusText()).endsWith(words), `${page.page.url()} to say "${words}"`);

async function call(method: string, path: string, body?: unknown): Promise<void> {
  const response = await fetch(`${here.lab.url}/-/api/rooms/lab/${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  expect(response.ok, await response.text()).toBe(true);
}

test('on both islands edits are saved and seen, who is cut off is named, nobody is switched off, and healing brings all together', async () => {
  const [a, b, c] = [await here.open('A'), await here.open('B'), await here.open('C')];
  await a.type('Start. ');
  await saved(a, b, c);
  await call('PUT', 'islands', [['A', 'B'], ['C']]);
  await a.type('From A.');
  await c.vote(2);
  await until(async () => (await b.notes('CRDT (Yjs)')) === 'Start. From A.', 'B to see what A typed');
  await says(c, 'Connected, but cut off from A, B · 2 edits waiting');
  await says(a, 'Connected, but cut off from C · 1 edit waiting');
  await says(b, 'Connected, but cut off from C');
  expect([await c.notes('CRDT (Yjs)'), await a.output('Votes', 'CRDT (Yjs)')]).toEqual(['Start. ', '0']);
  // The relay has them all, and others do not.
  await c.page.getByRole('region', { name: 'Waiting' }).getByText('2 edits are safe in this window. They meet what A and B do meanwhile once the partition is over.').waitFor();
  await call('DELETE', 'islands');
  for (const page of [a, b, c]) {
    await until(async () => (await page.notes('CRDT (Yjs)')) === 'Start. From A.', 'the text everywhere');
    await until(async () => (await page.output('Votes', 'CRDT (Yjs)')) === '2', 'both votes everywhere');
  }
  await saved(a, b, c);
});

test('what is lost upstream is shown as waiting and not as saved, until the link is mended; a link that is off is named', { tags: ['gate'] }, async () => {
  const [a, b] = [await here.open('A'), await here.open('B')];
  await saved(a, b);
  await call('PUT', 'links/A', { upstream: { cut: true } });
  await a.vote(2);
  await says(a, 'Connected, but one way: hears B, is not heard by B · 2 edits waiting');
  await says(b, 'Connected, but one way: is heard by A, does not hear A');
  await b.vote(1);
  await until(async () => (await a.output('Votes', 'CRDT (Yjs)')) === '3', 'A to see the vote of B');
  expect(await b.output('Votes', 'CRDT (Yjs)')).toBe('1');
  expect(await a.statusText()).not.toContain('all saved');
  await call('PUT', 'links/A', { online: false });
  await says(a, 'Connecting: the link is off · 2 edits waiting');
  await says(b, 'Connected, but cut off from A');
  await call('POST', 'reset');
  await until(async () => (await b.output('Votes', 'CRDT (Yjs)')) === '3', 'all votes at B');
  await saved(a, b);
});

test('the header is hatched while cut off, with an icon; the control room says the same of each replica, and all return when healed', async () => {
  const room = await (await here.browser.newContext()).newPage();
  await room.goto(here.lab.url);
  const [a, b, c] = [await here.open('A'), await here.open('B'), await here.open('C')];
  const roomSays = (pattern: RegExp) => until(async () => pattern.test(await deepText(room)), `the control room to say ${pattern}`);
  const signs = async ({ page }: ReplicaPage): Promise<number[]> => [await page.locator('.hatched').count(), await page.locator('.status .mark.cut svg').count()];
  await saved(a, b, c);
  expect(await signs(a)).toEqual([0, 0]);
  await call('PUT', 'islands', [['A'], ['B', 'C']]);
  await says(a, 'Connected, but cut off from B, C');
  expect(await signs(a)).toEqual([1, 1]);
  expect(await a.page.locator('.hatched').evaluate((hatched) => getComputedStyle(hatched).backgroundImage)).toContain('repeating-linear-gradient');
  expect(await a.page.title()).toBe('Replica A (cut off) · Rejoin');
  await roomSays(/Replica A.*Connected, but cut off from B, C.*Replica B.*Connected, but cut off from A.*Replica C.*Connected, but cut off from A/s);
  await room.getByRole('button', { name: 'Link of A is cut: mend it' }).waitFor();
  await call('DELETE', 'islands');
  await saved(a, b, c);
  expect(await signs(a)).toEqual([0, 0]);
  await roomSays(/Replica A.*Synced, all saved.*Replica B.*Synced, all saved.*Replica C.*Synced, all saved/s);
  await c.switchNetwork(false);
  await says(a, 'Connected, all saved · C is offline');
  here.lab.lab.relay.online = false;
  await says(a, 'The relay is off');
  await says(c, 'Offline');
  await roomSays(/Replica A.*The relay is off.*Replica C.*Offline/s);
});
