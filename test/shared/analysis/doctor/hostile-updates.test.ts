/** Updates from anybody: each is read, or refused in one line; none hangs or fills the memory. */
import * as encoding from 'lib0/encoding';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { compareDocuments, symptomsOf } from '../../../../shared/analysis/doctor/compare-documents.ts';
import { updateLimits } from '../../../../shared/document/decoded-update.ts';
import { differenceWords, remarkWords, symptomWords } from '../../../../shared/analysis/doctor/finding-words.ts';
import { readSavedDocument } from '../../../../shared/analysis/doctor/saved-document.ts';
import { UnreadableInput } from '../../../../shared/encoding/unreadable-input.ts';
import { slowness } from '../../../support/machine-speed.ts';
import { noteRuns, propertyRuns, someOf } from '../../../support/run-counts.ts';
import { docOf, saved, updatesOf, write } from './documents.ts';
import { structBomb } from './hostile-bytes.ts';
import { story, tell } from './random-edits.ts';

const rich = docOf(1, [], (doc) => {
  doc.getText('text').insert(0, 'hello', { bold: true });
  doc.getMap('map').set('k', { a: [1, 2.5, 'x', null] });
  doc.getMap('map').set('doc', new Y.Doc({ guid: 'g' }));
  doc.getText('text').delete(1, 2);
});

describe('refused in one line', () => {
  test.each<[what: string, bytes: Uint8Array, message: RegExp]>([
    ['nothing', new Uint8Array(), /it is empty/],
    ['text', Buffer.from('hello, this is no update\n'), /expected an update of Yjs, version 1 or 2; it is cut short, or something else/],
    ['zeros', new Uint8Array(1_000), /expected/],
    ['a state vector', Y.encodeStateVector(rich), /expected/],
    ['two updates one after the other', Buffer.concat([saved(rich), saved(rich)]), /expected one update of Yjs; \d+ more bytes follow its end .*Y\.mergeUpdates/],
    ['2^40 structs in version 2', structBomb(2 ** 40), /at most 1,000,000 structs/],
    ['a client out of range', clientOutOfRange(), /expected/],
    ['a million subdocuments', subdocuments(1_000_000), /at most 10,000 subdocuments/],
    ['too many clients', chain(updateLimits.clientsMax + 1, true), /at most 250,000 clients/],
    ['a deep value', deepValue(500_000), /nested too deeply/],
    ['millions of values', manyValues(updateLimits.valuesMax + 1), /at most 2,000,000 values/],
    ['millions of deletions', manyDeletions(updateLimits.deletedRangesMax + 1), /at most 1,000,000 deleted ranges/],
  ])('%s', (_, bytes, message) => {
    const complaint = complaintAbout(bytes);
    expect(complaint).toMatch(message);
    expect(complaint).toMatch(/^[^\n]{1,250}$/);
  });

  test('version 1, cut short at whichever byte', () => {
    const whole = Y.encodeStateAsUpdate(rich);
    for (let end = 0; end < whole.length; end++) expect(complaintAbout(whole.subarray(0, end)), `${end} bytes`).not.toBeNull();
  });

  test('version 2, cut short at whichever byte: at most taken for a version 1 without edits', () => {
    const whole = Y.encodeStateAsUpdateV2(rich);
    let taken = 0;
    for (let end = 0; end < whole.length; end++) {
      if (complaintAbout(whole.subarray(0, end)) !== null) continue;
      taken++;
      expect(readSavedDocument(whole.subarray(0, end))).toMatchObject({ format: 'v1', runs: new Map() });
    }
    expect(taken).toBeLessThan(3);
  });
});

/** What is said of bytes that cannot be read; null where they can. */
function complaintAbout(bytes: Uint8Array): string | null {
  try {
    readSavedDocument(bytes);
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableInput);
    return (error as Error).message;
  }
}

test('damaged bytes are read, and told in sentences, or refused', { timeout: 600_000, tags: ['runs'] }, () => {
  const runs = propertyRuns('damaged-bytes');
  let [read, refused] = [0, 0];
  fc.assert(fc.property(story, fc.boolean(), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }), (told, second, damages) => {
    const doc = tell(told).docs[0]!;
    const sound = readSavedDocument(Y.encodeStateAsUpdate(doc));
    const bytes = second ? Y.encodeStateAsUpdateV2(doc) : Y.encodeStateAsUpdate(doc);
    for (const [at, value] of damages) bytes[at % bytes.length] = value;
    try {
      const damaged = readSavedDocument(bytes);
      read++;
      const { differences, remarks } = compareDocuments(sound, damaged);
      const names = { first: 'a', second: 'b' };
      const words = [...differences.map((each) => differenceWords(each, names, differences)), ...remarks.map((each) => remarkWords(each, names)), ...symptomsOf(damaged, [sound]).map((each) => symptomWords(each, 'b'))];
      for (const { says } of words) expect(says.length).toBeLessThan(3_000);
    } catch (error) {
      expect(error).toBeInstanceOf(UnreadableInput);
      refused++;
    }
  }), runs);
  expect(Math.min(read, refused)).toBeGreaterThan(runs.numRuns / 30);
});

/** What a person waits for at most, in milliseconds; far more than it takes, and far less than what Yjs would. */
const patienceMs = 20_000;

describe('in time', () => {
  const large: [what: string, bytes: () => Uint8Array, waits: number][] = [
    ['20,000 tiny edits after a gap', () => {
      const doc = docOf(7);
      doc.transact(() => Array.from({ length: 20_001 }, (_, i) => doc.getArray('a').insert(0, [i])));
      return Y.diffUpdate(saved(doc), Y.encodeStateVector(docOf(8, updatesOf(7, (one) => one.getArray('a').insert(0, [0])))));
    }, 1],
    ['as many edits as there may be, of one client', () => structBomb(updateLimits.structsMax), 0],
    ['100,000 clients, each waiting for the one after it', () => chain(100_000, false), 100_000],
    ['100,000 clients, each waiting for the one before it, the first is there', () => chain(100_000, true), 0],
    ['100,000 people who all write at the same place', () => atOnePlace(100_000), 0],
  ];
  test.each(someOf('large-documents', large))('%s', { timeout: 30_000, tags: ['runs'] }, (_, make, waits) => {
    noteRuns('large-documents', 1);
    const bytes = make();
    const started = performance.now();
    const document = readSavedDocument(bytes);
    compareDocuments(document, readSavedDocument(saved(docOf(1, [], write('hello')))));
    expect(document.waits).toHaveLength(waits);
    symptomsOf(document, []);
    expect(performance.now() - started).toBeLessThan(patienceMs * slowness());
  });
});

/** An update of version 1; `structs` writes each client's. */
function updateOf(write: (encoder: encoding.Encoder) => void): Uint8Array {
  return encoding.encode(write);
}

/** A client with one character that stands to the right of another's. */
function writeAfter(encoder: encoding.Encoder, client: number, left: number | null): void {
  for (const number of [1, client, 0]) encoding.writeVarUint(encoder, number);
  if (left === null) {
    encoding.writeUint8(encoder, 4);
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarString(encoder, 'text');
  } else {
    encoding.writeUint8(encoder, 0b1000_0100);
    encoding.writeVarUint(encoder, left);
    encoding.writeVarUint(encoder, 0);
  }
  encoding.writeVarString(encoder, 'x');
}

function chain(clients: number, begins: boolean): Uint8Array {
  return updateOf((encoder) => {
    encoding.writeVarUint(encoder, clients);
    for (let i = 0; i < clients; i++) writeAfter(encoder, i + 1, begins ? (i === 0 ? null : i) : i + 2);
    encoding.writeVarUint(encoder, 0);
  });
}

function atOnePlace(clients: number): Uint8Array {
  return updateOf((encoder) => {
    encoding.writeVarUint(encoder, clients);
    for (let i = 0; i < clients; i++) writeAfter(encoder, i + 1, i === 0 ? null : 1);
    encoding.writeVarUint(encoder, 0);
  });
}

/** A client whose first edit has one kind of content, which `content` writes. */
function oneStruct(kind: number, content: (encoder: encoding.Encoder) => void): Uint8Array {
  return updateOf((encoder) => {
    for (const number of [1, 1, 1, 0]) encoding.writeVarUint(encoder, number);
    encoding.writeUint8(encoder, kind);
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarString(encoder, 'a');
    content(encoder);
    encoding.writeVarUint(encoder, 0);
  });
}

function deepValue(depth: number): Uint8Array {
  return oneStruct(8, (encoder) => {
    encoding.writeVarUint(encoder, 1);
    // An array of one, and so on.
    for (let i = 0; i < depth; i++) encoding.writeUint8Array(encoder, Uint8Array.of(117, 1));
    encoding.writeUint8(encoder, 126);
  });
}

function manyValues(count: number): Uint8Array {
  return oneStruct(8, (encoder) => {
    encoding.writeVarUint(encoder, count);
    encoding.writeUint8Array(encoder, new Uint8Array(count).fill(126));
  });
}

function manyDeletions(count: number): Uint8Array {
  return updateOf((encoder) => {
    for (const number of [0, 1, 1, count]) encoding.writeVarUint(encoder, number);
    encoding.writeUint8Array(encoder, new Uint8Array(2 * count).fill(1));
  });
}

function subdocuments(count: number): Uint8Array {
  return updateOf((encoder) => {
    for (const number of [1, count, 1, 0]) encoding.writeVarUint(encoder, number);
    for (let i = 0; i < count; i++) encoding.writeUint8Array(encoder, Uint8Array.of(0b1000_1001, 2, 0, 1, 103, 118, 0));
    encoding.writeVarUint(encoder, 0);
  });
}

function clientOutOfRange(): Uint8Array {
  return updateOf((encoder) => {
    encoding.writeUint8Array(encoder, Uint8Array.of(1, 1));
    encoding.writeUint8Array(encoder, new Uint8Array(12).fill(255));
  });
}
