/**
 * One write of a room, in parts that a store which others wait for carries out quickly.
 *
 * Guarantees: the parts are in the order of the changes; what others are to hear of a change is in
 * the part that stores it, so that nothing is heard that is not stored, and nothing is stored
 * unheard, wherever the writing ends.
 */
import type { Dot } from '../../clocks/dot.ts';
import type { StoreChange } from '../../ports/store.ts';
import { holdsUpdates } from '../storage/room-storage.ts';

/** An update of the document, and the island that it is for; an empty place is the whole room. */
export interface PlacedUpdate {
  readonly place: string;
  readonly update: Uint8Array;
}

/** A record, and the island that it is for. */
export interface PlacedRecord {
  readonly place: string;
  readonly dot: Dot;
  readonly bytes: Uint8Array;
}

/** What is stored at once, and what others hear of it. */
export interface WritePart {
  readonly changes: readonly StoreChange[];
  readonly updates: readonly PlacedUpdate[];
  readonly records: readonly PlacedRecord[];
}

export interface PartLimits {
  readonly changesMax: number;
  /** Bytes of values, or of what is heard of them; a single one may have more. */
  readonly bytesMax: number;
}

export const partLimits: PartLimits = { changesMax: 500, bytesMax: 1024 * 1024 };

class Part implements WritePart {
  readonly changes: StoreChange[] = [];
  readonly updates: PlacedUpdate[] = [];
  readonly records: PlacedRecord[] = [];
  private count = 0;
  private bytes = 0;

  /** Counts one more, if there is room for it. */
  takes(size: number, { changesMax, bytesMax }: PartLimits): boolean {
    if (this.count > 0 && (this.count >= changesMax || this.bytes + size > bytesMax)) return false;
    this.count++;
    this.bytes += size;
    return true;
  }
}

/**
 * Divides a write. `keyOf` names what a record is stored under. What is only to be heard, as it is
 * stored already, comes last.
 */
export function writeParts(
  { changes, updates, records }: WritePart,
  keyOf: (dot: Dot) => string,
  limits = partLimits,
): WritePart[] {
  const parts: Part[] = [];
  const partFor = (size: number): Part => {
    let part = parts.at(-1);
    if (!part?.takes(size, limits)) {
      parts.push((part = new Part()));
      part.takes(size, limits);
    }
    return part;
  };
  const storing = new Map<string | Uint8Array, Part>();
  for (const change of changes) {
    const part = partFor(change.value?.length ?? 0);
    part.changes.push(change);
    storing.set(change.key, part);
    if (holdsUpdates(change)) for (const update of change.updates) storing.set(update, part);
  }
  for (const each of updates) {
    (storing.get(each.update) ?? partFor(each.update.length)).updates.push(each);
  }
  for (const each of records) {
    (storing.get(keyOf(each.dot)) ?? partFor(each.bytes.length)).records.push(each);
  }
  return parts;
}
