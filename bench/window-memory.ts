/**
 * What an hour's use leaves in memory. The hour is stood for by the edits that it makes: 3,600 actions of three replicas, one a second in all, made as fast as
 * the windows take them. In each sixth of them, C is cut off for a third of its actions and rejoins. Timers that an hour of waiting would fire are not stood for.
 */
import type { Browser, CDPSession, Page } from 'playwright-core';
import { actMixed, atRest, openWindow, together } from './bench-window.ts';
import { printTable } from './figure-table.ts';
import { type WindowRelay } from './window-relay.ts';

const actions = 3_600;
const sixths = 6;
const names = ['A', 'B', 'C'] as const;
/** Some make their actions after others. */
const pauseMs = 5;

interface Memory {
  readonly actions: number;
  readonly edits: number;
  /** Heap of the page and of its worker after a collection, of window A; bytes. */
  readonly page: number;
  readonly worker: number;
  readonly relayHeap: number;
  readonly relay: number;
}

export async function memoryOfAnHour(browser: Browser, relay: WindowRelay): Promise<void> {
  const place = { browser, url: relay.url, room: 'hour' };
  const pages: Page[] = [];
  for (const name of names) pages.push(await openWindow(place, name));
  await together(pages);
  const heaps = await heapsOf(pages[0]!);
  const taken = [await take(pages[0]!, heaps, relay, 0)];
  for (let sixth = 1; sixth <= sixths; sixth++) {
    await useAWhile(pages);
    if (sixth % 2 === 0) taken.push(await take(pages[0]!, heaps, relay, (actions * sixth) / sixths));
  }
  const row = (memory: Memory, before: Memory | undefined): string[] => [
    `${memory.actions.toLocaleString('en-US')} actions, ${memory.edits.toLocaleString('en-US')} edits`,
    ...(['page', 'worker', 'relayHeap', 'relay'] as const).map((part) => megabytes(memory[part]) + (before ? ` (${perAction(memory[part] - before[part], memory.actions - before.actions)})` : '')),
  ];
  printTable('Memory after an hour’s actions of three replicas; in brackets, bytes for each action since the line above', ['', 'window A: page', 'window A: worker', 'relay: heap', 'relay: whole process'], taken.map((memory, at) => row(memory, taken[at - 1])));
  for (const page of pages) await page.context().close();
}

async function useAWhile(pages: readonly Page[]): Promise<void> {
  const each = actions / sixths / names.length;
  const c = pages.at(-1)!;
  const all = (part: number): Promise<unknown> => Promise.all(pages.map((page) => actMixed(page, Math.round(each * part), pauseMs)));
  await all(2 / 3);
  await c.getByRole('switch', { name: 'Network' }).click();
  await all(1 / 3);
  await c.getByRole('switch', { name: 'Network' }).click();
  await together(pages);
  for (const page of pages) await atRest(page);
}

async function take(page: Page, heaps: Heaps, relay: WindowRelay, made: number): Promise<Memory> {
  const edits = await page.evaluate(() => Object.values(document.querySelector('replica-window')!.session!.status.edits).reduce((sum, each) => sum + each, 0));
  const { rss, heapUsed } = await relay.memory();
  return { actions: made, edits, ...(await heaps.take()), relay: rss, relayHeap: heapUsed };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function perAction(bytes: number, made: number): string {
  return Math.round(bytes / made).toLocaleString('en-US');
}

interface Heaps {
  take(): Promise<{ readonly page: number; readonly worker: number }>;
}

/** Chromium tells the heaps of a page and of its worker, each after a collection. */
async function heapsOf(page: Page): Promise<Heaps> {
  const session = await page.context().newCDPSession(page);
  const worker = await workerTarget(session);
  return {
    async take() {
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      await worker('HeapProfiler.collectGarbage');
      return { page: usedSize, worker: (await worker('Runtime.getHeapUsage') as { usedSize: number }).usedSize };
    },
  };
}

/** Sends commands to the page's only worker. Chromium passes them on as texts. */
async function workerTarget(session: CDPSession): Promise<(method: string) => Promise<unknown>> {
  const answers = new Map<number, (result: unknown) => void>();
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message) as { id?: number; result?: unknown };
    if (id !== undefined) answers.get(id)?.(result);
  });
  const attached = new Promise<string>((resolve) => {
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo: { type } }) => type === 'worker' && resolve(sessionId));
  });
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const sessionId = await attached;
  let sent = 0;
  return (method) => {
    const id = ++sent;
    const answer = new Promise((resolve) => answers.set(id, resolve));
    void session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) });
    return answer;
  };
}
