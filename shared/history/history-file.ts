/**
 * Reads a saved history, line by line, from anybody: what json-lines.ts writes, and nothing else.
 *
 * Guarantees: every value is checked; each replica's events are there without gaps, once, and after all that their replica had seen; what is wrong throws an
 * UnreadableInput that names the line. Reading what was written gives the same again. Holds one line and what it made of the lines before.
 * Does not check what belongs to the strategies (the details of traces): that is for whoever replays it.
 */
import { type Dot, dotKey, isReplicaId, parseDot, type ReplicaId } from '../clocks/dot.ts';
import type { HybridTimestamp } from '../clocks/hybrid-logical-clock.ts';
import { VersionVector } from '../clocks/version-vector.ts';
import { fieldValue, parseIntent } from '../document/intent.ts';
import { fieldOf, type Schema } from '../document/schema.ts';
import { bytesOfBase64 } from '../encoding/base64.ts';
import { errorText } from '../encoding/error-text.ts';
import { compareCausally } from './causal-order.ts';
import type { History } from './history.ts';
import { parseHeader } from './history-header.ts';
import { inputText } from '../encoding/input-text.ts';
import { parsePlainJson } from '../encoding/plain-json.ts';
import { parseAside, parseOutcome, parseRead, parseSkew, parseTraces, parseVector } from './record-parts.ts';
import type { EditRecord, JournalRecord, OutcomeRecord, ReadRecord } from './record.ts';
import type { RoomEvent } from './room-event.ts';
import { isRoomEventKind, parseRoomEvent, roomEventKinds } from './room-event-format.ts';
import { UnreadableInput } from '../encoding/unreadable-input.ts';

/** How deep a line's values may be nested. */
const depthMax = 12;
/** The latest time that a date can have, in milliseconds since the Unix epoch. */
const timeMsMax = 8.64e15;

export interface ReadHistory extends History {
  /** The line of each record, from 1: for whoever finds something wrong with one. */
  readonly lines: readonly number[];
}

/** Reads a whole history. Throws an UnreadableInput that names the line. */
export function parseHistory(lines: Iterable<string>): ReadHistory {
  const reader = new HistoryReader();
  for (const line of lines) reader.take(line);
  return reader.end();
}

type Raw = Readonly<Record<string, unknown>>;

export class HistoryReader {
  private header: Pick<History, 'schema' | 'strategies' | 'replicas'> | null = null;
  private readonly records: JournalRecord[] = [];
  private readonly lines: number[] = [];
  private readonly events: RoomEvent[] = [];
  private document: Uint8Array | null = null;
  /** What each event of each replica had seen. */
  private readonly contexts = new Map<ReplicaId, VersionVector[]>();
  private line = 0;

  /** The number of the line that comes next, from 1. */
  get nextLine(): number {
    return this.line + 1;
  }

  /** Takes the next line, without its line end. Throws an UnreadableInput that names it. */
  take(text: string): void {
    this.line++;
    try {
      const value = this.parsed(text);
      if (this.header) this.takeEvent(value);
      else this.takeHeader(value);
    } catch (error) {
      throw new UnreadableInput(expectation(error), this.line);
    }
  }

  /** What was read. Throws an UnreadableInput where there was nothing. */
  end(): ReadHistory {
    if (!this.header) throw new UnreadableInput('expected a history, not an empty file');
    const { records, events, document, lines } = this;
    return { ...this.header, records, events, document, lines };
  }

  private parsed(text: string): Raw {
    let value: unknown;
    try {
      value = parsePlainJson(text, depthMax);
    } catch (error) {
      throw new RangeError(`expected an object as JSON on one line, not ${(error as Error).message}`);
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RangeError(`expected an object as JSON on one line, not ${inputText(value)}`);
    return value as Raw;
  }

  private takeHeader(value: Raw): void {
    this.header = parseHeader(value);
    for (const replica of this.header.replicas) this.contexts.set(replica, []);
  }

  private takeEvent(value: Raw): void {
    if (this.document) throw new RangeError(`expected nothing after the document, not ${inputText(value['kind'])}`);
    const { kind } = value;
    if (kind === 'document') this.document = parseDocument(value['payload']);
    else if (isRoomEventKind(kind)) this.events.push(parseRoomEvent(this.header!.schema, kind, value, (ms) => time(ms, 'wallMs')));
    else if (kind === 'intent' || kind === 'outcome' || kind === 'read') this.takeRecord(parseRecord(this.header!.schema, kind, value));
    else throw new RangeError(`expected an event (intent, outcome, read, ${roomEventKinds.join(', ')} or document), not ${inputText(kind)}`);
  }

  private takeRecord(record: JournalRecord): void {
    this.mustFollow(record);
    this.contexts.get(record.dot.replica)!.push(record.context);
    this.records.push(record);
    this.lines.push(this.line);
  }

  /** What comes before it is just what its replica had seen, with all that was seen before that, or concurrent. */
  private mustFollow({ dot, context, hybrid }: JournalRecord): void {
    const own = this.contexts.get(dot.replica);
    if (!own) throw new RangeError(`expected an event of a replica that the header names, not of ${dot.replica}`);
    if (dot.counter !== own.length + 1) throw new RangeError(`expected ${dot.replica}:${own.length + 1}, not ${dotKey(dot)}: each replica's events come once, in order and without gaps`);
    const before = own.at(-1) ?? VersionVector.empty;
    if (!context.covers(before)) throw new RangeError(`expected ${dotKey(dot)} to have seen all that ${dot.replica}:${own.length} had`);
    for (const [replica, seen] of context.entries()) {
      if (replica === dot.replica || seen <= before.get(replica)) continue;
      const known = this.contexts.get(replica)?.[seen - 1];
      if (!known) throw new RangeError(`expected all that ${dotKey(dot)} had seen to come before it; ${replica}:${seen} does not`);
      if (!context.covers(known)) throw new RangeError(`expected ${dotKey(dot)}, which had seen ${replica}:${seen}, to have seen all that this had`);
    }
    const last = this.records.at(-1);
    if (last && compareCausally(last, { dot, hybrid }) >= 0) throw new RangeError(`expected events in the order of their hybrid times; ${dotKey(dot)} is before ${dotKey(last.dot)}`);
  }
}

/** Checks that others made say what is wrong, and not always what was expected. */
function expectation(error: unknown): string {
  const message = errorText(error);
  return message.startsWith('expected') ? message : `expected an event of this history: ${message}`;
}

function parseRecord(schema: Schema, kind: 'intent' | 'outcome' | 'read', value: Raw): JournalRecord {
  const payload = value['payload'];
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) throw new RangeError(`expected a payload that is an object, not ${inputText(payload)}`);
  const event = { ...parseName(value), wallMs: time(value['wallMs'], 'wallMs'), hybrid: parseHybrid(value['hybrid']) };
  if (kind === 'intent') return { ...event, ...parseEdit(schema, payload as Raw) };
  if (kind === 'outcome') return { ...event, ...parseOutcomeLine(payload as Raw) };
  return { ...event, ...parseSight(schema, payload as Raw) };
}

/** Its dot, and what its replica had seen before. */
function parseName({ id, replica, vector }: Raw): Pick<JournalRecord, 'dot' | 'context'> {
  const dot = parseId(id);
  if (replica !== dot.replica) throw new RangeError(`expected ${dot.replica} as the replica of ${dotKey(dot)}, not ${inputText(replica)}`);
  if (typeof vector !== 'object' || vector === null || Array.isArray(vector)) throw new RangeError(`expected a version vector such as {"A":12}, not ${inputText(vector)}`);
  const seen = parseVector(vector);
  if (seen.get(dot.replica) !== dot.counter) throw new RangeError(`expected ${dot.counter} for ${dot.replica} in the version vector of ${dotKey(dot)}, not ${seen.get(dot.replica)}`);
  return { dot, context: VersionVector.of(seen.entries().map(([each, counter]) => [each, each === dot.replica ? counter - 1 : counter] as const)) };
}

function parseId(id: unknown): Dot {
  if (typeof id !== 'string') throw new RangeError(`expected an id such as "A:12", not ${inputText(id)}`);
  const dot = parseDot(id.slice(0, 80));
  if (!isReplicaId(dot.replica) || dotKey(dot) !== id) throw new RangeError(`expected an id such as "A:12", not ${inputText(id)}`);
  return dot;
}

function parseHybrid(value: unknown): HybridTimestamp {
  if (!Array.isArray(value) || value.length !== 2) throw new RangeError(`expected a hybrid time [milliseconds, counter], not ${inputText(value)}`);
  const [ms, counter] = value as unknown[];
  if (typeof counter !== 'number' || !Number.isSafeInteger(counter) || counter < 0) throw new RangeError(`expected a whole number as the counter of a hybrid time, not ${inputText(counter)}`);
  return { ms: time(ms, 'a hybrid time'), counter };
}

function time(value: unknown, what: string): number {
  if (typeof value !== 'number' || !(Math.abs(value) <= timeMsMax)) throw new RangeError(`expected milliseconds since the Unix epoch as ${what}, not ${inputText(value)}`);
  return value;
}

function parseEdit(schema: Schema, payload: Raw): Omit<EditRecord, 'dot' | 'context' | 'wallMs' | 'hybrid'> {
  const { field, intent, traces } = payload;
  if (typeof field !== 'string') throw new RangeError(`expected the name of a field, not ${inputText(field)}`);
  const { type } = fieldOf(schema, field);
  const aside = parseAside(payload);
  if (aside.restores !== undefined) parseDot(aside.restores);
  return { field, intent: parseIntent(type, intent), ...aside, traces: parseTraces(traces) };
}

function parseOutcomeLine(payload: Raw): Omit<OutcomeRecord, 'dot' | 'context' | 'wallMs' | 'hybrid'> {
  return { ...parseOutcome({ ...payload, settles: payload['of'] }), ...parseSkew(payload) };
}

/** What a read told. */
function parseSight(schema: Schema, payload: Raw): Omit<ReadRecord, 'dot' | 'context' | 'wallMs' | 'hybrid'> {
  const seen = Array.isArray(payload['seen']) ? (payload['seen'] as unknown[]).map(seenParts) : payload['seen'];
  const refused = Array.isArray(payload['refused']) ? (payload['refused'] as unknown[]).map(refusedParts) : payload['refused'];
  const read = parseRead({ readAt: payload['at'], had: payload['had'], seen, refused });
  for (const { field } of read.refused ?? []) fieldOf(schema, field);
  return { ...read, seen: read.seen.map((each) => ({ ...each, value: fieldValue(fieldOf(schema, each.field).type, each.value) })), ...parseSkew(payload) };
}

function seenParts(value: unknown): unknown[] {
  const { field, strategy, value: shownValue, last, tookMs, answerMs } = (value ?? {}) as Raw;
  return [field, strategy, shownValue, last, tookMs, answerMs];
}

function refusedParts(value: unknown): unknown[] {
  const { field, strategy, reason } = (value ?? {}) as Raw;
  return [field, strategy, reason];
}

function parseDocument(payload: unknown): Uint8Array {
  const { yjs } = (payload ?? {}) as { yjs?: unknown };
  if (typeof yjs !== 'string' || yjs.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(yjs)) throw new RangeError(`expected a document {"yjs":"…"}, an update of Yjs in base64, not ${inputText(yjs)}`);
  return bytesOfBase64(yjs);
}
