/**
 * The records of a room: each replica's without gaps, in memory as they came and as values.
 *
 * Guarantees: a record, once taken, never changes; a batch is taken whole or refused whole. Does not check intents against a schema:
 * that is for the replicas, which know it.
 */
import type { ReplicaId } from '../../clocks/dot.ts';
import { VersionVector } from '../../clocks/version-vector.ts';
import type { FrameCodec } from '../../protocol/codec.ts';
import type { StoredRecord } from '../storage/room-storage.ts';
import { closeCodes, decoded, Refusal } from '../refusal.ts';
import type { HeldRecords } from './held-records.ts';

export interface RoomJournalLimits {
  /** Most bytes of records. */
  readonly recordBytesMax: number;
  /** Most replicas that records may be of. */
  readonly replicasPerRoomMax: number;
}

export class RoomJournal {
  private bytes = 0;
  private readonly byReplica = new Map<ReplicaId, StoredRecord[]>();
  private readonly storedCounters = new Map<ReplicaId, number>();
  private known: VersionVector | null = null;

  /** `held`: the records of all rooms of the relay. */
  constructor(
    private readonly limits: RoomJournalLimits,
    private readonly held: HeldRecords,
    private readonly codec: Pick<FrameCodec, 'encodeRecord' | 'decodeRecord'>,
  ) {}

  /** What the relay has. */
  get summary(): VersionVector {
    this.known ??= VersionVector.of([...this.byReplica].map(([replica, records]) => [replica, records.length] as const));
    return this.known;
  }

  /** What the relay has on disk. */
  get stored(): VersionVector {
    return VersionVector.of(this.storedCounters);
  }

  /** Takes what was in the store, in the order of counters. Returns one line for each replica whose records end at a hole. */
  restore(records: readonly StoredRecord[]): string[] {
    const holes = new Map<ReplicaId, string>();
    for (const entry of records) {
      const { replica, counter } = entry.record.dot;
      const list = this.listOf(replica);
      if (counter === list.length + 1) {
        list.push(entry);
        this.count(entry.bytes.length);
      }
      else if (!holes.has(replica)) holes.set(replica, `records of ${replica} after ${replica}:${list.length} wait until a replica brings ${replica}:${list.length + 1} back`);
    }
    this.known = null;
    this.markStored(records.filter(({ record }) => this.summary.includes(record.dot)));
    return [...holes.values()];
  }

  /** Takes encoded records, and returns those that are new. Throws a Refusal, and takes none, when one is malformed, leaves a gap or contradicts one we have. */
  add(encoded: readonly Uint8Array[]): StoredRecord[] {
    const fresh: StoredRecord[] = [];
    const lengths = new Map<ReplicaId, number>();
    for (const bytes of encoded) {
      const record = decoded('record', () => this.codec.decodeRecord(bytes));
      const { replica, counter } = record.dot;
      const length = lengths.get(replica) ?? this.byReplica.get(replica)?.length ?? 0;
      if (counter > length + 1) throw new Refusal(closeCodes.malformed, `record ${replica}:${counter} came, ${replica}:${length + 1} was expected`);
      if (counter <= length) {
        this.mustBeSame(bytes, this.byReplica.get(replica)?.[counter - 1] ?? fresh.find((each) => each.record.dot.replica === replica && each.record.dot.counter === counter), `${replica}:${counter}`);
        continue;
      }
      fresh.push({ bytes: this.codec.encodeRecord(record), record });
      lengths.set(replica, counter);
    }
    const bytes = fresh.reduce((sum, entry) => sum + entry.bytes.length, 0);
    this.mustHold(bytes, lengths.keys());
    for (const entry of fresh) this.listOf(entry.record.dot.replica).push(entry);
    this.count(bytes);
    if (fresh.length > 0) this.known = null;
    return fresh;
  }

  /**
   * Takes records that were here before it was restored, each replica's in order. Returns those that
   * it lacked, and those under whose names it has others.
   */
  merge(entries: readonly StoredRecord[]): { fresh: StoredRecord[]; contradicted: StoredRecord[] } {
    const fresh: StoredRecord[] = [];
    const contradicted: StoredRecord[] = [];
    for (const entry of entries) {
      const { replica, counter } = entry.record.dot;
      const list = this.listOf(replica);
      const have = list[counter - 1];
      if (have && !areSame(have.bytes, entry.bytes)) contradicted.push(entry);
      if (counter !== list.length + 1) continue;
      list.push(entry);
      fresh.push(entry);
    }
    this.known = null;
    return { fresh, contradicted };
  }

  /** The records of a batch that leave no gap after what we have and those before them; the others have lost theirs on the way. */
  withoutGaps(encoded: readonly Uint8Array[]): readonly Uint8Array[] {
    let reached = this.summary;
    return encoded.filter((bytes) => {
      const { dot } = decoded('record', () => this.codec.decodeRecord(bytes));
      if (dot.counter > reached.get(dot.replica) + 1) return false;
      reached = reached.with(dot);
      return true;
    });
  }

  /** To be called when these are on disk. */
  markStored(entries: readonly Pick<StoredRecord, 'record'>[]): void {
    for (const { record } of entries) {
      const { replica, counter } = record.dot;
      if (counter > (this.storedCounters.get(replica) ?? 0)) this.storedCounters.set(replica, counter);
    }
  }

  /** What somebody with this summary lacks of all, or of what `until` has, each record after all that its author had seen. */
  missing(summary: VersionVector, until: VersionVector = this.summary): StoredRecord[] {
    const lists = [...this.byReplica].map(([replica, records]) => records.slice(summary.get(replica), until.get(replica)));
    return mergedCausally(lists.filter(({ length }) => length > 0));
  }

  /** The same in parts of about so many bytes, each replica's records in order, encoded; made as they are asked for. */
  *parts(summary: VersionVector, until: VersionVector, bytesMax: number): Generator<Uint8Array[], void, void> {
    let part: Uint8Array[] = [];
    let size = 0;
    for (const replica of [...this.byReplica.keys()]) {
      for (let counter = summary.get(replica) + 1; counter <= until.get(replica); counter++) {
        const entry = this.byReplica.get(replica)?.[counter - 1];
        if (!entry) break;
        part.push(entry.bytes);
        size += entry.bytes.length;
        if (size < bytesMax) continue;
        yield part;
        part = [];
        size = 0;
      }
    }
    if (part.length > 0) yield part;
  }

  /** The room is not in memory any more, or empty. */
  clear(): void {
    this.count(-this.bytes);
    this.byReplica.clear();
    this.storedCounters.clear();
    this.known = null;
  }

  private mustHold(bytes: number, replicas: Iterable<ReplicaId>): void {
    const { recordBytesMax, replicasPerRoomMax } = this.limits;
    if (this.bytes + bytes > recordBytesMax) throw new Refusal(closeCodes.full, `the records of this room would have more than ${recordBytesMax} bytes, which is the most`);
    if (bytes > this.held.free) throw new Refusal(closeCodes.full, `the records of all rooms would have more than ${this.held.max} bytes, which is the most of this relay`);
    const added = [...replicas].filter((replica) => !this.byReplica.has(replica)).length;
    if (this.byReplica.size + added > replicasPerRoomMax) throw new Refusal(closeCodes.full, `records of ${replicasPerRoomMax} replicas are in this room, which is the most`);
  }

  private count(bytes: number): void {
    this.bytes += bytes;
    this.held.change(bytes);
  }

  private mustBeSame(bytes: Uint8Array, have: StoredRecord | undefined, name: string): void {
    if (!have || !areSame(bytes, have.bytes)) {
      throw new Refusal(closeCodes.contradiction, `another record ${name} is stored here already`);
    }
  }

  private listOf(replica: ReplicaId): StoredRecord[] {
    let list = this.byReplica.get(replica);
    if (!list) this.byReplica.set(replica, (list = []));
    return list;
  }
}

/**
 * The records of several replicas, each list in the order of its replica, as one list in a causal order: an event's context holds
 * more events than the context of anything that it had seen. A long journal is merged and not sorted, so that nobody waits for it.
 */
function mergedCausally(lists: readonly (readonly StoredRecord[])[]): StoredRecord[] {
  if (lists.length <= 1) return [...(lists[0] ?? [])];
  const heads = lists.map((list) => ({ list, at: 0, size: list[0]!.record.context.size, replica: list[0]!.record.dot.replica }));
  const merged: StoredRecord[] = [];
  while (heads.length > 0) {
    const first = heads.reduce((best, head) => (head.size < best.size || (head.size === best.size && head.replica < best.replica) ? head : best));
    merged.push(first.list[first.at++]!);
    if (first.at < first.list.length) first.size = first.list[first.at]!.record.context.size;
    else heads.splice(heads.indexOf(first), 1);
  }
  return merged;
}

function areSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
