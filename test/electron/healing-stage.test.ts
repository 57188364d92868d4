/** The main path up to the review, in real Electron windows: the healing stage plays by its acts, a key ends it, and a lost edit is put back by keyboard. */
import { expect, test } from 'vitest';
import { useDesktopLab } from '../support/desktop-lab.ts';
import { flyingChips, hasEnded, opacityOf, stopActsAt } from '../support/healing-acts.ts';
import { keyboardFocus } from '../support/keyboard-focus.ts';
import { ReplicaPage } from '../support/replica-page.ts';
import { until } from '../support/until.ts';

const here = useDesktopLab('A', 'B');

const lostVote = '[data-strategy=last-writer-wins][data-field=votes] .st.lost';

test('after a rejoin the stage plays in A, a key ends it, and P in the review puts a vote back in the column that lost it', async () => {
  const [a, b] = await Promise.all(['A', 'B'].map(async (name) => new ReplicaPage(await here.desktop.page(`/replica/${name}`)))) as [ReplicaPage, ReplicaPage];
  for (const each of [a, b]) await until(async () => (await each.statusText()).includes('all saved'), 'both windows to be synced');
  const { page } = a;
  const votes = async (of: ReplicaPage): Promise<string[]> => [await of.output('Votes', 'CRDT (Yjs)'), await of.output('Votes', 'Last writer wins')];

  await a.switchNetwork(false);
  await a.setTitle('Rome');
  await a.vote(1);
  await page.getByText('2 edits wait').waitFor();
  await b.setTitle('Paris');
  await b.vote(2);
  expect([await votes(a), await votes(b)]).toEqual([['1', '1'], ['2', '2']]);
  await a.switchNetwork(true);

  await until(() => stopActsAt(page, 100), 'the stage to begin');
  // What A had still stands, and nothing has been said of it.
  expect(await page.locator('.before').first().textContent()).toBe('Rome');
  expect([await flyingChips(page), await opacityOf(page, '.verdict')]).toEqual([[], 0]);
  await stopActsAt(page, 1_200);
  const chips = await flyingChips(page);
  for (const edit of ['Rome', 'Paris', '+1', '+2']) expect(chips).toContain(edit);
  expect(await opacityOf(page, lostVote)).toBe(0);
  await stopActsAt(page, 1_900);
  expect([await opacityOf(page, lostVote) > 0.9, await opacityOf(page, '.verdict')]).toEqual([true, 0]);
  await page.keyboard.press('Shift');
  await until(() => hasEnded(page), 'the final state');
  expect([await opacityOf(page, lostVote), await opacityOf(page, '.verdict')]).toEqual([1, 1]);
  expect(await stopActsAt(page, 0)).toBe(false);
  expect(await votes(a)).toEqual(['3', '2']);

  await page.keyboard.press('Alt+KeyR');
  const sentence = async (): Promise<string> => (await keyboardFocus(page)).text;
  const all = await a.sentences();
  const lost = all.findIndex((text) => text.startsWith('Last writer wins lost your +1: B wrote 2 without having seen it.'));
  await until(async () => (await sentence()) === all[0], 'the keyboard on the first sentence');
  for (let at = 1; at <= lost; at++) {
    await page.keyboard.press('j');
    await until(async () => (await sentence()) === all[at], `the keyboard on sentence ${at + 1}`);
  }
  await page.keyboard.press('p');
  for (const each of [a, b]) await until(async () => (await votes(each)).join() === '3,3', 'the vote to be back under last writer wins');
  await until(async () => / put back$/.test(await sentence()), 'the sentence to say so, with the keyboard on it');
  expect((await keyboardFocus(page)).isVisible).toBe(true);
  await page.keyboard.press('Escape');
  await until(async () => (await keyboardFocus(page)).name === 'input Network', 'the keyboard where it was before');
});
