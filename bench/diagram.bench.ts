/**
 * The space-time diagram with 10,000 actions of four replicas, in a real Chromium: how long it takes to
 * show them, and how long frames take while somebody pans, with all in sight, as it opens, and near. Prints
 * figures; judges nothing.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import type {} from '../renderer/elements/diagram/space-time-diagram.ts';
import { createLab } from '../server/control/lab.ts';
import { openLevelStore } from '../server/storage/level-store.ts';
import { runWhole } from '../shared/analysis/slices.ts';
import { historyTimeline } from '../shared/analysis/space-time/history-timeline.ts';
import type { Timeline } from '../shared/analysis/space-time/timeline.ts';
import { strategyIds } from '../shared/history/record.ts';
import { longHistory } from '../test/support/long-history.ts';
import { report, spread } from './figures.ts';

const marks = 10_000;
const panMs = 3_000;
const stepMs = 8;

export default async function diagram(project: string): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'rejoin-bench-'));
  const store = await openLevelStore(join(data, 'rooms'));
  const lab = await createLab({
    host: '127.0.0.1',
    port: 0,
    store,
    pagesDir: join(project, 'dist/renderer'),
  });
  const browser = await chromium.launch({
    executablePath: process.env['REJOIN_BROWSER']!,
    args: [
      '--disable-gpu',
      '--disable-background-networking',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
  try {
    await panning(browser, lab.url, madeTimeline());
  } finally {
    await browser.close();
    await lab.close();
    await store.close();
    await rm(data, { recursive: true, force: true });
  }
}

function madeTimeline(): Timeline {
  for (let records = 30_000; ; records += 5_000) {
    const startedMs = performance.now();
    const history = longHistory(records, { offline: 0.002 });
    const madeMs = performance.now();
    const timeline = runWhole(
      historyTimeline(
        { ...history, strategies: strategyIds, replicas: ['A', 'B', 'C', 'D'], document: null },
        null,
      ),
    );
    if (timeline.marks.length < marks) continue;
    console.log(
      `${timeline.marks.length} actions, ${timeline.arrows.length} arrows, ${timeline.bands.length} bands of ${history.records.length} records: ledger and timeline in ${Math.round(performance.now() - madeMs)} ms (made in ${Math.round(madeMs - startedMs)} ms)`,
    );
    return timeline;
  }
}

async function panning(browser: Browser, url: string, timeline: Timeline): Promise<void> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
  await page.goto(url);
  await page.getByRole('button', { name: 'Present' }).click();
  await page.getByRole('figure', { name: 'Space-time diagram' }).locator('canvas').waitFor();
  await page.evaluate(watchFrames);
  const { takenMs, shownMs } = await page.evaluate(showTimeline, timeline);
  console.log(`a new timeline: taken in ${takenMs.toFixed(1)} ms, in sight after ${Math.round(shownMs)} ms`);
  await pan(page, 'as it opens, the latest');
  await page.getByRole('figure').getByRole('button', { name: 'Zoom in' }).click({ clickCount: 8 });
  await pan(page, 'eight steps nearer');
  await page.getByRole('figure').getByRole('button', { name: 'Zoom out' }).click({ clickCount: 40 });
  // All in sight cannot be moved: one step nearer can.
  await page.getByRole('figure').getByRole('button', { name: 'Zoom in' }).click();
  await pan(page, 'nearly all in sight');
}

interface Watched {
  frames: number[];
  scripts: number[];
}

/** Notes when frames come and how long what is done in them takes. */
function watchFrames(): void {
  const watched: Watched = { frames: [], scripts: [] };
  Object.assign(window, { watched });
  const request = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) =>
    request((now) => {
      const startedMs = performance.now();
      callback(now);
      watched.scripts.push(performance.now() - startedMs);
    });
  const look = (now: number): void => {
    watched.frames.push(now);
    request(look);
  };
  request(look);
}

async function showTimeline(
  timeline: Timeline,
): Promise<{ readonly takenMs: number; readonly shownMs: number }> {
  // In the place of the live one, which has no edits to show.
  const element = document.createElement('space-time-diagram');
  element.style.cssText = 'position: fixed; inset: 90px 380px auto 0; block-size: 330px;';
  document.body.replaceChildren(element);
  await element.updateComplete;
  // Once to warm up: a live diagram takes one after the other.
  element.timeline = { ...timeline };
  await element.updateComplete;
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const startedMs = performance.now();
  element.timeline = timeline;
  await element.updateComplete;
  const takenMs = performance.now() - startedMs;
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  return { takenMs, shownMs: performance.now() - startedMs };
}

async function pan(page: Page, what: string): Promise<void> {
  const box = (await page.getByRole('figure').locator('canvas').boundingBox())!;
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width / 2, y);
  await page.mouse.down();
  await page.evaluate(() =>
    Object.assign((window as unknown as { watched: Watched }).watched, { frames: [], scripts: [] }),
  );
  const startedMs = performance.now();
  for (let step = 0; performance.now() - startedMs < panMs; step++) {
    await page.mouse.move(box.x + box.width / 2 + 300 * Math.sin(step / 20), y);
    await page.waitForTimeout(stepMs);
  }
  const { frames, scripts } = await page.evaluate(() => (window as unknown as { watched: Watched }).watched);
  await page.mouse.up();
  report(
    `panning ${what}: from frame to frame`,
    spread(frames.slice(1).map((ms, at) => ms - frames[at]!)),
    'ms',
  );
  report(`panning ${what}: painting a frame`, spread(scripts), 'ms');
}
