/** An update ends where it ends, and is of format V1: anything else would be taken for less than it is. */
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { RoomDocument } from '../../../../shared/relay/document/room-document.ts';
import { Refusal } from '../../../../shared/relay/refusal.ts';
import { SeededRandom } from '../../../../shared/network/seeded-random.ts';
import { connectRaw, documentOf, startLab, syncFrame, updateOf } from '../../../support/lab-fixture.ts';

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Documents as people make them, each a little larger. */
function* documents(count: number): Generator<Y.Doc> {
  const random = new SeededRandom(5);
  const doc = new Y.Doc();
  for (let i = 0; i < count; i++) {
    const text = doc.getText('t');
    text.insert(random.below(text.length + 1), random.pick(['a', 'some words', 'ä🙂']));
    doc.getMap('m').set(`key ${random.below(4)}`, random.pick<unknown>([i, 'text', true, null, { deep: [1, 2.5] }]));
    if (text.length > 3 && random.chance(0.5)) text.delete(random.below(text.length - 2), 2);
    yield doc;
  }
}

const v2Reason = 'malformed update: this is an update of format V2; use Y.encodeStateAsUpdate or Y.convertUpdateFormatV2ToV1';

function refusalOf(update: Uint8Array): string {
  const room = new RoomDocument();
  room.apply(updateOf('before', 1));
  const before = room.snapshot();
  try {
    room.apply(update);
    return 'taken';
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    expect(room.snapshot()).toEqual(before);
    return error.message;
  } finally {
    room.destroy();
  }
}

test('80 updates of format V2 are refused, each with its name and what to use; the same as V1 are taken', () => {
  for (const doc of documents(80)) {
    expect(refusalOf(Y.encodeStateAsUpdateV2(doc))).toBe(v2Reason);
    expect(refusalOf(Y.encodeStateAsUpdate(doc))).toBe('taken');
  }
  expect(refusalOf(Y.encodeStateAsUpdateV2(new Y.Doc()))).toBe(v2Reason);
});

test('single updates of format V2, those that only delete too, are refused; of V1 they are taken', () => {
  const doc = new Y.Doc();
  const [v1, v2]: [Uint8Array[], Uint8Array[]] = [[], []];
  doc.on('update', (update: Uint8Array) => v1.push(update));
  doc.on('updateV2', (update: Uint8Array) => v2.push(update));
  doc.getText('t').insert(0, 'hello');
  doc.getText('t').delete(1, 2);
  doc.getArray('a').push([1, { b: 'c' }]);
  expect(v2.map(refusalOf)).toEqual([v2Reason, v2Reason, v2Reason]);
  expect(v1.map(refusalOf)).toEqual(['taken', 'taken', 'taken']);
});

test.each([
  ['two updates in one', joined(updateOf('a', 1), updateOf('b', 2)), /^malformed update: \d+ bytes after its end$/],
  ['one byte more', joined(updateOf('a', 1), Uint8Array.of(0)), /^malformed update: 1 bytes after its end$/],
  ['noise behind a deletion', Uint8Array.of(0, 1, 9, 1, 0, 1, 7, 7), /^malformed update: 2 bytes after its end$/],
  ['an update that waits, and one behind it', joined(waitingUpdate(), updateOf('b', 2)), /bytes after its end$/],
  ['few bytes of V2 that claim very many items', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 127), /^malformed update: /],
])('%s: closed, with nothing of it taken', async (_name, update, reason) => {
  const lab = await startLab();
  const client = await connectRaw(lab, '/lab');
  client.send(syncFrame(2, update));
  expect(await client.closed).toEqual({ code: 4400, reason: expect.stringMatching(reason) as string });
  expect((await documentOf(lab, 'lab')).snapshot).toBe('0000');
});

test('what an earlier relay stored, several updates behind one another, is read whole; of noise behind one the relay tells', () => {
  const room = new RoomDocument();
  expect(room.restore(joined(updateOf('a', 1), updateOf('b', 2), updateOf('c', 3)))).toBe(true);
  expect(room.restore(joined(updateOf('d', 4), Uint8Array.of(9, 9)))).toBe(false);
  expect(room.restore(Y.encodeStateAsUpdateV2(new Y.Doc()))).toBe(false);
  expect(room.doc.getMap('map').toJSON()).toEqual({ a: 1, b: 2, c: 3, d: 4 });
});

/** The second edit of a document of which the first is missing. */
function waitingUpdate(): Uint8Array {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  doc.getText('t').insert(0, 'one');
  doc.getText('t').insert(3, 'two');
  return updates[1]!;
}
