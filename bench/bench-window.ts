/** One replica window of a benchmark: opened in a profile of its own, edited as people edit, and waited for. */
import type { Browser, Page } from 'playwright-core';
import type {} from '../renderer/elements/replica/replica-window.ts';
import { type StrategyId, strategyIds } from '../shared/history/record.ts';

export interface WindowPlace {
  readonly browser: Browser;
  readonly url: string;
  readonly room: string;
}

/** Nothing has changed in a window for so long: it is at rest, in milliseconds. */
const restMs = 700;

export async function openWindow({ browser, url, room }: WindowPlace, name: string, columns: readonly StrategyId[] = []): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
  await page.goto(`${url}/replica/${name}?room=${room}`);
  await page.getByRole('switch', { name: 'Network' }).waitFor();
  if (columns.length > 0) await page.evaluate(showColumns, { columns, all: strategyIds });
  return page;
}

function showColumns({ columns, all }: { columns: readonly StrategyId[]; all: readonly StrategyId[] }): void {
  const { session } = document.querySelector('replica-window')!;
  for (const strategy of columns) session!.showStrategy(strategy, true);
  for (const strategy of all) if (!columns.includes(strategy)) session!.showStrategy(strategy, false);
}

/** Waits until nothing has changed in a window for a while: its ledger is made, all is stored and told. */
export async function atRest(page: Page): Promise<void> {
  await page.evaluate(
    (quietMs) =>
      new Promise<void>((resolve) => {
        const done = (): void => {
          stop();
          resolve();
        };
        let timer = setTimeout(done, quietMs);
        const stop = document.querySelector('replica-window')!.session!.subscribe(() => {
          clearTimeout(timer);
          timer = setTimeout(done, quietMs);
        });
      }),
    restMs,
  );
}

/** Waits until these windows reach one another. */
export async function together(pages: readonly Page[]): Promise<void> {
  for (const page of pages) {
    await page.waitForFunction((others) => document.querySelector('replica-window')!.session!.peers.length === others, pages.length - 1);
  }
}

/**
 * So many actions of all kinds at a window, a hundred at a time, as fast as it takes them: of twenty, five votes, five words of five keystrokes each, a title,
 * three tags, six of tasks. `pauseMs`: after each, one at a time. Runs in the page.
 */
export function actMixed(page: Page, count: number, pauseMs = 0): Promise<void> {
  return page.evaluate(mixedActions, { count, pauseMs });
}

async function mixedActions({ count, pauseMs }: { count: number; pauseMs: number }): Promise<void> {
  const session = document.querySelector('replica-window')!.session!;
  const tasks = () => session.value('crdt', 'tasks') as readonly { id: string; done: boolean }[];
  const type = (index: number, word: string): void => {
    for (const [at, letter] of [...word].entries()) session.perform('notes', { kind: 'splice', index: index + at, removed: '', inserted: letter }, 'crdt');
  };
  const notesEnd = (): number => (session.value('crdt', 'notes') as string).length;
  const vote = (): void => session.perform('votes', { kind: 'increment', by: 1 }, 'crdt');
  const insert = (at: number): void => session.perform('tasks', { kind: 'insert', after: tasks().at(-1)?.id ?? null, label: `task ${at}` }, 'crdt');
  const word = (at: number): void => type(at % 3 === 0 ? 0 : notesEnd(), `${String(at).padStart(4, 'w')} `);
  const ofTask = (act: (task: { id: string; done: boolean }) => void, at: number): void => {
    const task = tasks().at(-1);
    if (task) act(task);
    else insert(at);
  };
  const kinds: ((at: number) => void)[] = [
    vote, word,
    (at) => session.perform('title', { kind: 'set', value: `${session.name} ${at}` }, at % 40 < 20 ? 'crdt' : 'last-writer-wins'),
    (at) => session.perform('tags', { kind: 'add', element: `tag${at}${session.name}` }, 'crdt'),
    vote, insert, word,
    (at) => session.perform('tags', { kind: 'add', element: `tag${at % 200}` }, 'last-writer-wins'),
    vote, (at) => ofTask(({ id, done }) => session.perform('tasks', { kind: 'toggle', item: id, done: !done }, 'crdt'), at),
    (at) => ofTask(({ id }) => session.perform('tasks', { kind: 'relabel', item: id, label: `task ${at} anew` }, 'crdt'), at),
    word, vote,
    (at) => session.perform('tags', { kind: 'remove', element: `tag${at - 10}${session.name}` }, 'crdt'),
    insert, (at) => ofTask(({ id }) => session.perform('tasks', { kind: 'remove-item', item: id }, 'crdt'), at),
    vote, word,
    (at) => ofTask(({ id }) => session.perform('tasks', { kind: 'move', item: id, after: null }, 'crdt'), at),
    word,
  ];
  for (let at = 0; at < count; at++) {
    kinds[at % kinds.length]!(at);
    if (pauseMs > 0 || at % 100 === 99) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
