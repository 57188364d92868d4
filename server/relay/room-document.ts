/**
 * The Yjs document of a room, guarded against bad updates.
 *
 * Guarantees: an update either changes the document as Yjs means it or throws a Refusal and leaves the document as it was. Yjs itself
 * does not promise that: an update that reads well can still throw half way through its integration. Then the document is built anew
 * from the updates taken so far, which is dear but happens only to whoever sends such a thing.
 */
import * as Y from 'yjs';
import { closeCodes, decoded, Refusal } from './refusal.ts';

/** How many updates may wait for something missing. Each costs Yjs a merge of all of them, so that 20,000 would take half a minute. */
const waitingMax = 1_000;

export class RoomDocument {
  private current = new Y.Doc();
  private taken: Uint8Array[] = [];
  private latest: Uint8Array | null = null;
  private waiting = 0;

  constructor() {
    this.listen();
  }

  /** A document with what these snapshots hold. */
  static of(snapshots: Iterable<Uint8Array>): RoomDocument {
    const made = new RoomDocument();
    for (const snapshot of snapshots) made.apply(snapshot);
    return made;
  }

  /** What a document of this snapshot lacks of another one, as one update with nothing in it twice; null where it lacks nothing. */
  static lacking(snapshot: Uint8Array, other: Uint8Array): Uint8Array | null {
    const copy = RoomDocument.of([snapshot]);
    const news = copy.apply(other);
    copy.destroy();
    return news;
  }

  /** The live document, to be read only. A new object after a bad update or `clear`. */
  get doc(): Y.Doc {
    return this.current;
  }

  get stateVector(): Uint8Array {
    return Y.encodeStateVector(this.current);
  }

  /** The whole document as one update. */
  snapshot(): Uint8Array {
    return Y.encodeStateAsUpdate(this.current);
  }

  /** What somebody with this state vector lacks. */
  missing(stateVector: Uint8Array): Uint8Array {
    return decoded('state vector', () => Y.encodeStateAsUpdate(this.current, stateVector));
  }

  /** Takes an update. Returns what was new in it, for the others and for the store, or null when nothing was. */
  apply(update: Uint8Array): Uint8Array | null {
    decoded('update', () => Y.decodeUpdate(update));
    // Yjs changes `pendingStructs` in place, but never the bytes in it.
    const before = { structs: this.current.store.pendingStructs?.update, deletions: this.current.store.pendingDs };
    const changed = this.integrate(update);
    const { pendingStructs, pendingDs } = this.current.store;
    const waits = pendingStructs?.update !== before.structs || pendingDs !== before.deletions;
    if (pendingStructs === null) this.waiting = 0;
    else if (changed === null && waits) this.countWaiting();
    // Yjs announces only what it could integrate. Of an update that waits for another one, the bytes themselves are the news.
    const news = pendingStructs === null && pendingDs === null ? changed : changed || waits ? update.slice() : null;
    if (news) this.taken.push(news);
    return news;
  }

  /** Takes a stored update. Returns false, with the document unchanged, when it cannot be read. */
  restore(update: Uint8Array): boolean {
    try {
      this.apply(update);
      return true;
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    }
  }

  /** How many updates it has been made of since it was last compacted. */
  get takenCount(): number {
    return this.taken.length;
  }

  /** Takes back the update that `apply` took last, if that brought news. */
  takeBack(): void {
    this.taken.pop();
    this.rebuild();
  }

  /** Forgets how the document came about: from now on it is this one snapshot. */
  compact(): Uint8Array {
    const snapshot = this.snapshot();
    this.taken = [snapshot];
    return snapshot;
  }

  clear(): void {
    this.taken = [];
    this.waiting = 0;
    this.rebuild();
  }

  destroy(): void {
    this.current.destroy();
  }

  private integrate(update: Uint8Array): Uint8Array | null {
    this.latest = null;
    try {
      Y.applyUpdate(this.current, update);
    } catch (error) {
      this.rebuild();
      throw new Refusal(closeCodes.malformed, `malformed update: ${error instanceof Error ? error.message : String(error)}`);
    }
    return this.latest;
  }

  private countWaiting(): void {
    if (this.waiting < waitingMax) {
      this.waiting++;
      return;
    }
    this.rebuild();
    throw new Refusal(closeCodes.policy, `${waitingMax} updates wait for others that never came`);
  }

  private rebuild(): void {
    this.current.destroy();
    this.current = new Y.Doc();
    for (const update of this.taken) Y.applyUpdate(this.current, update);
    this.listen();
  }

  private listen(): void {
    this.current.on('update', (update: Uint8Array) => {
      this.latest = update;
    });
  }
}
