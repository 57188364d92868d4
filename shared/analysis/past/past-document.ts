/**
 * The CRDT's document as a replica had it at some time: a snapshot of Yjs, read by the strategy's own code.
 *
 * Guarantees: it holds just the items that the replica's edits had made, and lacks just those that they had deleted.
 * What programs without a journal wrote is there at all times, and what they deleted never is: nobody can tell when.
 * The journal may lag some milliseconds behind the document: what an edit builds on is there even so.
 */
import * as Y from 'yjs';
import type { ReplicaId } from '../../clocks/dot.ts';
import type { VersionVector } from '../../clocks/version-vector.ts';
import type { Schema } from '../../document/schema.ts';
import { compareCausally } from '../../history/causal-order.ts';
import { type EditRecord, isEdit, type JournalRecord } from '../../history/record.ts';
import { type ItemRange, seedClient, YjsStrategy } from '../../strategies/yjs/yjs-strategy.ts';
import { getOrMake } from '../concurrency.ts';
import { detailsOf } from '../fates/yjs-witness.ts';
import { filtered } from '../filtered.ts';
import { eachOf, type Sliced, sorted } from '../slices.ts';
import { keptDocument } from './kept-document.ts';
import { type CrdtEdit, CreatedContents } from './created-contents.ts';

interface Deletion {
  readonly clock: number;
  readonly len: number;
}

/** How often a snapshot is made anew with what its items build on. */
const triesMax = 50;

export class PastDocument {
  /** Each replica's in order. */
  private readonly edits = new Map<ReplicaId, CrdtEdit[]>();
  /** What is there at all times, by client. */
  private readonly always = new Map<number, number>();
  private readonly neverThere = new Map<number, Deletion[]>();

  private constructor(private readonly schema: Schema, private readonly kept: Y.Doc) {}

  /** `doc` has all of these records. */
  static *of(schema: Schema, doc: Y.Doc, records: readonly JournalRecord[]): Sliced<PastDocument> {
    const accepted = yield* filtered(records, (record): record is EditRecord => isEdit(record) && detailsOf(record) !== null);
    const inOrder = yield* sorted(accepted, compareCausally);
    const edits: CrdtEdit[] = [];
    yield* eachOf(inOrder, (record) => void edits.push({ record, details: detailsOf(record)! }));
    const contents = yield* CreatedContents.of(schema, doc, edits);
    const past = new PastDocument(schema, yield* keptDocument(schema, doc, contents));
    yield* eachOf(edits, (edit) => void getOrMake(past.edits, edit.record.dot.replica, () => []).push(edit));
    yield* past.noteOthers(doc, edits);
    return past;
  }

  /** What somebody had who had seen this. */
  at(has: VersionVector): YjsStrategy {
    const state = new Map(this.always);
    const deleted = new Map([...this.neverThere].map(([client, ranges]) => [client, [...ranges]]));
    for (const [replica, edits] of this.edits) {
      const upTo = has.get(replica);
      for (const { record: { dot }, details: { created, deleted: ranges } } of edits) {
        if (dot.counter > upTo) break;
        if (created.length > 0) state.set(created.client, Math.max(state.get(created.client) ?? 0, created.clock + created.length));
        noteDeleted(deleted, ranges);
      }
    }
    return new YjsStrategy(this.schema, this.snapshot(state, deleted));
  }

  private snapshot(state: Map<number, number>, deleted: ReadonlyMap<number, readonly Deletion[]>): Y.Doc {
    const deletions = joined(deleted);
    for (let tries = 1; ; tries++) {
      for (const [client, clock] of state) state.set(client, Math.min(clock, Y.getState(this.kept.store, client)));
      const doc = Y.createDocFromSnapshot(this.kept, Y.createSnapshot(deletions, state), new Y.Doc());
      const missing = doc.store.pendingStructs?.missing;
      if (!missing || tries === triesMax) return doc;
      for (const [client, clock] of missing) state.set(client, Math.max(state.get(client) ?? 0, clock + 1));
    }
  }

  private *noteOthers(doc: Y.Doc, edits: readonly CrdtEdit[]): Sliced<void> {
    const journaled = new Set(edits.map(({ details }) => details.created.client));
    let hasOthers = false;
    for (const [client, clock] of Y.decodeStateVector(Y.encodeStateVector(doc))) {
      if (journaled.has(client)) continue;
      this.always.set(client, clock);
      hasOthers ||= client !== seedClient;
    }
    if (hasOthers) yield* this.noteDeletedByOthers(doc, edits);
  }

  /** Deleted items that no edit deleted, and that no other value of their key replaced. */
  private *noteDeletedByOthers(doc: Y.Doc, edits: readonly CrdtEdit[]): Sliced<void> {
    const deleted = new Map<number, Deletion[]>();
    yield* eachOf(edits, ({ details }) => noteDeleted(deleted, details.deleted));
    const byEdits = joined(deleted);
    for (const [client, structs] of doc.store.clients) {
      yield* eachOf(structs, (struct) => {
        if (!(struct instanceof Y.Item) || !struct.deleted || (struct.parentSub !== null && struct.right !== null)) return;
        for (let clock = struct.id.clock; clock < struct.id.clock + struct.length; clock++) {
          if (!Y.isDeleted(byEdits, Y.createID(client, clock))) getOrMake(this.neverThere, client, () => []).push({ clock, len: 1 });
        }
      });
    }
  }
}

function noteDeleted(deleted: Map<number, Deletion[]>, ranges: readonly ItemRange[]): void {
  for (const { client, clock, length } of ranges) getOrMake(deleted, client, () => []).push({ clock, len: length });
}

/** Yjs writes ranges as distances: they must stand in order and must not overlap. */
function joined(deleted: ReadonlyMap<number, readonly Deletion[]>): ReturnType<typeof Y.createDeleteSet> {
  const deletions = Y.createDeleteSet();
  for (const [client, ranges] of deleted) deletions.clients.set(client, ranges.map((range) => ({ ...range })));
  return Y.mergeDeleteSets([deletions]);
}
