/** Scenarios on stage: which columns they bring to the windows, and what comes back after them, also when the lab was ended in the middle. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WindowColumns } from '../../../renderer/controllers/window-columns.ts';
import { openLevelStore } from '../../../server/storage/level-store.ts';
import { defaultColumns, defaultSettings, type LabSettings } from '../../../shared/control/lab-settings.ts';
import type { RoomView } from '../../../shared/control/room-view.ts';
import type { ScenarioView } from '../../../shared/control/scenario-view.ts';
import { readScenario } from '../../../shared/scenarios/read-scenario.ts';
import { scenarioFile, scenarioFolders, scenarioNames } from '../../../shared/scenarios/scenario-names.ts';
import type { StoreChange } from '../../../shared/ports/store.ts';
import { MemoryStore } from '../../support/memory-store.ts';
import { presetColumns, presets } from '../../../shared/strategies/presets.ts';
import { projectRoot } from '../../tidy/source-files.ts';
import { atEnd, startLab } from '../../support/lab-fixture.ts';

const scenariosDir = `${projectRoot}shared/scenarios`;
const names = (await Promise.all(scenarioFolders.map(async (folder) => scenarioNames(folder, await readdir(join(scenariosDir, folder)))))).flat();

interface Calls {
  (method: string, path: string, body?: object): Promise<Response>;
}

function callsTo({ url }: { readonly url: string }): Calls {
  return (method, path, body) => fetch(`${url}/-/api/rooms/lab${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
}

async function viewOf(call: Calls): Promise<RoomView> {
  return (await (await call('GET', '')).json()) as RoomView;
}

/** What a window of the room would show. */
function shownIn(settings: LabSettings, columns = new WindowColumns({ remember: () => {} })): WindowColumns['shown'] {
  columns.follow(settings);
  return columns.shown;
}

describe('columns on stage', () => {
  test('there are scenarios of the catalogue and of presets', () => {
    expect(names).toEqual(expect.arrayContaining(['last-seat', 'presets/riak']));
    expect(names).toHaveLength(17 + presets.length);
  });

  test.each(names)('%s: windows show the strategies that run, and what they showed before when it is left', async (name) => {
    const { strategies } = readScenario(await readFile(join(scenariosDir, scenarioFile(name)!), 'utf8'), name);
    const call = callsTo(await startLab({ scenariosDir }));
    const window = new WindowColumns({ remember: () => {} });
    window.show('siblings', true);
    expect((await call('PUT', '/scenario', { name })).status).toBe(200);
    const { settings } = await viewOf(call);
    expect([settings.enabled, shownIn(settings, window)]).toEqual([strategies, strategies]);
    await call('DELETE', '/scenario');
    const after = await viewOf(call);
    expect([after.settings, after.scenario]).toEqual([defaultSettings, null]);
    expect(shownIn(after.settings, window)).toEqual([...defaultColumns, 'siblings']);
  });

  test.each(presets)('$id: windows show the columns of the preset', async (preset) => {
    const call = callsTo(await startLab());
    await call('PUT', '/settings', { preset: preset.id });
    expect(shownIn((await viewOf(call)).settings)).toEqual(presetColumns(preset));
  });

  test('a preset that is chosen twice is shown again where a window had hidden its column', async () => {
    const call = callsTo(await startLab());
    const window = new WindowColumns({ remember: () => {} });
    const choose = async () => shownIn((await (await call('PUT', '/settings', { preset: 'cassandra' })).json()) as LabSettings, window);
    await choose();
    window.show('quorum', false);
    expect(shownIn((await viewOf(call)).settings, window)).toEqual(['last-writer-wins']);
    expect(await choose()).toEqual(['last-writer-wins', 'quorum']);
  });

  test('columns that are chosen alone end no preset; a preset with columns takes those', async () => {
    const call = callsTo(await startLab());
    await call('PUT', '/settings', { preset: 'cassandra' });
    expect(await (await call('PUT', '/settings', { columns: ['crdt', 'quorum'] })).json()).toMatchObject({ preset: 'cassandra', columns: ['crdt', 'quorum'], quorum: { r: 1, w: 1 } });
    expect(await (await call('PUT', '/settings', { preset: 'mysql', columns: ['crdt', 'single-leader'] })).json()).toMatchObject({ preset: 'mysql', columns: ['crdt', 'single-leader'] });
    expect(await (await call('PUT', '/settings', { consensus: { localReads: true } })).json()).toMatchObject({ preset: null, columns: ['crdt', 'single-leader'] });
  });

  test('a scenario of a preset has the preset’s settings and names it; when it is left, the preset is as before', async () => {
    const call = callsTo(await startLab({ scenariosDir }));
    await call('PUT', '/settings', { preset: 'mysql' });
    const { settings: before } = await viewOf(call);
    await call('PUT', '/scenario', { name: 'presets/riak' });
    expect((await viewOf(call)).settings).toMatchObject({ preset: 'riak', columns: ['siblings', 'quorum'], quorum: { sloppy: true } });
    await call('DELETE', '/scenario');
    expect((await viewOf(call)).settings).toEqual(before);
  });
});

const text = 'title: Votes\nreplicas: [A]\nfields: { votes: { type: counter } }\nsteps:\n  - { at: A, increment: votes, say: One vote. }\nexpect: { crdt: { lost: 0 } }';

describe('a scenario that came as a text', () => {
  const listed = async (url: string, query: string) => ((await (await fetch(`${url}/-/api/scenarios${query}`)).json()) as { name: string; title: string }[]).slice(names.length);

  test('stays choosable in its room, by a name, also after another one was chosen', async () => {
    const lab = await startLab({ scenariosDir });
    const call = callsTo(lab);
    expect(await (await call('PUT', '/scenario', { text })).json()).toMatchObject({ name: 'text:1', title: 'Votes' });
    await call('PUT', '/scenario', { text: text.replace('Votes', 'More votes') });
    await call('PUT', '/scenario', { name: 'last-seat' });
    expect(await listed(lab.url, '?room=lab')).toMatchObject([{ name: 'text:1', title: 'Votes' }, { name: 'text:2', title: 'More votes' }]);
    expect([await listed(lab.url, '?room=other'), await listed(lab.url, '')]).toEqual([[], []]);
    expect(await (await call('PUT', '/scenario', { name: 'text:1' })).json()).toMatchObject({ name: 'text:1', title: 'Votes', state: 'waiting' });
    // The same text again is not one more.
    await call('PUT', '/scenario', { text });
    expect(await listed(lab.url, '?room=lab')).toHaveLength(2);
    expect((await call('PUT', '/scenario', { name: 'text:3' })).status).toBe(404);
  });

  test('is the latest eight of its room', async () => {
    const lab = await startLab({ scenariosDir });
    for (let at = 1; at <= 9; at++) await lab.chooseScenario('lab', { text: text.replace('Votes', `Votes ${at}`) });
    expect((await listed(lab.url, '?room=lab')).map(({ name }) => name)).toEqual([2, 3, 4, 5, 6, 7, 8, 9].map((at) => `text:${at}`));
  });

  test('has no name after the lab was started again', async () => {
    const store = new MemoryStore();
    const lab = await startLab({ store, scenariosDir });
    await callsTo(lab)('PUT', '/scenario', { text });
    await lab.close();
    expect((await viewOf(callsTo(await startLab({ store, scenariosDir })))).scenario).toMatchObject({ name: null, title: 'Votes', state: 'over' });
  });
});

describe('starting over', () => {
  const beginning = { begun: 0, done: 0, beganMs: null, judgements: [] };

  test.each([{ name: 'last-seat' }, { name: 'presets/riak' }, { text }])('puts a scenario back to its beginning: %o', async (choice) => {
    const call = callsTo(await startLab({ scenariosDir }));
    const { settings: before } = await viewOf(call);
    await call('PUT', '/scenario', choice);
    const { settings, scenario } = await viewOf(call);
    // It cannot be played without windows; a lab that plays it to the end is in the browser's tests.
    await call('POST', '/scenario/play');
    await call('PUT', '/settings', { columns: ['crdt'] });
    expect((await call('DELETE', '')).status).toBe(204);
    const after = await viewOf(call);
    expect(after.settings).toEqual({ ...settings, columnsSinceMs: after.settings.columnsSinceMs });
    expect(after.scenario).toMatchObject({ ...beginning, name: scenario!.name, title: scenario!.title, steps: scenario!.steps });
    expect((await call('POST', '/scenario/step')).status).toBe(200);
    await call('DELETE', '/scenario');
    expect((await viewOf(call)).settings).toEqual(before);
  });

  test.each([
    [{ name: 'last-seat' }, { name: 'last-seat' }, 'play it again'],
    [{ text }, { name: 'text:1', title: 'Votes' }, 'start over to play it again'],
  ])('does so also with one that was interrupted: %o', async (choice, chosen, how) => {
    const store = new MemoryStore();
    const lab = await startLab({ store, scenariosDir });
    await callsTo(lab)('PUT', '/scenario', choice);
    await lab.close();
    const call = callsTo(await startLab({ store, scenariosDir }));
    const before = (await viewOf(call)).scenario!;
    expect(before).toMatchObject({ state: 'over', steps: [] });
    expect(before.trouble).toContain(how);
    await call('DELETE', '');
    const { scenario } = await viewOf(call);
    expect(scenario).toMatchObject({ ...beginning, ...chosen, state: 'waiting' });
    expect(scenario!.steps.length).toBeGreaterThan(0);
  });

  test('leaves a room without a scenario its own document and settings', async () => {
    const call = callsTo(await startLab({ scenariosDir }));
    await call('PUT', '/settings', { preset: 'cassandra' });
    const { settings } = await viewOf(call);
    await call('DELETE', '');
    expect(await viewOf(call)).toMatchObject({ settings, scenario: null });
  });
});

describe('a lab that is ended in the middle of a scenario and started again', () => {
  test('says so, and has the settings of before when the scenario is left', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rejoin-room-scenarios-'));
    atEnd(() => rm(folder, { recursive: true, force: true }));
    const change = { enabled: ['crdt', 'last-writer-wins', 'consensus'], columns: ['crdt', 'consensus'], consensus: { localReads: true } };
    const first = await openLevelStore(folder);
    const lab = await startLab({ store: first, scenariosDir });
    const call = callsTo(lab);
    await call('PUT', '/settings', change);
    const { settings: before } = await viewOf(call);
    // From one scenario to the next one: what comes back is what was before both.
    await call('PUT', '/scenario', { name: 'field-level' });
    await call('PUT', '/scenario', { name: 'strict-quorum' });
    const { settings: during } = await viewOf(call);
    await lab.close();
    await first.close();

    const second = await openLevelStore(folder);
    atEnd(() => second.close());
    const again = callsTo(await startLab({ store: second, scenariosDir }));
    const view = await viewOf(again);
    expect(view.settings).toEqual(during);
    expect(view.scenario).toMatchObject({ name: 'strict-quorum', title: 'R + W above N', state: 'over', steps: [], judgements: [] });
    expect(view.scenario?.trouble).toMatch(/^this scenario was interrupted;/);
    expect((await again('POST', '/scenario/play')).status).toBe(409);
    // A change of settings meanwhile is one of the scenario's.
    await again('PUT', '/settings', { columns: ['quorum', 'crdt'] });
    expect((await again('DELETE', '/scenario')).status).toBe(204);
    const after = await viewOf(again);
    expect([after.settings, after.scenario]).toEqual([before, null]);
  });

  test('has either all of the scenario or nothing of it, when the disk fails meanwhile', async () => {
    let fails = false;
    class FailingStore extends MemoryStore {
      override async write(changes: readonly StoreChange[]): Promise<void> {
        if (fails) throw new Error('disk full');
        await super.write(changes);
      }
    }
    const disk = new Map<string, Uint8Array>();
    const lab = await startLab({ store: new FailingStore(disk), scenariosDir });
    const call = callsTo(lab);
    await call('PUT', '/settings', { preset: 'cassandra' });
    const before = await viewOf(call);
    fails = true;
    expect((await call('PUT', '/scenario', { name: 'last-seat' })).ok).toBe(false);
    expect(await viewOf(call)).toEqual(before);
    fails = false;
    await call('PUT', '/scenario', { name: 'last-seat' });
    fails = true;
    expect((await call('DELETE', '/scenario')).ok).toBe(false);
    expect((await viewOf(call)).scenario).toMatchObject({ name: 'last-seat', state: 'over' });
    fails = false;
    expect((await call('DELETE', '/scenario')).status).toBe(204);
    expect(await viewOf(call)).toEqual(before);
  });

  test('plays a scenario that is chosen again, and forgets nothing of before', async () => {
    const store = new MemoryStore();
    const lab = await startLab({ store, scenariosDir });
    await callsTo(lab)('PUT', '/settings', { preset: 'cassandra' });
    const { settings: before } = await viewOf(callsTo(lab));
    await callsTo(lab)('PUT', '/scenario', { name: 'last-seat' });
    await lab.close();
    const call = callsTo(await startLab({ store, scenariosDir }));
    expect(((await (await call('PUT', '/scenario', { name: 'last-seat' })).json()) as ScenarioView).steps.length).toBeGreaterThan(0);
    await call('DELETE', '/scenario');
    expect((await viewOf(call)).settings).toEqual(before);
  });

  test('has a way back also from what an earlier version stored: a document without what was before it, and settings without columns', async () => {
    const lab = await startLab({ scenariosDir });
    const lease = await lab.relay.lease('lab');
    await lease.room.setSettings({ enabled: ['quorum'], preset: null, schema: [{ id: 'title', type: 'register', label: 'Title', initial: '' }] });
    const call = callsTo(lab);
    const view = await viewOf(call);
    expect(view.settings.columns).toEqual(defaultColumns);
    expect(view.scenario).toMatchObject({ name: null, state: 'over' });
    await call('DELETE', '/scenario');
    expect([(await viewOf(call)).settings, (await viewOf(call)).scenario]).toEqual([defaultSettings, null]);
    lease.release();
  });
});
