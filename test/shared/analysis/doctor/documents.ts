/** Yjs documents with a known client id, for the tests of the doctor. */
import * as Y from 'yjs';
import { type Comparison, compareDocuments, symptomsOf } from '../../../../shared/analysis/doctor/compare-documents.ts';
import type { Symptom } from '../../../../shared/analysis/doctor/finding.ts';
import { readSavedDocument, type SavedDocument } from '../../../../shared/analysis/doctor/saved-document.ts';

/** A document of this client, from updates and by edits. */
export function docOf(client: number, updates: readonly Uint8Array[] = [], edit: (doc: Y.Doc) => void = () => {}, { gc = true } = {}): Y.Doc {
  const doc = new Y.Doc({ gc });
  doc.clientID = client;
  for (const update of updates) Y.applyUpdate(doc, update);
  edit(doc);
  return doc;
}

export function write(text: string, index?: number): (doc: Y.Doc) => void {
  return (doc) => doc.getText('text').insert(index ?? doc.getText('text').length, text);
}

export const saved = (doc: Y.Doc): Uint8Array => Y.encodeStateAsUpdate(doc);

/** Each edit's own update. */
export function updatesOf(client: number, ...edits: readonly ((doc: Y.Doc) => void)[]): Uint8Array[] {
  const updates: Uint8Array[] = [];
  const doc = docOf(client);
  doc.on('update', (update: Uint8Array) => void updates.push(update));
  for (const edit of edits) edit(doc);
  return updates;
}

export function compared(first: Y.Doc | Uint8Array, second: Y.Doc | Uint8Array): Comparison & { readonly symptoms: readonly [readonly Symptom[], readonly Symptom[]] } {
  const [a, b] = [first, second].map((each) => readSavedDocument(each instanceof Y.Doc ? saved(each) : each)) as [SavedDocument, SavedDocument];
  return { ...compareDocuments(a, b), symptoms: [symptomsOf(a, [b]), symptomsOf(b, [a])] };
}
