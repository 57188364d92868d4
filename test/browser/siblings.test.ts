/** Siblings in real windows: concurrent values wait side by side until a person chooses. */
import { describe, expect, it } from 'vitest';
import { useBrowserLab } from '../support/browser-lab.ts';
import type { ReplicaPage } from '../support/replica-page.ts';
import { until } from '../support/until.ts';

const here = useBrowserLab();

async function open(name: string): Promise<ReplicaPage> {
  const replica = await here.open(name);
  await replica.page.getByRole('button', { name: 'Menu' }).click();
  await replica.page.getByRole('menuitemcheckbox', { name: 'Column Siblings' }).click();
  await replica.column('Siblings').waitFor();
  return replica;
}

/** Two windows with two titles, two texts and two numbers of votes that neither had seen the other of. */
async function apart(): Promise<[ReplicaPage, ReplicaPage]> {
  const [a, b] = [await open('A'), await open('B')];
  await a.switchNetwork(false);
  await a.setTitle('Rome');
  await a.type('from A');
  await b.setTitle('Paris');
  await b.type('from B');
  await a.switchNetwork(true);
  await until(async () => (await b.column('Siblings').getByRole('list', { name: 'Siblings of Title' }).getByRole('listitem').count()) === 2, 'two titles to choose from');
  return [a, b];
}

describe('the Siblings column', () => {
  it('keeps both titles until somebody keeps one; then every window has that one', async () => {
    const [a, b] = await apart();
    const titles = await b.column('Siblings').getByRole('list', { name: 'Siblings of Title' }).innerText();
    expect([titles.includes('Rome'), titles.includes('Paris')]).toEqual([true, true]);
    await until(async () => /Siblings kept \d+ \d+ to resolve/.test((await a.review.innerText()).replace(/\s+/g, ' ')), 'the review to count what waits');
    await b.column('Siblings').getByRole('button', { name: 'Keep this: Rome' }).click();
    for (const page of [a, b]) await until(async () => (await page.box('Title', 'Siblings').inputValue()) === 'Rome', 'Rome everywhere');
    expect(await a.box('Title', 'CRDT (Yjs)').inputValue()).toMatch(/Rome|Paris/);
  });

  it('keeps both texts, and takes a person\'s own words instead', { tags: ['gate'] }, async () => {
    const [a, b] = await apart();
    await a.column('Siblings').getByRole('button', { name: 'Keep both' }).click();
    for (const page of [a, b]) await until(async () => (await page.notes('Siblings')).split('\n').sort().join() === 'from A,from B', 'both texts everywhere');
    await b.column('Siblings').getByRole('button', { name: 'Edit' }).click();
    await b.page.getByRole('textbox', { name: 'Instead of the siblings of Title' }).fill('Rome and Paris');
    await b.page.getByRole('button', { name: 'Use this' }).click();
    await until(async () => (await a.box('Title', 'Siblings').inputValue()) === 'Rome and Paris', 'the new title at A');
  });

  it('is still shown after the window is loaded again, and its siblings still wait', { tags: ['gate'] }, async () => {
    const [a] = await apart();
    await a.page.reload();
    await a.column('Siblings').getByRole('list', { name: 'Siblings of Title' }).waitFor();
    expect(await a.column('Siblings').getByRole('list', { name: 'Siblings of Title' }).getByRole('listitem').count()).toBe(2);
  });
});
