/** A column whose strategy does not run in the room shows what it had, takes no edits, and says how to turn it on. */
import { expect, test } from 'vitest';
import { useBrowserLab } from '../support/browser-lab.ts';
import { until } from '../support/until.ts';

const here = useBrowserLab();

test('a strategy is turned off and on: its column is read-only meanwhile, and the others go on', async () => {
  const a = await here.open('A');
  const [off, on] = [a.column('Last writer wins'), a.column('CRDT (Yjs)')];
  await a.vote(1);
  await until(async () => (await a.output('Votes', 'Last writer wins')) === '1', 'the vote in both columns');
  await fetch(`${here.lab.url}/-/api/rooms/lab/settings`, { method: 'PUT', body: JSON.stringify({ enabled: ['crdt', 'quorum'] }) });
  await off.getByText('Off: edits do not reach it. Turn it on in Settings (⋯).').waitFor();
  expect([await off.getByRole('textbox').count(), await off.getByRole('button').count()]).toEqual([0, 0]);
  expect(await off.getByLabel('Title', { exact: true }).innerText()).toBe('Weekend trip');
  await a.vote(1);
  await until(async () => (await a.output('Votes', 'CRDT (Yjs)')) === '2', 'the vote where it counts');
  expect(await a.output('Votes', 'Last writer wins')).toBe('1');
  expect(await on.getByText('Off:').count()).toBe(0);
  await a.page.getByRole('button', { name: 'Menu' }).click();
  await a.page.getByRole('menuitem', { name: 'Settings' }).click();
  await a.page.getByRole('checkbox', { name: 'Last writer wins' }).click();
  await a.page.keyboard.press('Escape');
  await off.getByRole('button', { name: 'Add one vote' }).click();
  await until(async () => (await a.output('Votes', 'CRDT (Yjs)')) === '3', 'a vote from the column that is on again');
});
