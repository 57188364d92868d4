/**
 * The history as JSON Lines: a header, then one event a line, in causal order; at last, where it is given, the CRDT's document. history-file.ts reads it.
 * Design: 3-semantics, "History".
 */
import { toBase64 } from 'lib0/buffer';
import { dotKey } from '../clocks/dot.ts';
import type { Schema } from '../document/schema.ts';
import { inCausalOrder } from './causal-order.ts';
import type { History } from './history.ts';
import { isEdit, isRead, type JournalRecord, type StrategyId } from './record.ts';
import type { RoomEvent } from './room-event.ts';

export const historyFormat = 'rejoin-history';
export const historyVersion = 2;
/** Version 1 has no notes of replicas, settings and final reads. */
export const historyVersions: readonly unknown[] = [1, historyVersion];

/** The bytes of an update of Yjs that says nothing. */
const emptyUpdateBytes = 2;

/** What a history may have beside its records. */
export interface HistoryExtras {
  readonly events?: readonly RoomEvent[];
  /** The CRDT's document in the end, as an update of Yjs (v1): with it the ledger of the CRDT is exact. An empty one is left out. */
  readonly document?: Uint8Array | null;
}

export function toJsonLines(schema: Schema, strategies: readonly StrategyId[], records: readonly JournalRecord[], extras: HistoryExtras = {}): string {
  return [...toHistoryLines(schema, strategies, records, extras)].join('');
}

/** The same line by line, each with its line end. */
export function toHistoryLines(schema: Schema, strategies: readonly StrategyId[], records: readonly JournalRecord[], extras: HistoryExtras = {}): Generator<string> {
  const replicas = [...new Set(records.map((record) => record.dot.replica))].sort();
  return jsonHistoryLines({ schema, strategies, replicas, records, events: extras.events ?? [], document: extras.document ?? null });
}

/** The same line by line, each with its line end. */
export function* jsonHistoryLines({ schema, strategies, replicas, records, events, document }: History): Generator<string> {
  yield lineOf({ format: historyFormat, version: historyVersion, schema, strategies, replicas });
  let told = 0;
  for (const record of inCausalOrder(records)) {
    // Where the clocks say; the order among themselves stays.
    while (told < events.length && events[told]!.wallMs < record.hybrid.ms) yield lineOf(eventLine(events[told++]!));
    yield lineOf(toEvent(record));
  }
  while (told < events.length) yield lineOf(eventLine(events[told++]!));
  if (document && document.length > emptyUpdateBytes) yield lineOf({ kind: 'document', payload: { yjs: toBase64(document) } });
}

function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

function eventLine({ kind, replica, wallMs, payload }: RoomEvent): object {
  return { kind, ...(replica === null ? {} : { replica }), wallMs, payload };
}

function toEvent(record: JournalRecord): object {
  const { dot, context, hybrid, wallMs } = record;
  const event = { id: dotKey(dot), replica: dot.replica, vector: context.with(dot).toJSON(), hybrid: [hybrid.ms, hybrid.counter], wallMs };
  if (isRead(record)) return { ...event, kind: 'read', payload: { at: record.readAt, had: record.had.toJSON(), ...skewOf(record), seen: record.seen, ...(record.refused ? { refused: record.refused } : {}) } };
  if (!isEdit(record)) return { ...event, kind: 'outcome', payload: { of: dotKey(record.settles), strategy: record.strategy, ...skewOf(record), ...record.settlement } };
  const { field, intent, only, restores, gathers, continues, traces } = record;
  return {
    ...event,
    kind: 'intent',
    payload: { field, intent, ...(continues === undefined ? {} : { continues }), ...(only ? { only } : {}), ...(restores ? { restores } : {}), ...skewOf(record), ...(gathers ? { gathers } : {}), traces },
  };
}

function skewOf({ skewMs }: JournalRecord): { readonly skewMs?: number } {
  return skewMs ? { skewMs } : {};
}
