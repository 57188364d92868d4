/**
 * Healing: two windows act apart, then the first one's network comes back. How long it takes until its healing stage may begin, and which tasks keep the page
 * busy until the stage has begun.
 */
import type { Browser, Page } from 'playwright-core';
import { type StrategyId, strategyIds } from '../shared/history/record.ts';
import { taskTimes } from '../test/support/task-times.ts';
import { actMixed, atRest, openWindow, together } from './bench-window.ts';
import { report, spread } from './figures.ts';

const actionsASide = 1_000;
const repetitions = 5;
const goalMs = 500;

export interface Heal {
  /** From the switch's click until the stage may begin: the rejoin has ended and it is known what met, or 1.5 s have passed. Milliseconds, as all here. */
  readonly fromClickMs: number;
  /** Null: the stage began before the rejoin had ended. */
  readonly fromEndMs: number | null;
  /** Until something moves. */
  readonly movesMs: number;
  /** Until it is known what met: the stage begins with that, where it does not come later than 1.5 s. */
  readonly metMs: number;
  /** Until it is known how each edit ended: the stage needs it 700 ms after its beginning. */
  readonly judgedMs: number;
  /** Tasks of more than 50 ms from the click until something moved, and half a second on. */
  readonly longTasks: readonly number[];
}

interface Repetition extends Heal {
  readonly othersLongTasks: readonly number[];
}

export async function healing(browser: Browser, url: string): Promise<void> {
  for (const columns of [strategyIds.slice(0, 2), strategyIds]) {
    const heals: Repetition[] = [];
    const longestMs: number[] = [];
    for (let round = 0; round < repetitions; round++) {
      heals.push(await healOnce({ browser, url, room: `heal${columns.length}x${round}` }, columns));
      longestMs.push(await longestTaskOnce({ browser, url, room: `tasks${columns.length}x${round}` }, columns));
    }
    const what = `heal of ${actionsASide} actions a side, ${columns.length} columns`;
    report(`${what}: from the switch until the stage may begin (goal ${goalMs})`, spread(heals.map(({ fromClickMs }) => fromClickMs)), 'ms');
    const ended = heals.flatMap(({ fromEndMs }) => fromEndMs ?? []);
    if (ended.length > 0) report(`${what}: from the end of the rejoin until the stage may begin`, spread(ended), 'ms');
    if (ended.length < heals.length) console.log(`${what}: ${heals.length - ended.length} of ${heals.length} stages began after 1.5 s, before the rejoin had ended`);
    report(`${what}: from the switch until something moves`, spread(heals.map(({ movesMs }) => movesMs)), 'ms');
    report(`${what}: from the switch until it is known what met`, spread(heals.map(({ metMs }) => metMs)), 'ms');
    report(`${what}: from the switch until it is known how each edit ended`, spread(heals.map(({ judgedMs }) => judgedMs)), 'ms');
    longTasksOf(`${what}: this window`, heals.map(({ longTasks }) => longTasks));
    report(`${what}: the longest task by its own computing (goal 50)`, spread(longestMs), 'ms');
    longTasksOf(`${what}: the other window`, heals.map(({ othersLongTasks }) => othersLongTasks));
  }
}

function longTasksOf(what: string, perHeal: readonly (readonly number[])[]): void {
  const longest = perHeal.map((tasks) => tasks.reduce((most, each) => Math.max(most, each), 0));
  const each = longest.map((ms) => (ms === 0 ? 'none' : `${Math.round(ms)} ms`)).join(', ');
  console.log(`${what}: tasks over 50 ms: ${perHeal.flat().length} in ${perHeal.length} heals; the longest of each: ${each}`);
}

interface HealPlace {
  readonly browser: Browser;
  readonly url: string;
  readonly room: string;
}

async function healOnce(place: HealPlace, columns: readonly StrategyId[]): Promise<Repetition> {
  const [a, b] = await apart(place, columns);
  const [watched, others] = [await watchHeal(a), await watchLongTasks(b)];
  await a.getByRole('switch', { name: 'Network' }).click();
  const heal = { ...(await watched.done()), othersLongTasks: await others.done() };
  for (const page of [a, b]) await page.context().close();
  return heal;
}

/** The longest task of a window by its own computing, whatever else runs on the machine. In a heal of its own: to trace it takes a tenth of the time. */
async function longestTaskOnce(place: HealPlace, columns: readonly StrategyId[]): Promise<number> {
  const [a, b] = await apart(place, columns);
  const watched = await watchHeal(a);
  const times = await taskTimes(place.browser, a, async () => {
    await a.getByRole('switch', { name: 'Network' }).click();
    await watched.done();
  });
  for (const page of [a, b]) await page.context().close();
  return times[0]!;
}

/** Two windows that have acted apart; the network of the first one is off. */
async function apart(place: HealPlace, columns: readonly StrategyId[]): Promise<[Page, Page]> {
  const [a, b] = [await openWindow(place, 'A', columns), await openWindow(place, 'B', columns)];
  await together([a, b]);
  await atRest(a);
  await a.getByRole('switch', { name: 'Network' }).click();
  await Promise.all([actMixed(a, actionsASide), actMixed(b, actionsASide)]);
  await a.getByRole('status').filter({ hasText: `${actionsASide} edits waiting` }).waitFor();
  for (const page of [a, b]) await atRest(page);
  return [a, b];
}

interface Watch<Value> {
  done(): Promise<Value>;
}

/** Begins to watch a page before the click; `done` resolves half a second after its stage began to move. */
export async function watchHeal(page: Page): Promise<Watch<Heal>> {
  const handle = await page.evaluateHandle(watchingHeal);
  return { done: () => handle.evaluate(({ heal }) => heal) };
}

async function watchLongTasks(page: Page): Promise<Watch<readonly number[]>> {
  const handle = await page.evaluateHandle(() => {
    const tasks: number[] = [];
    const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)));
    observer.observe({ type: 'longtask' });
    return { tasks };
  });
  return { done: () => handle.evaluate(({ tasks }) => tasks) };
}

/** Inside the page. */
function watchingHeal(): { heal: Promise<Heal> } {
  const session = document.querySelector('replica-window')!.session!;
  const grid = document.querySelector('replica-window')!.shadowRoot!.querySelector('field-grid')!;
  const tasks: PerformanceEntry[] = [];
  const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries()));
  observer.observe({ type: 'longtask' });
  const judgedBefore = session.rejoins.length;
  let [clickedMs, soFarMs, metMs, mayBeginMs, endedMs] = [NaN, NaN, NaN, NaN, NaN];
  let judged: (atMs: number) => void;
  const whenJudged = new Promise<number>((resolve) => (judged = resolve));
  addEventListener('click', ({ timeStamp }) => (clickedMs = timeStamp), { capture: true, once: true });
  const stop = session.subscribe(() => {
    const rejoin = session.rejoins.length > judgedBefore && session.phase === 'rejoined' ? session.rejoins.at(-1)! : null;
    if (rejoin === null) return;
    if (Number.isNaN(soFarMs)) soFarMs = performance.now();
    if (rejoin.endedMs === null) return;
    if (Number.isNaN(metMs)) metMs = performance.now();
    // What met is enough for the first act, but for a stage that comes late: that waits for all of it.
    if (Number.isNaN(mayBeginMs) && (rejoin.isJudged || performance.now() < clickedMs + 1_500)) mayBeginMs = performance.now();
    endedMs = rejoin.endedMs - performance.timeOrigin;
    if (!rejoin.isJudged) return;
    judged(performance.now());
    stop();
  });
  // Looking for animations at each frame would cost a tenth of what is measured.
  const animate = Element.prototype.animate;
  const heal = new Promise<Heal>((resolve) => {
    Element.prototype.animate = function (this: Element, ...of) {
      if (this.getRootNode() === grid.shadowRoot) moves();
      return animate.apply(this, of);
    };
    const moves = (): void => {
      Element.prototype.animate = animate;
      const movesMs = performance.now();
      const isLate = Number.isNaN(mayBeginMs);
      const times = { fromClickMs: (isLate ? Math.max(soFarMs, clickedMs + 1_500) : mayBeginMs) - clickedMs, fromEndMs: isLate ? null : mayBeginMs - endedMs, movesMs: movesMs - clickedMs };
      const enough = new Promise((done) => setTimeout(done, 700));
      void Promise.all([whenJudged, enough]).then(([judgedAtMs]) => {
        const long = [...tasks, ...observer.takeRecords()].filter(({ startTime, duration }) => startTime + duration > clickedMs && startTime < movesMs + 500);
        resolve({ ...times, metMs: metMs - clickedMs, judgedMs: judgedAtMs - clickedMs, longTasks: long.map(({ duration }) => duration) });
      });
    };
  });
  return { heal };
}
