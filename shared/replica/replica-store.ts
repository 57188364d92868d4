/**
 * What a replica keeps in its store: its journal, deltas carried for other stores, and a few facts about the room.
 *
 * Keys: `journal/REPLICA/COUNTER`, `carry/COUNTER/STRATEGY` (own edits only), `keep/STRATEGY/KEY` (what coordinated strategies keep), `fact/NAME`. Counters are padded to ten digits, so that keys read in order.
 * A journal entry holds one record, or records of one replica that follow one another, under the key of the first: a store takes one long entry in a fraction of
 * the time of a hundred short ones. Such an entry begins with a zero, and no record does.
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as string from 'lib0/string';
import type { Dot, ReplicaId } from '../clocks/dot.ts';
import { VersionVector } from '../clocks/version-vector.ts';
import { errorText } from '../encoding/error-text.ts';
import { readWhole } from '../encoding/read-whole.ts';
import { writeWhole } from '../encoding/write-whole.ts';
import type { JournalRecord, StrategyId } from '../history/record.ts';
import { decodeSummary, encodeRecord, encodeSummary, joinRecords } from '../history/record-codec.ts';
import type { Store, StoreChange } from '../ports/store.ts';
import type { FrameCodec } from '../protocol/codec.ts';
import type { CoordinatedId } from '../strategies/registry.ts';

/** The first number of an entry with several records; a single one begins with the length of a name, which is never empty. */
const manyRecords = 0;
/** So many records stand in one entry at most: what is damaged with one is had again from the relay. */
const recordsInEntry = 128;

export interface Carried {
  readonly counter: number;
  readonly strategy: StrategyId;
  readonly delta: Uint8Array;
}

export interface StoredReplica {
  readonly records: readonly JournalRecord[];
  readonly carried: readonly Carried[];
  /** The life of the room that these records belong to; null before the first contact. */
  readonly epoch: string | null;
  /** What the relay has confirmed. */
  readonly saved: VersionVector;
  /** Who holds copies of the coordinated strategies, as far as is known here. */
  readonly members: readonly ReplicaId[];
  /** By strategy and key. */
  readonly kept: ReadonlyMap<CoordinatedId, ReadonlyMap<string, Uint8Array>>;
  /** One line for each entry that could not be read. */
  readonly damaged: readonly string[];
}

export async function loadReplica(store: Store, { decodeRecord }: Pick<FrameCodec, 'decodeRecord'>): Promise<StoredReplica> {
  const damaged: string[] = [];
  const records: JournalRecord[] = [];
  for await (const { key, value } of store.read('journal/')) {
    try {
      for (const bytes of recordsIn(value)) records.push(decodeRecord(bytes));
    } catch (error) {
      damaged.push(`${key}: ${errorText(error)}`);
    }
  }
  const carried: Carried[] = [];
  for await (const { key, value } of store.read('carry/')) {
    const [, counter, strategy] = key.split('/');
    carried.push({ counter: Number(counter), strategy: strategy as StrategyId, delta: value });
  }
  const kept = new Map<CoordinatedId, Map<string, Uint8Array>>();
  for await (const { key, value } of store.read('keep/')) {
    const [, strategy, ...rest] = key.split('/');
    const ofStrategy = kept.get(strategy as CoordinatedId) ?? new Map<string, Uint8Array>();
    kept.set(strategy as CoordinatedId, ofStrategy.set(rest.join('/'), value));
  }
  let epoch: string | null = null;
  let saved = VersionVector.empty;
  let members: readonly ReplicaId[] = [];
  for await (const { key, value } of store.read('fact/')) {
    if (key === 'fact/epoch') epoch = string.decodeUtf8(value);
    if (key === 'fact/saved') saved = decodeSummary(value);
    if (key === 'fact/members') members = string.decodeUtf8(value).split(' ');
  }
  return { records, carried, epoch, saved, members, kept, damaged };
}

export function recordChange(record: JournalRecord, bytes: Uint8Array = encodeRecord(record)): StoreChange {
  return { key: `journal/${record.dot.replica}/${padded(record.dot)}`, value: bytes };
}

/** Records of others, each replica's in order. `bytesOf`: a record as it came, where that is at hand. */
export function recordChanges(records: readonly JournalRecord[], bytesOf: ReadonlyMap<JournalRecord, Uint8Array>): StoreChange[] {
  const runs: JournalRecord[][] = [];
  for (const record of records) {
    const run = runs.at(-1);
    if (run && run.length < recordsInEntry && isNext(run.at(-1)!.dot, record.dot)) run.push(record);
    else runs.push([record]);
  }
  return runs.map((run) => {
    const encoded = run.map((record) => bytesOf.get(record) ?? encodeRecord(record));
    return recordChange(run[0]!, encoded.length === 1 ? encoded[0] : entryOf(encoded));
  });
}

function isNext(before: Dot, dot: Dot): boolean {
  return dot.replica === before.replica && dot.counter === before.counter + 1;
}

function entryOf(encoded: readonly Uint8Array[]): Uint8Array {
  return writeWhole((encoder) => {
    encoding.writeVarUint(encoder, manyRecords);
    encoding.writeUint8Array(encoder, joinRecords(encoded));
  });
}

/** The bytes of each record of a journal entry. Throws a RangeError where it is not whole. */
function recordsIn(entry: Uint8Array): Uint8Array[] {
  if (entry[0] !== manyRecords) return [entry];
  return readWhole(entry.subarray(1), 'a journal entry', (decoder) => {
    const records: Uint8Array[] = [];
    for (let left = decoding.readVarUint(decoder); left > 0; left--) records.push(decoding.readVarUint8Array(decoder));
    return records;
  });
}

export function carryChange(dot: Dot, strategy: StrategyId, delta: Uint8Array): StoreChange {
  return { key: `carry/${padded(dot)}/${strategy}`, value: delta };
}

export function dropCarryChange(dot: Dot, strategy: StrategyId): StoreChange {
  return { key: `carry/${padded(dot)}/${strategy}`, value: null };
}

export function epochChange(epoch: string): StoreChange {
  return { key: 'fact/epoch', value: string.encodeUtf8(epoch) };
}

export function savedChange(saved: VersionVector): StoreChange {
  return { key: 'fact/saved', value: encodeSummary(saved) };
}

/** What a coordinated strategy keeps under a key of its own. */
export function keepChange(strategy: CoordinatedId, key: string, value: Uint8Array): StoreChange {
  return { key: `keep/${strategy}/${key}`, value };
}

/** Names have no spaces. */
export function membersChange(members: readonly ReplicaId[]): StoreChange {
  return { key: 'fact/members', value: string.encodeUtf8(members.join(' ')) };
}

function padded(dot: Dot): string {
  return String(dot.counter).padStart(10, '0');
}
