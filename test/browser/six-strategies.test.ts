/** All six strategies in real windows, over the real relay: cut C from A and B, sell seats on both sides, rejoin, and compare. */
import { describe, expect, test } from 'vitest';
import { useBrowserLab } from '../support/browser-lab.ts';
import type { Column, ReplicaPage } from '../support/replica-page.ts';
import { until } from '../support/until.ts';

const here = useBrowserLab();
const columns: readonly Column[] = ['CRDT (Yjs)', 'Last writer wins', 'Siblings', 'Quorum', 'Consensus', 'Single leader'];

/** A window with all columns, whose replica is a member among so many. */
async function open(name: string): Promise<ReplicaPage> {
  const replica = await here.open(name);
  for (const column of columns) await replica.showColumn(column);
  return replica;
}

async function three(): Promise<[ReplicaPage, ReplicaPage, ReplicaPage]> {
  const [a, b, c] = [await open('A'), await open('B'), await open('C')];
  for (const each of [a, b, c]) await each.column('Consensus').getByText('2 of 3 must agree').waitFor();
  return [a, b, c];
}

async function seats(replica: ReplicaPage): Promise<Record<string, string>> {
  return Object.fromEntries(await Promise.all(columns.filter((column) => column !== 'Siblings').map(async (column) => [column, await replica.output('Seats left', column)])));
}

describe('six strategies side by side', () => {
  test('an edit in any column goes to all; typing does not wait for an answer', { tags: ['gate'] }, async () => {
    const [a, b] = await three();
    await a.type('typed under consensus', 'Consensus');
    expect(await a.notes('Consensus')).toBe('typed under consensus');
    await b.vote(1, 'Single leader');
    for (const column of columns) {
      await until(async () => (await b.notes(column)) === 'typed under consensus', `the notes under ${column} at B`);
      await until(async () => (await a.output('Votes', column)) === '1', `the vote under ${column} at A`);
    }
    // Answered: nothing is pending any more.
    await until(async () => (await a.page.getByText(/\d pending/).count()) === 0, 'all is answered');
  });

  test('what was refused and is tried again says waiting, and goes when it is accepted', { tags: ['gate'] }, async () => {
    const [a, b] = [await here.open('A'), await here.open('B')];
    for (const each of [a, b]) await each.showColumn('Consensus');
    for (const each of [a, b]) await each.column('Consensus').getByText('2 of 2 must agree').waitFor();
    await a.switchNetwork(false);
    await a.vote(1);
    await a.column('Consensus').getByText('Refuses: 1 of 2 reachable, 2 needed.').waitFor();
    await b.setTitle('Paris');
    await a.switchNetwork(true);
    const cell = a.page.locator('[data-strategy=consensus][data-field=votes]');
    await cell.locator('.st.refused').getByRole('button', { name: 'Try again' }).waitFor();
    const isSlow = await fetch(`${here.lab.url}/-/api/rooms/lab/links/A`, { method: 'PUT', body: JSON.stringify({ upstream: { latencyMs: 1_000 } }) });
    expect(isSlow.ok).toBe(true);
    await cell.getByRole('button', { name: 'Try again' }).click();
    await cell.locator('.st').filter({ hasText: /^\s*\+1\s+waiting$/ }).waitFor();
    expect(await cell.locator('.st').count()).toBe(1);
    await until(async () => (await a.output('Votes', 'Consensus')) === '1', 'the vote under consensus');
    await cell.locator('.st').filter({ hasText: /^\s*\+1\s+accepted$/ }).waitFor();
    expect(await cell.locator('.st').count()).toBe(1);
    // What is refused while the window is cut off again has a way back, too.
    await a.switchNetwork(false);
    await a.vote(1);
    await cell.locator('.st.refused').getByRole('button', { name: 'Try again' }).waitFor();
    expect(await cell.locator('.st').count()).toBe(1);
    // Refused again says so, and why.
    await cell.getByRole('button', { name: 'Try again' }).click();
    await cell.locator('.st.refused').filter({ hasText: /\+1\s+refused again\s+· 1 of 2 replicas reachable, 2 needed/ }).waitFor();
    expect(await cell.locator('.st').count()).toBe(1);
  });

  test('seats sold on both sides of a partition: oversold under CRDT and last writer wins, refused under consensus, to resolve under siblings', async () => {
    const [a, b, c] = await three();
    await c.switchNetwork(false);
    await c.reserve(2);
    await c.column('Consensus').getByText('Refuses: 1 of 3 reachable, 2 needed.').waitFor();
    await c.column('Single leader').getByText('Refuses: the leader A cannot be reached.').waitFor();
    await a.reserve(2);
    await until(async () => (await b.output('Seats left', 'Consensus')) === '1', 'two seats sold under consensus at B');
    await c.switchNetwork(true);
    for (const each of [a, b, c]) {
      await until(async () => JSON.stringify(await seats(each)) === JSON.stringify({ 'CRDT (Yjs)': '-1', 'Last writer wins': '1', Quorum: '1', Consensus: '1', 'Single leader': '1' }), 'the seats after rejoining');
    }
    // What was refused stays told, with a way to make it once more.
    for (const column of ['Consensus', 'Single leader'] as const) await c.column(column).locator('.st.refused').getByRole('button', { name: 'Try again' }).waitFor();
    await c.column('Siblings').getByRole('group', { name: 'Seats left, 2 siblings' }).waitFor();
    const totals = await until(async () => {
      const answer = (await (await fetch(`${here.lab.url}/-/api/rooms/lab/scorecard`)).json()) as { strategy: string; oversold: number; refused: number; toResolve: number; lost: number; pending: number }[];
      return answer.every(({ pending }) => pending === 0) && answer.find(({ strategy }) => strategy === 'crdt')?.oversold === 1 ? answer : null;
    }, 'the scorecard to count what was oversold, with nothing pending');
    const of = (strategy: string) => totals.find((each) => each.strategy === strategy);
    expect(of('last-writer-wins')).toMatchObject({ oversold: 1, lost: 2 });
    expect(of('consensus')).toMatchObject({ oversold: 0, refused: 2, lost: 0 });
    expect(of('single-leader')).toMatchObject({ oversold: 0, refused: 2, lost: 0 });
    expect(of('siblings')).toMatchObject({ toResolve: 4 });
    const room = await here.browser.newPage();
    await room.goto(here.lab.url);
    const level = (strategy: string, words: string) => room.getByRole('button', { name: `${strategy}: ${words}` });
    await level('CRDT (Yjs)', 'linearizable is broken').click();
    await room.getByRole('button', { name: 'Why not linearizable?' }).click();
    await room.getByText('Reservations of 4 in all were accepted though there were only 3: oversold.').first().waitFor();
    for (const strategy of ['Last writer wins', 'Siblings']) await level(strategy, 'linearizable is broken').waitFor();
    for (const strategy of ['Consensus', 'Single leader']) await level(strategy, 'linearizable holds').waitFor();
    await room.getByRole('button', { name: 'Numbers' }).click();
    await room.getByRole('row', { name: /^Consensus\s+2\s+0\s+0\s+0\s+2\s/ }).waitFor();
    await room.close();
  });

  test('R=1 W=1 of 3: a read from a replica that was cut off is stale, and the verdict names who missed what', { tags: ['gate'] }, async () => {
    await fetch(`${here.lab.url}/-/api/rooms/lab/settings`, { method: 'PUT', body: JSON.stringify({ preset: 'cassandra' }) });
    const [a, , c] = await three();
    await a.column('Quorum').getByText('R=1 W=1 of N=3').waitFor();
    await a.switchNetwork(false);
    await a.setTitle('Rome', 'Quorum');
    await until(async () => (await a.box('Title', 'Quorum').inputValue()) === 'Rome' && (await a.column('Quorum').getByText('1 pending').count()) === 0, 'A takes its own write');
    await c.readFrom('C');
    await c.page.getByRole('region', { name: 'Read from C' }).getByText(/answered in/).waitFor();
    await a.switchNetwork(true);
    const room = await here.browser.newPage();
    await room.goto(here.lab.url);
    await room.getByRole('button', { name: 'Quorum: linearizable is broken' }).click();
    await room.getByText(/Weekend trip.*Rome|Rome.*Weekend trip/).first().waitFor();
    const quorum = await until(async () => ((await (await fetch(`${here.lab.url}/-/api/rooms/lab/scorecard`)).json()) as { strategy: string; staleReads: number }[]).find(({ strategy, staleReads }) => strategy === 'quorum' && staleReads > 0), 'a stale read on the scorecard');
    expect(quorum.staleReads).toBe(1);
    await room.close();
  });

  test('C is promoted while it is cut off; after healing the edits that the old leader took alone are rolled back and told', { tags: ['gate'] }, async () => {
    await fetch(`${here.lab.url}/-/api/rooms/lab/settings`, { method: 'PUT', body: JSON.stringify({ preset: 'mysql' }) });
    const [a, b, c] = await three();
    await c.switchNetwork(false);
    await c.page.getByRole('button', { name: 'Promote C' }).click();
    await c.page.getByText('C leads now, alone.').waitFor();
    await c.vote(1, 'Single leader');
    await until(async () => (await c.output('Votes', 'Single leader')) === '1', 'C counts its own vote');
    await a.vote(2, 'Single leader');
    await until(async () => (await b.output('Votes', 'Single leader')) === '2', 'A and B count two');
    await c.switchNetwork(true);
    for (const each of [a, b, c]) await until(async () => (await each.output('Votes', 'Single leader')) === '1', "C's vote is what is left");
    await until(async () => (await a.sentences()).some((text) => /Single leader rolled back your \+2: the leader A (alone )?had acknowledged it/.test(text)), 'the review to tell what was rolled back');
  });

  test('a person at A reads from B, and is told when B cannot be reached', { tags: ['gate'] }, async () => {
    const [a, b] = await three();
    await b.vote(1);
    await a.readFrom('B');
    const panel = a.page.getByRole('region', { name: 'Read from B' });
    await panel.getByText(/answered in \d+ ms/).waitFor();
    expect(await panel.getByRole('row', { name: /^Votes/ }).innerText()).toContain('1');
    await panel.getByRole('button', { name: 'Close what was read' }).click();
    await expect.poll(() => panel.count()).toBe(0);
  });
});
