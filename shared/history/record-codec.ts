/**
 * Records as bytes, for the wire and for stores. The grammar stands in shared/protocol/PROTOCOL.md.
 *
 * Guarantees: decode(encode(r)) equals r; anything else than a whole record makes decodeRecord throw a RangeError, and never more.
 * Does not check intents against a schema: that is for whoever knows the schema (Journal).
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { type Dot, isReplicaId, type ReplicaId } from '../clocks/dot.ts';
import { VersionVector } from '../clocks/version-vector.ts';
import type { Intent } from '../document/intent.ts';
import { readPlain, readText } from '../encoding/read-plain.ts';
import { readWhole } from '../encoding/read-whole.ts';
import { isEdit, isRead, type JournalRecord } from './record.ts';
import { parseAnswer, parseAside, parseTraces, plainAside, plainOutcome, plainRead, plainSkew, vectorEntriesMax } from './record-parts.ts';
import { writeWhole } from '../encoding/write-whole.ts';

/** The bytes of records that were encoded or read before: a record never changes, and is stored and sent in the same form. */
const known = new WeakMap<JournalRecord, Uint8Array>();

/** The record as bytes; not to be changed by whoever gets them. */
export function encodeRecord(record: JournalRecord): Uint8Array {
  let bytes = known.get(record);
  if (!bytes) known.set(record, (bytes = encodeAnew(record)));
  return bytes;
}

function encodeAnew(record: JournalRecord): Uint8Array {
  return writeWhole((encoder) => {
    encoding.writeVarString(encoder, record.dot.replica);
    encoding.writeVarUint(encoder, record.dot.counter);
    writeVersionVector(encoder, record.context);
    encoding.writeVarString(encoder, isEdit(record) ? record.field : answerField);
    encoding.writeAny(encoder, (isEdit(record) ? record.intent : isRead(record) ? { ...plainRead(record), ...plainSkew(record) } : plainOutcome(record)) as unknown as Record<string, never>);
    encoding.writeVarUint(encoder, Math.max(0, Math.round(record.wallMs)));
    encoding.writeVarUint(encoder, Math.max(0, Math.round(record.hybrid.ms)));
    encoding.writeVarUint(encoder, record.hybrid.counter);
    if (!isEdit(record)) return;
    encoding.writeAny(encoder, plainAside(record));
    encoding.writeAny(encoder, record.traces as Record<string, never>);
  });
}

export function decodeRecord(bytes: Uint8Array): JournalRecord {
  const record = decodeAnew(bytes);
  // A copy: the bytes may be a view of a whole frame, which would then stay in memory.
  known.set(record, bytes.slice());
  return record;
}

/** The name of an encoded record, without reading the rest of it. Throws a RangeError where it has none. */
export function dotOf(bytes: Uint8Array): Dot {
  const decoder = decoding.createDecoder(bytes);
  return { replica: readReplicaId(decoder), counter: readCounter(decoder) };
}

function decodeAnew(bytes: Uint8Array): JournalRecord {
  return readWhole(bytes, 'a record', (decoder) => {
    const replica = readReplicaId(decoder);
    const counter = readCounter(decoder);
    const context = following(readVersionVector(decoder), replica, counter);
    const field = readText(decoder);
    const intent = readPlain(decoder);
    const wallMs = decoding.readVarUint(decoder);
    const hybrid = { ms: decoding.readVarUint(decoder), counter: decoding.readVarUint(decoder) };
    const dot = { replica, counter };
    if (field === answerField) return { dot, context, wallMs, hybrid, ...parseAnswer(intent) };
    const aside = readPlain(decoder);
    const edit = { dot, context, field, intent: intent as Intent, wallMs, hybrid, traces: parseTraces(readPlain(decoder)) };
    // Most edits have nothing beside their intent, and then one shape, which is quicker to read.
    return aside === null ? edit : { ...edit, ...parseAside(aside) };
  });
}

export function writeVersionVector(encoder: encoding.Encoder, vector: VersionVector): void {
  const entries = vector.entries();
  encoding.writeVarUint(encoder, entries.length);
  for (const [replica, counter] of entries) {
    encoding.writeVarString(encoder, replica);
    encoding.writeVarUint(encoder, counter);
  }
}

export function readVersionVector(decoder: decoding.Decoder): VersionVector {
  const length = decoding.readVarUint(decoder);
  if (length > vectorEntriesMax) throw new RangeError(`a version vector of ${length} entries; ${vectorEntriesMax} is the most`);
  const entries: [string, number][] = [];
  for (let i = 0; i < length; i++) entries.push([readReplicaId(decoder), readCounter(decoder)]);
  return VersionVector.of(entries);
}

export function readReplicaId(decoder: decoding.Decoder): string {
  const replica = readText(decoder);
  if (!isReplicaId(replica)) throw new RangeError(`"${(replica as string).slice(0, 40)}" cannot name a replica`);
  return replica;
}

function readCounter(decoder: decoding.Decoder): number {
  const counter = decoding.readVarUint(decoder);
  if (counter < 1) throw new RangeError('counters start at 1');
  return counter;
}

/** The name that no field has: the record is no edit, but settles one or tells of a read. */
const answerField = '';
/** The context itself, if it is that of the replica's next record. */
function following(context: VersionVector, replica: ReplicaId, counter: number): VersionVector {
  if (context.get(replica) !== counter - 1) throw new RangeError(`its context has ${replica}:${context.get(replica)}, not ${replica}:${counter - 1}`);
  return context;
}

/** A version vector by itself. */
export function encodeSummary(vector: VersionVector): Uint8Array {
  return writeWhole((encoder) => writeVersionVector(encoder, vector));
}

/** Reads what encodeSummary wrote; throws a RangeError on anything else. */
export function decodeSummary(bytes: Uint8Array): VersionVector {
  return readWhole(bytes, 'a summary', readVersionVector);
}

/** Several records, one after the other. */
export function encodeRecords(records: readonly JournalRecord[]): Uint8Array {
  return joinRecords(records.map(encodeRecord));
}

/** The same of records that are encoded already. */
export function joinRecords(encoded: readonly Uint8Array[]): Uint8Array {
  return writeWhole((encoder) => {
    encoding.writeVarUint(encoder, encoded.length);
    for (const bytes of encoded) encoding.writeVarUint8Array(encoder, bytes);
  });
}

/** Reads what encodeRecords wrote; throws a RangeError on anything else. */
export function decodeRecords(bytes: Uint8Array): JournalRecord[] {
  return readWhole(bytes, 'records', (decoder) => {
    const records: JournalRecord[] = [];
    for (let left = decoding.readVarUint(decoder); left > 0; left--) records.push(decodeRecord(decoding.readVarUint8Array(decoder)));
    return records;
  });
}
