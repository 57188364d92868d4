/** Divergence and lag in the control room: drawn where there is room, said in a sentence, asked for at most once a second, and loaded no sooner than needed. */
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { axeFindings } from '../support/axe.ts';
import { useBrowserLab } from '../support/browser-lab.ts';
import { until } from '../support/until.ts';

const here = useBrowserLab();

/** How many pixels of a chart's canvas have a colour. */
async function inked(chart: Locator): Promise<number> {
  return chart.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value, at) => at % 4 === 3 && value > 0).length;
  });
}

/** The addresses that the page asks for with this in it. */
function requestsOf(page: Page, part: string): string[] {
  const seen: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes(part)) seen.push(request.url());
  });
  return seen;
}

/** The shortest time between two questions for the series, in milliseconds, by the page's own clock. */
function shortestGapMs(page: Page): Promise<number> {
  return page.evaluate(() => {
    const startsMs = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/replication/series')).map(({ startTime }) => startTime);
    return Math.min(...startsMs.slice(1).map((startMs, at) => startMs - startsMs[at]!));
  });
}

test('a cut is drawn while it lasts, and told when it is over; in both themes', { timeout: 120_000, tags: ['gate'] }, async () => {
  const room = await (await here.browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
  const [programs, questions] = [requestsOf(room, 'uPlot'), requestsOf(room, '/replication/series')];
  await room.goto(here.lab.url);
  await room.getByRole('button', { name: 'Add a replica' }).waitFor();
  expect([programs.length, questions.length]).toEqual([0, 0]);

  const [a, c] = [await here.open('A'), await here.open('C')];
  await a.vote(1);
  const [divergence, lag] = ['Divergence', 'Replication lag'].map((name) => room.getByRole('region', { name }));
  await lag!.getByRole('img', { name: 'Replication lag: No replica was ever a second behind.' }).waitFor();
  await until(() => programs.length > 0, 'what draws to be loaded');

  await c.switchNetwork(false);
  await a.setTitle('Offsite in Paris');
  const names = () => Promise.all([divergence!, lag!].map((each) => each.getByRole('img').getAttribute('aria-label')));
  await divergence!.getByRole('img', { name: /1 field differs now\.$/ }).waitFor();
  await lag!.getByRole('img', { name: /^Replication lag: C was up to .* behind\. Now: C .* s\.$/ }).waitFor();
  expect(await divergence!.locator('.cut').count()).toBe(1);
  const before = questions.length;
  await until(() => questions.length >= before + 3, 'it to be asked again, as the lag grows');
  expect(await shortestGapMs(room)).toBeGreaterThan(990);

  await c.switchNetwork(true);
  await divergence!.getByRole('img', { name: /^Divergence: (One field at a time|Fields) differed.*(in all|at most)\.$/ }).waitFor();
  await until(async () => (await names()).every((name) => !name!.includes('now') && !name!.includes('Now')), 'all to have arrived').catch(async () => expect(await names()).toEqual([]));
  for (const colorScheme of ['dark', 'light'] as const) {
    await room.emulateMedia({ colorScheme });
    for (const chart of [divergence!, lag!]) await until(async () => (await inked(chart)) > 100, 'the lines to be drawn');
    expect(await axeFindings(room), colorScheme).toEqual([]);
  }

  await divergence!.getByRole('combobox', { name: 'Divergence and lag under' }).selectOption('Consensus');
  await until(() => questions.at(-1)!.endsWith('strategy=consensus'), 'the chosen strategy to be asked for');
  await divergence!.getByRole('img').waitFor();
});

test('where they are far out of sight, and in Present, nothing is drawn nor asked for', { tags: ['gate'] }, async () => {
  const room = await (await here.browser.newContext({ viewport: { width: 1090, height: 320 } })).newPage();
  const questions = requestsOf(room, '/replication/series');
  await room.goto(here.lab.url);
  const a = await here.open('A');
  await a.vote(1);
  await room.getByText('One replica: nothing to compare.').waitFor();
  expect([await room.getByRole('region', { name: 'Divergence' }).count(), questions.length]).toEqual([0, 0]);
  await room.getByRole('region', { name: 'Agreement' }).scrollIntoViewIfNeeded();
  await room.getByRole('region', { name: 'Divergence' }).getByRole('img').waitFor();
  expect(questions.length).toBeGreaterThan(0);
  await room.setViewportSize({ width: 1280, height: 720 });
  await room.getByRole('button', { name: 'Present' }).click();
  await room.getByRole('region', { name: 'Divergence' }).waitFor({ state: 'detached' });
});
