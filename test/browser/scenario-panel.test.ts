/** A scenario as people play it: chosen in the control room, its windows opened, step by step, and what came of it; a program that a scenario kills. */
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { trueMsOf } from '../../shared/analysis/acknowledgements.ts';
import type { ScenarioView } from '../../shared/control/scenario-view.ts';
import { parseHistory } from '../../shared/history/history-file.ts';
import { isEdit } from '../../shared/history/record.ts';
import { toldOf } from '../../renderer/controllers/scenario-moments.ts';
import { useBrowserLab } from '../support/browser-lab.ts';
import type { ReplicaPage } from '../support/replica-page.ts';
import { until } from '../support/until.ts';

const here = useBrowserLab();
let room: Page;

beforeEach(async () => {
  room = await (await here.browser.newContext()).newPage();
  await room.goto(here.lab.url);
});

const button = (name: string) => room.getByRole('button', { name, exact: true });
const choose = (title: string) => room.getByRole('combobox', { name: 'Scenario' }).selectOption({ label: title });

async function api(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${here.lab.url}/-/api/rooms/lab/scenario${path}`, { method, ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}) });
}

async function state(): Promise<ScenarioView> {
  return (await (await api('GET', '')).json()) as ScenarioView;
}

describe('the control room', () => {
  test('plays a scenario: it opens its windows, goes step by step, says what happens, and whether what was expected came true', async () => {
    await choose('Last writer wins by field');
    const [window] = [await here.open('A'), await here.open('B'), await here.open('C')];
    await button('Play scenario').waitFor();
    await button('Step').click();
    await until(async () => (await state()).done === 1, 'the first step');
    await room.getByRole('button', { name: /^Steps: \d/ }).click();
    await room.locator('li[aria-current=step]').getByText('C: network off').waitFor();
    // Every window says the same, and marks what the step changes.
    const caption = window.page.getByRole('note', { name: 'Scenario' });
    const { steps } = await state();
    const changing = steps.findIndex(({ fields }) => fields.length > 0);
    while ((await state()).begun <= changing) {
      const { done } = await state();
      await until(async () => (await state()).state === 'paused', 'the step to be over');
      await button('Step').click();
      await until(async () => (await state()).done > done, 'the next step');
    }
    const { begun } = await state();
    await caption.getByText(toldOf({ steps, begun })).waitFor();
    await window.page.locator(`.cell.look[data-field=${steps[changing]!.fields[0]}]`).first().waitFor();
    await room.getByRole('combobox', { name: 'Speed' }).selectOption('2');
    const [asked] = await Promise.all([room.waitForRequest(/\/scenario\/play/), button('Play scenario').click()]);
    expect(new URL(asked.url()).searchParams.get('speed')).toBe('2');
    await button('Pause scenario').waitFor();
    await until(async () => (await state()).begun > changing + 2, 'a step that was read');
    // Without eyes nothing has to be read.
    await api('POST', '/play?paceMs=5');
    await room.getByText('5 of 5 expectations hold').waitFor({ timeout: 20_000 });
    await caption.getByText('All 5 expectations came true.').waitFor();
    // The document is the scenario's.
    expect((await (await fetch(`${here.lab.url}/-/api/rooms/lab/settings`)).json() as { schema: { id: string }[] }).schema.map(({ id }) => id)).toEqual(['title', 'votes']);
  });

  test('puts a scenario that is over back to its beginning when somebody starts over', { tags: ['gate'] }, async () => {
    const text = ['title: Cut', 'lookAt: Two people vote.', 'replicas: [A, B]', 'strategies: [crdt, last-writer-wins]', 'fields: { votes: { type: counter } }', 'steps:', '  - { islands: [[A], [B]], say: The cable is cut. }', '  - { at: A, increment: votes }', '  - { heal: true, say: The cable is mended. }', 'expect: { crdt: { lost: 0 } }'].join('\n');
    await api('PUT', '', { text });
    const [a] = [await here.open('A'), await here.open('B')];
    await api('POST', '/play?paceMs=5');
    await room.getByText('1 of 1 expectations hold').waitFor({ timeout: 20_000 });
    await room.getByRole('img', { name: /^Divergence/ }).waitFor();
    await button('Start over').click();
    await button('Yes, start over').click();
    await button('Play scenario').waitFor();
    await room.getByText('0 of 3').waitFor();
    await room.getByRole('status').getByText('Two people vote.').waitFor();
    expect(await button('Back').isDisabled()).toBe(true);
    await room.getByRole('combobox', { name: 'Speed' }).waitFor();
    await room.getByText('Drawn as soon as people edit.').waitFor();
    await a.column('CRDT (Yjs)').waitFor();
    await until(async () => (await state()).state === 'paused', 'the windows to be back');
    // Also after another one was chosen it can be chosen again.
    await choose('The last seat');
    await button('Open C').waitFor();
    await choose('Cut');
    await until(async () => (await state()).state === 'paused', 'both windows');
    await until(() => button('Step').isEnabled(), 'the control room to know it');
    // Space on a button presses that button.
    await room.evaluate(() => { for (let at = document.activeElement; at; at = at.shadowRoot?.activeElement ?? null) if (!at.shadowRoot && at !== document.body) (at as HTMLElement).blur(); });
    await room.keyboard.press('Space');
    await until(async () => (await state()).done > 0, 'a step');
    await api('POST', '/play?paceMs=5');
    await room.getByText('1 of 1 expectations hold').waitFor({ timeout: 20_000 });
  });

  test('asks before it throws away what is in the room, and goes back to the lab’s own document', { tags: ['gate'] }, async () => {
    const a = await here.open('A');
    await a.vote(1);
    await room.getByText('1 edit since the start').waitFor();
    await choose('The last seat');
    await room.getByRole('group', { name: 'Change the room’s document?' }).getByText('All that is in the room is thrown away.').waitFor();
    await button('Cancel').click();
    expect(await a.output('Votes', 'CRDT (Yjs)')).toBe('1');
    await choose('The last seat');
    await button('Yes, empty the room').click();
    await until(async () => (await a.output('Seats left', 'CRDT (Yjs)')) === '1' && (await a.column('CRDT (Yjs)').getByLabel('Votes', { exact: true }).count()) === 0, 'the document of the scenario, and nothing else');
    await button('Open B, C').waitFor();
    await choose('none: this document');
    await until(async () => (await a.output('Votes', 'CRDT (Yjs)')) === '0', 'the lab’s own document');
  });
});

describe('after a scenario with few strategies', () => {
  test('the lab’s own document works as before, with the strategies and settings of before', { tags: ['gate'] }, async () => {
    const settings = async () => (await (await fetch(`${here.lab.url}/-/api/rooms/lab/settings`)).json()) as { schema: { id: string }[] | null };
    const change = { enabled: ['crdt', 'last-writer-wins', 'consensus'], consensus: { localReads: true } };
    await fetch(`${here.lab.url}/-/api/rooms/lab/settings`, { method: 'PUT', body: JSON.stringify(change) });
    const before = await settings();
    const a = await here.open('A');
    // From one scenario to the next one, and back from there.
    for (const [title, fields] of [['Last writer wins by field', 'title votes'], ['R + W above N', 'title']] as const) {
      await choose(title);
      await until(async () => (await settings()).schema?.map(({ id }) => id).join(' ') === fields, `the document of ${title}`);
    }
    await choose('none: this document');
    await a.box('Notes').waitFor();
    await a.vote(1);
    for (const column of ['CRDT (Yjs)', 'Last writer wins'] as const) await until(async () => (await a.output('Votes', column)) === '1', `the vote under ${column}`);
    expect(await settings()).toEqual(before);
  });
});

describe('columns on stage', () => {
  const columnsOf = async ({ page }: ReplicaPage): Promise<string> => (await page.locator('field-grid section').evaluateAll((sections) => sections.map((section) => section.getAttribute('aria-label')))).join(', ');
  const all = async (windows: readonly ReplicaPage[], columns: string): Promise<void> => {
    for (const each of windows) await until(async () => (await columnsOf(each)) === columns, `the columns ${columns}`);
  };
  const usual = 'CRDT (Yjs), Last writer wins';

  test('are put there by the control room, a scenario and a preset, in all windows, also in one that opens later; a window can show others afterwards', { tags: ['gate'] }, async () => {
    const [a, b] = [await here.open('A'), await here.open('B')];
    await all([a, b], usual);
    await room.getByRole('button', { name: /^Columns on stage/ }).click();
    await room.getByRole('group', { name: 'Columns on stage' }).getByRole('checkbox', { name: 'Quorum' }).check();
    await all([a, b, await here.open('C')], `${usual}, Quorum`);
    await a.showColumn('Siblings');
    expect(await columnsOf(b)).toBe(`${usual}, Quorum`);

    await choose('R + W at most N');
    await all([a, b], 'Quorum, Consensus');
    await choose('none: this document');
    await all([b], `${usual}, Quorum`);
    await all([a], `${usual}, Siblings, Quorum`);

    await room.getByRole('combobox', { name: 'Preset' }).selectOption({ label: 'Cassandra (PA/EL)' });
    await all([a, b], 'Last writer wins, Quorum');
    for (const column of ['CRDT (Yjs)', 'Siblings'] as const) await a.showColumn(column);
    await a.page.reload();
    await all([a], `${usual}, Siblings, Quorum`);
    expect(await columnsOf(b)).toBe('Last writer wins, Quorum');
  });
});

describe('a preset', () => {
  test('leads to the scenario that shows its sentence, and is there again afterwards', { tags: ['gate'] }, async () => {
    const preset = room.getByRole('combobox', { name: 'Preset' });
    await preset.selectOption({ label: 'Spanner (PC/EC)' });
    await button('Play the scenario that shows it').click();
    await button('Open A, B, C').waitFor();
    await expect.poll(() => room.getByRole('combobox', { name: 'Scenario' }).inputValue()).toBe('presets/spanner');
    const a = await here.open('A');
    for (const name of ['B', 'C']) await here.open(name);
    await a.column('Consensus').waitFor();
    await api('POST', '/play?paceMs=5');
    await room.getByText(/^(\d+) of \1 expectations hold$/).waitFor({ timeout: 20_000 });
    expect(await preset.inputValue()).toBe('spanner');
    // Over: it can be played again from here, too.
    await button('About Spanner').click();
    await button('Play the scenario that shows it').click();
    await button('Play scenario').waitFor();
    await room.getByText('no edits yet; it counts').waitFor();
    await choose('none: this document');
    await a.box('Notes', 'Consensus').waitFor();
    expect(await preset.inputValue()).toBe('spanner');
  });
});

describe('a lab that is started again in the middle of a scenario', () => {
  test('says so; its own document and settings come back, and take edits', { tags: ['gate'] }, async () => {
    const settings = async () => (await (await fetch(`${here.lab.url}/-/api/rooms/lab/settings`)).json()) as object;
    await fetch(`${here.lab.url}/-/api/rooms/lab/settings`, { method: 'PUT', body: JSON.stringify({ enabled: ['crdt', 'siblings'], columns: ['crdt', 'siblings'] }) });
    const before = await settings();
    await choose('Last writer wins by field');
    const a = await here.open('A');
    await a.column('Last writer wins').waitFor();
    await here.restart();
    await room.getByText('This scenario was interrupted').waitFor();
    await button('Play it again').waitFor();
    await choose('none: this document');
    await a.box('Notes').waitFor();
    await a.vote(1);
    for (const column of ['CRDT (Yjs)', 'Siblings'] as const) await until(async () => (await a.output('Votes', column)) === '1', `the vote under ${column}`);
    expect(await settings()).toEqual(before);
  });
});

describe('a scenario of one’s own', () => {
  test('kills a window’s program and starts it again with what its disk had', { tags: ['gate'] }, async () => {
    const text = ['title: A crash', 'replicas: [A, B]', 'strategies: [crdt, last-writer-wins]', 'fields: { votes: { type: counter } }', 'steps:', '  - { at: A, increment: votes, times: 2 }', '  - crash: A', '  - { at: B, increment: votes }', '  - wait: 1 week', '  - restart: A', '  - { at: A, increment: votes }', 'expect:', '  every: { lost: 0, converged: true, value: { votes: 4 } }'].join('\n');
    expect((await api('PUT', '', { text })).status).toBe(200);
    const [a] = [await here.open('A'), await here.open('B')];
    for (let step = 0; step < 2; step++) {
      await api('POST', '/step');
      await until(async () => (await state()).done === step + 1, `step ${step + 1}`);
    }
    await a.page.getByText('Replica A has crashed. The scenario starts it again.').waitFor();
    await api('POST', '/play?paceMs=5');
    const view = await until(async () => ((await state()).state === 'over' ? state() : null), 'it to be over', { withinMs: 30_000 });
    expect([view.trouble, view.judgements.filter(({ outcome }) => outcome !== 'holds')]).toEqual([null, []]);
    expect(view.judgements).toHaveLength(6);
    // The clock of the program that was killed is where the others' are: the week has passed there, too.
    const { records } = parseHistory((await (await fetch(`${here.lab.url}/-/api/rooms/lab/history`)).text()).trimEnd().split('\n'));
    const last = records.filter(isEdit).filter(({ dot }) => dot.replica === 'A').at(-1)!;
    const [restarted, voted] = view.steps.slice(-2);
    expect([trueMsOf(last) >= restarted!.endedMs!, trueMsOf(last) <= voted!.endedMs!]).toEqual([true, true]);
  });

  test('a mistake in it is one line that names its line; the room stays as it is', { tags: ['gate'] }, async () => {
    const a = await here.open('A');
    await a.vote(1);
    await until(async () => /Synced, all saved/.test(await a.statusText()), 'the vote to be saved');
    const refused = await api('PUT', '', { text: 'title: X\nfields: { votes: { type: counter } }\nsteps:\n  - offline: Z' });
    expect(refused.status).toBe(400);
    expect(((await refused.json()) as { detail: string }).detail).toBe('the text:4: steps[1].offline: there is no replica "Z"; there are A, B, C');
    for (const [path, body, status] of [['', { name: 'no-such' }, 404], ['', { name: '../../etc/passwd' }, 404], ['', {}, 400], ['/play', undefined, 409], ['/step', undefined, 409]] as const) expect((await api(path === '' ? 'PUT' : 'POST', path, body)).status, path).toBe(status);
    expect(await a.output('Votes', 'CRDT (Yjs)')).toBe('1');
  });
});
