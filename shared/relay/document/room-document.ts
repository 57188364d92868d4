/**
 * The Yjs document of a room, guarded against bad updates.
 *
 * Guarantees: an update either changes the document as Yjs means it or throws a Refusal and leaves the document as it was. Yjs itself
 * does not promise that: an update that reads well can still throw half way through its integration. Then the document is built anew
 * from the updates taken so far, which is dear but happens only to whoever sends such a thing.
 *
 * An update that waits for others is kept, but nobody hears of it before it is integrated: only then is it known to be sound, and what waits in the documents of others
 * could make them fail over somebody else's good update. Where that happens here, what waited is given up, not what came. Where too many wait, `take` throws
 * TooManyWaiting: what waits can be given up then, if those who sent it can be asked again.
 *
 * Plain updates (plain-update.ts), nearly all that people type, cannot fail. They are taken at once and integrated later, many in one transaction, when
 * somebody reads the document or enough have come: that is much cheaper than one by one, and nobody waits for it.
 */
import * as Y from 'yjs';
import { errorText } from '../../encoding/error-text.ts';
import { readPlainUpdate, type TypeId, whyUnsound } from './plain-update.ts';
import { closeCodes, decoded, Refusal } from '../refusal.ts';
import { applyTo, emptyDoc, newsIn } from './apply-updates.ts';
import { nothingTaken, type Taken } from './taken.ts';
import { BytesAfterEnd, hasCrowdedKey, mustBeSound, typesIn } from './update-checks.ts';
import { WaitingUpdates } from './waiting-updates.ts';

/** How many plain updates, and bytes of them, may wait for their integration. Whoever gets there first integrates them. */
const tailMax = 2_000;
const tailBytesMax = 8 * 1024 * 1024;
/** From here on they should be integrated when there is time. */
const longTail = 100;
const longTailBytes = 256 * 1024;
/** So many updates, and bytes of them, are integrated at a time where nobody waits for them: a quarter of all, within these bounds. */
const sliceUpdates = { least: 25, most: 250 } as const;
const sliceBytes = 256 * 1024;
/** The size of a full document is found out anew when so many bytes have come. */
const measuredEach = 64 * 1024;
/** Types nested deeper are deleted by Yjs in a recursion that may not end well: such a document is integrated update by update. */
const depthMax = 500;
/** A document is not worth compacting before so many bytes of updates have come, however small it is. */
const compactBytesMin = 256 * 1024;

export class RoomDocument {
  private current: Y.Doc;
  private taken: Uint8Array[] = [];
  /** Bytes of those since it was last compacted, and of what it was compacted to. */
  private takenBytes = 0;
  private compactBytes = 0;
  /** Whether something was deleted since. */
  private mayBeSmaller = false;
  /** Taken and not integrated. */
  private tail: Uint8Array[] = [];
  private tailBytes = 0;
  private tailTypes: TypeId[] = [];
  /** Items of the tail under keys of maps, by client. */
  private readonly tailKeys = new Map<number, Set<number>>();
  /** The clocks that the tail reaches. */
  private readonly ahead = new Map<number, number>();
  private deepest = 0;
  private readonly waiting = new WaitingUpdates();
  /** Whether an update among those taken has waited for others. */
  private hasWaited = false;
  /** Whether updates that waited were given up, so that what is stored should be replaced. */
  private gaveUp = false;
  private known: { snapshot?: Uint8Array; shown?: Uint8Array; stateVector?: Uint8Array } = {};

  /** `gc`: whether what was deleted is forgotten; default true. False where apps keep versions (Y.Snapshot). */
  constructor(readonly gc = true) {
    this.current = emptyDoc(gc);
  }

  /** Begins with what snapshots hold, each of a document of this class: they are sound. To be called while it is empty. */
  begin(snapshots: readonly Uint8Array[]): void {
    applyTo(this.current, snapshots);
    const { clients, pendingStructs, pendingDs } = this.current.store;
    this.noteDepth([...clients.values()].flatMap(typesIn));
    if (pendingStructs !== null || pendingDs !== null) {
      this.hasWaited = true;
      this.waiting.add();
    }
    for (const snapshot of snapshots) this.keep(snapshot);
    if (snapshots.length === 1) this.known.snapshot = snapshots[0]!;
  }

  /** The live document, to be read only. A new object after a bad update or `clear`. */
  get doc(): Y.Doc {
    this.catchUp();
    return this.current;
  }

  get stateVector(): Uint8Array {
    return (this.known.stateVector ??= Y.encodeStateVector(this.doc));
  }

  /** The whole document as one update, with what waits; not to be changed. */
  snapshot(): Uint8Array {
    return (this.known.snapshot ??= Y.encodeStateAsUpdate(this.doc));
  }

  /** What somebody with this state vector lacks, without what waits; not to be changed. */
  missing(stateVector: Uint8Array): Uint8Array {
    if (stateVector.length === 1 && stateVector[0] === 0) return (this.known.shown ??= this.waits ? this.withoutWaiting() : this.snapshot());
    return decoded('state vector', () => (this.waits ? this.withoutWaiting(stateVector) : Y.encodeStateAsUpdate(this.doc, stateVector)));
  }

  /** Takes an update, as `take`. Returns what the others are to hear. */
  apply(update: Uint8Array): Uint8Array | null {
    return this.take(update).shown;
  }

  /** Takes an update. The bytes are kept: they must not change, nor be a part of something larger that would be kept with them. */
  take(update: Uint8Array): Taken {
    const plain = this.mayDefer ? readPlainUpdate(update, this.clockOf, this.isUnderKey) : null;
    if (!plain) return this.integrate(update);
    if (plain.isEmpty) return nothingTaken;
    for (const [client, clock] of plain.reached) this.ahead.set(client, clock);
    for (const type of plain.types) this.tailTypes.push(type);
    for (const [client, clocks] of plain.underKeys) this.noteKeys(client, clocks);
    this.tail.push(update);
    this.tailBytes += update.length;
    this.keep(update);
    if (this.tail.length > tailMax || this.tailBytes > tailBytesMax) this.catchUpSome();
    return { shown: update, kept: update, mayRelease: false };
  }

  /**
   * Throws a Refusal when what is new in an update would make the document larger than so many bytes. What only deletes, and so every step 2 that has no news, may pass where
   * it is no larger than the document may be. How large the document really is is found out again only after deletions and for every 64 KiB that came, as that costs a
   * walk through all of it.
   */
  mustHold(update: Uint8Array, bytesMax: number): void {
    if (this.bytesAtMost + update.length <= bytesMax) return;
    if (this.mayBeSmaller || this.takenBytes >= Math.min(measuredEach, bytesMax / 16)) this.compact();
    const news = decoded('update', () => Y.diffUpdate(update, this.stateVector));
    const max = news[0] === 0 ? this.compactBytes + Math.max(bytesMax, this.compactBytes) : bytesMax;
    if (this.bytesAtMost + news.length > max) throw new Refusal(closeCodes.full, `the document would be larger than ${bytesMax} bytes, which is the most`);
  }

  /** An upper bound of the size of the document as one update, in bytes. */
  get bytesAtMost(): number {
    return this.compactBytes + this.takenBytes;
  }

  /** Whether anything waits for its integration. */
  get isWaiting(): boolean {
    return this.tail.length > 0;
  }

  /** Whether so much waits for its integration that it should be done soon. */
  get isBehind(): boolean {
    return this.tail.length > longTail || this.tailBytes > longTailBytes;
  }

  /** Integrates some of what waits, so that nobody else waits for long. */
  catchUpSome(): void {
    let bytes = 0;
    const count = this.tail.findIndex((update) => (bytes += update.length) > sliceBytes);
    const most = Math.min(Math.max(this.tail.length >> 2, sliceUpdates.least), sliceUpdates.most);
    this.catchUp(count < 0 ? most : Math.min(count + 1, most));
  }

  /** Integrates what waits, or so many of these updates. */
  catchUp(count = this.tail.length): void {
    if (this.tail.length === 0) return;
    const tail = this.tail.splice(0, count);
    const { tailTypes } = this;
    this.tailBytes -= tail.reduce((sum, { length }) => sum + length, 0);
    const left = this.tail.length;
    if (left === 0) this.endTail();
    try {
      applyTo(this.current, tail);
      if (left === 0) this.noteDepth(tailTypes);
    } catch {
      // By the reasons that plain-update.ts gives this cannot be. Should Yjs ever think otherwise, only what it cannot take is lost.
      const all = [...tail, ...this.tail];
      this.takenBytes -= this.taken.splice(-all.length).reduce((sum, { length }) => sum + length, 0);
      this.rebuild();
      for (const update of all) this.restore(update);
    }
  }

  /**
   * Takes a stored update, or several behind one another, as relays stored them once. Returns false when something cannot be read,
   * which changes nothing.
   */
  restore(stored: Uint8Array): boolean {
    for (let update = stored; ; ) {
      try {
        this.apply(update);
        return true;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (!(error.cause instanceof BytesAfterEnd)) return false;
        const { end } = error.cause;
        if (!this.restore(update.slice(0, end))) return false;
        update = update.slice(end);
      }
    }
  }

  /** Whether it would be much smaller as one snapshot than as the updates that it is made of. */
  get wantsCompaction(): boolean {
    return this.gaveUp || this.takenBytes > Math.max(compactBytesMin, this.compactBytes);
  }

  /** Takes back the update that was taken last, if something of it was kept. */
  takeBack(): void {
    this.takenBytes -= this.taken.pop()?.length ?? 0;
    this.rebuild();
  }

  /** Forgets all that waits for something missing: who sent it has it still, and has to be asked for it. */
  giveUpWaiting(): void {
    if (!this.waits) return;
    this.waiting.clear();
    this.gaveUp = true;
    this.replaceBy([this.withoutWaiting()]);
  }

  /** Forgets how the document came about: from now on it is this one snapshot. */
  compact(): Uint8Array {
    const snapshot = this.snapshot();
    this.taken = [snapshot];
    this.takenBytes = 0;
    this.compactBytes = snapshot.length;
    this.mayBeSmaller = false;
    this.gaveUp = false;
    this.hasWaited = this.waits;
    return snapshot;
  }

  clear(): void {
    this.waiting.clear();
    this.replaceBy([]);
  }

  destroy(): void {
    this.current.destroy();
  }

  private get mayDefer(): boolean {
    const { pendingStructs, pendingDs } = this.current.store;
    return pendingStructs === null && pendingDs === null && this.deepest + this.tailTypes.length < depthMax;
  }

  private readonly clockOf = (client: number): number => this.ahead.get(client) ?? Y.getState(this.current.store, client);

  private readonly isUnderKey = (client: number, clock: number): boolean => {
    const { store } = this.current;
    if (clock >= Y.getState(store, client)) return this.tailKeys.get(client)?.has(clock) === true;
    const found: unknown = Y.getItem(store, Y.createID(client, clock));
    return found instanceof Y.Item && found.parentSub !== null;
  };

  private noteKeys(client: number, clocks: ReadonlySet<number>): void {
    let known = this.tailKeys.get(client);
    if (!known) this.tailKeys.set(client, (known = new Set()));
    for (const clock of clocks) known.add(clock);
  }

  /** Nothing waits for its integration any more. */
  private endTail(): void {
    this.tail = [];
    this.tailBytes = 0;
    this.tailTypes = [];
    this.tailKeys.clear();
    this.ahead.clear();
  }

  private keep(news: Uint8Array): void {
    this.taken.push(news);
    this.takenBytes += news.length;
    // No items, only deletions.
    this.mayBeSmaller ||= news[0] === 0;
    this.known = {};
  }

  /** Takes an update at once, whatever it is. */
  private integrate(update: Uint8Array): Taken {
    this.waiting.mustTake(update, this.clockOf); // It bounds the time that the rest takes.
    decoded('update', () => mustBeSound(update));
    // What waits for its integration decides where items of the update belong.
    this.catchUp();
    this.mustBePossible(update);
    // Yjs changes `pendingStructs` in place, but never the bytes in it.
    const before = { structs: this.current.store.pendingStructs?.update, deletions: this.current.store.pendingDs };
    const changed = this.changedBy(update);
    const { pendingStructs, pendingDs } = this.current.store;
    const waits = pendingStructs?.update !== before.structs || pendingDs !== before.deletions;
    // Deletions wait like items do.
    if (waits) this.hasWaited = true;
    if (pendingStructs === null && pendingDs === null) this.waiting.clear();
    else if (changed === null && waits) this.waiting.add();
    // Yjs announces only what it could integrate. Of an update that waits for another one, the bytes themselves are to be kept.
    const kept = pendingStructs === null && pendingDs === null ? changed : changed || waits ? update.slice() : null;
    if (kept) this.keep(kept);
    return { shown: changed, kept, mayRelease: before.structs !== undefined || before.deletions !== null };
  }

  /** What an update changed in the document, as an update; null if nothing. */
  private changedBy(update: Uint8Array): Uint8Array | null {
    try {
      const changed = newsIn(this.current, () => applyTo(this.current, [update]));
      const items = changed ? Y.decodeUpdate(changed).structs : [];
      if (hasCrowdedKey(this.current, items)) throw new RangeError('several values under one key of a map');
      this.noteDepth(typesIn(items));
      return changed;
    } catch (error) {
      this.rebuild();
      if (this.waits) return this.changedWithoutWaiting(update);
      throw new Refusal(closeCodes.malformed, `malformed update: ${errorText(error)}`);
    }
  }

  /**
   * An update failed while others waited: it may be one of these that cannot be integrated. Gives them up, so that whoever did nothing wrong can go on; who sent them has
   * them still. Throws a Refusal, with all as it was, where the update fails by itself.
   */
  private changedWithoutWaiting(update: Uint8Array): Uint8Array | null {
    const { taken } = this;
    this.replaceBy([this.withoutWaiting()]);
    try {
      const changed = this.changedBy(update);
      this.gaveUp = true;
      return changed;
    } catch (error) {
      this.replaceBy(taken);
      throw error;
    }
  }

  private replaceBy(updates: Uint8Array[]): void {
    this.taken = updates;
    this.takenBytes = updates.reduce((sum, { length }) => sum + length, 0);
    this.compactBytes = 0;
    this.rebuild();
  }

  private get waits(): boolean {
    const { pendingStructs, pendingDs } = this.doc.store;
    return pendingStructs !== null || pendingDs !== null;
  }

  private withoutWaiting(stateVector?: Uint8Array): Uint8Array {
    const { store } = this.doc;
    const { pendingStructs, pendingDs } = store;
    store.pendingStructs = null;
    store.pendingDs = null;
    try {
      return Y.encodeStateAsUpdate(this.doc, stateVector);
    } finally {
      store.pendingStructs = pendingStructs;
      store.pendingDs = pendingDs;
    }
  }

  /** Throws a Refusal, before anything is changed, for an update that no Yjs takes. */
  private mustBePossible(update: Uint8Array): void {
    const unsound = whyUnsound(update, this.clockOf, this.isUnderKey);
    if (unsound !== null) throw new Refusal(closeCodes.malformed, `malformed update: ${unsound}`);
  }

  private noteDepth(types: readonly TypeId[]): void {
    const { store } = this.current;
    for (const [client, clock] of types) {
      if (clock >= Y.getState(store, client)) continue;
      let depth = 0;
      for (let item: Y.Item | null = Y.getItem(store, Y.createID(client, clock)); item instanceof Y.Item && item.parent instanceof Y.AbstractType; item = item.parent._item) depth++;
      this.deepest = Math.max(this.deepest, depth);
    }
  }

  private rebuild(): void {
    this.current.destroy();
    this.current = emptyDoc(this.gc);
    this.endTail();
    this.known = {};
    // Together is cheaper; one by one, what waits waits for the same again, and others have heard of all that does not.
    for (const each of this.hasWaited ? this.taken.map((update) => [update]) : [this.taken]) applyTo(this.current, each);
  }
}
