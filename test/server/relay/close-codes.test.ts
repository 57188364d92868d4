/** What real y-websocket clients do when the relay closes them: stay away from what would happen again, and come back after the rest. */
import { expect, test } from 'vitest';
import type { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { bend, openWindow, reset } from '../../support/faults-fixture.ts';
import { connectRaw, joinAsApp, startLab, syncFrame, type TestLab, until } from '../../support/lab-fixture.ts';

interface Followed {
  readonly provider: WebsocketProvider;
  /** The codes with which it was closed, in order. */
  readonly codes: number[];
  readonly refusals: { readonly code: number; readonly reason: string }[];
}

function follow(lab: TestLab, name: string, doc = new Y.Doc()): Followed {
  const followed: Followed = { provider: joinAsApp(lab, 'lab', doc, { name }), codes: [], refusals: [] };
  followed.provider.on('connection-close', (event: { readonly code: number } | null) => event && followed.codes.push(event.code));
  followed.provider.on('closed', (refusal) => followed.refusals.push(refusal));
  return followed;
}

const big = 3_000;
const bytes = (...numbers: number[]): Uint8Array => Uint8Array.from(numbers);

test.each([
  ['a malformed frame', (app: Followed) => app.provider.ws!.send(syncFrame(2, bytes(9, 9)) as never), 4400, /^malformed update: /],
  ['a text frame', (app: Followed) => app.provider.ws!.send('hello'), 4415, /^text frames are not part of the protocol$/],
  ['a frame that is too large', (app: Followed) => app.provider.doc.getText('t').insert(0, 'x'.repeat(big)), 4413, /^a message of 30\d\d bytes is too large: 2000 bytes is the most$/],
])('%s: a y-websocket client is told for good, and does not come back', async (_name, offend, code, reason) => {
  const lab = await startLab({ payloadBytesMax: 2_000 });
  const [app, other] = [follow(lab, 'app'), follow(lab, 'other')];
  await until(() => app.provider.synced && other.provider.synced);
  offend(app);
  await until(() => app.refusals.length === 1);
  expect(app.refusals[0]).toEqual({ code, reason: expect.stringMatching(reason) as string });
  // Another one, closed later and for a passing reason, has come back by now.
  await bend(lab, 'other', { online: false });
  await until(() => other.provider.wsUnsuccessfulReconnects > 2);
  await reset(lab);
  await until(() => other.provider.synced);
  expect([app.codes, app.provider.ws]).toEqual([[code], null]);
  expect(other.refusals).toEqual([]);
  expect(other.codes[0]).toBe(4503);
});

test('a document that is too large to be sent at once is refused once, with its size', async () => {
  const lab = await startLab({ payloadBytesMax: 1_000_000 });
  const doc = new Y.Doc();
  doc.getText('t').insert(0, 'x'.repeat(5_000_000));
  const app = follow(lab, 'app', doc);
  await until(() => app.refusals.length === 1);
  expect(app.refusals[0]).toEqual({ code: 4413, reason: expect.stringMatching(/^a message of 50000\d\d bytes is too large: 1000000 bytes is the most$/) as string });
  expect(app.codes).toEqual([4413]);
  expect(lab.relay.meter.refused.get('full')).toBe(1);
});

test('the relay off and on again: clients are closed with a passing code, try ever more slowly, and come back', async () => {
  const lab = await startLab();
  const app = follow(lab, 'app');
  await until(() => app.provider.synced);
  lab.relay.online = false;
  await until(() => app.provider.wsUnsuccessfulReconnects >= 3);
  lab.relay.online = true;
  await until(() => app.provider.synced);
  expect(app.codes[0]).toBe(4503);
  expect(app.refusals).toEqual([]);
});

test('a room that is emptied: an app stays away, so that it does not bring all back; a window comes and starts over', async () => {
  const lab = await startLab();
  const window = await openWindow(lab, 'A');
  const heard: string[] = [];
  window.replica.onEvent(({ kind }) => heard.push(kind));
  const app = follow(lab, 'app');
  app.provider.doc.getMap('map').set('old', 1);
  await until(() => window.doc.getMap('map').get('old') === 1);
  await lab.relay.emptyRoom('lab');
  await until(() => app.refusals.length === 1);
  expect(app.refusals[0]).toEqual({ code: 4410, reason: 'the room was emptied: drop your copy of its document, then connect again' });
  await until(() => heard.includes('emptied'));
});

test('pieces of a message without end and bytes that are no WebSocket frames have codes of ours', async () => {
  const lab = await startLab();
  const client = await connectRaw(lab, '/lab');
  for (let i = 0; i < 2_000; i++) client.socket.send('', { fin: false, binary: true });
  expect(await client.closed).toEqual({ code: 4429, reason: 'a message in too many pieces' });
});
