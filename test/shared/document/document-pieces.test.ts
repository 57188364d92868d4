import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { DocumentPieces } from '../../../shared/document/document-pieces.ts';
import { propertyRuns } from '../../support/run-counts.ts';
import { hear, story, tell } from '../analysis/doctor/random-edits.ts';

/** Gives a reader all pieces, each of which it can integrate at once. `between` runs after each. Returns how many there were. */
function deliver(pieces: DocumentPieces, reader: Y.Doc, between: (piece: number) => void = () => {}): number {
  for (let count = 1; ; count++) {
    Y.applyUpdate(reader, pieces.next());
    expect([reader.store.pendingStructs, pieces.isComplete ? reader.store.pendingDs : null]).toEqual([null, null]);
    if (pieces.isComplete) return count;
    between(count);
  }
}

function expectEqual(reader: Y.Doc, doc: Y.Doc): void {
  expect(Y.equalSnapshots(Y.snapshot(reader), Y.snapshot(doc))).toBe(true);
  // Whether it is equal and not what it is: the texts are long.
  expect(isDeepStrictEqual(contentOf(reader), contentOf(doc))).toBe(true);
}

function contentOf(doc: Y.Doc): unknown[] {
  const map = Object.entries(doc.getMap('map').toJSON()).map(([key, value]) => [key, value instanceof Y.Doc ? value.guid : (value as unknown)] as const);
  return [doc.getText('text').toDelta(), new Map(map), doc.getArray('list').toJSON(), doc.getXmlFragment('xml').toJSON()];
}

test('of any document, a reader with any earlier state gets all it lacks in pieces that can each be integrated, also while people edit', { tags: ['runs'] }, () => {
  fc.assert(
    fc.property(story, story, fc.nat(2), fc.integer({ min: 1, max: 120 }), (first, later, who, pieceBytes) => {
      const told = tell(first);
      const more = tell(later, [201, 202, 203]);
      const doc = new Y.Doc();
      const [reader, plain] = [new Y.Doc(), new Y.Doc()];
      for (const each of [reader, plain]) hear(each, told.docs[who]!);
      for (const each of told.docs) hear(doc, each);
      const pieces = new DocumentPieces(() => doc, Y.decodeStateVector(Y.encodeStateVector(reader)), pieceBytes);
      // What comes meanwhile: the work of people who had heard of nothing.
      deliver(pieces, reader, (piece) => {
        const update = more.updates[piece - 1];
        if (update) Y.applyUpdate(doc, update);
      });
      // As Yjs itself brings them: where somebody cut a character in two, Yjs shows not quite the same at all who have the same.
      hear(plain, doc);
      expect(Y.equalSnapshots(Y.snapshot(reader), Y.snapshot(doc))).toBe(true);
      expectEqual(reader, plain);
    }),
    propertyRuns('document-pieces'),
  );
});

test('a long text comes in many pieces, no character of it cut in two; a large value comes whole', () => {
  const doc = new Y.Doc();
  doc.getText('text').insert(0, `x${'👍🏽'.repeat(100_000)}`);
  doc.getArray('list').push([new Uint8Array(500_000)]);
  doc.getArray('list').push(Array.from({ length: 200_000 }, (_, i) => i));
  const reader = new Y.Doc();
  const sizes: number[] = [];
  const pieces = new DocumentPieces(() => doc, new Map(), 100_000);
  while (!pieces.isComplete) {
    const piece = pieces.next();
    sizes.push(piece.length);
    Y.applyUpdate(reader, piece);
  }
  expectEqual(reader, doc);
  expect(sizes.length).toBeGreaterThan(10);
  expect(sizes.filter((size) => size > 400_000)).toHaveLength(1);
});

test('two people who type in turns: pieces come in an order that never lets the reader wait', () => {
  const [a, b] = [new Y.Doc(), new Y.Doc()];
  for (let i = 0; i < 2_000; i++) {
    const [writer, other] = i % 2 === 0 ? [a, b] : [b, a];
    const text = writer.getText('text');
    text.insert(Math.floor(text.length / 2), String(i % 10));
    if (i % 7 === 0) text.delete(0, 1);
    hear(other, writer);
  }
  const reader = new Y.Doc();
  expect(deliver(new DocumentPieces(() => a, new Map(), 500), reader)).toBeGreaterThan(20);
  expectEqual(reader, a);
});
