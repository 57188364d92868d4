/** The control API's calls for islands and links: what they answer, and what they refuse. */
import { expect, test } from 'vitest';
import type { RoomView } from '../../../shared/control/room-view.ts';
import { noFaults } from '../../../shared/network/link.ts';
import { type Answer, bend, call, divide, heal, reset } from '../../support/faults-fixture.ts';
import { connectRaw, connectReplica, startLab, until, watchRoom } from '../../support/lab-fixture.ts';

test('islands: what was put is told, also when nobody of them is here; DELETE heals', async () => {
  const lab = await startLab();
  const lists = [['A', 'B'], ['C', 'my app']];
  expect((await call(lab, 'GET', '/islands')).json).toEqual([]);
  expect(await call(lab, 'PUT', '/islands', lists)).toMatchObject({ status: 200, json: lists });
  expect((await call(lab, 'GET', '/islands')).json).toEqual(lists);
  expect(await call(lab, 'DELETE', '/islands')).toEqual({ status: 204, type: null, json: null });
  expect((await call(lab, 'GET', '/islands')).json).toEqual([]);
  await call(lab, 'PUT', '/islands', lists);
  expect(await call(lab, 'PUT', '/islands', [])).toMatchObject({ status: 200, json: [] });
});

test('links: what was put is told, what it does not name is no fault, and a seed is given where none was', async () => {
  const lab = await startLab();
  const put = await call(lab, 'PUT', '/links/A', { upstream: { latencyMs: 80, jitterMs: 20 }, downstream: { bandwidthKbps: 64, cut: false } });
  expect(put).toMatchObject({ status: 200, json: { online: true, upstream: { ...noFaults, latencyMs: 80, jitterMs: 20 }, downstream: { ...noFaults, bandwidthKbps: 64 } } });
  expect((await call(lab, 'GET', '/links/A')).json).toEqual(put.json);
  expect((await call(lab, 'PUT', '/links/A', { seed: 7, upstream: { dropRate: 1 } })).json).toEqual({ online: true, upstream: { ...noFaults, dropRate: 1 }, downstream: noFaults, seed: 7 });
  expect((await call(lab, 'GET', '/links/my%20app')).json).toEqual({ online: true, upstream: noFaults, downstream: noFaults, seed: 0 });
});

test('the room tells its islands, its links and where each session is; reset takes all of it off', async () => {
  const lab = await startLab();
  await connectReplica(lab, 'lab', 'A');
  for (const name of ['C', 'other']) await connectRaw(lab, `/lab?name=${name}`);
  await divide(lab, ['A', 'B'], ['C']);
  await bend(lab, 'C', { upstream: { cut: true } });
  await bend(lab, 'B', { online: false });
  await until(async () => (await call(lab, 'GET', '')).json.sessions.length === 3);
  const { islands, links, sessions } = (await call(lab, 'GET', '')).json as RoomView;
  expect(islands).toEqual([['A', 'B'], ['C']]);
  expect(links).toEqual([{ name: 'B', online: false, upstream: noFaults, downstream: noFaults, seed: 1 }, { name: 'C', online: true, upstream: { ...noFaults, cut: true }, downstream: noFaults, seed: 1 }]);
  expect(sessions).toEqual([{ name: 'A', replica: true, island: 0 }, { name: 'C', replica: false, island: 1 }, { name: 'other', replica: false, island: 2 }]);
  expect(await call(lab, 'POST', '/reset')).toEqual({ status: 204, type: null, json: null });
  const mended = (await call(lab, 'GET', '')).json as RoomView;
  expect([mended.islands, mended.links]).toEqual([[], []]);
  expect(mended.sessions[0]).toEqual({ name: 'A', replica: true });
});

test('who watches the room hears of islands and links as they change', async () => {
  const lab = await startLab();
  const view = await watchRoom(lab, 'lab');
  await divide(lab, ['A'], ['B']);
  await until(() => view().islands.length === 2);
  await bend(lab, 'A', { downstream: { latencyMs: 5 } });
  await until(() => view().links[0]?.downstream.latencyMs === 5);
  await heal(lab);
  await until(() => view().islands.length === 0);
  await reset(lab);
  await until(() => view().links.length === 0);
});

function expectProblem({ status, type, json }: Answer, detail: string): void {
  expect({ status, type }).toEqual({ status: 400, type: 'application/problem+json; charset=utf-8' });
  expect(json).toMatchObject({ status: 400, title: 'Bad Request', detail: expect.stringContaining(detail) });
  expect(json.detail).not.toContain('\n');
}

test.each([
  ['{"A":["B"]}', 'a list of lists of names such as [["A","B"],["C"]] was expected, not an object'],
  ['["A","B"]', 'a list of lists of names such as [["A","B"],["C"]] was expected'],
  ['null', 'a list of lists of names such as [["A","B"],["C"]] was expected, not null'],
  ['[["A"],["B","A"]]', '"A" is named twice; a session is on one island'],
  ['[["A","A"]]', '"A" is named twice'],
  ['[["A"],[]]', 'an island without a name'],
  ['[["A"],[7]]', 'a name is 1 to 64 characters, not 7'],
  ['[[""]]', 'a name is 1 to 64 characters, not ""'],
  [JSON.stringify([['x'.repeat(65)]]), 'a name is 1 to 64 characters, not "xxx'],
  ['[["A\\u0000"]]', 'a name is 1 to 64 characters'],
  ['nonsense', 'the body is not JSON'],
])('islands %s are refused in one line, and nothing changes', async (body, detail) => {
  const lab = await startLab();
  await divide(lab, ['before']);
  expectProblem(await call(lab, 'PUT', '/islands', body), detail);
  expect((await call(lab, 'GET', '/islands')).json).toEqual([['before']]);
});

test.each([
  ['{"upstream":{"dropRate":1.5}}', 'upstream.dropRate is a share from 0 to 1, not 1.5'],
  ['{"downstream":{"latencyMs":-1}}', 'downstream.latencyMs is a number of milliseconds from 0 to 60000, not -1'],
  ['{"upstream":{"cut":"yes"}}', 'upstream.cut is true or false, not "yes"'],
  ['{"online":1}', 'online is true or false, not 1'],
  ['{"upstream":{"lossRate":0.5}}', 'upstream has no member "lossRate"'],
  ['{"upstreem":{}}', 'a link has no member "upstreem"'],
  ['{"upstream":{"__proto__":{"cut":true}}}', 'upstream has no member "__proto__"'],
  ['{"__proto__":{"online":false}}', 'a link has no member "__proto__"'],
  ['{"upstream":{},"seed":"1"}', 'seed is a whole number from 0 to 4294967295, not "1"'],
  ['[]', 'a link is an object, not a list'],
  ['{', 'the body is not JSON'],
])('a link of %s is refused in one line, and nothing changes', async (body, detail) => {
  const lab = await startLab();
  await bend(lab, 'A', { upstream: { latencyMs: 1 } });
  expectProblem(await call(lab, 'PUT', '/links/A', body), detail);
  expect((await call(lab, 'GET', '/links/A')).json.upstream.latencyMs).toBe(1);
  expect(((await call(lab, 'GET', '')).json as RoomView).links).toHaveLength(1);
});

test.each(['x'.repeat(65), '%20', '%00', '%20A'])('a link of somebody called %s is refused', async (name) => {
  const lab = await startLab();
  expectProblem(await call(lab, 'PUT', `/links/${name}`, { online: false }), 'cannot name a session: 1 to 64 characters are expected');
  expect(((await call(lab, 'GET', '')).json as RoomView).links).toEqual([]);
});

test('a name such as __proto__ is a name like any other', async () => {
  const lab = await startLab();
  await bend(lab, '__proto__', { online: false });
  await divide(lab, ['__proto__', 'constructor'], ['A']);
  const view = (await call(lab, 'GET', '')).json as RoomView;
  expect(view.links.map(({ name, online }) => [name, online])).toEqual([['__proto__', false]]);
  expect((await call(lab, 'GET', '/links/toString')).json.online).toBe(true);
});

test('a room that cannot be has no faults: 404', async () => {
  const lab = await startLab();
  for (const [method, path, body] of [['PUT', 'islands', [['A']]], ['DELETE', 'islands', undefined], ['GET', 'links/A', undefined], ['PUT', 'links/A', {}], ['POST', 'reset', undefined]] as const) {
    const response = await fetch(`${lab.url}/-/api/rooms/a%2F..%2Fb/${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    expect(response.status, `${method} ${path}`).toBe(404);
  }
});

test('more than 4,096 names are refused', async () => {
  const lab = await startLab();
  expectProblem(await call(lab, 'PUT', '/islands', [Array.from({ length: 4_097 }, (_, i) => `n${i}`)]), '4097 names; 4096 is the most');
});

test('more than 1,000 links with faults are refused; one that has some may still change', async () => {
  const lab = await startLab();
  for (let i = 0; i < 1_000; i++) await bend(lab, `n${i}`, { upstream: { latencyMs: 1 } });
  expect(await call(lab, 'PUT', '/links/one-more', { upstream: { latencyMs: 1 } })).toMatchObject({ status: 409, json: { detail: expect.stringContaining('1000 links have faults already') } });
  await bend(lab, 'n5', { upstream: { latencyMs: 2 } });
  await bend(lab, 'one-more', {});
});
