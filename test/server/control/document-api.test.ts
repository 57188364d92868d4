/** The control API's call for documents: the whole room's, and each island's own. */
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { divide, heal } from '../../support/faults-fixture.ts';
import { MemoryStore } from '../../support/memory-store.ts';
import { documentOf, HeldStore, joinAsApp, startLab, type TestLab, until, updateOf } from '../../support/lab-fixture.ts';

async function textOf(lab: TestLab, query = ''): Promise<string> {
  const response = await fetch(`${lab.url}/-/api/rooms/lab/document${query}`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/octet-stream']);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, new Uint8Array(await response.arrayBuffer()));
  return doc.getText('notes').toString();
}

test('the document of a room, and of each island while it is divided', async () => {
  const lab = await startLab();
  const [a, b] = ['A', 'B'].map((name) => joinAsApp(lab, 'lab', new Y.Doc(), { name }));
  a!.doc.getText('notes').insert(0, 'both');
  await until(() => b!.doc.getText('notes').toString() === 'both');
  expect(await textOf(lab, '?island=0')).toBe('both');
  await divide(lab, ['A'], ['B']);
  a!.doc.getText('notes').insert(4, ' A');
  await until(async () => (await textOf(lab)) === 'both A');
  expect(await Promise.all([0, 1, 2].map((island) => textOf(lab, `?island=${island}`)))).toEqual(['both A', 'both', 'both']);
  await heal(lab);
  expect(await textOf(lab, '?island=0')).toBe('both A');
});

async function put(lab: TestLab, body: Uint8Array, query = ''): Promise<{ status: number; answer: Record<string, unknown> }> {
  const response = await fetch(`${lab.url}/-/api/rooms/lab/document${query}`, { method: 'PUT', body: body as Uint8Array<ArrayBuffer> });
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

test('an update that is put is in the room for those who are there, on disk when it is answered, and new only once', async () => {
  const disk = new Map<string, Uint8Array>();
  const store = new HeldStore(new MemoryStore(disk));
  const lab = await startLab({ store });
  const app = joinAsApp(lab, 'lab');
  await until(() => app.synced);
  store.holding = true;
  let answered = false;
  const putting = put(lab, updateOf('put', 1)).then((answer) => ((answered = true), answer));
  await until(() => app.doc.getMap('map').get('put') === 1 && store.waiting > 0);
  expect(answered).toBe(false);
  store.go();
  expect(await putting).toMatchObject({ status: 200, answer: { changed: true, documentBytes: Y.encodeStateAsUpdate(app.doc).length } });
  const again = await startLab({ store: new MemoryStore(disk) });
  expect((await documentOf(again, 'lab')).map).toEqual({ put: 1 });
  expect((await put(lab, Y.encodeStateAsUpdate(app.doc))).answer).toMatchObject({ changed: false });
});

test('what cannot be read or would be too large is refused, and changes nothing', async () => {
  const lab = await startLab({ documentBytesMax: 2_000, payloadBytesMax: 10_000 });
  for (const [body, status, detail] of [[Uint8Array.of(1, 2, 3), 400, /^malformed update: /], [new Uint8Array(0), 400, /^malformed update: /], [updateOf('big', 'x'.repeat(3_000)), 413, /^the document would be larger than 2000 bytes/], [new Uint8Array(10_001), 413, /^a body may have 10000 bytes at most$/]] as const) {
    const { status: got, answer } = await put(lab, body);
    expect([got, answer['detail']]).toEqual([status, expect.stringMatching(detail)]);
  }
  expect((await documentOf(lab, 'lab')).map).toEqual({});
});

test('of a divided room the island is named', async () => {
  const lab = await startLab();
  const [a, b] = ['A', 'B'].map((name) => joinAsApp(lab, 'lab', new Y.Doc(), { name }));
  await until(() => a!.synced && b!.synced);
  await divide(lab, ['A'], ['B']);
  expect((await put(lab, updateOf('one', 1))).status).toBe(409);
  expect((await put(lab, updateOf('one', 1), '?island=1')).status).toBe(200);
  await until(() => b!.doc.getMap('map').get('one') === 1);
  expect(a!.doc.getMap('map').size).toBe(0);
  await heal(lab);
  await until(() => a!.doc.getMap('map').get('one') === 1);
});

test('while the store fails nothing is put: 503', async () => {
  const store = new HeldStore();
  const lab = await startLab({ store });
  store.failing = true;
  joinAsApp(lab, 'lab').doc.getMap('map').set('one', 1);
  await until(() => lab.relay.storing.isFailing);
  expect((await put(lab, updateOf('two', 2))).status).toBe(503);
  expect((await documentOf(lab, 'lab')).map).toEqual({ one: 1 });
});

test('an empty room has an empty document', async () => {
  expect(await textOf(await startLab())).toBe('');
});

test.each([
  ['?island=3', 404, 'room lab has the islands 0 to 1; there is no 3'],
  ['?island=one', 400, 'an island is counted from 0, not "one"'],
  ['?island=', 400, 'an island is counted from 0, not ""'],
  ['?island=-1', 400, 'an island is counted from 0, not "-1"'],
])('%s is refused in one line', async (query, status, detail) => {
  const lab = await startLab();
  await divide(lab, ['A']);
  const response = await fetch(`${lab.url}/-/api/rooms/lab/document${query}`);
  expect([response.status, ((await response.json()) as { detail: string }).detail]).toEqual([status, detail]);
});

test('a whole room has one island', async () => {
  const response = await fetch(`${(await startLab()).url}/-/api/rooms/lab/document?island=1`);
  expect([response.status, await response.json()]).toMatchObject([404, { detail: 'room lab has one island, 0, as it is whole; there is no 1' }]);
});
