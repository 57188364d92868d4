/**
 * The parts of records as plain values: what JSON Lines hold, and what stands in the bytes of a record where few records have it.
 *
 * Guarantees: each reads what it wrote, and throws a RangeError on anything else.
 */
import { dotKey, isReplicaId, parseDot } from '../clocks/dot.ts';
import { VersionVector } from '../clocks/version-vector.ts';
import type { FieldValue } from '../document/schema.ts';
import { inputText } from '../encoding/input-text.ts';
import { type EditRecord, type JournalRecord, type OutcomeRecord, type ReadRecord, type RefusedRead, type Seen, type Settlement, type StrategyId, strategyIds, type Trace } from './record.ts';

/** Most replicas that a version vector read from outside may name. */
export const vectorEntriesMax = 10_000;

/** Most values that one read may tell of. */
const seenMax = 1_000;

/** How an edit ended, as plain values. */
export function plainOutcome(record: OutcomeRecord): Record<string, unknown> {
  return { settles: dotKey(record.settles), strategy: record.strategy, ...plainSkew(record), ...record.settlement };
}

/** What a read told, as plain values. */
export function plainRead({ readAt, had, seen, refused }: ReadParts): Record<string, unknown> {
  return {
    readAt,
    had: had.toJSON(),
    seen: seen.map(({ field, strategy, value, last, tookMs, answerMs }) => [field, strategy, value, last, tookMs, ...(answerMs === undefined ? [] : [answerMs])]),
    ...(refused ? { refused: refused.map(({ field, strategy, reason }) => [field, strategy, reason]) } : {}),
  };
}

/** What a read told, without its name and times. */
export type ReadParts = Pick<ReadRecord, 'readAt' | 'had' | 'seen' | 'refused'>;

type AnswerParts = Pick<OutcomeRecord, 'settles' | 'strategy' | 'settlement' | 'skewMs'> | (ReadParts & Pick<ReadRecord, 'skewMs'>);

/** Reads what plainRead or plainOutcome gave, with a skew; throws a RangeError on anything else. */
export function parseAnswer(raw: unknown): AnswerParts {
  const answer = (raw ?? {}) as Record<string, unknown>;
  return { ...('readAt' in answer ? parseRead(answer) : parseOutcome(answer)), ...parseSkew(answer) };
}

/** Where no skew was set, none is written. */
export function plainSkew({ skewMs }: JournalRecord): { readonly skewMs?: number } {
  return skewMs ? { skewMs } : {};
}

/** The skew of a record's clock, in whole milliseconds; nothing where there is none. Throws a RangeError on anything else. */
export function parseSkew(raw: unknown): { readonly skewMs?: number } {
  const { skewMs } = raw as { skewMs?: unknown };
  if (skewMs === undefined) return {};
  if (!Number.isSafeInteger(skewMs)) throw new RangeError(`a clock skew is a whole number of milliseconds, not ${inputText(skewMs)}`);
  return skewMs === 0 ? {} : { skewMs: skewMs as number };
}

/** Reads what VersionVector.toJSON gave; throws a RangeError on anything else. */
export function parseVector(raw: unknown): VersionVector {
  if (typeof (raw ?? {}) !== 'object' || Array.isArray(raw)) throw new RangeError(`a version vector is an object such as {"A":12}, not ${inputText(raw)}`);
  const entries = Object.entries((raw ?? {}) as Record<string, unknown>);
  if (entries.length > vectorEntriesMax) throw new RangeError(`a version vector of ${entries.length} entries; ${vectorEntriesMax} is the most`);
  for (const [replica, counter] of entries) {
    if (!isReplicaId(replica) || typeof counter !== 'number' || !Number.isSafeInteger(counter) || counter < 1) throw new RangeError(`"${replica.slice(0, 40)}": ${String(counter)} is no entry of a version vector`);
  }
  return VersionVector.of(entries as [string, number][]);
}

/** Reads what plainRead gave; throws a RangeError on anything else. */
export function parseRead({ readAt, had, seen, refused }: Record<string, unknown>): ReadParts {
  if (typeof readAt !== 'string' || !isReplicaId(readAt)) throw new RangeError(`a read names the replica that answered, not ${inputText(readAt)}`);
  if (!Array.isArray(seen) || seen.length > seenMax) throw new RangeError(`a read tells of at most ${seenMax} values`);
  if (refused !== undefined && (!Array.isArray(refused) || refused.length > seenMax)) throw new RangeError(`a read tells of at most ${seenMax} values that were refused`);
  return { readAt, had: parseVector(had), seen: seen.map(readSeen), ...(refused === undefined ? {} : { refused: refused.map(readRefused) }) };
}

function readSeen(raw: unknown): Seen {
  const [field, strategy, value, last, tookMs, answerMs] = Array.isArray(raw) ? (raw as unknown[]) : [];
  if (typeof field !== 'string' || !isStrategyId(strategy)) throw new RangeError(`what was seen names its field and its strategy, not ${inputText(field)} and ${inputText(strategy)}`);
  if (last !== null && typeof last !== 'string') throw new RangeError(`what was seen names the edit that made it, not ${inputText(last)}`);
  if (!isDuration(tookMs) || (answerMs !== undefined && !isDuration(answerMs))) throw new RangeError('a read takes a whole number of milliseconds');
  if (last) parseDot(last);
  return { field, strategy, value: value as FieldValue, last, tookMs, ...(answerMs === undefined ? {} : { answerMs }) };
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function readRefused(raw: unknown): RefusedRead {
  const [field, strategy, reason] = Array.isArray(raw) ? (raw as unknown[]) : [];
  if (typeof field !== 'string' || !isStrategyId(strategy) || typeof reason !== 'string') throw new RangeError(`what was refused names its field, its strategy and why, not ${inputText(field)}, ${inputText(strategy)} and ${inputText(reason)}`);
  return { field, strategy, reason };
}

/** Reads how an edit ended, as plain values; throws a RangeError on anything else. */
export function parseOutcome({ settles, strategy, outcome, reason, details }: Record<string, unknown>): Pick<OutcomeRecord, 'settles' | 'strategy' | 'settlement'> {
  if (!isStrategyId(strategy)) throw new RangeError(`an outcome names its strategy, not ${inputText(strategy)}`);
  if (typeof settles !== 'string') throw new RangeError(`an outcome names its edit, such as "A:12", not ${inputText(settles)}`);
  return { settles: parseDot(settles), strategy, settlement: settlementOf(outcome, reason, details) };
}

function settlementOf(outcome: unknown, reason: unknown, details: unknown): Settlement {
  if (outcome === 'accepted') return { outcome, details };
  if (typeof reason === 'string') {
    if (outcome === 'refused') return { outcome, reason };
    if (outcome === 'unknown') return details === undefined ? { outcome, reason } : { outcome, reason, details };
    if (outcome === 'rolled-back') return { outcome, reason, details };
  }
  throw new RangeError(`an outcome is "accepted", or "refused", "unknown" or "rolled-back" with a reason, not ${inputText(outcome)}${typeof reason === 'string' ? '' : ` with ${inputText(reason)}`}`);
}

/** What few records have: the strategies they are meant for, what they put back, and the skew of their clock. A splice says whether it continues a run, by itself where it can. */
export function plainAside(record: EditRecord): Record<string, string | number | boolean | string[]> | boolean | null {
  const { only, restores, gathers, continues } = record;
  const aside = { ...(only ? { only: [...only] } : {}), ...(restores ? { restores } : {}), ...plainSkew(record), ...(gathers ? { gathers } : {}) };
  if (Object.keys(aside).length === 0) return continues ?? null;
  return continues === undefined ? aside : { ...aside, continues };
}

/** Reads what few edits have; throws a RangeError on anything else. */
export function parseAside(raw: unknown): Pick<EditRecord, 'only' | 'restores' | 'skewMs' | 'gathers' | 'continues'> {
  if (typeof raw === 'boolean') return { continues: raw };
  const { only, restores, gathers, continues } = raw as Readonly<Record<string, unknown>>;
  if (continues !== undefined && typeof continues !== 'boolean') throw new RangeError(`whether an edit continues a run is true or false, not ${inputText(continues)}`);
  if (gathers !== undefined && !(Number.isSafeInteger(gathers) && (gathers as number) > 0)) throw new RangeError(`an edit gathers a whole number of edits, not ${inputText(gathers)}`);
  if (only !== undefined && !(Array.isArray(only) && only.every(isStrategyId))) throw new RangeError(`an edit is for a list of strategies, not for ${inputText(Array.isArray(only) ? only.find((each) => !isStrategyId(each)) : only)}`);
  if (restores !== undefined && typeof restores !== 'string') throw new RangeError(`what an edit restores is named as in "A:12", not ${inputText(restores)}`);
  return {
    ...(only ? { only: only as StrategyId[] } : {}),
    ...(restores ? { restores } : {}),
    ...parseSkew(raw),
    ...(gathers ? { gathers: gathers as number } : {}),
    ...(continues === undefined ? {} : { continues }),
  };
}

/** Reads traces by strategy; throws a RangeError on anything else. Their details belong to the strategies. */
export function parseTraces(raw: unknown): EditRecord['traces'] {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw new RangeError(`traces are an object, not ${inputText(raw)}`);
  const traces: Partial<Record<StrategyId, Trace>> = {};
  for (const [id, trace] of Object.entries(raw as Record<string, unknown>)) {
    if (!isStrategyId(id)) throw new RangeError(`"${id.slice(0, 40)}" is no strategy`);
    traces[id] = readTrace(trace);
  }
  return traces;
}

function readTrace(raw: unknown): Trace {
  const trace = raw as { outcome?: unknown; reason?: unknown; details?: unknown } | null;
  if (trace?.outcome === 'accepted') return { outcome: 'accepted', details: trace.details };
  if (trace?.outcome === 'refused' && typeof trace.reason === 'string') return { outcome: 'refused', reason: trace.reason };
  if (trace?.outcome === 'pending') return { outcome: 'pending' };
  throw new RangeError(`a trace is "accepted", "refused" with a reason, or "pending", not ${inputText(trace?.outcome ?? raw)}`);
}

export function isStrategyId(value: unknown): value is StrategyId {
  return (strategyIds as readonly unknown[]).includes(value);
}
