/** What a random run comes to without all that makes it one: its edits, each written at its replica and taken over by the others, and nothing else. */
import * as Y from 'yjs';
import type { ReplicaId } from '../shared/clocks/dot.ts';
import { fieldOf, type Schema } from '../shared/document/schema.ts';
import { inCausalOrder } from '../shared/history/causal-order.ts';
import { type EditRecord, isEdit, type JournalRecord } from '../shared/history/record.ts';
import { LastWriterWins } from '../shared/strategies/last-writer-wins/last-writer-wins.ts';
import { rootOf, writeIntent } from '../shared/strategies/yjs/yjs-fields.ts';

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
  const bring = (to: { readonly doc: Y.Doc; had: number }, until: (edit: EditRecord) => boolean): void => {
    // In causal order, what was not seen comes after what was, but for edits that nobody waits for.
    const missing: Uint8Array[] = [];
    let at = to.had;
    while (at < updates.length && until(updates[at]!.edit)) missing.push(updates[at++]!.bytes);
    to.had = at;
    const take = (): void => missing.forEach((bytes) => Y.applyUpdate(to.doc, bytes, 'peer'));
    if (atOnce) to.doc.transact(take, 'peer');
    else take();
  };
  for (const edit of edits) {
    const at = docs.get(edit.dot.replica)!;
    bring(at, ({ dot }) => edit.context.includes(dot));
    at.doc.once('update', (bytes: Uint8Array) => updates.push({ edit, bytes }));
    at.doc.transact(() => writeIntent(at.doc, fieldOf(schema, edit.field), edit.intent, edit.dot), 'own');
  }
  for (const each of docs.values()) bring(each, () => true);
}

/** With last writer wins alone: each copy takes all records, which are not read from bytes. */
export function inBareLastWriterWins({ schema, replicas, records }: BareRun): void {
  for (const copy of replicas.map(() => new LastWriterWins(schema))) for (const record of records) copy.take(record);
}

function newDocument(schema: Schema, client: number): { readonly doc: Y.Doc; had: number } {
  const doc = new Y.Doc({ guid: 'bare' });
  doc.clientID = client;
  for (const field of schema) rootOf(doc, field);
  return { doc, had: 0 };
}
