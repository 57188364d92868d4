/**
 * Pictures of every state of the windows, of a real lab with one story: C is cut off, both sides edit, and meet again. Named and sized as the design's pictures.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { createLab } from '../../server/control/lab.ts';
import { openLevelStore } from '../../server/storage/level-store.ts';
import { strategyIds } from '../../shared/history/record.ts';
import { launchBrowser } from './browser.ts';
import { deepText } from './deep-text.ts';
import { stopActsAt } from './healing-acts.ts';
import { beginOffsite, editOffsiteApart } from './offsite-story.ts';
import { openReplicaPage, type ReplicaPage } from './replica-page.ts';
import { until } from './until.ts';

const sizes = {
  wide: { width: 1280, height: 720 },
  tile: { width: 720, height: 415 },
  phone: { width: 390, height: 844 },
  room: { width: 700, height: 430 },
};

interface Story {
  readonly url: string;
  readonly browser: Browser;
  readonly a: ReplicaPage;
  readonly c: ReplicaPage;
  readonly room: Page;
  /** Keeps what a page shows, in that size. */
  readonly keep: (page: Page, name: string, size: keyof typeof sizes, scheme?: 'dark') => Promise<void>;
}

/** `project`: the folder of the checkout, built; `out`: where the pictures go. */
export async function takeScreenshots(project: string, out: string): Promise<void> {
  await mkdir(out, { recursive: true });
  const browser = await launchBrowser();
  try {
    for (const act of [twoColumns, sixColumns, aScenario]) await inLab(project, browser, out, act);
  } finally {
    await browser.close();
  }
}

async function inLab(project: string, browser: Browser, out: string, act: (story: Story) => Promise<void>): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'rejoin-screenshots-'));
  const store = await openLevelStore(join(data, 'rooms'));
  const lab = await createLab({ host: '127.0.0.1', port: 0, store, pagesDir: join(project, 'dist/renderer'), scenariosDir: join(project, 'shared/scenarios') });
  const keep: Story['keep'] = async (page, name, size, scheme) => {
    await page.setViewportSize(sizes[size]);
    await page.emulateMedia({ colorScheme: scheme ?? 'light' });
    // A layout takes a frame or two; there is no sign of its end.
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(out, `${name}.png`) });
    console.log(`${name}.png`);
  };
  try {
    const room = await (await browser.newContext({ viewport: sizes.wide })).newPage();
    await room.goto(lab.url);
    if (act === twoColumns) await keep(room, 'control-empty-1280', 'wide');
    const [a, , c] = [await openReplicaPage(browser, lab.url, 'A'), await openReplicaPage(browser, lab.url, 'B'), await openReplicaPage(browser, lab.url, 'C')];
    for (const { page } of [a, c]) await page.setViewportSize(sizes.wide);
    await act({ url: lab.url, browser, a, c, room, keep });
  } finally {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await lab.close();
    await store.close();
    await rm(data, { recursive: true, force: true });
  }
}

async function twoColumns({ a, c, room, keep, url }: Story): Promise<void> {
  await beginOffsite(a, c);
  await keep(c.page, 'replica-calm-1280', 'wide');
  await c.switchNetwork(false);
  await editOffsiteApart(a, c);
  await keep(c.page, 'replica-cut-720x415', 'tile');
  await keep(room, 'control-partitioned-1280-dark', 'wide', 'dark');
  await c.page.setViewportSize(sizes.wide);
  await c.switchNetwork(true);
  await until(() => stopActsAt(c.page, 1_200), 'the healing stage');
  await keep(c.page, 'replica-healing-1280-t1200', 'wide');
  await c.page.keyboard.press('Shift');
  await c.review.getByRole('button', { name: 'Hide' }).or(c.review.getByRole('button', { name: 'Review' })).first().waitFor();
  await keep(c.page, 'replica-healed-2col-1280', 'wide');
  await keep(c.page, 'replica-healed-2col-1280-dark', 'wide', 'dark');
  if ((await c.review.getByRole('button', { name: 'Hide' }).count()) > 0) await c.review.getByRole('button', { name: 'Hide' }).click();
  await keep(c.page, 'replica-healed-2col-720x415', 'tile');
  await until(async () => !/not yet everywhere/.test(await deepText(room)), 'the costs to be known');
  await keep(room, 'control-healed-1280', 'wide');
  await thePast(c, room, keep);
  await keep(room, 'control-healed-700x430', 'room');
  await keep(room, 'control-healed-phone', 'phone');
  await room.setViewportSize(sizes.wide);
  await room.getByRole('button', { name: 'Numbers' }).click();
  await keep(room, 'control-numbers-1280', 'wide');
  await fetch(`${url}/-/api/rooms/lab/islands`, { method: 'PUT', body: JSON.stringify([['A', 'B'], ['C']]) });
  await until(async () => /cut off/.test(await c.statusText()), 'C to be cut off');
  await c.setTitle('Offsite in Lima');
  await keep(c.page, 'replica-partitioned-720x415', 'tile');
}

/** Back to the middle of what C did while it was cut off, and to now. */
async function thePast(c: ReplicaPage, room: Page, keep: Story['keep']): Promise<void> {
  const slider = room.getByRole('figure', { name: 'Space-time diagram' }).getByRole('slider', { name: 'Point in time' });
  const votes = c.page.locator('past-table').getByRole('region', { name: 'CRDT (Yjs)' }).getByRole('status', { name: 'Votes' });
  await slider.focus();
  await until(async () => {
    await slider.press('ArrowLeft');
    await votes.waitFor();
    // The moment goes by the lab to the windows.
    await c.page.waitForTimeout(300);
    return (await votes.innerText()) === '5' && (await c.page.locator('past-table').getByText('rome', { exact: true }).count()) === 0;
  }, 'the moment after C had voted', { everyMs: 0 });
  await keep(c.page, 'replica-past-1280', 'wide');
  await keep(room, 'control-past-1280', 'wide');
  await room.getByRole('note', { name: 'The past' }).getByRole('button', { name: 'Back to now' }).click();
  await c.page.locator('past-table').waitFor({ state: 'detached' });
}

async function sixColumns({ a, c, keep, url }: Story): Promise<void> {
  await fetch(`${url}/-/api/rooms/lab/settings`, { method: 'PUT', body: JSON.stringify({ columns: strategyIds }) });
  await c.column('Single leader').waitFor();
  await beginOffsite(a, c);
  await c.switchNetwork(false);
  await editOffsiteApart(a, c);
  await c.switchNetwork(true);
  await c.page.getByRole('log').getByText('Rejoined').waitFor();
  await keep(c.page, 'replica-healed-6col-1280', 'wide');
  await keep(c.page, 'replica-healed-6col-1280-dark', 'wide', 'dark');
  await keep(c.page, 'replica-healed-6col-phone', 'phone');
}

async function aScenario({ c, room, keep, url }: Story): Promise<void> {
  const scenario = `${url}/-/api/rooms/lab/scenario`;
  const state = async (): Promise<{ readonly state: string; readonly begun: number }> => (await (await fetch(scenario)).json()) as { state: string; begun: number };
  await fetch(scenario, { method: 'PUT', body: JSON.stringify({ name: 'last-seat' }) });
  for (let step = 1; step <= 4; step++) {
    await until(async () => (await state()).state === 'paused', 'the step before to be over');
    await fetch(`${scenario}/step`, { method: 'POST' });
    await until(async () => (await state()).begun === step, 'the step');
  }
  await c.page.getByRole('note', { name: 'Scenario' }).waitFor();
  await keep(c.page, 'replica-scenario-1280-6col', 'wide');
  await keep(room, 'control-scenario-1280', 'wide');
}
