/** A phone, or a page enlarged to 400 %: nothing scrolls sideways, and all that is pressed is large enough. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { useBrowserLab } from '../support/browser-lab.ts';
import { deepText } from '../support/deep-text.ts';
import type { Column } from '../support/replica-page.ts';
import { until } from '../support/until.ts';

const here = useBrowserLab();
const others: readonly Column[] = ['Siblings', 'Quorum', 'Consensus', 'Single leader'];
const phone = { width: 320, height: 800 };

/** Names of what is smaller than 24 px, and of what scrolls sideways, shadow roots included. */
async function flaws(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const look = (root: ParentNode): void => {
      for (const each of root.querySelectorAll('*')) {
        if (each.shadowRoot) look(each.shadowRoot);
        if (!each.checkVisibility({ visibilityProperty: true })) continue;
        const { width, height } = each.getBoundingClientRect();
        const what = `${each.localName} ${each.getAttribute('aria-label') ?? each.textContent.trim().slice(0, 30)}`;
        const isTarget = each.matches('button, input, select, textarea, a[href], wa-tab, lab-switch') && width > 1;
        if (isTarget && Math.min(width, height) < 23.9) found.push(`${what}: ${width} x ${height}`);
        const scrolls = each === document.documentElement || /auto|scroll/.test(getComputedStyle(each).overflowX);
        const { scrollWidth, clientWidth } = each;
        if (scrolls && clientWidth > 0 && scrollWidth > clientWidth + 1) found.push(`${what}: scrolls sideways, ${scrollWidth} in ${clientWidth}`);
      }
    };
    look(document);
    return found;
  });
}

it('a window with all columns and the control room, whole and while cut off', async () => {
  const [a, b] = [await here.open('A'), await here.open('B')];
  const room = await (await here.browser.newContext()).newPage();
  await room.goto(here.lab.url);
  for (const column of others) await a.showColumn(column);
  await b.switchNetwork(false);
  for (const each of [a, b]) {
    await each.setTitle(`A rather long title, written by ${each === a ? 'A' : 'B'} for a small screen`);
    await each.add('tag', 'sea');
    await each.add('task', 'Book a hotel');
  }
  await b.switchNetwork(true);
  await a.review.getByRole('button', { name: 'Put back' }).first().waitFor();
  await until(async () => /What it cost.*\d+ edits (met|so far)/s.test(await deepText(room)), 'the scorecard');
  for (const page of [a.page, room]) {
    expect(await flaws(page)).toEqual([]);
    await page.setViewportSize(phone);
    await until(async () => (await flaws(page)).length === 0, 'a layout without flaws').catch(async () => expect(await flaws(page)).toEqual([]));
  }
  await fetch(`${here.lab.url}/-/api/rooms/lab/islands`, { method: 'PUT', body: JSON.stringify([['A'], ['B']]) });
  await until(async () => /cut off from B/.test(await a.statusText()) && /cut off from B/.test(await deepText(room)), 'all to say so');
  for (const page of [a.page, room]) expect(await flaws(page)).toEqual([]);
});
