/** The seats story in three real Electron windows and the control room: cut C from A and B, sell on both sides, rejoin, compare all six strategies. */
import { expect, test } from 'vitest';
import { useDesktopLab } from '../support/desktop-lab.ts';
import { type Column, ReplicaPage } from '../support/replica-page.ts';
import { until } from '../support/until.ts';

const here = useDesktopLab('A', 'B', 'C');

test('seats sold on both sides: oversold under CRDT and last writer wins, never under consensus; the verdicts differ, with witnesses', async () => {
  const [a, b, c] = await Promise.all(['A', 'B', 'C'].map(async (name) => new ReplicaPage(await here.desktop.page(`/replica/${name}`)))) as [ReplicaPage, ReplicaPage, ReplicaPage];
  const others: readonly Column[] = ['Siblings', 'Quorum', 'Consensus', 'Single leader'];
  for (const each of [a, b, c]) await each.network.waitFor();
  // One window is enough to look at; the strategies run in all.
  for (const column of others) await c.showColumn(column);
  await c.column('Consensus').getByText('2 of 3 must agree').waitFor();
  // Of windows that open together any may have been let in first, and leads then.
  if (!(await c.column('Single leader').getByText('A leads').count())) {
    await a.showColumn('Single leader');
    await a.page.getByRole('button', { name: 'Promote A' }).click();
    await c.column('Single leader').getByText('A leads').waitFor();
  }

  await c.switchNetwork(false);
  await c.reserve(2);
  await until(async () => (await c.page.getByText('1 of 3 replicas reachable, 2 needed').count()) >= 2, 'quorum and consensus to refuse');
  await a.reserve(2);
  await c.switchNetwork(true);

  const seats = { 'CRDT (Yjs)': '-1', 'Last writer wins': '1', Quorum: '1', Consensus: '1', 'Single leader': '1' } as const;
  for (const [column, left] of Object.entries(seats)) await until(async () => (await c.output('Seats left', column as Column)) === left, `${left} seats under ${column}`);
  await c.column('Siblings').getByRole('group', { name: 'Seats left, 2 siblings' }).waitFor();

  // A does not show Siblings, and says so right below the seats.
  const note = a.page.getByRole('note').filter({ hasText: /^Siblings is hidden: .* refuses edits of the seats left made here\./ });
  await note.waitFor();
  // In a table right below the cells of the field; where A shows three columns, and cards, below its name, with the gap of 8 px that cards have.
  await until(async () => {
    const name = (await a.page.locator('.rail[data-field=seats]').boundingBox())!;
    const cell = (await a.column('CRDT (Yjs)').locator('[data-field=seats]').boundingBox())!;
    const { y } = (await note.boundingBox())!;
    return Math.min(Math.abs(y - name.y - name.height), Math.abs(y - cell.y - cell.height)) < 10;
  }, 'the note right below the seats');

  const room = await here.desktop.page('/');
  await room.getByRole('button', { name: 'Numbers' }).click();
  const row = async (strategy: string): Promise<string[]> => (await room.getByRole('row', { name: new RegExp(`^${strategy}`) }).getByRole('cell').allInnerTexts());
  const columns = async (): Promise<string[]> => (await room.getByRole('table', { name: 'Scorecard' }).getByRole('columnheader').allInnerTexts()).slice(1);
  const cell = async (strategy: string, name: string): Promise<string | undefined> => (await row(strategy))[(await columns()).indexOf(name)];
  for (const [strategy, oversold, refused] of [['CRDT', '1', '0'], ['Last writer wins', '1', '0'], ['Consensus', '0', '2'], ['Single leader', '0', '2']] as const) {
    await until(async () => (await cell(strategy, 'oversold')) === oversold && (await cell(strategy, 'refused')) === refused, `${strategy}: oversold ${oversold}, refused ${refused}`);
  }
  expect(await cell('Siblings', 'to resolve')).toBe('4');
  await room.getByRole('button', { name: 'CRDT (Yjs): linearizable is broken' }).click();
  await room.getByRole('button', { name: 'Why not linearizable?' }).click();
  await room.getByText('Reservations of 4 in all were accepted though there were only 3: oversold.').waitFor();
  await room.getByRole('button', { name: 'Consensus: linearizable holds' }).waitFor();
});
