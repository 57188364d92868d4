/** What a real relay answers is what docs/openapi.json describes: every call, with every status that it may have. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { operations } from '../../../../server/control/openapi/openapi-document.ts';
import type { ApiOperation } from '../../../../server/control/openapi/api-operation.ts';
import { createLab, type Lab } from '../../../../server/control/lab.ts';
import { SharedMemory } from '../../../support/memory-shared-store.ts';
import { MemoryStore } from '../../../support/memory-store.ts';
import { projectRoot } from '../../../tidy/source-files.ts';
import { openMembers } from '../../../support/faults-fixture.ts';
import { joinAsApp, until, updateOf } from '../../../support/lab-fixture.ts';
import { CheckedCalls, described, nameOf } from './openapi-fixture.ts';

const room = '/-/api/rooms/:room';
const takeBody = operations.filter(({ body }) => body !== undefined);

let lab: Lab;
let calls: CheckedCalls;
const seen = new Set<string>();

beforeAll(async () => {
  lab = await createLab({ store: new MemoryStore(), scenariosDir: `${projectRoot}shared/scenarios` });
});
beforeEach(() => {
  calls = new CheckedCalls(lab);
  return () => calls.seen.forEach((name) => seen.add(name));
});
afterAll(() => lab.close());

test('the description itself, the relay and its switch', async () => {
  expect(await calls.make('get', '/-/api/openapi.json', 200)).toEqual(JSON.parse(JSON.stringify(described)));
  for (const online of [false, true]) {
    await calls.make('put', '/-/api/relay', 200, { body: { online } });
    expect(await calls.make('get', '/-/api/relay', 200)).toEqual({ online, url: lab.url });
  }
});

test('metrics', async () => {
  expect(String(await calls.make('get', '/-/metrics', 200))).toContain('rejoin_rooms');
});

test('a room with windows and an app, divided, with bent links and edits that were lost', async () => {
  const served = { ws: lab.url.replace('http', 'ws'), url: lab.url };
  const windows = await openMembers(served, ['A', 'B']);
  joinAsApp(served, 'lab', undefined, { name: 'my app' });
  await calls.make('put', `${room}/islands`, 200, { body: [['A'], ['B', 'my app']] });
  await calls.make('get', `${room}/islands`, 200);
  for (const { name, replica } of windows) {
    replica.perform('title', { kind: 'set', value: `from ${name}` });
    replica.perform('seats', { kind: 'reserve', amount: 2 });
  }
  await until(async () => (await calls.make('get', room, 200) as { sessions: { island?: number }[] }).sessions.every(({ island }) => island !== undefined));
  await calls.make('put', `${room}/links/:name`, 200, { body: { downstream: { jitterMs: 1 }, upstream: { bandwidthKbps: 1_000 } } });
  await calls.make('get', `${room}/links/:name`, 200);
  expect(await calls.make('get', '/-/api/rooms', 200)).toMatchObject({ rooms: [{ links: [{ name: 'A' }], islands: [['A'], ['B', 'my app']] }] });
  await calls.make('get', `${room}/document`, 200, { query: '?island=1' });
  await calls.make('get', `${room}/document`, 404, { query: '?island=3' });
  await calls.make('get', `${room}/document`, 400, { query: '?island=second' });
  await calls.make('delete', `${room}/islands`, 204);
  await calls.make('post', `${room}/reset`, 204);
  await until(() => windows.every(({ replica }) => replica.waiting === 0) && new Set(windows.map(({ replica }) => replica.clock.toString())).size === 1);
  const scorecard = await calls.make('get', `${room}/scorecard`, 200) as { strategy: string; lost: number; oversold: number }[];
  expect(scorecard.find(({ strategy }) => strategy === 'last-writer-wins')!.lost).toBeGreaterThan(0);
  expect(await calls.make('get', `${room}/replication`, 200)).toMatchObject({ rejoins: [] });
  expect(await calls.make('get', `${room}/replication/series`, 200)).toMatchObject({ strategy: 'crdt', cuts: [] });
  expect(await calls.make('get', `${room}/replication/series`, 200, { query: '?strategy=quorum' })).toMatchObject({ strategy: 'quorum' });
  expect(String(await calls.make('get', `${room}/report`, 200))).toMatch(/^<!doctype html>[^]*What happened in room lab[^]*Last writer wins: [1-9]/);
  await calls.make('get', `${room}/replication/series`, 400, { query: '?strategy=luck' });
  expect(JSON.stringify(await calls.make('get', `${room}/verdicts`, 200))).toContain('"broken"');
  expect(String(await calls.make('get', `${room}/history`, 200)).split('\n').length).toBeGreaterThan(4);
});

test('an update that is merged into a document, and what cannot be', async () => {
  const path = `${room}/document`;
  const values = { room: 'org/merged' };
  const body = updateOf('one', 1);
  expect(await calls.make('put', path, 200, { values, body })).toMatchObject({ changed: true });
  expect(await calls.make('put', path, 200, { values, body, query: '?island=0' })).toMatchObject({ changed: false });
  await calls.make('put', path, 400, { values, body: 'nonsense' });
  await calls.make('put', path, 404, { values, body, query: '?island=3' });
  await calls.make('put', path, 413, { values, body: new Uint8Array(16 * 1024 * 1024 + 1) });
  await calls.make('put', `${room}/islands`, 200, { values, body: [['A'], ['B']] });
  await calls.make('put', path, 409, { values, body });
});

test('the rooms in the store, page by page', async () => {
  await calls.make('get', '/-/api/rooms', 400, { query: '?limit=0' });
  expect(await calls.make('get', '/-/api/rooms', 200, { query: '?limit=1' })).toMatchObject({ stored: [{ name: expect.any(String) as string }] });
});

test('settings, names and emptying', async () => {
  for (const body of Object.values(bodiesOf('put', `${room}/settings`))) await calls.make('put', `${room}/settings`, 200, { body });
  await calls.make('get', `${room}/settings`, 200);
  for (const body of Object.values(bodiesOf('post', `${room}/replicas`))) await calls.make('post', `${room}/replicas`, 200, { body });
  await calls.make('delete', room, 204);
});

test('the moment that the windows show', async () => {
  joinAsApp({ ws: lab.url.replace('http', 'ws') }, 'lab');
  for (const body of Object.values(bodiesOf('put', `${room}/moment`))) {
    expect(await calls.make('put', `${room}/moment`, 200, { body })).toEqual(body);
    await calls.make('get', `${room}/moment`, 200);
  }
});

test('every example of a fault is taken', async () => {
  for (const body of Object.values(bodiesOf('put', `${room}/islands`))) await calls.make('put', `${room}/islands`, 200, { body });
  for (const body of Object.values(bodiesOf('put', `${room}/links/:name`))) await calls.make('put', `${room}/links/:name`, 200, { body });
});

test('scenarios: chosen, played, paused, left; a room has its own document meanwhile', async () => {
  const path = `${room}/scenario`;
  const values = { room: 'stage' };
  expect((await calls.make('get', '/-/api/scenarios', 200) as object[]).length).toBeGreaterThan(5);
  expect(await calls.make('get', path, 200, { values })).toBeNull();
  for (const verb of ['play', 'pause', 'step']) await calls.make('post', `${path}/${verb}`, 409, { values });
  for (const body of Object.values(bodiesOf('put', path))) await calls.make('put', path, 200, { values, body });
  await calls.make('put', path, 200, { values, body: { text: readFileSync(`${projectRoot}shared/scenarios/catalogue/list-moves.yaml`, 'utf8') } });
  expect(await calls.make('get', room, 200, { values })).toMatchObject({ scenario: { state: 'waiting' }, settings: { schema: expect.any(Array) } });
  await calls.make('post', `${path}/play`, 200, { values, query: '?paceMs=0' });
  await calls.make('post', `${path}/pause`, 200, { values });
  await calls.make('post', `${path}/step`, 200, { values });
  await calls.make('post', `${path}/play`, 400, { values, query: '?paceMs=soon' });
  for (const speed of ['0.1', '3', 'fast']) await calls.make('post', `${path}/play`, 400, { values, query: `?speed=${speed}` });
  await calls.make('delete', path, 204, { values });
});

test('bodies that are no JSON, and bodies that are too large', async () => {
  for (const { method, path } of takeBody) {
    await calls.make(method, path, 400, { body: 'nonsense' });
    await calls.make(method, path, 413, { body: 'x'.repeat(4_194_305) });
  }
});

test('names that cannot be', async () => {
  for (const { method, path, body } of operations.filter((operation) => operation.path.includes(':room'))) {
    await calls.make(method, path, 404, { values: { room: 'a/../b' }, ...(body ? { body: Object.values(body.examples)[0] } : {}) });
  }
  for (const { method, path } of operations.filter((operation) => operation.path.includes(':name'))) await calls.make(method, path, 400, { values: { name: ' ' }, ...(method === 'put' ? { body: {} } : {}) });
  await calls.make('put', `${room}/scenario`, 404, { body: { name: 'no-such-scenario' } });
});

test('more links with faults than a room may have', async () => {
  const bend = (name: string, status: number): Promise<unknown> => calls.make('put', `${room}/links/:name`, status, { values: { room: 'crowd', name }, body: { online: false } });
  for (let i = 0; i < 1_000; i++) await bend(`n${i}`, 200);
  await bend('one more', 409);
});

test('a relay that shares its rooms plays no scenario', async () => {
  const sharing = await createLab({ store: new SharedMemory().open() });
  const shared = new CheckedCalls(sharing);
  await shared.make('put', `${room}/scenario`, 409, { body: { name: 'last-seat' } });
  shared.seen.forEach((name) => seen.add(name));
  await sharing.close();
});

test('a stranger is refused in plain text', async () => {
  await calls.make('get', '/-/api/relay', 403, { headers: { origin: 'http://evil.example' } });
});

test('a relay with a token asks for it; one that has as many rooms as it may takes no more', async () => {
  const token = 'abcdefghijklmnopqrstuv';
  const [guarded, full] = [await createLab({ store: new MemoryStore(), token }), await createLab({ store: new MemoryStore(), roomsMax: 1 })];
  try {
    await new CheckedCalls(guarded).make('get', '/-/api/relay', 401);
    await new CheckedCalls(guarded).make('get', '/-/api/relay', 200, { headers: { authorization: `Bearer ${token}` } });
    joinAsApp({ ws: full.url.replace('http', 'ws') }, 'one');
    await until(() => full.relay.roomNames().length === 1);
    await new CheckedCalls(full).make('get', room, 503, { values: { room: 'two' } });
  } finally {
    await guarded.close();
    await full.close();
  }
});

test('every status of its own that a call is described with was seen', () => {
  const all = operations.flatMap((operation) => [operation.answer.kind === 'nothing' ? 204 : 200, ...operation.problems].map((status) => `${nameOf(operation)} ${status}`));
  expect(all.filter((name) => !seen.has(name)), 'make these calls in a test above').toEqual([]);
});

function bodiesOf(method: ApiOperation['method'], path: string): Readonly<Record<string, unknown>> {
  return operations.find((operation) => operation.method === method && operation.path === path)!.body!.examples;
}
