/** Windows of all sizes, and larger letters: nothing scrolls sideways, all that is pressed is large enough, and where the design says so all fields are in sight. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { ScenarioView } from '../../shared/control/scenario-view.ts';
import { strategyIds } from '../../shared/history/record.ts';
import { toldOf } from '../../renderer/controllers/scenario-moments.ts';
import { useBrowserLab } from '../support/browser-lab.ts';
import { deepText } from '../support/deep-text.ts';
import type { Column } from '../support/replica-page.ts';
import { fieldsOutOfSight, sizeFlaws } from '../support/size-flaws.ts';
import { beginOffsite, editOffsiteApart } from '../support/offsite-story.ts';
import { until } from '../support/until.ts';

const here = useBrowserLab();
const others: readonly Column[] = ['Siblings', 'Quorum', 'Consensus', 'Single leader'];
const phone = { width: 320, height: 800 };

test('a window with all columns and the control room, whole and while cut off', async () => {
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
  await a.review.getByRole('button', { name: 'Review', exact: true }).click();
  await a.review.getByRole('button', { name: 'Put back' }).first().waitFor();
  await until(async () => /What it cost.*\d+ edits/s.test(await deepText(room)), 'the scorecard');
  for (const page of [a.page, room]) {
    expect(await sizeFlaws(page)).toEqual([]);
    await page.setViewportSize(phone);
    await until(async () => (await sizeFlaws(page)).length === 0, 'a layout without flaws').catch(async () => expect(await sizeFlaws(page)).toEqual([]));
  }
  await fetch(`${here.lab.url}/-/api/rooms/lab/islands`, { method: 'PUT', body: JSON.stringify([['A'], ['B']]) });
  await until(async () => /cut off from B/.test(await a.statusText()) && /cut off from B/.test(await deepText(room)), 'all to say so');
  for (const page of [a.page, room]) expect(await sizeFlaws(page)).toEqual([]);
});

const tiles = ['640x360', '720x415', '960x520'];
const screens = ['1280x720', '1440x900', '1500x900', '2560x1440'];
const sizes = [...tiles, ...screens, '390x844', '320x640'];
/** Where the system's font is a wide one, the last row needs so much scrolling here (docs/decisions/0037). */
const smallest = '640x360';
const smallestSlackPx = 44;
const wide = { width: 1280, height: 720 };

/** Goes through the sizes, and once with letters of 32 px, and says what is wrong in which. `inSight`: sizes that must show the names of all fields. */
async function lookAt(page: Page, state: string, inSight: readonly string[] = []): Promise<string[]> {
  const found: string[] = [];
  const look = async (size: string): Promise<void> => {
    const wrong = async (): Promise<string[]> => [...(await sizeFlaws(page)), ...(inSight.includes(size) ? await fieldsOutOfSight(page, size === smallest ? smallestSlackPx : 0) : []).map((name) => `${name} is out of sight`)];
    // A layout takes some frames.
    await until(async () => (await wrong()).length === 0, 'no flaws', { withinMs: 2_000 }).catch(async () => found.push(...(await wrong()).map((flaw) => `${state}, ${size}: ${flaw}`)));
  };
  for (const size of sizes) {
    const [width, height] = size.split('x').map(Number) as [number, number];
    await page.setViewportSize({ width, height });
    await look(size);
  }
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Page.setFontSizes', { fontSizes: { standard: 32 } });
  await page.setViewportSize(wide);
  await look('letters of 32 px');
  await devtools.send('Page.setFontSizes', { fontSizes: { standard: 16 } });
  return found;
}

describe('a replica window in all sizes', () => {
  test('two strategies: calm, cut off, after a rejoin with the review open and closed, parted by the relay', { timeout: 300_000, tags: ['gate'] }, async () => {
    const [a, c] = [await here.open('A'), await here.open('C')];
    for (const { page } of [a, c]) await page.setViewportSize(wide);
    const { page } = c;
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await beginOffsite(a, c);
    const found = await lookAt(page, 'calm', [...tiles, ...screens]);
    await c.switchNetwork(false);
    await editOffsiteApart(a, c);
    found.push(...(await lookAt(page, 'cut off', [...tiles, ...screens])));
    await c.switchNetwork(true);
    await c.review.getByRole('button', { name: 'Hide' }).waitFor();
    found.push(...(await lookAt(page, 'review', screens)));
    await c.review.getByRole('button', { name: 'Hide' }).click();
    found.push(...(await lookAt(page, 'rejoined', [...tiles, ...screens])));
    await fetch(`${here.lab.url}/-/api/rooms/lab/islands`, { method: 'PUT', body: JSON.stringify([['A'], ['C']]) });
    await until(async () => /cut off/.test(await c.statusText()), 'C to be cut off by the relay');
    await c.setTitle('Offsite in Lima');
    found.push(...(await lookAt(page, 'parted', [...tiles, ...screens])));
    expect(found).toEqual([]);
  });

  test('six strategies: cut off, after a rejoin, with the review open', { timeout: 300_000, tags: ['gate'] }, async () => {
    const [a, , c] = [await here.open('A'), await here.open('B'), await here.open('C')];
    await fetch(`${here.lab.url}/-/api/rooms/lab/settings`, { method: 'PUT', body: JSON.stringify({ columns: strategyIds }) });
    for (const { page } of [a, c]) await page.setViewportSize(wide);
    for (const each of [a, c]) await each.column('Consensus').getByText('2 of 3 must agree').waitFor();
    const { page } = c;
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await beginOffsite(a, c);
    for (const column of ['Quorum', 'Consensus', 'Single leader'] as const) await until(async () => (await c.items('Tasks', column)).length === 3, `all of it under ${column} at C`);
    await c.switchNetwork(false);
    await editOffsiteApart(a, c);
    const found = await lookAt(page, 'cut off', screens);
    await c.switchNetwork(true);
    await page.getByRole('log').getByText('Rejoined').waitFor();
    found.push(...(await lookAt(page, 'rejoined', screens)));
    await c.openReview();
    found.push(...(await lookAt(page, 'review')));
    expect(found).toEqual([]);
  });
});

test('the control room in all sizes: empty, parted, after a rejoin, with numbers', { timeout: 300_000, tags: ['gate'] }, async () => {
  const page = await (await here.browser.newContext({ viewport: wide, reducedMotion: 'reduce' })).newPage();
  await page.goto(here.lab.url);
  await page.getByRole('button', { name: 'Add a replica' }).waitFor();
  const found = await lookAt(page, 'empty');
  const [a, c] = [await here.open('A'), await here.open('C')];
  for (const each of [a, c]) await each.page.setViewportSize(wide);
  await beginOffsite(a, c);
  await c.switchNetwork(false);
  await editOffsiteApart(a, c);
  await page.getByText('8 waiting').first().waitFor();
  found.push(...(await lookAt(page, 'room parted')));
  await c.switchNetwork(true);
  await until(async () => /What it cost\s*\d+ edits(?! so far)/.test(await deepText(page)), 'the edits to have met');
  found.push(...(await lookAt(page, 'room rejoined')));
  await page.getByRole('button', { name: 'Numbers' }).click();
  found.push(...(await lookAt(page, 'room numbers')));
  expect(found).toEqual([]);
});

test('a window and the control room in all sizes, in a scenario, while a step is told', { timeout: 300_000, tags: ['gate'] }, async () => {
  const page = await (await here.browser.newContext({ viewport: wide, reducedMotion: 'reduce' })).newPage();
  await page.goto(here.lab.url);
  const [, , c] = [await here.open('A'), await here.open('B'), await here.open('C')];
  const scenario = `${here.lab.url}/-/api/rooms/lab/scenario`;
  const state = async (): Promise<ScenarioView> => (await (await fetch(scenario)).json()) as ScenarioView;
  await fetch(scenario, { method: 'PUT', body: JSON.stringify({ name: 'last-seat' }) });
  for (let step = 1; step <= 4; step++) {
    await until(async () => (await state()).state === 'paused', 'the step before to be over');
    await fetch(`${scenario}/step`, { method: 'POST' });
    await until(async () => (await state()).begun === step, 'the step');
  }
  const { steps } = await state();
  const told = toldOf({ steps, begun: 4 });
  await c.page.getByRole('note', { name: 'Scenario' }).getByText(told).waitFor();
  const found = [...(await lookAt(c.page, 'window in a scenario')), ...(await lookAt(page, 'room in a scenario'))];
  expect(found).toEqual([]);
});
