/**
 * What an update would leave waiting in a document, found by reading its bytes alone: a frame of 16 MiB can hold eight million
 * deletions, and Yjs tries those that wait again at each later edit.
 *
 * Guarantees: reads any update that Yjs reads, in time linear in its bytes, with no memory for its deletions.
 */
import { hasOrigin, hasParentSub, hasRightOrigin, refMask, UpdateReader } from './update-reader.ts';

export interface UpdateOutline {
  /** Whether something in it comes after something that the document lacks. */
  readonly hasGap: boolean;
  /** Ranges that it deletes of which the document will not have all; counted up to the limit and one more. */
  readonly unknownDeletions: number;
}

/** Null where the update cannot be read. `clockOf`: how many clocks of a client the document has. Reads no further than it takes to see that too many deletions are unknown. */
export function readOutline(update: Uint8Array, clockOf: (client: number) => number, unknownDeletionsMax: number): UpdateOutline | null {
  try {
    return new OutlineReader(update, clockOf, unknownDeletionsMax).read();
  } catch (error) {
    if (error instanceof Unreadable || error instanceof TypeError) return null;
    throw error;
  }
}

class Unreadable extends Error {}

const unreadable = new Unreadable();

class OutlineReader extends UpdateReader {
  private readonly reached = new Map<number, number>();
  private hasGap = false;
  private unknown = 0;

  constructor(
    bytes: Uint8Array,
    private readonly clockOf: (client: number) => number,
    private readonly unknownDeletionsMax: number,
  ) {
    super(bytes, () => {
      throw unreadable;
    });
  }

  read(): UpdateOutline {
    for (let left = this.number(); left > 0; left--) this.structs();
    for (let left = this.number(); left > 0 && this.unknown <= this.unknownDeletionsMax; left--) this.deletions();
    return { hasGap: this.hasGap, unknownDeletions: this.unknown };
  }

  private structs(): void {
    const count = this.number();
    const client = this.number();
    let clock = this.number();
    if (clock > this.known(client)) this.hasGap = true;
    for (let left = count; left > 0; left--) clock += this.struct();
    // What comes after a gap waits, and what refers to it.
    if (!this.hasGap) this.reached.set(client, Math.max(clock, this.known(client)));
  }

  private known(client: number): number {
    return this.reached.get(client) ?? this.clockOf(client);
  }

  /** Returns how many clocks it takes. */
  private struct(): number {
    const info = this.byte();
    const ref = info & refMask;
    if (ref === 0 || ref === 10) return this.number();
    if (info & hasOrigin) this.id();
    if (info & hasRightOrigin) this.id();
    if ((info & (hasOrigin | hasRightOrigin)) === 0) {
      if (this.number() === 1) this.string();
      else this.id();
      if (info & hasParentSub) this.string();
    }
    return this.content(ref);
  }

  private id(): void {
    this.number();
    this.number();
  }

  /** Returns how many clocks it takes. */
  private content(ref: number): number {
    switch (ref) {
      case 1: return this.number();
      case 2: return this.times(this.number(), () => this.string());
      case 3: return this.skip(this.number()), 1;
      case 4: return this.string();
      case 5: return this.string(), 1;
      case 6: return this.string(), this.string(), 1;
      case 7: return this.type(), 1;
      case 8: return this.times(this.number(), () => this.value(0));
      case 9: return this.string(), this.value(0), 1;
      default: return this.fail();
    }
  }

  private times(count: number, read: () => void): number {
    for (let left = count; left > 0; left--) read();
    return count;
  }

  private type(): void {
    const kind = this.number();
    if (kind === 3 || kind === 5) this.string();
  }

  private deletions(): void {
    const known = this.known(this.number());
    for (let left = this.number(); left > 0 && this.unknown <= this.unknownDeletionsMax; left--) {
      const clock = this.number();
      if (clock + this.number() > known) this.unknown++;
    }
  }
}
