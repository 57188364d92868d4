/** Islands and bent links as three people see them, in a real Chromium against the real relay. */
import { expect, it } from 'vitest';
import { useBrowserLab } from '../support/browser-lab.ts';
import type { ReplicaPage } from '../support/replica-page.ts';
import { until } from '../support/until.ts';

const here = useBrowserLab();

const saved = (...pages: ReplicaPage[]) => until(async () => (await Promise.all(pages.map((page) => page.statusText()))).every((text) => text.includes('Synced, all saved')), 'all to be synced and saved');

async function call(method: string, path: string, body?: unknown): Promise<void> {
  const response = await fetch(`${here.lab.url}/-/api/rooms/lab/${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  expect(response.ok, await response.text()).toBe(true);
}

it('on both islands edits are saved and seen, nobody is switched off, and healing brings all together', async () => {
  const [a, b, c] = [await here.open('A'), await here.open('B'), await here.open('C')];
  await a.type('Start. ');
  await saved(a, b, c);
  await call('PUT', 'islands', [['A', 'B'], ['C']]);
  await a.type('From A.');
  await c.vote(2);
  await until(async () => (await b.notes('CRDT (Yjs)')) === 'Start. From A.', 'B to see what A typed');
  await saved(a, b, c);
  expect([await c.notes('CRDT (Yjs)'), await a.output('Votes', 'CRDT (Yjs)')]).toEqual(['Start. ', '0']);
  await call('DELETE', 'islands');
  for (const page of [a, b, c]) {
    await until(async () => (await page.notes('CRDT (Yjs)')) === 'Start. From A.', 'the text everywhere');
    await until(async () => (await page.output('Votes', 'CRDT (Yjs)')) === '2', 'both votes everywhere');
  }
  await saved(a, b, c);
});

it('what is lost upstream is shown as waiting and not as saved, until the link is mended; a link that is off shows as Connecting', { tags: ['gate'] }, async () => {
  const [a, b] = [await here.open('A'), await here.open('B')];
  await saved(a, b);
  await call('PUT', 'links/A', { upstream: { cut: true } });
  await a.vote(2);
  await until(async () => (await a.statusText()).includes('Synced · saving 2 edits'), 'two edits to wait');
  await b.vote(1);
  await until(async () => (await a.output('Votes', 'CRDT (Yjs)')) === '3', 'A to see the vote of B');
  expect(await b.output('Votes', 'CRDT (Yjs)')).toBe('1');
  expect(await a.statusText()).not.toContain('all saved');
  await call('PUT', 'links/A', { online: false });
  await until(async () => (await a.statusText()).includes('Connecting · 2 edits waiting'), 'A to connect');
  await call('POST', 'reset');
  await until(async () => (await b.output('Votes', 'CRDT (Yjs)')) === '3', 'all votes at B');
  await saved(a, b);
});
