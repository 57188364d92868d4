/** The report of a room: saved by one click, opened without a network, sound for axe in both themes, and two pages on paper. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { axeFindings } from '../support/axe.ts';
import { useBrowserLab } from '../support/browser-lab.ts';
import { until } from '../support/until.ts';

const here = useBrowserLab();

test('Report in More saves what happened, as one file', { timeout: 90_000, tags: ['gate'] }, async () => {
  const room = await (await here.browser.newContext({ viewport: { width: 1280, height: 720 }, acceptDownloads: true })).newPage();
  await room.goto(here.lab.url);
  const [a, c] = [await here.open('A'), await here.open('C')];
  await a.vote(1);
  await c.switchNetwork(false);
  for (const [page, title] of [[a, 'Offsite in <b>Paris</b>'], [c, 'Offsite in Rome']] as const) {
    await page.setTitle(title);
    await page.vote(1);
  }
  await c.switchNetwork(true);
  await until(async () => (await a.output('Votes', 'CRDT (Yjs)')) === '3', 'all to have met');
  await room.getByRole('table', { name: 'Scorecard' }).getByText('told nobody').first().waitFor();

  // Windows note a little later whom they reach.
  await until(async () => (await (await fetch(`${here.lab.url}/-/api/rooms/lab/report`)).text()).includes('C was cut off for'), 'the cut to be noted');
  await room.getByRole('button', { name: 'More' }).click();
  const saved = room.waitForEvent('download');
  await room.getByRole('button', { name: 'Report' }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe('rejoin-lab.html');
  const folder = await mkdtemp(join(tmpdir(), 'rejoin-report-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, file.suggestedFilename());
  await file.saveAs(path);
  expect(await readFile(path, 'utf8')).toContain('What happened in room lab');

  const context = await here.browser.newContext({ offline: true, viewport: { width: 1000, height: 900 } });
  const report = await context.newPage();
  const asked: string[] = [];
  const said: string[] = [];
  report.on('request', (request) => asked.push(request.url()));
  report.on('console', (message) => said.push(message.text()));
  await report.goto(pathToFileURL(path).href);
  expect([asked.length, said]).toEqual([1, []]);
  await report.getByRole('heading', { name: 'What happened in room lab' }).waitFor();
  await report.getByRole('img', { name: /^Space-time diagram\. 5 edits by A and C\. C was cut off for / }).waitFor();
  await report.getByRole('region', { name: 'What was lost' }).getByText('“Offsite in <b>Paris</b>”').first().waitFor();
  for (const colorScheme of ['dark', 'light'] as const) {
    await report.emulateMedia({ colorScheme });
    expect(await axeFindings(report), colorScheme).toEqual([]);
  }
  const paper = (await report.pdf({ preferCSSPageSize: true })).toString('latin1');
  expect(paper.match(/\/Type\s*\/Page\b/g)!.length).toBeLessThanOrEqual(2);
  for (const width of [320, 390]) {
    await report.setViewportSize({ width, height: 800 });
    expect(await report.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
});
