/** The control API's call for documents: the whole room's, and each island's own. */
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { divide, heal } from './faults-fixture.ts';
import { joinAsApp, startLab, type TestLab, until } from './lab-fixture.ts';

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
