/** What the doctor says of random documents, checked by what Yjs itself makes of them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { ClockRanges } from '../../../../shared/analysis/doctor/clock-ranges.ts';
import { compareDocuments, symptomsOf } from '../../../../shared/analysis/doctor/compare-documents.ts';
import { readSavedDocument } from '../../../../shared/analysis/doctor/saved-document.ts';
import { partsOf } from '../../../support/run-counts.ts';
import { story, syncAll, tell } from './random-edits.ts';

const { runs, atLeast } = partsOf('doctor-properties');
const encoders = { v1: Y.encodeStateAsUpdate, v2: Y.encodeStateAsUpdateV2 };
const format = fc.constantFrom('v1' as const, 'v2' as const);

function docOf(updates: readonly Uint8Array[], gc = true): Y.Doc {
  const doc = new Y.Doc({ gc });
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
}

function rangesOf(update: Uint8Array): ClockRanges {
  const { from, to } = Y.parseUpdateMeta(update);
  return ClockRanges.of([...from].map(([client, clock]) => ({ client, clock, length: to.get(client)! - clock })));
}

test('two documents that have synced are equal, each in whichever format, whatever Yjs has thrown away', { tags: ['runs'] }, () => {
  fc.assert(fc.property(story, format, format, (told, a, b) => {
    const { docs } = tell(told);
    syncAll(docs);
    const first = readSavedDocument(encoders[a](docs[0]!));
    for (const other of docs.slice(1)) {
      const second = readSavedDocument(encoders[b](other));
      expect([first.format, second.format]).toEqual([a, b]);
      expect(compareDocuments(first, second).differences).toEqual([]);
      expect(symptomsOf(first, [second]).filter(({ kind }) => kind !== 'seeded-twice')).toEqual([]);
    }
  }), runs(600));
});

test('an update that one side never got is named, with its client and clocks; what waits is what Yjs keeps back', { tags: ['runs'] }, () => {
  let [withheldEdits, waiting, waitingDeletions] = [0, 0, 0];
  fc.assert(fc.property(story, fc.nat(), format, (told, number, form) => {
    const { updates } = tell(told);
    fc.pre(updates.length > 0);
    const withheld = number % updates.length;
    const [whole, lacking] = [docOf(updates), docOf(updates.filter((_, i) => i !== withheld), false)];
    const [first, second] = [readSavedDocument(encoders[form](whole)), readSavedDocument(encoders[form](lacking))];
    const { differences } = compareDocuments(first, second);
    const missing = differences.flatMap((each) => (each.kind === 'missing-updates' ? [[each.on, each.ranges.map(({ client, clock, length }) => ({ client, clock, length }))]] : []));
    const ranges = rangesOf(updates[withheld]!);
    expect(missing).toEqual(ranges.isEmpty ? [] : [['second', ranges.list()]]);
    if (!ranges.isEmpty) withheldEdits++;

    expect(Object.fromEntries(second.stateVector)).toEqual(Object.fromEntries(Y.decodeStateVector(Y.encodeStateVector(lacking))));
    const symptoms = symptomsOf(second, [first]);
    const waits = symptoms.flatMap((each) => (each.kind === 'pending-structs' ? each.waits : []));
    expect(waits.length > 0).toBe(lacking.store.pendingStructs !== null);
    for (const { for: unit, is } of waits) expect(is === 'elsewhere' ? ranges.has(unit.client, unit.clock) : second.present.has(unit.client, unit.clock)).toBe(true);
    const { pendingDs } = lacking.store;
    const kept = pendingDs === null ? [] : [...Y.decodeUpdateV2(pendingDs).ds.clients].flatMap(([client, own]) => own.map(({ clock, len }) => ({ client, clock, length: len })));
    expect(symptoms.flatMap((each) => (each.kind === 'pending-deletions' ? each.ranges : []))).toEqual(ClockRanges.of(kept).list());
    if (waits.length > 0) waiting++;
    if (pendingDs) waitingDeletions++;
  }), runs(800));
  expect(Math.min(withheldEdits, waiting, waitingDeletions)).toBeGreaterThan(atLeast(20));
});

test('deletions that one side never heard of are named to the unit, and so is every other difference between documents that went apart', { tags: ['runs'] }, () => {
  let [deletions, sameVectors] = [0, 0];
  fc.assert(fc.property(story, fc.nat(9), (told, late) => {
    const { docs } = tell(told);
    const [a, b] = [docs[0]!, docs[1]!];
    if (late < 5) {
      syncAll(docs);
      a.getText('text').delete(0, Math.min(late, a.getText('text').length));
      b.getMap('map').delete('k');
    }
    const { differences } = compareDocuments(readSavedDocument(Y.encodeStateAsUpdate(a)), readSavedDocument(Y.encodeStateAsUpdate(b)));
    const [inA, inB] = [unitsOf(a), unitsOf(b)];
    const named = (kind: string, side: string): string[] => differences.flatMap((each) => ('ranges' in each && each.kind === kind && ('on' in each ? each.on : 'deletedOn' in each ? each.deletedOn : '') === side ? unitsIn(each.ranges) : []));
    const only = (here: Map<string, boolean>, there: Map<string, boolean>): string[] => [...here.keys()].filter((unit) => !there.has(unit));
    const deletedIn = (here: Map<string, boolean>, there: Map<string, boolean>): string[] => [...here].filter(([unit, deleted]) => deleted && there.get(unit) === false).map(([unit]) => unit);
    expect(new Set(named('missing-updates', 'second'))).toEqual(new Set(only(inA, inB)));
    expect(new Set(named('missing-updates', 'first'))).toEqual(new Set(only(inB, inA)));
    expect(new Set(named('deletions-differ', 'first'))).toEqual(new Set(deletedIn(inA, inB)));
    expect(new Set(named('deletions-differ', 'second'))).toEqual(new Set(deletedIn(inB, inA)));
    expect(differences.filter(({ kind }) => kind === 'shared-client-id')).toEqual([]);
    for (const each of differences) {
      if (each.kind !== 'deletions-differ') continue;
      deletions++;
      if (each.sameStateVectors) sameVectors++;
      expect(each.sameStateVectors).toBe(Y.equalSnapshots(Y.createSnapshot(Y.createDeleteSet(), Y.snapshot(a).sv), Y.createSnapshot(Y.createDeleteSet(), Y.snapshot(b).sv)));
    }
  }), runs(600));
  expect(Math.min(deletions, sameVectors)).toBeGreaterThan(atLeast(10));
});

test('where one client id was used twice, documents that show different things are never called equal', { tags: ['runs'] }, () => {
  let [clashes, equal] = [0, 0];
  fc.assert(fc.property(story, (told) => {
    // Nobody hears of anybody: Yjs would draw another client id.
    const { docs } = tell({ ...told, steps: told.steps.filter((each) => 'edit' in each) }, [101, 101, 103]);
    const [a, b] = [docs[0]!, docs[1]!];
    const { differences } = compareDocuments(readSavedDocument(Y.encodeStateAsUpdate(a)), readSavedDocument(Y.encodeStateAsUpdate(b)));
    if (differences.some(({ kind }) => kind === 'shared-client-id')) clashes++;
    if (differences.length > 0) return;
    equal++;
    expect(contentOf(a)).toEqual(contentOf(b));
  }), runs(800));
  expect(clashes).toBeGreaterThan(atLeast(200));
  expect(equal).toBeGreaterThan(atLeast(5));
});

function contentOf(doc: Y.Doc): unknown {
  const map = Object.fromEntries([...doc.getMap('map')].map(([key, value]) => [key, value instanceof Y.Doc ? value.guid : value instanceof Y.AbstractType ? (value.toJSON() as unknown) : value]));
  return [doc.getText('text').toDelta(), map, doc.getArray('list').toJSON(), doc.getXmlFragment('xml').toJSON()];
}

/** Each unit in a document's store, and whether it is deleted. */
function unitsOf(doc: Y.Doc): Map<string, boolean> {
  const units = new Map<string, boolean>();
  for (const structs of doc.store.clients.values()) for (const { id, length, deleted } of structs) for (let i = 0; i < length; i++) units.set(`${id.client}:${id.clock + i}`, deleted);
  return units;
}

function unitsIn(ranges: readonly { readonly client: number; readonly clock: number; readonly length: number }[]): string[] {
  return ranges.flatMap(({ client, clock, length }) => Array.from({ length }, (_, i) => `${client}:${clock + i}`));
}
