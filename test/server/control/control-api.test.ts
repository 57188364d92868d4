import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import * as Y from 'yjs';
import type { ControlMessage } from '../../../shared/control/control-message.ts';
import { defaultSettings } from '../../../shared/control/lab-settings.ts';
import { parseHistory } from '../../../shared/history/history-file.ts';
import { settingsSchema } from '../../../shared/control/schemas.ts';
import { MemoryStore } from '../../support/memory-store.ts';
import { presetOf } from '../../../shared/strategies/presets.ts';
import { atEnd, connectReplica, connectRaw, documentOf, encodedRecords, record, startLab, syncFrame, type TestLab, until, updateOf } from '../../support/lab-fixture.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test knows the shape of its answer
async function call(lab: TestLab, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<{ status: number; type: string | null; json: any; headers: Headers }> {
  const response = await fetch(`${lab.url}${path}`, { method, headers, ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }) });
  const text = await response.text();
  const type = response.headers.get('content-type');
  return { status: response.status, type, headers: response.headers, json: type?.includes('json') && !type.includes('jsonl') ? JSON.parse(text) : text };
}

async function expectProblem(answer: Awaited<ReturnType<typeof call>>, status: number, detail: string | RegExp): Promise<void> {
  expect(answer.status).toBe(status);
  expect(answer.type).toBe('application/problem+json; charset=utf-8');
  expect(answer.json).toMatchObject({ type: 'about:blank', status, title: expect.any(String), detail: expect.stringMatching(detail) });
  expect(answer.json.detail).not.toContain('\n');
}

test('rooms: sessions by name, document size, settings', async () => {
  const lab = await startLab();
  const a = await connectReplica(lab, 'lab', 'A');
  a.send(syncFrame(2, updateOf('one', '1')));
  await connectRaw(lab, '/lab?name=my%20app');
  await connectRaw(lab, '/lab');
  await until(async () => (await call(lab, 'GET', '/-/api/rooms/lab')).json.sessions.length === 3);
  const { json } = await call(lab, 'GET', '/-/api/rooms/lab');
  expect(json).toMatchObject({ room: 'lab', settings: defaultSettings, replicas: [] });
  expect(json.sessions).toEqual([{ name: 'A', replica: true }, { name: 'my app', replica: false }, { name: expect.stringMatching(/^127\.0\.0\.1 #\d+$/), replica: false }]);
  expect(json.documentBytes).toBeGreaterThan(2);
  const all = await call(lab, 'GET', '/-/api/rooms');
  expect(all.json.relayOnline).toBe(true);
  expect(all.json.rooms.map((room: { room: string }) => room.room)).toEqual(['lab']);
});

test('the relay is switched off and on', async () => {
  const lab = await startLab();
  const a = await connectRaw(lab, '/lab');
  expect((await call(lab, 'PUT', '/-/api/relay', { online: false })).json).toEqual({ online: false });
  expect((await a.closed).code).toBe(4503);
  expect((await call(lab, 'GET', '/-/api/relay')).json).toEqual({ online: false, url: lab.url });
  expect((await call(lab, 'PUT', '/-/api/relay', { online: true })).json).toEqual({ online: true });
  await connectRaw(lab, '/lab');
});

test('settings are the default ones first, then those that were stored, also after a restart', async () => {
  const disk = new Map<string, Uint8Array>();
  const lab = await startLab({ store: new MemoryStore(disk) });
  const settings = { lastWriterWins: { granularity: 'document', clock: 'hybrid' } };
  expect((await call(lab, 'GET', '/-/api/rooms/lab/settings')).json).toEqual(defaultSettings);
  expect((await call(lab, 'PUT', '/-/api/rooms/lab/settings', settings)).json).toEqual({ ...defaultSettings, ...settings });
  const siblings = { sets: 'union', numbers: 'ask' };
  expect((await call(lab, 'PUT', '/-/api/rooms/lab/settings', { siblings })).json).toEqual({ ...defaultSettings, ...settings, siblings });
  await lab.close();
  const again = await startLab({ store: new MemoryStore(disk) });
  expect((await call(again, 'GET', '/-/api/rooms/lab/settings')).json).toEqual({ ...defaultSettings, ...settings, siblings });
});

test('replicas get the next free letter, keep it, and get another life when their name belongs to somebody else; also after a restart', async () => {
  const disk = new Map<string, Uint8Array>();
  const name = async (lab: TestLab, body: object): Promise<string> => (await call(lab, 'POST', '/-/api/rooms/lab/replicas', body)).json.replica;
  const lab = await startLab({ store: new MemoryStore(disk) });
  expect(await name(lab, { instance: 'i1' })).toBe('A');
  expect(await name(lab, { instance: 'i2', name: 'B' })).toBe('B');
  expect(await name(lab, { instance: 'i3' })).toBe('C');
  expect(await name(lab, { instance: 'i1', name: 'Z' })).toBe('A');
  expect(await name(lab, { instance: 'i4', name: 'A' })).toBe('A.2');
  await lab.close();
  const again = await startLab({ store: new MemoryStore(disk) });
  expect(await name(again, { instance: 'i5', name: 'A' })).toBe('A.3');
  expect(await name(again, { instance: 'i6', name: 'A.2' })).toBe('A.4');
  expect(await name(again, { instance: 'i4' })).toBe('A.2');
  expect(await Promise.all([name(again, { instance: 'p1' }), name(again, { instance: 'p2' })])).toEqual(expect.arrayContaining(['D', 'E']));
});

test('after Z replicas are called R27, R28, …; a name that has records is not given away', async () => {
  const lab = await startLab();
  const a = await connectReplica(lab, 'lab', 'X');
  a.say(encodedRecords(record('A', 1)));
  await until(() => a.last('saved')?.summary.get('A') === 1);
  const names: string[] = [];
  for (let i = 0; i < 26; i++) names.push((await call(lab, 'POST', '/-/api/rooms/lab/replicas', { instance: `i${i}` })).json.replica);
  expect(names.slice(0, 2)).toEqual(['B', 'C']);
  expect(names).not.toContain('X');
  expect(names.slice(-2)).toEqual(['R27', 'R28']);
});

test('a room is emptied', async () => {
  const lab = await startLab();
  const a = await connectReplica(lab, 'lab', 'A');
  a.send(syncFrame(2, updateOf('one', '1')));
  await until(() => a.last('saved')?.yjsFrames === 1);
  expect((await call(lab, 'DELETE', '/-/api/rooms/lab')).status).toBe(204);
  expect((await a.closed).code).toBe(4503);
  expect((await documentOf(lab, 'lab')).map).toEqual({});
});

test('the history is JSON Lines: a header, then the records in causal order', async () => {
  const lab = await startLab();
  const a = await connectReplica(lab, 'lab', 'A');
  a.say(encodedRecords(record('A', 1), record('A', 2), record('B', 1)));
  await until(() => a.last('saved')?.summary.size === 3);
  const { json, type } = await call(lab, 'GET', '/-/api/rooms/lab/history');
  expect(type).toContain('jsonl');
  const lines = (json as string).trimEnd().split('\n').map((line) => JSON.parse(line));
  expect(lines[0]).toMatchObject({ format: 'rejoin-history', version: 2, strategies: ['crdt', 'last-writer-wins', 'siblings', 'quorum', 'consensus', 'single-leader'], replicas: ['A', 'B'] });
  expect(lines[0].schema.length).toBeGreaterThan(0);
  expect(lines.slice(1).map((line) => line.id)).toEqual(['A:1', 'B:1', 'A:2']);
});

test('the history ends with the document, and can be read again', async () => {
  const lab = await startLab();
  const a = await connectReplica(lab, 'lab', 'A');
  a.say(encodedRecords(record('A', 1), record('A', 2)));
  a.send(syncFrame(2, updateOf('one', '1')));
  await until(() => a.last('saved')?.yjsFrames === 1 && a.last('saved')?.summary.size === 2);
  const { json } = await call(lab, 'GET', '/-/api/rooms/lab/history');
  const { records, document } = parseHistory((json as string).trimEnd().split('\n'));
  expect(records.map(({ dot }) => dot)).toEqual([{ replica: 'A', counter: 1 }, { replica: 'A', counter: 2 }]);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, document!);
  expect(doc.getMap('map').toJSON()).toEqual({ one: '1' });
});

test('the scorecard is computed by the function that was given, from the records and the document', async () => {
  const lab = await startLab({ scorecard: (records, doc) => [{ strategy: 'crdt', actions: records.length, kept: doc.getMap('map').size } as never] });
  const a = await connectReplica(lab, 'lab', 'A');
  a.say(encodedRecords(record('A', 1), record('A', 2)));
  const update = updateOf('one', '1');
  a.send(syncFrame(2, update));
  await until(() => a.last('saved')?.yjsFrames === 1);
  expect((await call(lab, 'GET', '/-/api/rooms/lab/scorecard')).json).toEqual([{ strategy: 'crdt', actions: 2, kept: 1, lagMs: null, lagWorstMs: null, divergedMs: null, whileCut: null, converged: null, bytesSent: update.length }]);
});

test('without one, shared/analysis computes the scorecard', async () => {
  const lab = await startLab();
  const { json } = await call(lab, 'GET', '/-/api/rooms/lab/scorecard');
  expect(json.map((row: { strategy: string }) => row.strategy)).toEqual(['crdt', 'last-writer-wins', 'siblings', 'quorum', 'consensus', 'single-leader']);
});

test('the verdicts are those of all strategies that are on; of an empty room nobody can tell', async () => {
  const lab = await startLab();
  await call(lab, 'PUT', '/-/api/rooms/lab/settings', { enabled: ['crdt', 'consensus'] });
  const { json } = await call(lab, 'GET', '/-/api/rooms/lab/verdicts');
  expect(Object.keys(json)).toEqual(['crdt', 'consensus']);
  expect(json.crdt.levels.linearizable).toEqual({ verdict: 'unknown', reason: 'Nobody has changed anything yet that is judged: a register, a counter or a stock.' });
});

test('a moment is set for all pages of the room, in whole milliseconds, and ended; it lasts while somebody is in the room', async () => {
  const lab = await startLab();
  const moment = async (method: string, body?: object): Promise<unknown> => (await call(lab, method, '/-/api/rooms/lab/moment', body)).json;
  const control = new WebSocket(`${lab.ws}/-/control?room=lab&replica=A`);
  const told: (number | null)[] = [];
  control.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as ControlMessage;
    if (message.kind === 'moment') told.push(message.atMs);
    if (message.kind === 'lab') opened = true;
  });
  let opened = false;
  atEnd(() => control.terminate());
  await until(() => opened);
  expect(await moment('GET')).toEqual({ atMs: null });
  expect(await moment('PUT', { atMs: 1_795_939_200_000.6 })).toEqual({ atMs: 1_795_939_200_001 });
  expect(await moment('GET')).toEqual({ atMs: 1_795_939_200_001 });
  await until(() => told.length === 1);
  expect((await call(lab, 'GET', '/-/api/rooms/other/moment')).json).toEqual({ atMs: null });
  expect(await moment('PUT', { atMs: null })).toEqual({ atMs: null });
  await until(() => told.length === 2);
  expect(told).toEqual([1_795_939_200_001, null]);
  await moment('PUT', { atMs: 0 });
  control.terminate();
  await until(async () => JSON.stringify(await moment('GET')) === '{"atMs":null}');
});

test('errors are problem JSON with one clear line', async () => {
  const lab = await startLab();
  await expectProblem(await call(lab, 'GET', '/-/api/nothing'), 404, /^there is no GET \/-\/api\/nothing$/);
  await expectProblem(await call(lab, 'PATCH', '/-/api/rooms'), 404, 'there is no PATCH');
  await expectProblem(await call(lab, 'GET', '/-/api/rooms/a%2F..%2Fb'), 404, /cannot name a room/);
  await expectProblem(await call(lab, 'DELETE', '/-/api/rooms/replica%2FA'), 404, /cannot name a room/);
  await expectProblem(await call(lab, 'PUT', '/-/api/relay', 'nonsense'), 400, /^the body is not JSON/);
  await expectProblem(await call(lab, 'PUT', '/-/api/relay', { online: 'yes' }), 400, /^the body has the wrong shape: online: /);
  await expectProblem(await call(lab, 'PUT', '/-/api/rooms/lab/settings', { lastWriterWins: { granularity: 'row', clock: 'wall' } }), 400, /granularity/);
  await expectProblem(await call(lab, 'PUT', '/-/api/rooms/lab/settings', { ...defaultSettings, extra: 1 }), 400, /extra/);
  await expectProblem(await call(lab, 'POST', '/-/api/rooms/lab/replicas', { name: 'a b', instance: 'i' }), 400, /replica name/);
  await expectProblem(await call(lab, 'POST', '/-/api/rooms/lab/replicas', { instance: '' }), 400, /instance/);
  await expectProblem(await call(lab, 'PUT', '/-/api/rooms/lab/moment', { atMs: -1 }), 400, /^the body has the wrong shape: atMs: /);
  await expectProblem(await call(lab, 'PUT', '/-/api/rooms/lab/moment', {}), 400, /atMs/);
  await expectProblem(await call(lab, 'PUT', '/-/api/relay', 'x'.repeat(70_000)), 413, /65536/);
});

test('the desktop windows get CORS answers, preflight included; nobody else does', async () => {
  const lab = await startLab();
  const origin = 'rejoin://lab';
  const preflight = await call(lab, 'OPTIONS', '/-/api/rooms/lab/replicas', undefined, { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
  expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
  expect(preflight.headers.get('access-control-allow-headers')).toContain('content-type');
  expect((await call(lab, 'GET', '/-/api/rooms', undefined, { origin })).headers.get('access-control-allow-origin')).toBe(origin);
  expect((await call(lab, 'GET', '/-/api/rooms/-%2Fb', undefined, { origin })).headers.get('access-control-allow-origin')).toBe(origin);
  expect((await call(lab, 'GET', '/-/api/rooms', undefined, { origin: lab.url })).headers.get('access-control-allow-origin')).toBeNull();
  expect((await call(lab, 'GET', '/-/api/rooms')).headers.get('access-control-allow-origin')).toBeNull();
});

async function pages(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rejoin-pages-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'public', 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.js'), 'secret');
  await writeFile(join(folder, 'public', '.hidden.js'), 'secret');
  await writeFile(join(folder, 'public', 'index.html'), '<title>control room</title>');
  await writeFile(join(folder, 'public', 'replica.html'), '<title>replica</title>');
  await writeFile(join(folder, 'public', 'assets', 'index-abc.js'), 'export {};');
  return join(folder, 'public');
}

test('pages come with their types and with headers that keep others out', async () => {
  const lab = await startLab({ pagesDir: await pages() });
  const home = await call(lab, 'GET', '/');
  expect(home).toMatchObject({ status: 200, type: 'text/html; charset=utf-8', json: '<title>control room</title>' });
  const policy = home.headers.get('content-security-policy')!;
  expect(policy).toContain("default-src 'none'; script-src 'self';");
  expect(policy).toContain(`connect-src 'self' data: ws://127.0.0.1:${lab.port}`);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(home.headers.get('x-content-type-options')).toBe('nosniff');
  expect(home.headers.get('referrer-policy')).toBe('no-referrer');
  expect(home.headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(home.headers.get('cross-origin-resource-policy')).toBe('same-origin');
  expect((await call(lab, 'GET', '/replica/A.2')).json).toBe('<title>replica</title>');
  // The page itself says what is wrong with a name.
  expect((await call(lab, 'GET', '/replica/a%20b')).json).toBe('<title>replica</title>');
  expect(await call(lab, 'GET', '/assets/index-abc.js')).toMatchObject({ status: 200, type: 'text/javascript; charset=utf-8' });
});

test.each(['/replica/', '/replica/A/B', '/secret.js', '/..%2fsecret.js', '/%2e%2e/secret.js', '/assets/..%2f..%2fsecret.js', '/.hidden.js', '/assets', '/assets/', '/nothing.js', '/index-abc.exe'])(
  '%s is no page: 404 in plain text',
  async (path) => {
    const lab = await startLab({ pagesDir: await pages() });
    const answer = await call(lab, 'GET', path);
    expect(answer.status).toBe(404);
    expect(answer.type?.toLowerCase()).toBe('text/plain; charset=utf-8');
    expect(answer.json).not.toContain('secret');
  },
);

test('choosing a preset sets what it names and switches its columns on; another change ends it; one that there is none of is refused', async () => {
  const lab = await startLab();
  const path = '/-/api/rooms/lab/settings';
  await call(lab, 'PUT', path, { enabled: ['crdt'] });
  const chosen = (await call(lab, 'PUT', path, { preset: 'cassandra' })).json;
  expect(chosen).toMatchObject({ preset: 'cassandra', quorum: { r: 1, w: 1, sloppy: false } });
  expect(chosen.enabled).toEqual(['crdt', 'last-writer-wins', 'quorum']);
  expect(chosen.columns).toEqual(['last-writer-wins', 'quorum']);
  expect((await call(lab, 'PUT', path, { consensus: { localReads: true } })).json).toMatchObject({ preset: null, quorum: { r: 1, w: 1 }, consensus: { localReads: true } });
  const wrong = await call(lab, 'PUT', path, { preset: 'oracle' });
  expect(wrong.status).toBe(400);
  expect(wrong.json.detail).toMatch(/^the body has the wrong shape: preset: /);
});

test.each([
  [{ quorum: { r: 0, w: 2, readRepair: true, writeBack: false, sloppy: false, antiEntropy: true } }, 'at least 1 replica must answer'],
  [{ quorum: { r: 1, w: 0, readRepair: true, writeBack: false, sloppy: false, antiEntropy: true } }, 'at least 1 replica must answer'],
  [{ quorum: { r: 1.5, w: 1, readRepair: true, writeBack: false, sloppy: false, antiEntropy: true } }, 'quorum.r'],
  [{ quorum: { r: 1 } }, 'quorum.w'],
  [{ enabled: [] }, 'at least one strategy is needed'],
  [{ enabled: ['crdt', 'crdt'] }, 'a strategy is named twice'],
  [{ columns: [] }, 'columns: at least one strategy is needed'],
  [{ columns: ['crdt', 'crdt'] }, 'columns: a strategy is named twice'],
  [{ singleLeader: { replication: 'sometimes' } }, 'singleLeader.replication'],
  [{ singleLeader: { replication: 'all', promotion: 'nobody' } }, 'singleLeader.promotion: Invalid option: expected one of "anybody"|"majority"'],
])('settings %j are refused, say why, and change nothing', async (change, words) => {
  const lab = await startLab();
  const refused = await call(lab, 'PUT', '/-/api/rooms/lab/settings', change);
  expect(refused.status).toBe(400);
  expect(refused.json.detail).toContain(words);
  expect((await call(lab, 'GET', '/-/api/rooms/lab/settings')).json).toEqual(defaultSettings);
});

test('settings of a single leader without who can be promoted, as they were written and stored before, mean anybody; those of a preset are what it says today', async () => {
  const lab = await startLab();
  const older = { singleLeader: { replication: 'all' } };
  expect((await call(lab, 'PUT', '/-/api/rooms/lab/settings', older)).json).toEqual({ ...defaultSettings, singleLeader: { replication: 'all', promotion: 'anybody' } });
  expect(settingsSchema.parse(older).singleLeader).toEqual({ replication: 'all', promotion: 'anybody' });
  expect(settingsSchema.parse({ preset: 'mongodb', singleLeader: { replication: 'majority' } }).singleLeader).toEqual(presetOf('mongodb').settings.singleLeader);
});

test('R above the number of replicas is refused when there are replicas to count (N=3, R=4)', async () => {
  const lab = await startLab();
  for (const name of ['A', 'B', 'C']) {
    const replica = await connectReplica(lab, 'lab', name);
    await until(() => replica.last('roster')?.members.includes(name));
    replica.say({ kind: 'caught-up', members: replica.last('roster')!.members });
  }
  const quorum = { ...defaultSettings.quorum, r: 4 };
  const refused = await call(lab, 'PUT', '/-/api/rooms/lab/settings', { quorum });
  expect(refused.json.detail).toBe('R is 4, but there are only 3 replicas: at most 3 copies can answer a read');
});
