/** Yjs documents without guards: for updates that are known to be sound, and for whoever guards them. */
import * as Y from 'yjs';

/** Its name counts for nobody, and one made by chance takes longer than all the rest. */
export function emptyDoc(gc: boolean): Y.Doc {
  return new Y.Doc({ gc, guid: 'room' });
}

/** What a document gets meanwhile, as one update; null for nothing. */
export function newsIn(doc: Y.Doc, change: () => void): Uint8Array | null {
  let news: Uint8Array | null = null;
  const note = (update: Uint8Array): void => void (news = update);
  doc.on('update', note);
  try {
    change();
  } finally {
    doc.off('update', note);
  }
  return news;
}

/**
 * Applies updates in one transaction. Changes nothing of its own: after what others did, Yjs removes formats that have become needless, each document by
 * itself; here that would be something that nobody did, and others would hear of it or not, depending on who asked when.
 */
export function applyTo(doc: Y.Doc, updates: readonly Uint8Array[]): void {
  doc.transact((transaction) => {
    for (const update of updates) Y.applyUpdate(doc, update);
    // Set to false by applyUpdate; that is what the tidying goes by (YText._callObserver).
    transaction.local = true;
  });
}

/** What a document of this snapshot lacks of another one, as one update with nothing in it twice; null where it lacks nothing. Both must be sound. */
export function newsOf(snapshot: Uint8Array, other: Uint8Array, gc: boolean): Uint8Array | null {
  if (snapshot === other) return null;
  const copy = emptyDoc(gc);
  applyTo(copy, [snapshot]);
  const news = newsIn(copy, () => applyTo(copy, [other]));
  copy.destroy();
  return news;
}
