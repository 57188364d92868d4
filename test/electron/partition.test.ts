/** The main path, in real Electron windows: cut one replica off, edit on both sides, rejoin, see what each merge did. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useDesktopLab } from '../support/desktop-lab.ts';
import { until } from '../support/until.ts';

const here = useDesktopLab('A', 'B');

const crdt = 'CRDT (Yjs)';
const lastWriterWins = 'Last writer wins';

const column = (page: Page, name: string) => page.getByRole('region', { name });
const votes = async (page: Page, name: string) => Number(await column(page, name).getByRole('status', { name: 'Votes' }).textContent());
const notes = (page: Page, name: string) => column(page, name).getByRole('textbox', { name: 'Notes' }).inputValue();
const status = async (page: Page) => (await page.getByRole('banner').getByRole('status').first().textContent())?.trim() ?? '';

test('two windows, one cut off: edits on both sides, and both agree after rejoining', async () => {
  const [a, b] = [await here.desktop.page('/replica/A'), await here.desktop.page('/replica/B')];
  for (const page of [a, b]) await until(async () => (await status(page)).includes('all saved'), 'both windows to be synced');

  await a.getByRole('switch', { name: 'Network' }).click();
  await until(async () => (await status(a)).includes('Offline'), 'A to be offline');

  await column(a, crdt).getByRole('textbox', { name: 'Notes' }).pressSequentially('from A ');
  for (let times = 0; times < 2; times++) await column(a, crdt).getByRole('button', { name: 'Add one vote' }).click();
  await column(b, crdt).getByRole('textbox', { name: 'Notes' }).pressSequentially('from B ');
  await column(b, crdt).getByRole('button', { name: 'Add one vote' }).click();
  await until(async () => /\d+ edits? waiting/.test(await status(a)), 'A to say that edits wait');
  expect([await votes(a, crdt), await votes(b, crdt)]).toEqual([2, 1]);
  expect(await notes(b, crdt)).toBe('from B ');

  await a.getByRole('switch', { name: 'Network' }).click();
  for (const page of [a, b]) await until(async () => (await status(page)).includes('all saved'), 'both windows to be synced again');

  await until(async () => (await votes(a, crdt)) === 3 && (await votes(b, crdt)) === 3, 'the CRDT to keep all three votes in both windows');
  for (const name of [crdt, lastWriterWins]) {
    await until(async () => (await votes(a, name)) === (await votes(b, name)) && (await notes(a, name)) === (await notes(b, name)), `both windows to agree under ${name}`);
  }
  expect(await votes(a, lastWriterWins)).toBeLessThan(3);
  for (const text of ['from A', 'from B']) expect(await notes(a, crdt)).toContain(text);

  const review = a.getByRole('region', { name: 'After rejoining' });
  await until(async () => {
    const opener = review.getByRole('button', { name: 'Review', exact: true });
    if ((await opener.count()) > 0) await opener.click();
    return (await review.getByRole('listitem').allInnerTexts()).some((text) => /^\s*Last writer wins\s+lost/.test(text));
  }, 'the review to name what was lost');
});
