/** What a random run comes to without all that makes it one: its edits, each written at its replica and taken over by the others, and nothing else. */
import * as Y from 'yjs';
import type { ReplicaId } from '../shared/clocks/dot.ts';
import { fieldOf, type Schema } from '../shared/document/schema.ts';
import { inCausalOrder } from '../shared/history/causal-order.ts';
import { type EditRecord, isEdit, type JournalRecord } from '../shared/history/record.ts';
import { LastWriterWins } from '../shared/strategies/last-writer-wins/last-writer-wins.ts';
import { refusalOf, rootOf, writeIntent } from '../shared/strategies/yjs/yjs-fields.ts';

/** A run's records, as those who made them saw them. */
export interface BareRun {
  readonly schema: Schema;
  readonly replicas: readonly ReplicaId[];
  /** Those that took effect under the strategy, in causal order. */
  readonly edits: readonly EditRecord[];
  readonly records: readonly JournalRecord[];
}

export function bareRun(schema: Schema, replicas: readonly ReplicaId[], records: readonly JournalRecord[]): BareRun {
  const ordered = inCausalOrder(records);
  return { schema, replicas, records: ordered, edits: ordered.filter(isEdit).filter(({ traces }) => Object.values(traces).some(({ outcome }) => outcome === 'accepted')) };
}

/**
 * With Yjs alone: an edit is written when its replica has what its maker had seen. `atOnce`: what a document lacks then is taken over in one transaction;
 * else update by update, as they come from a network.
 */
export function inBareYjs({ schema, replicas, edits }: BareRun, atOnce: boolean): void {
  const updates: { readonly edit: EditRecord; readonly bytes: Uint8Array }[] = [];
  const docs = new Map(replicas.map((replica, i) => [replica, newDocument(schema, i + 2)]));
  const bring = (to: Copy, saw: (edit: EditRecord) => boolean): void => {
    const missing: Uint8Array[] = [];
    for (let at = to.hadAll; at < updates.length; at++) {
      if (to.had.has(at) || !saw(updates[at]!.edit)) continue;
      missing.push(updates[at]!.bytes);
      to.had.add(at);
    }
    while (to.had.delete(to.hadAll)) to.hadAll++;
    const take = (): void => missing.forEach((bytes) => Y.applyUpdate(to.doc, bytes, 'peer'));
    if (atOnce) to.doc.transact(take, 'peer');
    else take();
  };
  for (const edit of edits) {
    const at = docs.get(edit.dot.replica)!;
    bring(at, ({ dot }) => edit.context.includes(dot));
    const field = fieldOf(schema, edit.field);
    // Other clients, another order of texts: a splice may not find its text here.
    if (refusalOf(at.doc, field, edit.intent) !== null) continue;
    const note = (bytes: Uint8Array): void => {
      at.had.add(updates.length);
      updates.push({ edit, bytes });
    };
    at.doc.on('update', note);
    at.doc.transact(() => writeIntent(at.doc, field, edit.intent, edit.dot), 'own');
    at.doc.off('update', note);
  }
  for (const each of docs.values()) bring(each, () => true);
}

/** With last writer wins alone: each copy takes all records, which are not read from bytes. */
export function inBareLastWriterWins({ schema, replicas, records }: BareRun): void {
  for (const copy of replicas.map(() => new LastWriterWins(schema))) for (const record of records) copy.take(record);
}

/** A document, and which updates it had: all before `hadAll`, and these. */
interface Copy {
  readonly doc: Y.Doc;
  readonly had: Set<number>;
  hadAll: number;
}

function newDocument(schema: Schema, client: number): Copy {
  const doc = new Y.Doc({ guid: 'bare' });
  doc.clientID = client;
  for (const field of schema) rootOf(doc, field);
  return { doc, had: new Set(), hadAll: 0 };
}
