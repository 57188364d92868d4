/** The control room: it sees through partitions, switches the relay and the replicas, and adds up what became of the edits. */
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { useBrowserLab } from '../support/browser-lab.ts';
import { deepText } from '../support/deep-text.ts';
import { ReplicaPage } from '../support/replica-page.ts';
import { until } from '../support/until.ts';

const here = useBrowserLab();
let room: Page;

beforeEach(async () => {
  room = await (await here.browser.newContext()).newPage();
  await room.goto(here.lab.url);
});

const says = (pattern: RegExp): Promise<unknown> => until(async () => pattern.test(await deepText(room)), `the control room to say ${pattern}`);

describe('the control room', () => {
  test('shows each replica with its state and clock, also while it is cut off, and cuts it off itself', { tags: ['gate'] }, async () => {
    const [a, b] = [await here.open('A'), await here.open('B')];
    await says(/Replica A.*Synced, all saved.*Replica B.*Synced, all saved/);
    await room.getByRole('switch', { name: 'Network of replica A' }).click();
    await until(async () => !(await a.isOnline()), 'A to be off');
    await a.vote(2);
    await b.vote(1);
    await says(/Offline · 2 edits waiting.*\{A:2\}/);
    await room.getByRole('switch', { name: 'Network of replica A' }).click();
    await says(/\{A:2 B:1\}.*\{A:2 B:1\}/);
  });

  test('switches the relay: the windows notice, and go on by themselves', { tags: ['gate'] }, async () => {
    const a = await here.open('A');
    await says(/Synced, all saved/);
    await room.getByRole('switch', { name: 'Relay' }).click();
    await until(async () => /The relay is off/.test(await a.statusText()), 'A to notice');
    await a.vote(1);
    await says(/The relay is off · 1 edit waiting/);
    await room.keyboard.press('Alt+n');
    await says(/Synced, all saved/);
  });

  test('opens another replica', { tags: ['gate'] }, async () => {
    await here.open('A');
    await says(/Replica A/);
    const [opened] = await Promise.all([room.waitForEvent('popup'), room.getByRole('button', { name: 'Add replica' }).click()]);
    const added = new ReplicaPage(opened);
    await added.network.waitFor();
    expect(new URL(opened.url()).pathname).toBe('/replica/B');
    await says(/Replica A.*Replica B/);
  });

  test('adds up, strategy by strategy, what the API says too', async () => {
    const [a, b] = [await here.open('A'), await here.open('B')];
    // Before B is let in, A is a majority of one and would be right to accept.
    for (const each of [a, b]) await each.showColumn('Consensus');
    for (const each of [a, b]) await each.column('Consensus').getByText('2 of 2 must agree').waitFor();
    await a.switchNetwork(false);
    await a.vote(3);
    await b.vote(1);
    await a.switchNetwork(true);
    await room.getByRole('button', { name: 'Numbers' }).click();
    const row = (strategy: string): Promise<string> => room.getByRole('table', { name: /Scorecard/ }).getByRole('row', { name: new RegExp(strategy.replace(/[()]/g, '\\$&')) }).innerText();
    // A's votes are older or newer than B's as the clocks fell; one side is lost whole.
    await until(async () => /^CRDT \(Yjs\)\s+4\s+0\s+0\s/.test(await row('CRDT (Yjs)')), 'the CRDT to have kept 4');
    await until(async () => /^Last writer wins\s+(1\s+0\s+3|3\s+0\s+1)\s/.test(await row('Last writer wins')), 'last writer wins to have lost one side');
    const answer = (await (await fetch(`${here.lab.url}/-/api/rooms/lab/scorecard`)).json()) as { strategy: string; actions: number; lost: number; kept: number; toResolve: number; pending: number; refused: number }[];
    expect(answer.map(({ strategy, actions, pending }) => [strategy, actions, pending])).toEqual(['crdt', 'last-writer-wins', 'siblings', 'quorum', 'consensus', 'single-leader'].map((strategy) => [strategy, 4, 0]));
    expect(answer.map(({ kept, lost, toResolve, refused }) => kept + lost + toResolve + refused)).toEqual([4, 4, 4, 4, 4, 4]);
    // With A cut off, B reaches 1 of 2.
    expect(answer.filter(({ refused }) => refused === 4).map(({ strategy }) => strategy)).toEqual(['quorum', 'consensus', 'single-leader']);
  });

  test('a room that is emptied starts over in every window, the one that was off included', { tags: ['gate'] }, async () => {
    const [a, b] = [await here.open('A'), await here.open('B')];
    await a.vote(2);
    await until(async () => (await b.output('Votes', 'CRDT (Yjs)')) === '2', 'the votes at B');
    await b.switchNetwork(false);
    await b.vote(1);
    await a.page.getByRole('button', { name: 'Menu' }).click();
    await a.page.getByRole('menuitem', { name: 'Settings' }).click();
    await a.page.getByRole('button', { name: 'Empty this room' }).click();
    await a.page.getByRole('button', { name: 'Yes, empty it' }).click();
    for (const page of [a, b]) await until(async () => (await page.output('Votes', 'CRDT (Yjs)')) === '0', 'no votes');
    await b.switchNetwork(true);
    await b.vote(1);
    for (const page of [a, b]) await until(async () => (await page.output('Votes', 'Last writer wins')) === '1', 'the first vote of the new life');
  });
});
