import * as encoding from 'lib0/encoding';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import { encodeMessage } from '../../../shared/protocol/codec.ts';
import { MemoryStore } from '../../support/memory-store.ts';
import { messagesOf } from '../../support/bad-frames.ts';
import { propertyRuns } from '../../support/run-counts.ts';
import { connectRaw, connectReplica, documentOf, encodedRecords, joinAsApp, record, startLab, syncFrame, until, updateOf } from '../../support/lab-fixture.ts';

function awarenessFrame(...entries: [client: number, clock: number, state: string][]): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint8Array(encoder, encoding.encode((inner) => {
      encoding.writeVarUint(inner, entries.length);
      for (const [client, clock, state] of entries) {
        encoding.writeVarUint(inner, client);
        encoding.writeVarUint(inner, clock);
        encoding.writeVarString(inner, state);
      }
    }));
  });
}

/** Found by mutating good updates: Yjs reads it well and throws only in the middle of integrating it. */
const updateThatThrowsLate = Uint8Array.from(
  Buffer.from(
    '0003b1a69c920800c497d7a3a6050397d7a3a605040378790007010178030170a897d7a3a60505017d030997d7a3a605000401017401688197d7a3a60500028497d7a3a60502016c' +
      '8497d7a3a60503016f2101016d016b012701016d016100080097d7a3a60506027d017d024697d7a3a6050004626f6c640474727565c197d7a3a6050297d7a3a60503010197d7a3a60503010205010a01',
    'hex',
  ),
);

const record1 = encodedRecords(record('X', 1)).records[0]!;

const malformed: [name: string, frame: Uint8Array][] = [
  ['an empty frame', new Uint8Array(0)],
  ['a number without an end', Uint8Array.of(255, 255, 255)],
  ['a sync frame that ends early', Uint8Array.of(0)],
  ['an unknown sync step', syncFrame(9, updateOf('k', 'v'))],
  ['an update longer than its frame', Uint8Array.of(0, 2, 100, 1, 2)],
  ['a bad message before a good one', Uint8Array.from([...syncFrame(2, Uint8Array.of(9, 9)), ...syncFrame(2, updateOf('k', 'v'))])],
  ['an update that is noise', syncFrame(2, Uint8Array.of(9, 9, 9, 9))],
  ['an update of nothing', syncFrame(2, new Uint8Array(0))],
  ['an update cut short', syncFrame(2, updateOf('k', 'a long value').slice(0, -3))],
  ['an update that says it has a billion items', syncFrame(2, Uint8Array.of(1, 0x80, 0xa8, 0xd6, 0xb9, 0x07, 1, 0))],
  ['an update that throws only while it is integrated', syncFrame(2, updateThatThrowsLate)],
  ['a step 1 whose state vector is noise', syncFrame(0, Uint8Array.of(5, 1))],
  ['an awareness frame of noise', Uint8Array.of(1, 2, 200, 1)],
  ['an awareness state that is not JSON', awarenessFrame([1, 1, '{'])],
  ['a good and a bad awareness state in one frame', awarenessFrame([1, 1, '{"a":1}'], [2, 1, 'nope'])],
  ['bytes after a message', Uint8Array.from([...encodeMessage({ kind: 'hello', version: 1, replica: 'X', instance: 'x', summary: VersionVector.empty }), 0])],
  ['an unknown message', Uint8Array.of(64, 9)],
  ['a hello with a bad replica name', Uint8Array.of(64, 0, 1, 1, 32, 1, 97, 0)],
];

test.each(malformed)('%s closes with 4400; the other sessions and the document notice nothing', async (_name, frame) => {
  const lab = await startLab();
  const watcher = await connectReplica(lab, 'lab', 'W');
  watcher.send(syncFrame(2, updateOf('good', 'value')));
  await until(() => watcher.last('saved')?.yjsFrames === 1);
  const before = await documentOf(lab, 'lab');
  // Who is there is told, and nothing else.
  const seen = watcher.messages().filter((message) => message.kind !== 'roster').length;
  const bad = await connectRaw(lab, '/lab');
  bad.send(frame);
  const { code, reason } = await bad.closed;
  expect(code).toBe(4400);
  expect(reason).toMatch(/^malformed /);
  expect(await documentOf(lab, 'lab')).toEqual(before);
  expect(watcher.messages().filter((message) => message.kind !== 'roster').length).toBe(seen);
  expect(watcher.socket.readyState).toBe(watcher.socket.OPEN);
  expect(lab.lines).toEqual([]);
});

test.each([
  ['cut short', record1.slice(0, -1)],
  ['with bytes after its end', Uint8Array.from([...record1, 0])],
  ['of noise', Uint8Array.of(1, 2, 3)],
])('a record %s closes with 4400, and none of its message is taken', async (_name, bytes) => {
  const lab = await startLab();
  const watcher = await connectReplica(lab, 'lab', 'W');
  const seen = watcher.messages().filter((message) => message.kind !== 'roster').length;
  const bad = await connectReplica(lab, 'lab', 'B');
  bad.say({ kind: 'records', records: [...encodedRecords(record('B', 1)).records, bytes] });
  expect((await bad.closed).code).toBe(4400);
  // Who is there is told, and nothing else.
  expect(watcher.messages().filter((message) => message.kind === 'records')).toEqual([]);
  expect(watcher.messages().filter((message) => message.kind !== 'roster').length).toBe(seen);
  expect((await connectReplica(lab, 'lab', 'C')).last('welcome')?.summary.size).toBe(0);
});

test('an update that throws while it is integrated leaves a document that still takes good ones', async () => {
  const lab = await startLab();
  const app = joinAsApp(lab, 'lab');
  app.doc.getText('t').insert(0, 'before ');
  await until(async () => (await documentOf(lab, 'lab')).snapshot.length > 8);
  for (let i = 0; i < 3; i++) {
    const bad = await connectRaw(lab, '/lab');
    bad.send(syncFrame(2, updateThatThrowsLate));
    expect((await bad.closed).code).toBe(4400);
  }
  app.doc.getText('t').insert(7, 'after');
  const late = joinAsApp(lab, 'lab');
  await until(() => late.doc.getText('t').toString() === 'before after');
});

/** One character of client 90 that stands after what client 7 will write next, and is its own neighbour: that is found when it is integrated. */
function trapFor(clock: number): Uint8Array {
  return Uint8Array.of(1, 1, 90, 0, 0xc4, 7, clock, 90, 0, 1, 120, 0);
}

test('an update that waits for what another client will write, and fails then, hurts neither that client nor the others', async () => {
  const disk = new Map<string, Uint8Array>();
  const lab = await startLab({ store: new MemoryStore(disk) });
  const doc = new Y.Doc();
  doc.clientID = 7;
  const victim = joinAsApp(lab, 'lab', doc);
  const watcher = joinAsApp(lab, 'lab');
  doc.getText('t').insert(0, 'one ');
  await until(() => watcher.doc.getText('t').toString() === 'one ');
  const bad = await connectRaw(lab, '/lab');
  bad.send(syncFrame(2, trapFor(4)));
  bad.send(syncFrame(0, Uint8Array.of(0)));
  await until(() => bad.frames.some((frame) => frame[0] === 0 && frame[1] === 1));
  const early = joinAsApp(lab, 'lab');
  await until(() => early.synced);
  doc.getText('t').insert(4, 'two');
  await until(() => [watcher, early].every((each) => each.doc.getText('t').toString() === 'one two'));
  const late = joinAsApp(lab, 'lab');
  await until(() => late.doc.getText('t').toString() === 'one two');
  for (const each of [victim, watcher, early, late]) expect([each.wsconnected, each.doc.store.pendingStructs]).toEqual([true, null]);
  await lab.close();
  const again = await startLab({ store: new MemoryStore(disk) });
  const reader = joinAsApp(again, 'lab');
  await until(() => reader.doc.getText('t').toString() === 'one two');
  expect([...lab.lines, ...again.lines]).toEqual([]);
});

test('an item that refers to itself is refused before anything is changed, whatever it waits for', async () => {
  const lab = await startLab();
  const bad = await connectRaw(lab, '/lab');
  bad.send(syncFrame(2, Uint8Array.of(1, 1, 90, 0, 0xc4, 90, 0, 7, 4, 1, 120, 0)));
  expect((await bad.closed).reason).toBe('malformed update: an item refers to a later one of its own client');
});

test('several characters under one key of a map, over which every Yjs would fail later, are refused', async () => {
  const lab = await startLab();
  const bad = await connectRaw(lab, '/lab');
  // Client 9, clock 0, a string of two characters, under "k" of the root "map".
  bad.send(syncFrame(2, Uint8Array.of(1, 1, 9, 0, 0x24, 1, 3, 109, 97, 112, 1, 107, 2, 120, 121, 0)));
  expect(await bad.closed).toEqual({ code: 4400, reason: 'malformed update: several values under one key of a map' });
});

test.each([
  ['an item', Uint8Array.of(1, 1, 9, 0, 0x04, 1, 1, 116, 0, 0)],
  ['a deletion', Uint8Array.of(0, 1, 9, 1, 0, 0)],
])('%s without length is refused', async (_name, update) => {
  const lab = await startLab();
  const bad = await connectRaw(lab, '/lab');
  bad.send(syncFrame(2, update));
  expect((await bad.closed).code).toBe(4400);
});

const goodFrames = [
  syncFrame(0, Y.encodeStateVector(new Y.Doc())),
  syncFrame(1, updateOf('one', { nested: [1, 2, 3] })),
  syncFrame(2, updateOf('two', 'a text')),
  awarenessFrame([123_456, 3, '{"name":"Ann"}']),
  Uint8Array.of(3),
  encodeMessage({ kind: 'hello', version: 1, replica: 'M', instance: 'm', summary: VersionVector.of([['M', 2]]) }),
  encodeMessage(encodedRecords(record('M', 1), record('M', 2))),
];

const mutation = fc.record({
  frame: fc.integer({ min: 0, max: goodFrames.length - 1 }),
  flips: fc.array(fc.record({ at: fc.nat(10_000), to: fc.nat(255) }), { maxLength: 3 }),
  cut: fc.option(fc.nat(10_000), { freq: 1 }),
  inserted: fc.option(fc.uint8Array({ maxLength: 6 }), { nil: new Uint8Array(0), freq: 1 }),
});

test('mutated frames: what is refused changes nothing, what is taken is a whole document, and the relay goes on', { timeout: 90_000, tags: ['runs'] }, async () => {
  const runs = propertyRuns('mutated-frames');
  const lab = await startLab();
  const watcher = joinAsApp(lab, 'lab');
  await until(() => watcher.synced);
  const outcomes = { refused: 0, taken: 0 };
  await fc.assert(
    fc.asyncProperty(mutation, async ({ frame, flips, cut, inserted }) => {
      const bytes = goodFrames[frame]!.slice();
      for (const { at, to } of flips) if (bytes.length > 0) bytes[at % bytes.length] = to;
      const mutated = Uint8Array.from([...(cut === null ? bytes : bytes.slice(0, cut % (bytes.length + 1))), ...inserted]);
      const before = await documentOf(lab, 'lab');
      const client = await connectRaw(lab, '/lab');
      client.send(mutated);
      // The answer to a good frame sent behind it, or the closing, says that the frame has been handled.
      client.send(syncFrame(0, Y.encodeStateVector(new Y.Doc())));
      const closed = await Promise.race([client.closed, until(() => client.frames.some((each) => each[0] === 0)).then(() => null)]);
      const after = await documentOf(lab, 'lab');
      if (closed === null) {
        outcomes.taken++;
        client.socket.close();
        await client.closed;
      } else {
        outcomes.refused++;
        expect([4400, 4409, 4426, 4429]).toContain(closed.code);
        // Messages before the one that is refused stand.
        if (messagesOf(mutated).length === 1) expect(after).toEqual(before);
      }
      Y.applyUpdate(new Y.Doc(), Uint8Array.from(Buffer.from(after.snapshot, 'hex')));
    }),
    runs,
  );
  // The fuzz did something.
  expect(outcomes.refused).toBeGreaterThan(runs.numRuns / 5);
  expect(outcomes.taken).toBeGreaterThan(runs.numRuns / 50);
  expect(lab.lines).toEqual([]);
  watcher.doc.getText('t').insert(0, 'still here');
  const late = joinAsApp(lab, 'lab');
  await until(() => late.doc.getText('t').toString() === 'still here');
});
