/** The control room as a whole: an empty lab leads to the first rejoin; nothing scrolls that should not; axe finds nothing in either theme. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { axeFindings } from '../support/axe.ts';
import { useBrowserLab } from '../support/browser-lab.ts';
import { until } from '../support/until.ts';

const here = useBrowserLab();

/** How far the page scrolls, and what inside it does: nothing, where all is in sight. */
async function scrolling(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`sideways ${scrollWidth - clientWidth}`);
    if (scrollHeight > clientHeight) found.push(`down ${scrollHeight - clientHeight}`);
    const look = (root: ParentNode): void => {
      for (const each of root.querySelectorAll('*')) {
        if (each.shadowRoot) look(each.shadowRoot);
        if (/auto|scroll/.test(getComputedStyle(each).overflowY) && each.scrollHeight > each.clientHeight + 1) found.push(`${each.localName}.${each.className} scrolls`);
      }
    };
    look(document);
    return found;
  });
}

async function isFlawless(room: Page): Promise<void> {
  await until(async () => (await scrolling(room)).length === 0, 'nothing to scroll').catch(async () => expect(await scrolling(room)).toEqual([]));
  for (const colorScheme of ['dark', 'light'] as const) {
    await room.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await axeFindings(room), colorScheme).toEqual([]);
  }
}

test('an empty lab leads to the first rejoin, step by step; each state is whole at 1280×720 and sound for axe', { timeout: 120_000 }, async () => {
  const room = await (await here.browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
  await room.goto(here.lab.url);
  const button = (name: string) => room.getByRole('button', { name, exact: true });
  await button('Add a replica').waitFor();
  const [a, , c] = [await here.open('A'), await here.open('B'), await here.open('C')];
  await button('Cut C off').waitFor();
  await isFlawless(room);

  await button('Cut C off').press('Enter');
  await until(async () => !(await c.isOnline()), 'C to be off');
  await until(() => button('Show them').evaluate((next) => next.matches(':focus')), 'the keyboard to be on the next step');
  for (const [page, title] of [[a, 'Offsite in Paris'], [c, 'Offsite in Rome']] as const) {
    await page.setTitle(title);
    await page.vote(2);
  }
  await until(() => button('Rejoin').isEnabled(), 'the third step to be next');
  const mapText = (): Promise<string> => room.locator('lab-map').evaluate((map) => map.shadowRoot!.textContent.replaceAll(/\s+/g, ' '));
  await until(async () => (await mapText()).includes('3 for C'), 'the relay to keep three edits for C').catch(async () => expect(await mapText()).toContain('3 for C'));
  await isFlawless(room);

  await button('Rejoin').click();
  const scorecard = room.getByRole('table', { name: 'Scorecard' });
  await scorecard.getByRole('img', { name: '3 kept, 3 lost' }).waitFor();
  await scorecard.getByText('Lost 3 of 6, and told nobody.').waitFor();
  await room.getByText('All 3 replicas show the same under every strategy.').waitFor();
  await room.getByRole('button', { name: /^Last writer wins: .*linearizable is broken/ }).waitFor();
  await room.getByText('answered at C', { exact: true }).waitFor();
  const consistency = room.getByRole('region', { name: 'Consistency' });
  for (const [answered, rows] of [[3, 3], [0, 3]] as const) {
    await until(async () => (await consistency.getByText(`${answered} of 3 edits answered at C while it was cut off`).count()) === rows, `${rows} rows that answered ${answered} of 3`);
  }
  await isFlawless(room);

  // Cut off again, with the panels on stage.
  await room.getByRole('switch', { name: 'Network of replica C' }).click();
  await a.vote(1);
  await room.getByRole('table', { name: 'Scorecard' }).getByText('1 not yet everywhere').first().waitFor();
  await isFlawless(room);
  await button('Link of C is cut: mend it').click();

  await button('Numbers').click();
  await scorecard.getByRole('columnheader', { name: 'superseded' }).waitFor();
  await button('Numbers').click();
  await scorecard.getByText('told nobody').first().waitFor();

  await button('Present').click();
  await room.getByRole('region', { name: 'Consistency' }).waitFor({ state: 'detached' });
  expect(await room.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe('20px');
  await room.keyboard.press('Escape');
  await room.getByRole('region', { name: 'Consistency' }).waitFor();

  await room.setViewportSize({ width: 320, height: 800 });
  await until(() => room.evaluate(() => document.documentElement.scrollWidth <= 320), 'nothing to scroll sideways');
  await button('More').click();
  await room.getByRole('combobox', { name: 'Preset' }).waitFor();
  expect(await room.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  expect(await axeFindings(room)).toEqual([]);
});

test('starts over only when asked twice', { tags: ['gate'] }, async () => {
  const room = await (await here.browser.newContext()).newPage();
  await room.goto(here.lab.url);
  const a = await here.open('A');
  await a.vote(1);
  await room.getByText('1 edit since the start').waitFor();
  await room.getByRole('button', { name: 'Start over' }).click();
  await room.getByRole('group', { name: 'Start over?' }).getByRole('button', { name: 'Cancel' }).click();
  expect(await a.output('Votes', 'CRDT (Yjs)')).toBe('1');
  await room.getByRole('button', { name: 'Start over' }).click();
  await room.getByRole('button', { name: 'Yes, start over' }).click();
  await until(async () => (await a.output('Votes', 'CRDT (Yjs)')) === '0', 'no votes');
});
