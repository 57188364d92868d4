/** Siblings in real windows: concurrent values wait side by side until a person chooses. */
import { describe, expect, test } from 'vitest';
import { useBrowserLab } from '../support/browser-lab.ts';
import { keyboardFocus } from '../support/keyboard-focus.ts';
import type { ReplicaPage } from '../support/replica-page.ts';
import { until } from '../support/until.ts';

const here = useBrowserLab();

async function open(name: string): Promise<ReplicaPage> {
  const replica = await here.open(name);
  await replica.page.getByRole('button', { name: 'Menu' }).click();
  await replica.page.getByRole('menuitemcheckbox', { name: 'Column Siblings' }).click();
  await replica.column('Siblings').waitFor();
  return replica;
}

/** Two windows with two titles, two texts and two numbers of votes that neither had seen the other of. */
async function apart(): Promise<[ReplicaPage, ReplicaPage]> {
  const [a, b] = [await open('A'), await open('B')];
  await a.switchNetwork(false);
  await a.setTitle('Rome');
  await a.type('from A');
  await b.setTitle('Paris');
  await b.type('from B');
  await a.switchNetwork(true);
  await until(async () => (await b.column('Siblings').getByRole('group', { name: 'Title, 2 siblings' }).getByRole('button', { name: /^Keep / }).count()) === 2, 'two titles to choose from');
  return [a, b];
}

describe('where the Siblings column is hidden', () => {
  /** Two windows that do not show it, where titles and texts wait there. */
  async function hidden(): Promise<[ReplicaPage, ReplicaPage]> {
    const [a, b] = [await here.open('A'), await here.open('B')];
    expect(await b.page.getByText('Siblings is hidden').count()).toBe(0);
    await a.switchNetwork(false);
    await a.setTitle('Rome');
    await a.type('from A');
    await b.setTitle('Oslo');
    await b.type('from B');
    await a.switchNetwork(true);
    return [a, b];
  }
  const titleNote = /Siblings is hidden: setting the title here also chooses between “(Rome” and “Oslo|Oslo” and “Rome)” there\./;
  const notesNote = /Siblings is hidden: “from .” and “from .” wait there for a choice\. Until then it refuses edits of the notes made here\./;

  test('the window says at the field that setting it chooses there, before somebody does, and shows the column when asked to', async () => {
    const [a, b] = await hidden();
    for (const [field, words] of [['Notes', notesNote], ['Title', titleNote]] as const) {
      await b.page.getByRole('button', { name: `Siblings of ${field} wait` }).waitFor();
      await b.box(field).focus();
      await b.page.getByRole('note').filter({ hasText: words }).waitFor();
    }
    // A click beside it is a click: the rows below move only after the button has been released.
    await b.vote(1);
    await until(async () => (await b.output('Votes', 'CRDT (Yjs)')) === '1', 'the vote');
    await until(async () => (await b.page.getByRole('note').filter({ hasText: titleNote }).count()) === 0, 'the note of a field that was left');
    await b.box('Title').focus();
    const note = b.page.getByRole('note').filter({ hasText: titleNote });
    await note.getByRole('button', { name: 'Show Siblings' }).click();
    await b.column('Siblings').getByRole('group', { name: 'Title, 2 siblings' }).waitFor();
    await expect.poll(async () => (await keyboardFocus(b.page)).name).toMatch(/^button Keep [AB]'s$/);
    expect(await b.page.getByText('Siblings is hidden').count()).toBe(0);
    // A has read it and sets the title: that is the choice.
    await a.box('Title', 'Last writer wins').focus();
    await a.page.getByRole('note').filter({ hasText: titleNote }).waitFor();
    await a.setTitle('Lima', 'Last writer wins');
    await until(async () => (await b.box('Title', 'Siblings').inputValue()) === 'Lima', 'the title that A chose');
    await until(async () => (await a.page.getByRole('note').filter({ hasText: titleNote }).count()) === 0, 'nothing to choose any more');
    await a.page.getByRole('button', { name: 'Siblings of Notes wait' }).waitFor();
    expect(await a.page.getByRole('button', { name: 'Siblings of Title wait' }).count()).toBe(0);
    // Where the strategy is off, nothing waits.
    await fetch(`${here.lab.url}/-/api/rooms/lab/settings`, { method: 'PUT', body: JSON.stringify({ enabled: ['crdt', 'last-writer-wins'] }) });
    await until(async () => (await a.page.getByRole('button', { name: /^Siblings of/ }).count()) === 0, 'what waits to go');
  });

  test('on a phone, too: the column is a row of each card, and the keyboard goes on there', { tags: ['gate'] }, async () => {
    const [, b] = await hidden();
    await b.page.setViewportSize({ width: 390, height: 844 });
    await b.box('Title').focus();
    await b.page.getByRole('note').filter({ hasText: titleNote }).getByRole('button', { name: 'Show Siblings' }).click();
    await b.column('Siblings').getByRole('group', { name: /^Title/ }).getByRole('button', { name: 'Keep A\'s' }).click();
    await until(async () => (await b.box('Title', 'Siblings').inputValue()) === 'Rome', 'the title that was kept');
    expect(await b.page.getByRole('button', { name: 'Siblings of Title wait' }).count()).toBe(0);
  });
});

describe('the Siblings column', () => {
  test('keeps both titles until somebody keeps one; then every window has that one', async () => {
    const [a, b] = await apart();
    const titles = await b.column('Siblings').getByRole('group', { name: 'Title, 2 siblings' }).innerText();
    expect([titles.includes('Rome'), titles.includes('Paris')]).toEqual([true, true]);
    await until(async () => (await a.sentences()).some((text) => /^Siblings holds two: .*Rome.*Paris|^Siblings holds two: .*Paris.*Rome/.test(text)), 'the review to name what waits');
    expect(await a.review.getByRole('button', { name: /^Your turn [1-9]/ }).count()).toBe(1);
    await a.review.getByRole('button', { name: 'Hide' }).click();
    await b.column('Siblings').getByRole('group', { name: /^Title/ }).getByRole('button', { name: 'Keep A\'s' }).click();
    for (const page of [a, b]) await until(async () => (await page.box('Title', 'Siblings').inputValue()) === 'Rome', 'Rome everywhere');
    expect(await a.box('Title', 'CRDT (Yjs)').inputValue()).toMatch(/Rome|Paris/);
  });

  test('keeps both texts, and takes a person\'s own words instead', { tags: ['gate'] }, async () => {
    const [a, b] = await apart();
    await a.column('Siblings').getByRole('group', { name: /^Notes/ }).getByRole('button', { name: 'Both' }).click();
    for (const page of [a, b]) await until(async () => (await page.notes('Siblings')).split('\n').sort().join() === 'from A,from B', 'both texts everywhere');
    await b.column('Siblings').getByRole('group', { name: /^Title/ }).getByRole('button', { name: 'Edit' }).click();
    await b.page.getByRole('textbox', { name: 'Instead of the siblings of Title' }).fill('Rome and Paris');
    await b.page.getByRole('button', { name: 'Use this' }).click();
    await until(async () => (await a.box('Title', 'Siblings').inputValue()) === 'Rome and Paris', 'the new title at A');
  });

  test('is still shown after the window is loaded again, and its siblings still wait', { tags: ['gate'] }, async () => {
    const [a] = await apart();
    await a.page.reload();
    await a.column('Siblings').getByRole('group', { name: 'Title, 2 siblings' }).waitFor();
    expect(await a.column('Siblings').getByRole('group', { name: 'Title, 2 siblings' }).getByRole('button', { name: /^Keep / }).count()).toBe(2);
  });
});
