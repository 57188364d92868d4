/**
 * What is wrong with Yjs updates that Yjs itself takes, and falls over later: after other edits, or when the document is read again.
 *
 * Guarantees: nothing that a Yjs client writes is found wrong. Does not find all that could harm; what fails at once needs no check.
 */
import * as Y from 'yjs';
import type { TypeId } from './plain-update.ts';

/** What an update adds: items, and gaps where there were some. */
type Struct = ReturnType<typeof Y.decodeUpdate>['structs'][number];

/** Throws where something has no length, or one that no number can hold. Yjs writes no such thing, and may fail over it long after it was taken. */
export function mustHaveLengths(update: Uint8Array): void {
  const { structs, ds } = Y.decodeUpdate(update);
  const isLength = (clock: number, length: number): boolean => length > 0 && clock + length <= Number.MAX_SAFE_INTEGER;
  if (!structs.every(({ id, length }) => isLength(id.clock, length))) throw new RangeError('an item without a length');
  for (const ranges of ds.clients.values()) if (!ranges.every(({ clock, len }) => isLength(clock, len))) throw new RangeError('a deletion without a length');
}

/** Whether a document took several live values in one item under one key of a map: no Yjs writes that, and each fails over it after other edits (plain-update.ts). */
export function hasCrowdedKey(doc: Y.Doc, added: readonly Struct[]): boolean {
  return added.some((struct) => {
    if (!(struct instanceof Y.Item) || struct.length === 1 || struct.content instanceof Y.ContentDeleted) return false;
    const found: unknown = Y.getItem(doc.store, struct.id);
    return found instanceof Y.Item && found.parentSub !== null;
  });
}

/** The types among these. */
export function typesIn(added: readonly Struct[]): TypeId[] {
  return added.flatMap((struct) => (struct instanceof Y.Item && struct.content instanceof Y.ContentType ? [[struct.id.client, struct.id.clock] as const] : []));
}
