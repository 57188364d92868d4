/**
 * What a person at a window feels, in a real Chromium with the real relay on this machine: how soon typing shows in this window and in the others,
 * how soon a page can be used, how long rejoining with many waiting edits takes, how memory grows. Prints figures, beside goals where there are any; judges nothing.
 */
import { availableParallelism, loadavg } from 'node:os';
import { type Browser, chromium, type Page } from 'playwright-core';
import type {} from '../renderer/elements/replica/replica-window.ts';
import { report, spread } from './figures.ts';
import { askedPart } from './own-process.ts';
import { pageSizes } from './page-sizes.ts';
import { healing } from './window-heal.ts';
import { memoryOfAnHour } from './window-memory.ts';
import { serveWindows, startWindowRelay, type WindowRelay } from './window-relay.ts';
import { typingWhileJudging } from './window-typing.ts';

const keystrokes = 100;
/** Pauses between keystrokes: a fast typist, and a burst faster than anybody types. */
const pausesMs = [100, 15];
const loads = 7;
const rejoinings = 5;
const waitingEdits = 1_000;

/** The parts by name, in the order in which they run: `npm run bench -- windows --case heal`. */
const parts: Readonly<Record<string, (browser: Browser, relay: WindowRelay, project: string) => Promise<void>>> = {
  async typing(browser, { url }) {
    for (const pauseMs of pausesMs) await typing(browser, url, pauseMs);
  },
  loading: (browser, { url }) => loading(browser, url),
  sizes: (browser, { url }, project) => pageSizes(browser, url, project),
  rejoining: (browser, { url }) => rejoining(browser, url),
  heal: (browser, { url }) => healing(browser, url),
  ledger: (browser, { url }) => typingWhileJudging(browser, url),
  memory: (browser, relay) => memoryOfAnHour(browser, relay),
};

export default async function windows(project: string, { only = Object.keys(parts) }: { readonly only?: readonly string[] } = {}): Promise<void> {
  const unknown = only.find((name) => !Object.hasOwn(parts, name));
  if (unknown !== undefined) throw new Error(`windows has no case "${unknown}"; it has ${Object.keys(parts).join(', ')}`);
  const relay = await startWindowRelay(project);
  const browser = await chromium.launch({ executablePath: process.env['REJOIN_BROWSER']!, args: ['--disable-gpu', '--disable-background-networking', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])] });
  // Figures are as good as the machine is quiet: how many programs wanted a core in the last minute.
  console.log(`load of the machine: ${loadavg()[0]!.toFixed(1)} on ${availableParallelism()} cores`);
  try {
    for (const name of only) await parts[name]!(browser, relay, project);
  } finally {
    await browser.close();
    await relay.end();
  }
}

async function open(browser: Browser, url: string, room: string, name: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 640, height: 480 } })).newPage();
  await page.goto(`${url}/replica/${name}?room=${room}`);
  await page.getByRole('switch', { name: 'Network' }).waitFor();
  return page;
}

/** From the input event in one window to the moment when the other window's box gets the text, on one clock. */
async function typing(browser: Browser, url: string, pauseMs: number): Promise<void> {
  const room = `typing${pauseMs}`;
  const [a, b, c] = [await open(browser, url, room, 'A'), await open(browser, url, room, 'B'), await open(browser, url, room, 'C')];
  const column = a!.getByRole('region', { name: 'CRDT (Yjs)' }).getByRole('textbox', { name: 'Notes' });
  await column.evaluate((box) => {
    const typed: number[] = [];
    (globalThis as { typed?: number[] }).typed = typed;
    box.addEventListener('input', () => typed.push(performance.timeOrigin + performance.now()), true);
  });
  for (const page of [b!, c!]) {
    for (const name of ['CRDT (Yjs)', 'Last writer wins']) {
      await page.getByRole('region', { name }).getByRole('textbox', { name: 'Notes' }).evaluate((box, key) => {
        const shown: number[] = [];
        (globalThis as unknown as Record<string, number[]>)[key] = shown;
        const { get, set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')!;
        Object.defineProperty(box, 'value', {
          get() { return get!.call(this) as string; },
          set(value: string) {
            set!.call(this, value);
            // How many characters are there tells which keystrokes have arrived.
            while (shown.length < value.length) shown.push(performance.timeOrigin + performance.now());
          },
        });
      }, name);
    }
  }
  await column.focus();
  for (let i = 0; i < keystrokes; i++) {
    await a!.keyboard.type(String(i % 10));
    await a!.waitForTimeout(pauseMs);
  }
  await c!.waitForFunction((count) => (globalThis as unknown as Record<string, number[]>)['Last writer wins']!.length >= count, keystrokes);
  const typed = await a!.evaluate(() => (globalThis as { typed?: number[] }).typed!);
  for (const name of ['CRDT (Yjs)', 'Last writer wins']) {
    const delays = (await Promise.all([b!, c!].map((page) => page.evaluate((key) => (globalThis as unknown as Record<string, number[]>)[key]!, name)))).flatMap((shown) => shown.map((at, i) => at - typed[i]!));
    report(`typing with pauses of ${pauseMs} ms, 3 replicas online: key to the other windows' ${name} box`, spread(delays), 'ms');
  }
  for (const page of [a!, b!, c!]) await page.context().close();
}

async function loading(browser: Browser, url: string): Promise<void> {
  const cold: number[] = [];
  const warm: number[] = [];
  for (let i = 0; i < loads; i++) {
    const page = await open(browser, url, 'loading', `L${i}`);
    const usable = (): Promise<number> => page.evaluate(() => performance.getEntriesByName('rejoin-usable')[0]!.startTime);
    cold.push(await usable());
    await page.reload();
    await page.getByRole('switch', { name: 'Network' }).waitFor();
    warm.push(await usable());
    await page.context().close();
  }
  report(`a new window, from the start of loading until it can be used (${loads} profiles)`, spread(cold), 'ms');
  report('the same window loaded again', spread(warm), 'ms');
}

/** Both sides offline with waiting edits (half votes, half keystrokes); from switching both on until both show everything and all is saved. */
async function rejoining(browser: Browser, url: string): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < rejoinings; round++) {
    const pages = [await open(browser, url, `rejoining${round}`, 'A'), await open(browser, url, `rejoining${round}`, 'B')];
    for (const page of pages) {
      await page.getByRole('switch', { name: 'Network' }).click();
      await page.evaluate((edits) => {
        const { session } = document.querySelector('replica-window')!;
        for (let i = 0; i < edits / 2; i++) {
          session!.perform('votes', { kind: 'increment', by: 1 }, 'crdt');
          session!.perform('notes', { kind: 'splice', index: i, removed: '', inserted: 'x' }, 'crdt');
        }
      }, waitingEdits);
      await page.getByRole('status').filter({ hasText: `Offline · ${waitingEdits} edits waiting` }).waitFor();
      // Not before all is on the disk: a person is slower than that.
      await page.waitForTimeout(1_000);
    }
    const settled = pages.map((page) =>
      page.evaluate(
        (edits) =>
          new Promise<number>((resolve) => {
            const { session } = document.querySelector('replica-window')!;
            const look = (): void => {
              const isSettled = session!.status.allSaved && session!.value('crdt', 'votes') === edits && Object.values(session!.status.clock).filter((counter) => counter >= edits).length === 2;
              if (isSettled) resolve(performance.timeOrigin + performance.now());
              else setTimeout(look, 5);
            };
            look();
          }),
        waitingEdits,
      ),
    );
    const starts = await Promise.all(pages.map((page) => page.evaluate(() => {
      document.querySelector('replica-window')!.session!.setOnline(true);
      return performance.timeOrigin + performance.now();
    })));
    times.push(Math.max(...(await Promise.all(settled))) - Math.min(...starts));
    for (const page of pages) await page.context().close();
  }
  report(`rejoining, ${waitingEdits} waiting edits a side, until both windows have all and all is saved (${rejoinings} times)`, spread(times), 'ms');
}

const asked = askedPart();
if (asked?.[0] === 'window-relay') await serveWindows(asked[1]!);
