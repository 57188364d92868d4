/** Every word of the screens is explained in one sentence, in both windows, with keyboard alone. */
import { expect, test } from 'vitest';
import { wordGroups } from '../../renderer/elements/parts/words.ts';
import { strategyNames } from '../../shared/strategies/registry.ts';
import { axeFindings } from '../support/axe.ts';
import { useBrowserLab } from '../support/browser-lab.ts';

const here = useBrowserLab();
const words = wordGroups.flatMap((group) => group.words);

test('in a replica window and in the control room, by keyboard', async () => {
  const { page } = await here.open('A');
  await page.getByRole('button', { name: 'Menu' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Words' }).click();
  const dialog = page.getByRole('dialog', { name: 'Words' });
  await dialog.waitFor();
  expect(await dialog.getByRole('definition').count()).toBe(words.length);
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });

  const room = await here.browser.newPage();
  await room.goto(here.lab.url);
  await room.getByRole('button', { name: 'More' }).focus();
  await room.keyboard.press('Enter');
  await room.getByRole('button', { name: 'Words' }).focus();
  await room.keyboard.press('Enter');
  await room.getByRole('dialog', { name: 'Words' }).getByText('The later timestamp stays; the other edit is gone.').waitFor();
  await room.close();
});

test('each is one sentence, no word stands twice, and all strategies are there', () => {
  for (const { word, means } of words) expect(means, word).toMatch(/^\p{Lu}[^.]*\.$/u);
  const names = words.map(({ word }) => word);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining(Object.values(strategyNames)));
});
