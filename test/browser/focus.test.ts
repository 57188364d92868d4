/** What a person presses may go away with what it did: the keyboard goes on nearby, and never from the top of the page. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useBrowserLab } from '../support/browser-lab.ts';
import { keyboardFocus } from '../support/keyboard-focus.ts';
import { until } from '../support/until.ts';

const here = useBrowserLab();

const focused = async (page: Page): Promise<string> => (await keyboardFocus(page)).name;

test('after Put back it is on the next entry, and after the last one on that entry itself', async () => {
  const [a, b] = [await here.open('A'), await here.open('B')];
  await a.switchNetwork(false);
  await a.vote(1);
  await a.add('tag', 'sea');
  await b.vote(1);
  await b.add('tag', 'sun');
  await a.switchNetwork(true);
  const buttons = a.review.getByRole('button', { name: 'Put back' });
  await until(async () => (await buttons.count()) === 2, 'two edits to put back');
  await buttons.first().focus();
  await a.page.keyboard.press('Enter');
  await until(async () => (await buttons.count()) === 1, 'one to be put back');
  expect(await focused(a.page)).toBe('button Put back');
  await a.page.keyboard.press('Enter');
  await until(async () => (await buttons.count()) === 0, 'the other one to be put back');
  expect(await focused(a.page)).toMatch(/^li Last writer wins/);
  // A key that comes in the moment in which what had the keyboard is gone is the review's, too.
  await a.page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    (active as HTMLElement).blur();
  });
  await a.page.keyboard.press('Escape');
  await a.page.locator('review-list').waitFor({ state: 'detached' });
});

test('after Keep it is in the field that the choice was about', async () => {
  const [a, b] = [await here.open('A'), await here.open('B')];
  for (const each of [a, b]) await each.showColumn('Siblings');
  await a.switchNetwork(false);
  await a.setTitle('Rome');
  await a.vote(1);
  await b.setTitle('Paris');
  await b.vote(2);
  await a.switchNetwork(true);
  const siblings = a.column('Siblings');
  for (const [label, whose, field] of [['Title', 'A\'s', 'input Title'], ['Votes', 'B\'s', 'button Add one vote, +1']] as const) {
    await siblings.getByRole('group', { name: `${label}, 2 siblings` }).getByRole('button', { name: `Keep ${whose}` }).focus();
    await a.page.keyboard.press('Enter');
    await until(async () => (await focused(a.page)) === field, `the focus on ${field}`);
  }
  expect(await a.box('Title', 'Siblings').inputValue()).toBe('Rome');
});
