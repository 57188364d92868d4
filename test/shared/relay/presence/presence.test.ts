/** Presence: states that cannot be taken, and clients that go and come back. */
import * as encoding from 'lib0/encoding';
import { expect, test, vi } from 'vitest';
import type { WebsocketProvider } from 'y-websocket';
import { bend, caughtUp, divide, heal, reset } from '../../../support/faults-fixture.ts';
import { connectRaw, joinAsApp, startLab, type TestLab, until } from '../../../support/lab-fixture.ts';

/** What an app says of itself under the field "name". */
function nameOf(app: WebsocketProvider, client: number): unknown {
  return app.awareness.getStates().get(client)?.['name'];
}

function join(lab: TestLab, name: string): WebsocketProvider {
  const app = joinAsApp(lab, 'lab', undefined, { name });
  app.awareness.setLocalStateField('name', name);
  return app;
}

function awarenessFrame(...entries: readonly (readonly [client: number, clock: number, state: string])[]): Uint8Array {
  const update = encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, entries.length);
    for (const [client, clock, state] of entries) {
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarString(encoder, state);
    }
  });
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint8Array(encoder, update);
  });
}

/** The texts of the y-protocols auth messages in these frames. */
function denials(frames: readonly Uint8Array[]): string[] {
  return frames.filter((frame) => frame[0] === 2).map((frame) => {
    expect(frame[1]).toBe(0);
    return Buffer.from(frame.subarray(frame[2]! < 0x80 ? 3 : 4)).toString();
  });
}

const kept = (text: string): string => awarenessFrame([1, 1, JSON.stringify({ text })]).toString();
const isThere = (client: { readonly frames: readonly Uint8Array[] }, text: string): boolean => client.frames.some((frame) => frame.toString() === kept(text));

test.each([
  ['too large', JSON.stringify({ a: 'ä'.repeat(40_000) }), 'presence was dropped: an awareness state of 80008 bytes; 65536 is the most'],
  ['a number', '5', 'presence was dropped: an awareness state that is a number, not an object'],
  ['a string', '"here"', 'presence was dropped: an awareness state that is a string, not an object'],
  ['an array', '[]', 'presence was dropped: an awareness state that is an array, not an object'],
])('an awareness state that is %s is dropped, its sender told once, and nothing is closed', async (_name, state, reason) => {
  const lab = await startLab();
  const [client, watcher] = [await connectRaw(lab, '/lab?name=big'), await connectRaw(lab, '/lab')];
  client.send(awarenessFrame([2, 1, state]));
  client.send(awarenessFrame([2, 2, state], [1, 1, '{"text":"good"}']));
  await until(() => isThere(watcher, 'good'));
  await caughtUp(client);
  expect(denials(client.frames)).toEqual([reason]);
  expect(lab.lines).toEqual([`room lab: presence of big was dropped: ${reason.slice('presence was dropped: '.length)}`]);
  // Something else to say is heard.
  client.send(awarenessFrame([2, 3, '{"small":true}']));
  await until(() => watcher.frames.some((frame) => frame.toString() === awarenessFrame([2, 3, '{"small":true}']).toString()));
  expect([client, watcher].map(({ socket }) => socket.readyState)).toEqual([1, 1]);
});

test('an app whose presence is too large prints why, keeps its document in sync, and hears something each time that it speaks', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const lab = await startLab({ presenceBytesMax: 1_000 });
  const [app, other] = [join(lab, 'app'), join(lab, 'other')];
  await until(() => nameOf(other, app.doc.clientID) === 'app' && nameOf(app, other.doc.clientID) === 'other');
  app.awareness.setLocalStateField('picture', 'x'.repeat(2_000));
  await until(() => warn.mock.calls.length > 0);
  expect(String(warn.mock.calls[0])).toMatch(/Permission denied to access .*\n?presence was dropped: an awareness state of 20\d\d bytes; 1000 is the most/);
  other.destroy();
  app.wsLastMessageReceived = 0;
  app.awareness.setLocalStateField('more', 1);
  await until(() => app.wsLastMessageReceived > 0);
  app.doc.getMap('map').set('works', true);
  const late = joinAsApp(lab, 'lab');
  await until(() => late.doc.getMap('map').get('works') === true);
  expect([app.wsconnected, warn.mock.calls.length]).toEqual([true, 1]);
  warn.mockRestore();
});

test('the states of a room have so many bytes together; what goes beyond is dropped, and room that becomes free is used', async () => {
  const lab = await startLab({ presencePerRoomBytesMax: 100 });
  const [one, two] = [await connectRaw(lab, '/lab'), await connectRaw(lab, '/lab')];
  const state = (length: number): string => JSON.stringify({ a: 'x'.repeat(length - 8) });
  one.send(awarenessFrame([1, 1, state(60)]));
  await until(() => two.frames.length === 1);
  two.send(awarenessFrame([2, 1, state(60)]));
  await until(() => denials(two.frames).length === 1);
  expect(denials(two.frames)).toEqual(['presence was dropped: the awareness states of the room would have more than 100 bytes']);
  one.send(awarenessFrame([1, 2, state(30)]));
  two.send(awarenessFrame([2, 2, state(60)]));
  await until(() => one.frames.some((frame) => frame.toString() === awarenessFrame([2, 2, state(60)]).toString()));
});

/** Cuts an app's connection as a broken network does; it comes back by itself. Resolves when it is gone. */
async function blink(app: WebsocketProvider): Promise<void> {
  (app.ws as unknown as { terminate: () => void }).terminate();
  await until(() => !app.wsconnected);
}

/** Less than y-protocols takes to renew a state, by which all would be well again. */
const soon = { timeout: 5_000 };

async function seeOneAnother(...apps: readonly WebsocketProvider[]): Promise<void> {
  await until(() => apps.every((app) => apps.every(({ doc }) => typeof nameOf(app, doc.clientID) === 'string')));
}

test('an app that is cut for a moment sees the others, and they see it, within a second', soon, async () => {
  const lab = await startLab();
  const apps = [join(lab, 'one'), join(lab, 'two'), join(lab, 'three')];
  await seeOneAnother(...apps);
  for (let times = 0; times < 3; times++) {
    const [first, ...others] = apps;
    await blink(first!);
    await until(() => others.every((other) => nameOf(other, first!.doc.clientID) === undefined));
    const sinceMs = performance.now();
    await until(() => first!.wsconnected);
    await seeOneAnother(...apps);
    expect(performance.now() - sinceMs).toBeLessThan(1_000);
  }
});

test('a relay that is off for a moment: all apps see one another soon', soon, async () => {
  const lab = await startLab();
  const apps = [join(lab, 'one'), join(lab, 'two')];
  await seeOneAnother(...apps);
  lab.relay.online = false;
  await until(() => apps.every(({ wsconnected }) => !wsconnected));
  await until(() => lab.relay.roomNames().length === 0);
  lab.relay.online = true;
  await seeOneAnother(...apps);
});

test('an app that is back before its former connection is known to be broken', soon, async () => {
  const lab = await startLab();
  const [one, two] = [join(lab, 'one'), join(lab, 'two')];
  await seeOneAnother(one, two);
  const former = one.ws as unknown as { readonly _socket: { pause: () => void }; terminate: () => void };
  // The relay does not hear of its end: the app comes over another connection while the former one is open.
  one.ws!.onclose!({ code: 1006 } as never);
  former._socket.pause();
  await until(() => one.wsconnected && lab.relay.sessionCount === 3);
  await seeOneAnother(one, two);
  former.terminate();
  await until(() => lab.relay.sessionCount === 2);
  await seeOneAnother(one, two);
});

test('a late echo of a client that has gone brings it back for nobody', async () => {
  const lab = await startLab();
  const [leaving, staying] = [await connectRaw(lab, '/lab'), await connectRaw(lab, '/lab')];
  const state = awarenessFrame([7, 5, '{"name":"ghost"}']);
  leaving.send(state);
  await until(() => staying.frames.some((frame) => frame.toString() === state.toString()));
  leaving.socket.terminate();
  const gone = awarenessFrame([7, 5, 'null']);
  await until(() => staying.frames.some((frame) => frame.toString() === gone.toString()));
  staying.send(state);
  staying.send(awarenessFrame([8, 1, '{"name":"staying"}']));
  await caughtUp(staying);
  const app = join(lab, 'newcomer');
  await until(() => nameOf(app, 8) === 'staying');
  expect(nameOf(app, 7)).toBeUndefined();
});

test('after a minute a client that has gone is forgotten, so that what is remembered does not grow', async () => {
  let nowMs = 1_000_000;
  const lab = await startLab({ clock: { nowMs: () => nowMs, wallMs: () => nowMs, after: (delayMs, callback) => lateTimer(delayMs, callback) } });
  const first = await connectRaw(lab, '/lab');
  const watcher = await connectRaw(lab, '/lab');
  const state = awarenessFrame([7, 5, '{"name":"one"}']);
  first.send(state);
  await until(() => watcher.frames.some((frame) => frame.toString() === state.toString()));
  first.socket.terminate();
  await until(() => watcher.frames.some((frame) => frame.toString() === awarenessFrame([7, 5, 'null']).toString()));
  nowMs += 60_001;
  watcher.frames.length = 0;
  const second = await connectRaw(lab, '/lab');
  second.send(state);
  await until(() => watcher.frames.some((frame) => frame.toString() === state.toString()));
});

function lateTimer(delayMs: number, callback: () => void): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}

test('islands: an app that is cut for a moment is seen on its own island at once, and by all when they meet', soon, async () => {
  const lab = await startLab();
  const [one, two, far] = [join(lab, 'one'), join(lab, 'two'), join(lab, 'far')];
  await seeOneAnother(one, two, far);
  await divide(lab, ['one', 'two'], ['far']);
  await until(() => nameOf(far, one.doc.clientID) === undefined);
  await blink(one);
  await seeOneAnother(one, two);
  expect(nameOf(far, one.doc.clientID)).toBeUndefined();
  await blink(far);
  await heal(lab);
  await seeOneAnother(one, two, far);
});

test('links: an app that is cut for a moment on a slow link is seen soon; on one that loses frames, when it is mended', soon, async () => {
  const lab = await startLab();
  const [one, two] = [join(lab, 'one'), join(lab, 'two')];
  await seeOneAnother(one, two);
  await bend(lab, 'one', { upstream: { latencyMs: 20 }, downstream: { latencyMs: 20 } });
  await blink(one);
  await until(() => nameOf(two, one.doc.clientID) === undefined);
  await seeOneAnother(one, two);
  await bend(lab, 'one', { upstream: { dropRate: 0.5 }, downstream: { dropRate: 0.5 } });
  await blink(one);
  await until(() => one.wsconnected);
  await reset(lab);
  await seeOneAnother(one, two);
});
