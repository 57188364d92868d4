/** Updates written by the grammar, to harm: what the relay's document makes of them. */
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { type PlainUpdate, readPlainUpdate } from '../../../../shared/relay/document/plain-update.ts';
import { Refusal } from '../../../../shared/relay/refusal.ts';
import { RoomDocument } from '../../../../shared/relay/document/room-document.ts';
import { SeededRandom } from '../../../../shared/network/seeded-random.ts';
import { hostileUpdate } from '../../../support/hostile-updates.ts';
import { repeatWith, seedsOf } from '../../../support/run-counts.ts';

/** A document with every kind of type, and deletions in it. */
function baseDocument(random: SeededRandom): Y.Doc {
  const doc = new Y.Doc();
  doc.clientID = 7;
  doc.transact(() => {
    doc.getText('text').insert(0, 'Hello, all of you');
    doc.getText('text').format(2, 5, { bold: true });
    doc.getArray('list').push([1, 'two', { three: 3 }, new Y.Map([['in', new Y.Text('deep')]])]);
    doc.getMap('map').set('key', 'value');
    doc.getMap('map').set('k', new Y.Array());
    doc.getXmlFragment('xml').insert(0, [new Y.XmlElement('p')]);
  });
  doc.getText('text').delete(random.below(10), 4);
  if (random.chance(0.5)) doc.getArray('list').delete(3, 1);
  return doc;
}

function applyAlone(doc: Y.Doc, update: Uint8Array): void {
  doc.transact((transaction) => {
    Y.applyUpdate(doc, update);
    transaction.local = true;
  });
}

function isUnderKey(doc: Y.Doc, client: number, clock: number): boolean {
  const found: unknown = Y.getItem(doc.store, Y.createID(client, clock));
  return found instanceof Y.Item && found.parentSub !== null;
}

function plainFor(doc: Y.Doc, update: Uint8Array): PlainUpdate | null {
  return readPlainUpdate(update, (id) => Y.getState(doc.store, id), (id, clock) => isUnderKey(doc, id, clock));
}

function copyOf(snapshot: Uint8Array): Y.Doc {
  const doc = new Y.Doc();
  applyAlone(doc, snapshot);
  return doc;
}

function taken(room: RoomDocument, update: Uint8Array): Uint8Array | null | 'refused' {
  try {
    return room.apply(update);
  } catch (error) {
    if (error instanceof Refusal) return 'refused';
    throw error;
  }
}

/** Whoever comes now can read it, has all that the room has, and waits for nothing. */
function mustBeReadable(room: RoomDocument): void {
  const copy = copyOf(room.missing(Uint8Array.of(0)));
  expect(Y.decodeStateVector(Y.encodeStateVector(copy)), 'whoever comes now has all').toEqual(Y.decodeStateVector(room.stateVector));
  expect([copy.store.pendingStructs, copy.store.pendingDs], 'whoever comes now waits for nothing').toEqual([null, null]);
}

const outcomes = { plain: 0, taken: 0, nothing: 0, refused: 0 };

function attack(seed: number): void {
  const random = new SeededRandom(seed);
  const base = baseDocument(random);
  const room = new RoomDocument();
  room.apply(Y.encodeStateAsUpdate(base));
  // Takes what the room says is news, at once; so do clients.
  const client = copyOf(room.snapshot());
  for (let left = 40; left > 0; left--) {
    const update = hostileUpdate({ doc: client, random, malice: random.pick([0, 0, 0.05, 0.3]) });
    const before = Y.decodeStateVector(room.stateVector);
    const plain = plainFor(client, update);
    const news = taken(room, update.slice());
    if (news === 'refused') {
      outcomes.refused++;
      // By what the room has: integrated at other times, it may have forgotten other deleted items than the client.
      expect(plainFor(room.doc, update), 'a plain update is never refused').toBe(null);
      expect(Y.decodeStateVector(room.stateVector), 'what is refused changes nothing').toEqual(before);
      continue;
    }
    outcomes[plain ? 'plain' : news === null ? 'nothing' : 'taken']++;
    if (news) applyAlone(client, news);
    // More where something had waited for it.
    if (plain) for (const [id, clock] of plain.reached) expect(Y.getState(client.store, id), 'the clock that it reaches').toBeGreaterThanOrEqual(clock);
    expect([client.store.pendingStructs, client.store.pendingDs], 'nobody hears of what waits').toEqual([null, null]);
    // Read in the middle now and then, so that not all is integrated together.
    if (random.chance(0.5)) mustBeReadable(room);
  }
  // Not what is deleted: what Yjs itself would never write, such as several characters under one key of a map, it deletes or not as things come together.
  expect(Y.decodeStateVector(Y.encodeStateVector(client)), 'who heard the news has what the room has').toEqual(Y.decodeStateVector(room.stateVector));
  room.destroy();
}

test('updates that mean harm are refused whole or taken whole, and whoever hears of them has what the room has', { timeout: 3_600_000, tags: ['runs'] }, () => {
  const seeds = seedsOf('hostile-updates');
  for (const seed of seeds) {
    try {
      attack(seed);
    } catch (error) {
      throw new Error(`seed ${seed}; ${repeatWith('hostile-updates', seed)}`, { cause: error });
    }
  }
  // All ways were gone.
  for (const count of Object.values(outcomes)) expect(count).toBeGreaterThan(seeds.length / 10);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

test('values of a key that replaced one another, merged into one deleted item, are what every Yjs sends: they are taken', () => {
  const doc = new Y.Doc();
  for (let i = 0; i < 5; i++) doc.getMap('map').set('key', i);
  const room = new RoomDocument();
  expect(room.apply(Y.encodeStateAsUpdate(doc))).not.toBe(null);
  expect(room.doc.getMap('map').get('key')).toBe(4);
});

test('an item between a value of a list and one under a key belongs to the list, as Yjs means it: it may have several values', () => {
  const doc = new Y.Doc();
  doc.clientID = 7;
  doc.getArray('list').push([1]);
  doc.getMap('map').set('key', 1);
  const [list, underKey] = [[7, 0], [7, 1]];
  const both = 0x80 | 0x40;
  const oneUpdate = [1, 1, 9, 0, 8 | both, ...list!, ...underKey!, 2, 120, 120, 0];
  const room = new RoomDocument();
  room.apply(Y.encodeStateAsUpdate(doc));
  room.apply(Uint8Array.from(oneUpdate));
  expect(room.doc.getArray('list').toArray()).toEqual([1, true, true]);
});
