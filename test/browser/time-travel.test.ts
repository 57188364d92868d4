/** Looking at an earlier moment: the line of the diagram is dragged or moved by the keyboard, and all windows show what they showed then. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { axeFindings } from '../support/axe.ts';
import { useBrowserLab } from '../support/browser-lab.ts';
import type { ReplicaPage } from '../support/replica-page.ts';
import { until } from '../support/until.ts';

const here = useBrowserLab();

const slider = (room: Page) => room.getByRole('figure', { name: 'Space-time diagram' }).getByRole('slider', { name: 'Point in time' });
const past = (page: Page) => page.getByRole('note', { name: 'The past' });
const column = (of: ReplicaPage, strategy: string) => of.page.locator('past-table').getByRole('region', { name: strategy });
const shown = async (of: ReplicaPage, strategy: string, field: string): Promise<string> => (await column(of, strategy).getByRole('group', { name: field }).innerText()).replaceAll(/\s+/g, ' ').trim();

interface Story {
  readonly room: Page;
  readonly a: ReplicaPage;
  readonly c: ReplicaPage;
}

/** A and C set the title while C is cut off, C votes twice; they meet, and A votes once more. */
async function story(): Promise<Story> {
  const room = await (await here.browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
  await room.goto(here.lab.url);
  const [a, c] = [await here.open('A'), await here.open('C')];
  await a.setTitle('Weekend');
  await until(async () => (await c.box('Title', 'CRDT (Yjs)').inputValue()) === 'Weekend', 'the title at C');
  await c.switchNetwork(false);
  await c.setTitle('Offsite in Rome');
  await c.vote(2);
  await until(async () => (await c.output('Votes', 'CRDT (Yjs)')) === '2', 'two votes at C', { withinMs: 10_000 });
  await a.setTitle('Offsite in Paris');
  await c.switchNetwork(true);
  await until(async () => (await c.box('Title', 'CRDT (Yjs)').inputValue()) === (await a.box('Title', 'CRDT (Yjs)').inputValue()) && (await a.output('Votes', 'CRDT (Yjs)')) === '2', 'both to be equal', { withinMs: 10_000 });
  // The fields move to their places with the rejoin; only then people press what is there.
  for (const each of [a, c]) await each.review.getByText(/to look at/).waitFor();
  await a.vote(1);
  await until(async () => (await c.output('Votes', 'CRDT (Yjs)')) === '3', 'the last vote at C');
  await room.getByRole('figure', { name: 'Space-time diagram' }).getByRole('list', { name: 'Events' }).getByRole('button', { name: /^A, Votes/ }).waitFor({ state: 'attached' });
  await slider(room).waitFor();
  return { room, a, c };
}

/** Goes back, event by event, until C shows this title under the CRDT. */
async function backTo(room: Page, c: ReplicaPage, isThere: () => Promise<boolean>): Promise<void> {
  await slider(room).focus();
  for (let step = 0; step < 20; step++) {
    const before = await slider(room).getAttribute('aria-valuenow');
    await slider(room).press('ArrowLeft');
    await until(async () => (await slider(room).getAttribute('aria-valuenow')) !== before || before === '0', 'the line to move');
    await column(c, 'CRDT (Yjs)').waitFor();
    // The window answers a moment later.
    try {
      await until(isThere, 'the moment', { withinMs: 600 });
      return;
    } catch {
      continue;
    }
  }
  throw new Error('no such moment');
}

describe('an earlier moment', () => {
  test('is shown by all windows, read-only, event by event, until somebody goes back to now', { timeout: 60_000, tags: ['gate'] }, async () => {
    const { room, a, c } = await story();
    const isCut = async (): Promise<boolean> => (await shown(c, 'CRDT (Yjs)', 'Title')).startsWith('Offsite in Rome') && (await shown(a, 'CRDT (Yjs)', 'Title')).startsWith('Offsite in Paris');
    await backTo(room, c, isCut);
    await past(room).getByText(/^All windows show .+\. Nothing can be edited\.$/).waitFor();
    await past(c.page).getByText(/C as it was \d+ s before the rejoin\. \d+ edits? (was|were) made since\. Nothing here can be edited\./).waitFor();
    expect(await shown(c, 'Last writer wins', 'Title')).toContain('Offsite in Rome');
    expect(await column(c, 'CRDT (Yjs)').getByRole('status', { name: 'Votes' }).innerText()).toBe('2');
    expect(await column(a, 'CRDT (Yjs)').getByRole('status', { name: 'Votes' }).innerText()).toBe('0');
    // Nothing there takes anything.
    expect(await c.page.locator('past-table').getByRole('button').or(c.page.locator('past-table').getByRole('textbox')).count()).toBe(0);
    expect(await c.page.locator('field-grid').isVisible()).toBe(false);
    await c.page.getByRole('banner').getByText('Live: synced, all saved').waitFor();
    await room.getByRole('figure', { name: 'Space-time diagram' }).getByText(/\d+ events? happened after this line/).waitFor();
    await room.getByRole('region', { name: 'Map' }).getByText('as it was then').waitFor();
    await room.getByRole('region', { name: 'Agreement' }).getByText(/not all had the same edits of .*Title/).waitFor();
    await slider(room).press('Home');
    await until(async () => (await shown(c, 'CRDT (Yjs)', 'Title')).startsWith('(empty)') || !(await shown(c, 'CRDT (Yjs)', 'Title')).includes('Offsite'), 'the beginning at C');
    await past(room).getByRole('button', { name: 'Back to now' }).click();
    await past(c.page).waitFor({ state: 'detached' });
    expect(await c.output('Votes', 'CRDT (Yjs)')).toBe('3');
  });

  test('leaves a window alone where somebody types, and one that went back to now', { timeout: 60_000, tags: ['gate'] }, async () => {
    const { room, a, c } = await story();
    await a.box('Notes', 'CRDT (Yjs)').focus();
    await a.page.keyboard.type('half a sen');
    await slider(room).focus();
    for (let step = 0; step < 3; step++) await slider(room).press('ArrowLeft');
    await past(a.page).getByText(/^Others are looking at .+\. This window stays here while you are in a field\.$/).waitFor();
    await a.page.keyboard.type('tence');
    expect(await a.box('Notes', 'CRDT (Yjs)').inputValue()).toBe('half a sentence');
    await past(c.page).getByRole('button', { name: 'Back to now' }).click();
    await past(c.page).waitFor({ state: 'detached' });
    await slider(room).press('ArrowLeft');
    await past(a.page).getByRole('button', { name: 'Look too' }).click();
    await past(a.page).getByText('You are looking at').waitFor();
    expect(await past(c.page).count()).toBe(0);
    await slider(room).press('End');
    await past(a.page).waitFor({ state: 'detached' });
    expect(await a.box('Notes', 'CRDT (Yjs)').inputValue()).toBe('half a sentence');
  });

  test('is reached by dragging, and is sound for axe in light and dark, in windows of all sizes', { timeout: 120_000, tags: ['gate'] }, async () => {
    const { room, c } = await story();
    const box = (await slider(room).boundingBox())!;
    await room.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await room.mouse.down();
    await room.mouse.move(box.x - 300, box.y + box.height / 2, { steps: 12 });
    await room.mouse.up();
    await past(room).waitFor();
    await column(c, 'CRDT (Yjs)').waitFor();
    for (const columns of [2, 6]) {
      if (columns === 6) for (const name of ['Siblings', 'Quorum', 'Consensus', 'Single leader'] as const) await c.showColumn(name);
      for (const [width, height] of [[1280, 720], [720, 415], [390, 844]] as const) {
        for (const page of [room, c.page]) {
          await page.setViewportSize({ width, height });
          // With the pointer on it a button is still read.
          await past(page).getByRole('button', { name: 'Back to now' }).hover();
          for (const colorScheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme });
            expect(await axeFindings(page), `${columns} columns, ${width}, ${colorScheme}`).toEqual([]);
          }
        }
      }
    }
  });
});
