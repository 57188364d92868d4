/**
 * Typing in a window with a history of 2,000 edits under six strategies while its ledger's worker computes: from the key until its letter is painted.
 * Another window votes all the time, so that there is always something new to judge.
 */
import type { Browser, Locator, Page } from 'playwright-core';
import { strategyIds } from '../shared/history/record.ts';
import { actMixed, atRest, openWindow, together } from './bench-window.ts';
import { report, spread } from './figures.ts';

/** Of each side; twenty actions are 40 edits, as each keystroke is one. */
const actionsASide = 500;
const actionsApart = 20;
const keys = 120;
const pauseMs = 70;
const votePauseMs = 150;
const goal = 'goal: median 20, worst 100';

export async function typingWhileJudging(browser: Browser, url: string): Promise<void> {
  const place = { browser, url, room: 'judging' };
  const [a, b] = [await openWindow(place, 'A', strategyIds), await openWindow(place, 'B', strategyIds)];
  await together([a, b]);
  await actMixed(a, actionsASide);
  await actMixed(b, actionsASide);
  for (const page of [a, b]) await atRest(page);
  const edits = await a.evaluate(() => Object.values(document.querySelector('replica-window')!.session!.status.edits).reduce((sum, each) => sum + each, 0));
  await typeInBarePage(browser, b, '', 'a text area in a page with nothing else');
  const { value, width, height } = await notesOf(a, 'CRDT (Yjs)').evaluate((area) => ({ value: (area as HTMLTextAreaElement).value, width: area.clientWidth, height: area.clientHeight }));
  await typeInBarePage(browser, b, value, `a text area of the same ${value.length} letters in a page with nothing else`, `width: ${width}px; height: ${height}px`);
  for (const column of ['CRDT (Yjs)', 'Last writer wins']) await typeAWhile(a, b, column, `${edits} edits, six columns`);
  await rejoin(a, b);
  await a.getByRole('region', { name: 'After rejoining' }).getByRole('button', { name: 'Review', exact: true }).click();
  for (const column of ['CRDT (Yjs)', 'Last writer wins']) await typeAWhile(a, b, column, `${edits} edits, six columns, the review open`);
  for (const page of [a, b]) await page.context().close();
}

async function rejoin(a: Page, b: Page): Promise<void> {
  await a.getByRole('switch', { name: 'Network' }).click();
  await actMixed(a, actionsApart);
  await actMixed(b, actionsApart);
  await a.getByRole('switch', { name: 'Network' }).click();
  await a.getByRole('button', { name: 'Play again' }).waitFor();
  await atRest(a);
}

function notesOf(a: Page, column: string): Locator {
  return a.getByRole('region', { name: column }).getByRole('textbox', { name: 'Notes', exact: true });
}

async function typeAWhile(a: Page, b: Page, column: string, what: string): Promise<void> {
  const measured = await typeIn(notesOf(a, column), b);
  report(`typing in ${column}, ${what}: key to its letter's frame (${goal})`, spread(measured.map(({ ms }) => ms)), 'ms');
  const judging = measured.filter(({ isJudging }) => isJudging);
  report('  of these, while the worker computed', spread(judging.map(({ ms }) => ms)), 'ms');
  report('  of these, while it did not', spread(measured.filter(({ isJudging }) => !isJudging).map(({ ms }) => ms)), 'ms');
}

/** What the browser and the machine take alone, beside the same two windows. */
async function typeInBarePage(browser: Browser, b: Page, text: string, what: string, style = ''): Promise<void> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
  await page.setContent(`<textarea style="${style}"></textarea>`);
  await page.locator('textarea').fill(text);
  const measured = await typeIn(page.locator('textarea'), b);
  report(`for comparison, ${what}: key to its letter's frame`, spread(measured.map(({ ms }) => ms)), 'ms');
  await page.context().close();
}

/** While the other window votes. */
async function typeIn(notes: Locator, b: Page): Promise<Key[]> {
  const a = notes.page();
  await notes.focus();
  await a.keyboard.press('Control+End');
  const painted = await notes.evaluateHandle(watchKeys);
  const votes = await b.evaluateHandle((everyMs) => setInterval(() => document.querySelector('replica-window')!.session!.perform('votes', { kind: 'increment', by: 1 }, 'crdt'), everyMs), votePauseMs);
  for (let at = 0; at < keys; at++) {
    await a.keyboard.press('abcdefgh '[at % 9]!);
    await a.waitForTimeout(pauseMs);
  }
  await b.evaluate((timer) => clearInterval(timer), votes);
  while ((await painted.evaluate(({ keys: all }) => all.length)) < keys) await a.waitForTimeout(pauseMs);
  return painted.evaluate(({ keys: all }) => all);
}

interface Key {
  readonly ms: number;
  readonly isJudging: boolean;
}

/** Inside the page. From the moment when the browser got the key until the frame with its letter has been made. */
function watchKeys(box: Element): { keys: Key[] } {
  const keys: Key[] = [];
  // Not a part of what elements know: whether the worker has been asked, and has not answered yet.
  const session = document.querySelector('replica-window')?.session as { review: { ledger: { askedMs: number | null } } } | undefined;
  let pressedMs = 0;
  box.addEventListener('keydown', ({ timeStamp }) => (pressedMs = timeStamp), true);
  box.addEventListener('input', () => {
    const fromMs = pressedMs;
    const isJudging = session !== undefined && session.review.ledger.askedMs !== null;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      // The first task after the frame.
      port1.onmessage = () => keys.push({ ms: performance.now() - fromMs, isJudging });
      port2.postMessage(null);
    });
  });
  return { keys };
}
