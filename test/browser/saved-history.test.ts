/** A file that is dropped on the control room: a saved history shows all that a live room shows, without a relay; a scenario is put on stage. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { axeFindings } from '../support/axe.ts';
import { useBrowserLab } from '../support/browser-lab.ts';
import { until } from '../support/until.ts';

const here = useBrowserLab();

async function openRoom(): Promise<Page> {
  const room = await (await here.browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
  await room.goto(here.lab.url);
  await room.getByRole('button', { name: 'More' }).waitFor();
  return room;
}

async function drop(room: Page, name: string, text: string): Promise<void> {
  await room.evaluate(([fileName, content]) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([content!], fileName!));
    dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }));
  }, [name, text]);
}

/** A and C set the title while C is cut off, and meet again; the room's history. */
async function savedHistory(): Promise<string> {
  const [a, c] = [await here.open('A'), await here.open('C')];
  await a.setTitle('Weekend');
  await until(async () => (await c.box('Title', 'CRDT (Yjs)').inputValue()) === 'Weekend', 'the title at C');
  await c.switchNetwork(false);
  await c.setTitle('Offsite in Rome');
  await a.setTitle('Offsite in Paris');
  await c.switchNetwork(true);
  for (const each of [a, c]) await each.review.getByText(/to look at/).waitFor();
  const history = async (): Promise<string> => (await fetch(`${here.lab.url}/-/api/rooms/lab/history`)).text();
  await until(async () => (await history()).includes('Offsite in Rome') && (await history()).split('"kind":"reach"').length > 4, 'the history');
  const text = await history();
  await Promise.all([a.page.close(), c.page.close()]);
  return text;
}

describe('a file that is opened', () => {
  test('is a saved history: every panel, and each window at any moment, while no server is there', { timeout: 90_000, tags: ['gate'] }, async () => {
    const text = await savedHistory();
    const room = await openRoom();
    await room.getByRole('button', { name: 'More' }).click();
    const chooser = room.waitForEvent('filechooser');
    await room.getByRole('button', { name: 'Open…' }).click();
    await (await chooser).setFiles({ name: 'apart.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(text) });
    await room.getByRole('note', { name: 'Saved history' }).getByText('A saved history, at its end. Nothing here is live.').waitFor();
    const figure = room.getByRole('figure', { name: 'Space-time diagram' });
    await figure.getByRole('slider', { name: 'Point in time' }).waitFor();
    await here.lab.stop({ keepData: true });
    await room.getByRole('region', { name: 'What it cost' }).getByText('Lost 1 of 3, and told nobody.').first().waitFor();
    await room.getByRole('region', { name: 'Consistency' }).getByText('Last writer wins').first().waitFor();
    await room.getByRole('button', { name: 'C', exact: true }).click();
    const shown = room.getByRole('region', { name: 'Window of replica C' });
    const title = (strategy: string) => shown.getByRole('region', { name: strategy, exact: true }).getByRole('group', { name: 'Title' });
    await title('CRDT (Yjs)').waitFor();
    const slider = figure.getByRole('slider', { name: 'Point in time' });
    await slider.focus();
    const seen = new Set<string>();
    await until(async () => {
      await slider.press('ArrowLeft');
      seen.add((await title('Last writer wins').innerText()).replace(/ by .*/s, '').trim());
      return seen.has('Weekend');
    }, 'the title before the cut', { everyMs: 250 });
    expect([...seen].some((each) => each.startsWith('Offsite in Rome'))).toBe(true);
    await room.getByRole('region', { name: 'Agreement' }).getByText(/At .+ (all replicas had the same edits|not all had the same edits of Title)\./).waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await room.emulateMedia({ colorScheme });
      expect(await axeFindings(room), colorScheme).toEqual([]);
    }
    await room.getByRole('button', { name: 'Close' }).click();
    await room.getByRole('alert').getByText(/cannot be reached/).waitFor();
  });

  test('is a scenario: it is put on stage; anything else gets one line', { timeout: 60_000, tags: ['gate'] }, async () => {
    const room = await openRoom();
    await drop(room, 'broken.jsonl', '{"format":"rejoin-history","version":99}\n');
    await room.getByRole('alert').getByText(/^broken\.jsonl: line 1: expected version/).waitFor();
    await drop(room, 'nothing.yaml', 'title: 1\n');
    await until(async () => /title/.test(await room.getByRole('alert').innerText()), 'what is wrong with the scenario');
    await drop(room, 'mine.yaml', 'title: My own\nlookAt: the votes\nfields:\n  votes: { type: counter, initial: 0 }\nreplicas: [A, B]\nsteps:\n  - { at: A, increment: votes }\n');
    await until(async () => (await room.getByRole('region', { name: 'Scenario' }).getByRole('combobox', { name: 'Scenario' }).inputValue()) === 'text:1', 'the scenario on stage');
    await room.getByRole('button', { name: 'Open A, B' }).waitFor();
  });
});
