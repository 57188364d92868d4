import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { readPlainUpdate } from '../../../../shared/relay/document/plain-update.ts';
import { RoomDocument } from '../../../../shared/relay/document/room-document.ts';
import { Refusal } from '../../../../shared/relay/refusal.ts';
import { SeededRandom } from '../../../../shared/network/seeded-random.ts';
import { countOf, firstSeed, noteRuns, repeatWith } from '../../../support/run-counts.ts';

function clockOf(doc: Y.Doc): (client: number) => number {
  return (client) => Y.getState(doc.store, client);
}

function isUnderKey(doc: Y.Doc): (client: number, clock: number) => boolean {
  return (client, clock) => {
    const found: unknown = Y.getItem(doc.store, Y.createID(client, clock));
    return found instanceof Y.Item && found.parentSub !== null;
  };
}

const words = ['a', 'word', 'żółć', '👩‍👩‍👧', 'a longer piece of text that does not fit into one byte of length, or so one would think who knows how lengths are written: 128 and more'];

/** One random action of a person in an app with every kind of content that Yjs has. */
function edit(doc: Y.Doc, random: SeededRandom): void {
  const text = doc.getText('text');
  const list = doc.getArray<unknown>('list');
  const map = doc.getMap<unknown>('map');
  const xml = doc.getXmlFragment('xml');
  const at = (length: number): number => random.below(length + 1);
  const some = (length: number): [number, number] => {
    const start = random.below(length);
    return [start, 1 + random.below(Math.min(4, length - start))];
  };
  switch (random.below(14)) {
    case 0: case 1: case 2: return text.insert(at(text.length), random.pick(words));
    case 3: return text.length > 0 ? text.delete(...some(text.length)) : undefined;
    case 4: return text.length > 0 ? text.format(...some(text.length), { bold: random.chance(0.5) ? true : null, link: { href: 'x' } }) : undefined;
    case 5: return text.insertEmbed(at(text.length), { image: 'x', width: 3 });
    case 6: return list.insert(at(list.length), [random.below(1_000) - 500, 1.5, null, true, 'x', { a: [1, { b: 'c', nothing: undefined }] }]);
    case 7: return list.insert(at(list.length), [Uint8Array.of(1, 2, 3)]);
    case 8: return list.length > 0 ? list.delete(...some(list.length)) : undefined;
    case 9: return void map.set(random.pick(words), random.chance(0.1) ? 2n ** 60n : random.below(99));
    case 10: {
      const nested = new Y.Map<unknown>();
      nested.set('t', new Y.Text(random.pick(words)));
      map.set(random.pick(['one', 'two']), nested);
      return;
    }
    case 11: {
      const element = new Y.XmlElement('p');
      element.setAttribute('class', 'x');
      element.insert(0, [new Y.XmlText('inner'), new Y.XmlElement('b')]);
      return xml.insert(at(xml.length), [element]);
    }
    case 12: {
      const nested = map.get('one');
      const inner = nested instanceof Y.Map ? (nested.get('t') as Y.Text | undefined) : undefined;
      return inner ? (inner.insert(at(inner.length), 'more'), inner.format(0, 1, { bold: true })) : map.delete('one');
    }
    default: return map.delete(random.pick(words));
  }
}

/** Several people at one document, each now and then told of the others; all updates in the order in which they were made. */
function session(seed: number, edits: number): { readonly updates: Uint8Array[]; readonly docs: readonly Y.Doc[] } {
  const random = new SeededRandom(seed);
  const updates: Uint8Array[] = [];
  const docs = [1, 2, 3].map((id) => {
    const doc = new Y.Doc();
    doc.clientID = id * 1_000_003 + random.below(1_000);
    doc.on('update', (update: Uint8Array, origin: unknown) => origin !== 'others' && updates.push(update));
    return doc;
  });
  const heard = docs.map(() => 0);
  for (let left = edits; left > 0; left--) {
    const who = random.below(docs.length);
    if (random.chance(0.5)) for (; heard[who]! < updates.length; heard[who]!++) Y.applyUpdate(docs[who]!, updates[heard[who]!]!, 'others');
    docs[who]!.transact(() => edit(docs[who]!, random));
  }
  return { updates, docs };
}

test('what people do in an app is plain, whatever content it has, as long as it comes in the order in which it was made', () => {
  const room = new Y.Doc();
  let plain = 0;
  const { updates } = session(1, 2_000);
  for (const update of updates) {
    const read = readPlainUpdate(update, clockOf(room), isUnderKey(room));
    Y.applyUpdate(room, update);
    if (!read) continue;
    plain++;
    for (const [client, clock] of read.reached) expect(Y.getState(room.store, client)).toBe(clock);
  }
  expect(updates.length).toBeGreaterThan(1_500);
  expect(plain / updates.length).toBeGreaterThan(0.99);
});

test('a document of many updates is the same as one that took each at once', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 0, max: 3 }), (seed, twice) => {
    const random = new SeededRandom(seed);
    const { updates } = session(seed, 120);
    const room = new RoomDocument();
    const each = new Y.Doc();
    for (const update of updates) {
      for (let left = random.below(twice + 1); left >= 0; left--) {
        const before = Y.snapshot(each);
        const news = room.apply(update.slice());
        applyAlone(each, update);
        // What others are told brings them where this document is.
        if (news === null) expect(Y.equalSnapshots(before, Y.snapshot(each))).toBe(true);
      }
      if (random.chance(0.1)) expect(Y.equalSnapshots(Y.snapshot(room.doc), Y.snapshot(each))).toBe(true);
    }
    expect(room.doc.getMap('map').toJSON()).toEqual(each.getMap('map').toJSON());
    expect(Y.equalSnapshots(Y.snapshot(room.doc), Y.snapshot(each))).toBe(true);
    room.destroy();
  }), { numRuns: 60 });
});

/** Without the tidying of formats that Yjs does by itself, which depends on what comes together. */
function applyAlone(doc: Y.Doc, update: Uint8Array): void {
  doc.transact((transaction) => {
    Y.applyUpdate(doc, update);
    transaction.local = true;
  });
}

test('whoever hears only the news of a room, in any order of arrival there, has what the room has', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
    const random = new SeededRandom(seed);
    const { updates } = session(seed, 80);
    // Neighbours change places: some come before what they need.
    for (let i = 1; i < updates.length; i++) if (random.chance(0.15)) [updates[i - 1], updates[i]] = [updates[i]!, updates[i - 1]!];
    const room = new RoomDocument();
    const listener = new Y.Doc();
    for (const update of updates) {
      const news = room.apply(update.slice());
      if (news) applyAlone(listener, news);
    }
    expect(listener.store.pendingStructs).toBe(null);
    expect(Y.equalSnapshots(Y.snapshot(listener), Y.snapshot(room.doc))).toBe(true);
    room.destroy();
  }), { numRuns: 60 });
});

test('a mutated update that is plain never fails in Yjs and leaves nothing waiting', { timeout: 3_600_000, tags: ['runs'] }, () => {
  let [tried, plain, refused] = [0, 0, 0];
  const mutants = countOf('update-mutants');
  noteRuns('update-mutants', mutants);
  for (let seed = firstSeed(); tried < mutants; seed++) {
    const random = new SeededRandom(seed);
    const { updates } = session(seed, 60);
    const known = random.below(updates.length - 1);
    const base = Y.mergeUpdates(updates.slice(0, known + 1));
    for (let left = 400; left > 0 && tried < mutants; left--, tried++) {
      const room = new Y.Doc();
      Y.applyUpdate(room, base);
      const mutant = mutated(updates[known + 1 + (random.chance(0.7) ? 0 : random.below(updates.length - known - 1))]!, random);
      const read = readPlainUpdate(mutant, clockOf(room), isUnderKey(room));
      if (!read) {
        refused++;
        continue;
      }
      plain++;
      const repeat = `${repeatWith('update-mutants', seed, 400)} (${Buffer.from(mutant).toString('hex')})`;
      expect(() => Y.applyUpdate(room, mutant), repeat).not.toThrow();
      expect(room.store.pendingStructs, repeat).toBe(null);
      expect(room.store.pendingDs, repeat).toBe(null);
      // Nor does what comes of it.
      expect(() => Y.applyUpdate(new Y.Doc(), Y.encodeStateAsUpdate(room)), repeat).not.toThrow();
      for (const [client, clock] of read.reached) expect(Y.getState(room.store, client), repeat).toBe(clock);
    }
  }
  expect(plain).toBeGreaterThan(mutants / 40);
  expect(refused).toBeGreaterThan(mutants / 40);
});

function mutated(update: Uint8Array, random: SeededRandom): Uint8Array {
  const bytes = [...update];
  for (let left = 1 + random.below(3); left > 0; left--) {
    const at = random.below(bytes.length);
    switch (random.below(6)) {
      case 0: bytes[at] = random.below(256); break;
      case 1: bytes[at] = bytes[at]! ^ (1 << random.below(8)); break;
      case 2: bytes[at] = Math.min(255, bytes[at]! + 1); break;
      case 3: bytes[at] = Math.max(0, bytes[at]! - 1); break;
      case 4: bytes.splice(at, 1); break;
      default: bytes.splice(at, 0, random.below(128));
    }
    if (bytes.length === 0) bytes.push(0);
  }
  return Uint8Array.from(bytes);
}

test('an item that names one of its own client that is still to come is not plain', () => {
  // One client, one item of one character: its origin is itself.
  const update = Uint8Array.of(1, 1, 7, 0, 0x84, 7, 0, 1, 120, 0);
  expect(readPlainUpdate(update, () => 0, () => false)).toBe(null);
  expect(() => Y.applyUpdate(new Y.Doc(), update)).toThrow();
});

test('types nested so deep that Yjs could fail to delete them are taken one by one', () => {
  const doc = new Y.Doc();
  const room = new RoomDocument();
  doc.on('update', (update: Uint8Array) => room.apply(update));
  let inner = doc.getMap<unknown>('map');
  for (let depth = 0; depth < 600; depth++) {
    const next = new Y.Map<unknown>();
    inner.set('x', next);
    inner = next;
  }
  // Taken back at once, as whatever is not plain: the document could be integrated.
  expect(room.apply(Y.encodeStateAsUpdate(doc))).toBe(null);
  const leaf: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => void leaf.push(update));
  inner.set('leaf', 1);
  expect(Y.equalSnapshots(Y.snapshot(room.doc), Y.snapshot(doc))).toBe(true);
  room.destroy();
});

test('a document goes back to what it was when an update is refused, with what was not integrated yet', () => {
  const room = new RoomDocument();
  const doc = new Y.Doc();
  doc.on('update', (update: Uint8Array) => room.apply(update));
  for (const letter of 'letters') doc.getText('t').insert(doc.getText('t').length, letter);
  const bad = Uint8Array.of(1, 1, 7, 0, 0x84, 7, 0, 1, 120, 0);
  expect(() => room.apply(bad)).toThrow(Refusal);
  expect(room.doc.getText('t').toString()).toBe('letters');
  room.destroy();
});
