/** Frames that carry several messages, and messages that are not for the relay. */
import * as encoding from 'lib0/encoding';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { bend } from '../../support/faults-fixture.ts';
import { connectRaw, connectReplica, documentOf, joinAsApp, startLab, syncFrame, until, updateOf } from '../../support/lab-fixture.ts';

const stepOne = syncFrame(0, Uint8Array.of(0));
const isStepTwo = (frame: Uint8Array): boolean => frame[0] === 0 && frame[1] === 1;

function joined(...messages: Uint8Array[]): Uint8Array {
  return Uint8Array.from(messages.flatMap((message) => [...message]));
}

/** One client's state. */
function presence(client: number, state: string): Uint8Array {
  const update = encoding.encode((encoder) => {
    for (const number of [1, client, 1]) encoding.writeVarUint(encoder, number);
    encoding.writeVarString(encoder, state);
  });
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint8Array(encoder, update);
  });
}

/** As y-protocols/auth writes that something is not permitted. */
const denied = encoding.encode((encoder) => {
  encoding.writeVarUint(encoder, 2);
  encoding.writeVarUint(encoder, 0);
  encoding.writeVarString(encoder, 'no');
});

test('what yrs sends first, sync step 1 and awareness in one frame, is answered', async () => {
  const lab = await startLab();
  joinAsApp(lab, 'lab').doc.getMap('map').set('one', 1);
  await until(async () => (await documentOf(lab, 'lab')).map['one'] === 1);
  const client = await connectRaw(lab, '/lab');
  client.send(Uint8Array.of(0, 0, 1, 0, 1, 1, 0));
  await until(() => client.frames.some(isStepTwo));
  const doc = new Y.Doc();
  Y.applyUpdate(doc, client.frames.find(isStepTwo)!.subarray(3));
  expect(doc.getMap('map').get('one')).toBe(1);
  expect(client.socket.readyState).toBe(client.socket.OPEN);
});

test('all messages of a frame count, in their order, awareness queries wherever they stand', async () => {
  const lab = await startLab();
  const client = await connectRaw(lab, '/lab');
  const query = Uint8Array.of(3);
  const present = presence(5, '{"a":1}');
  client.send(joined(query, present, syncFrame(2, updateOf('x', 1)), query, stepOne));
  client.send(joined(syncFrame(2, updateOf('y', 2)), denied, syncFrame(2, updateOf('z', 3))));
  await until(async () => Object.keys((await documentOf(lab, 'lab')).map).length === 3);
  // Once as the news that all hear, once in answer to the second query.
  const heard = (): number => client.frames.filter((frame) => frame.toString() === present.toString()).length;
  await until(() => heard() === 2 && client.frames.some(isStepTwo));
  expect(lab.relay.meter.ignoredMessages).toBe(1);
});

test.each([
  ['of an unknown kind', Uint8Array.of(102, 1, 2, 3)],
  ['of an unknown kind with a large number', Uint8Array.of(0xff, 0xff, 3, 9)],
  ['about rights', denied],
  ['about rights, as other servers have it', Uint8Array.of(2, 7, 7)],
  ['about rights, cut short', Uint8Array.of(2, 0)],
])('a message %s is counted and ignored; what follows in the next frame counts', async (_name, message) => {
  const lab = await startLab();
  const client = await connectRaw(lab, '/lab');
  client.send(joined(syncFrame(2, updateOf('before', 1)), message));
  client.send(message);
  client.send(syncFrame(2, updateOf('after', 2)));
  await until(async () => Object.keys((await documentOf(lab, 'lab')).map).length === 2);
  expect(lab.relay.meter.ignoredMessages).toBe(2);
  expect(client.socket.readyState).toBe(client.socket.OPEN);
  const metrics = await (await fetch(`${lab.url}/-/metrics`)).text();
  expect(metrics).toContain('rejoin_ignored_messages_total 2');
});

test('a malformed message closes, and those before it in the frame stand', async () => {
  const lab = await startLab();
  const client = await connectRaw(lab, '/lab');
  client.send(joined(syncFrame(2, updateOf('good', 1)), syncFrame(2, Uint8Array.of(9, 9)), syncFrame(2, updateOf('late', 1))));
  expect((await client.closed).reason).toMatch(/^malformed update: /);
  expect((await documentOf(lab, 'lab')).map).toEqual({ good: 1 });
});

test.each([['a sound link', {}], ['a link with faults', { upstream: { latencyMs: 1 } }]])(
  'saved counts a frame once, by its first message, over %s',
  async (_name, link) => {
    const lab = await startLab();
    await bend(lab, 'A', link);
    const a = await connectReplica(lab, 'lab', 'A');
    a.send(joined(syncFrame(2, updateOf('a', 1)), syncFrame(2, updateOf('b', 2)), stepOne));
    await until(() => a.last('saved')?.yjsFrames === 1);
    // It begins with step 1: windows do not count it.
    a.send(joined(stepOne, syncFrame(2, updateOf('c', 3))));
    a.send(syncFrame(2, updateOf('d', 4)));
    await until(async () => Object.keys((await documentOf(lab, 'lab')).map).length === 4);
    await until(() => (a.last('saved')?.yjsFrames ?? 0) > 1);
    expect(a.last('saved')?.yjsFrames).toBe(2);
  },
);
