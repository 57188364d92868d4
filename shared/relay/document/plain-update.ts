/**
 * Reads a Yjs update (format v1) without building anything, to tell whether it is plain: whether Yjs, with what it has, takes all of it at once.
 *
 * Guarantees: applying a plain update cannot fail and leaves nothing waiting, so that it may be passed on first and integrated later. Of each client
 * it goes on exactly where the document ends, it refers only to what is there or stands before it, and each value in it can be read. That is enough, as
 * Yjs 13.6 (`readClientsStructRefs`, `Item.getMissing`, `Item.integrate`, `readAndApplyDeleteSet`) throws only where a reference points to nothing, where
 * an item overlaps what is known, or where a value cannot be read. What is not plain need not be bad: somebody else decides that, by applying it.
 *
 * Several characters or values under one key of a map are not plain: no Yjs writes them, each takes them, and once they are split and the map is deleted, it fails.
 *
 * Does not bound how deep types are nested: `types` names those that an update adds.
 */

import { hasOrigin, hasParentSub, hasRightOrigin, refMask, UpdateReader } from './update-reader.ts';

/** The item that holds a type. */
export type TypeId = readonly [client: number, clock: number];

/** What a plain update does. */
export interface PlainUpdate {
  /** The clock that each client's items reach with it. */
  readonly reached: ReadonlyMap<number, number>;
  /** The types that it adds, nested ones mostly. */
  readonly types: readonly TypeId[];
  /** The items that it puts under keys of maps, by client. */
  readonly underKeys: ReadonlyMap<number, ReadonlySet<number>>;
  /** Whether it does nothing at all. */
  readonly isEmpty: boolean;
}

const noClocks: ReadonlyMap<number, number> = new Map();
const noTypes: readonly TypeId[] = [];
const noItems: ReadonlyMap<number, ReadonlySet<number>> = new Map();


/** Null where the update is not plain. `clockOf`: how many clocks of a client the document has; `isUnderKey`: whether the item of a clock that it has is under a key of a map. */
export function readPlainUpdate(update: Uint8Array, clockOf: (client: number) => number, isUnderKey: (client: number, clock: number) => boolean): PlainUpdate | null {
  const reader = new PlainReader(update, clockOf, isUnderKey);
  try {
    return reader.read();
  } catch (error) {
    if (error instanceof NotPlain || error instanceof Unsound || error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}

/**
 * Why no Yjs can take an update, in a few words: found by reading it alone, before a document is harmed. Null where nothing was
 * found, which does not mean that it can be taken. The other parameters are those of `readPlainUpdate`.
 */
export function whyUnsound(update: Uint8Array, clockOf: (client: number) => number, isUnderKey: (client: number, clock: number) => boolean): string | null {
  try {
    new PlainReader(update, clockOf, isUnderKey).read();
    return null;
  } catch (error) {
    return error instanceof Unsound ? error.message : null;
  }
}

/** Items that were deleted, of which nothing is left but their number. */
const deletedRef = 1;

class NotPlain extends Error {}

/** No Yjs takes it, whatever the document has. */
class Unsound extends Error {}

/** One for all: a stack trace would cost more than the reading. */
const notPlain = new NotPlain();

class PlainReader extends UpdateReader {
  private types: TypeId[] | null = null;
  private reached: Map<number, number> | null = null;
  private underKeys: Map<number, Set<number>> | null = null;
  private client = 0;
  private clock = 0;

  constructor(
    bytes: Uint8Array,
    private readonly clockOf: (client: number) => number,
    private readonly isUnderKey: (client: number, clock: number) => boolean,
  ) {
    super(bytes, () => {
      throw notPlain;
    });
  }

  read(): PlainUpdate {
    const clients = this.number();
    for (let left = clients; left > 0; left--) this.items();
    const deleted = this.number();
    for (let left = deleted; left > 0; left--) this.deletions();
    if (this.at !== this.bytes.length) throw notPlain;
    return { reached: this.reached ?? noClocks, types: this.types ?? noTypes, underKeys: this.underKeys ?? noItems, isEmpty: clients === 0 && deleted === 0 };
  }

  /** The items of one client. */
  private items(): void {
    const count = this.number();
    this.client = this.number();
    this.clock = this.number();
    // A client that comes twice would replace its first part.
    if (count === 0 || this.reached?.has(this.client) || this.clock !== this.clockOf(this.client)) throw notPlain;
    for (let left = count; left > 0; left--) this.clock += this.item();
    // Numbers above could be taken and never be read again.
    if (this.clock > Number.MAX_SAFE_INTEGER) throw notPlain;
    (this.reached ??= new Map()).set(this.client, this.clock);
  }

  /** Returns how many clocks it takes. */
  private item(): number {
    const info = this.byte();
    const ref = info & refMask;
    if (ref === 0) return this.positive();
    let isUnderKey = false;
    if (info & hasOrigin) isUnderKey = this.reference();
    if (info & hasRightOrigin) {
      const isRightUnderKey = this.reference();
      // Yjs takes the parent of the left one, where there are two (Item.getMissing).
      if ((info & hasOrigin) === 0) isUnderKey = isRightUnderKey;
    }
    if ((info & (hasOrigin | hasRightOrigin)) === 0) {
      if (this.number() === 1) this.string();
      else this.reference();
      if (info & hasParentSub) isUnderKey = this.string() >= 0;
    }
    const length = this.content(ref);
    if (isUnderKey) this.noteKey(length, ref === deletedRef);
    return length;
  }

  /** Returns whether what it points to is under a key, and so this item too where it has no parent of its own. */
  private reference(): boolean {
    const client = this.number();
    const clock = this.number();
    const known = client === this.client ? this.clock : this.known(client);
    // Yjs looks for what its own client made at once, and finds nothing.
    if (client === this.client && clock >= known) throw new Unsound('an item refers to a later one of its own client');
    if (clock >= known) throw notPlain;
    return clock < this.clockOf(client) ? this.isUnderKey(client, clock) : this.underKeys?.get(client)?.has(clock) === true;
  }

  private noteKey(length: number, isDeleted: boolean): void {
    // Values that replaced one another and are gone stand together as one deleted item.
    if (length > 1 && isDeleted) throw notPlain;
    if (length > 1) throw new Unsound('several values under one key of a map');
    this.underKeys ??= new Map();
    const clocks = this.underKeys.get(this.client);
    if (clocks) clocks.add(this.clock);
    else this.underKeys.set(this.client, new Set([this.clock]));
  }

  private known(client: number): number {
    return this.reached?.get(client) ?? this.clockOf(client);
  }

  private content(ref: number): number {
    switch (ref) {
      case 1: return this.positive();
      case 3: return this.skip(this.number()), 1;
      case 4: return this.string() || this.fail();
      case 5: return JSON.parse(this.text()), 1;
      case 6: return this.string(), JSON.parse(this.text()), 1;
      case 7: return this.type(), 1;
      case 8: return this.values();
      // JSON of old, subdocuments, gaps and what Yjs does not know.
      default: return this.fail();
    }
  }

  private type(): void {
    const kind = this.number();
    if (kind > 6) this.fail();
    // The names of XML elements and hooks.
    if (kind === 3 || kind === 5) this.string();
    (this.types ??= []).push([this.client, this.clock]);
  }

  private values(): number {
    const count = this.positive();
    for (let left = count; left > 0; left--) this.value(0);
    return count;
  }

  private deletions(): void {
    const client = this.number();
    const known = this.known(client);
    for (let left = this.number(); left > 0; left--) {
      const clock = this.number();
      if (clock + this.positive() > known) throw notPlain;
    }
  }

}
