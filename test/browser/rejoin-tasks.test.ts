/** A rejoin after a long time apart: no task keeps the window from taking a key. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type {} from '../../renderer/elements/replica/replica-window.ts';
import { useBrowserLab } from '../support/browser-lab.ts';
import { slowness } from '../support/machine-speed.ts';
import { taskTimes } from '../support/task-times.ts';
import { until } from '../support/until.ts';

const here = useBrowserLab();
const actionsASide = 400;
/** Of the window's own computing, on a machine of the usual speed. */
const taskMsMax = 60;

/** Votes, words, tags, tasks and titles in turn, some at a time. */
async function act(page: Page, count: number): Promise<void> {
  await page.evaluate(async (actions) => {
    const session = document.querySelector('replica-window')!.session!;
    for (let at = 0; at < actions; at++) {
      const notes = session.value('crdt', 'notes') as string;
      const tasks = session.value('crdt', 'tasks') as readonly { id: string }[];
      const word = `word${at} `;
      if (at % 5 === 0) session.perform('votes', { kind: 'increment', by: 1 }, 'crdt');
      if (at % 5 === 1) for (const [place, letter] of [...word].entries()) session.perform('notes', { kind: 'splice', index: notes.length + place, removed: '', inserted: letter }, 'crdt');
      if (at % 5 === 2) session.perform('tags', { kind: 'add', element: `${session.name}${at}` }, 'crdt');
      if (at % 5 === 3) session.perform('tasks', { kind: 'insert', after: tasks.at(-1)?.id ?? null, label: `task ${at}` }, 'crdt');
      if (at % 5 === 4) session.perform('title', { kind: 'set', value: `${session.name} ${at}` }, 'crdt');
      if (at % 20 === 19) await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }, count);
}

describe('a rejoin of several hundred actions a side', () => {
  test('has no long task, from the switch until what was done is told', { tags: ['gate'] }, async () => {
    const [a, b] = [await here.open('A'), await here.open('B')];
    await until(async () => (await b.page.evaluate(() => document.querySelector('replica-window')!.session!.peers.length)) === 1, 'both to reach each other');
    await a.switchNetwork(false);
    await Promise.all([act(a.page, actionsASide), act(b.page, actionsASide)]);
    await a.status.getByText(`${actionsASide} edits waiting`).waitFor();
    await until(async () => (await b.statusText()).includes('all saved'), 'B to have saved all');
    const times = await taskTimes(here.browser, a.page, async () => {
      await a.network.click();
      await a.review.getByRole('button', { name: 'Play again' }).waitFor();
    });
    const limitMs = taskMsMax * slowness();
    console.log(`the longest tasks: ${times.slice(0, 5).map((ms) => ms.toFixed(0)).join(', ')} ms of ${limitMs.toFixed(0)}`);
    expect(times[0]).toBeLessThan(limitMs);
  });
});
