/** The history as JSON Lines: a header, then one event a line, in causal order. Design: 3-semantics, "History". */
import { dotKey } from '../clocks/dot.ts';
import type { Schema } from '../document/schema.ts';
import { inCausalOrder } from './causal-order.ts';
import { isEdit, isRead, type JournalRecord, type StrategyId } from './record.ts';

export const historyFormat = 'rejoin-history';
export const historyVersion = 1;

export function toJsonLines(schema: Schema, strategies: readonly StrategyId[], records: readonly JournalRecord[]): string {
  const replicas = [...new Set(records.map((record) => record.dot.replica))].sort();
  const header = { format: historyFormat, version: historyVersion, schema, strategies, replicas };
  return [header, ...inCausalOrder(records).map(toEvent)].map((line) => `${JSON.stringify(line)}\n`).join('');
}

function toEvent(record: JournalRecord): object {
  const { dot, context, hybrid, wallMs } = record;
  const event = { id: dotKey(dot), replica: dot.replica, vector: context.with(dot).toJSON(), hybrid: [hybrid.ms, hybrid.counter], wallMs };
  if (isRead(record)) return { ...event, kind: 'read', payload: { at: record.readAt, had: record.had.toJSON(), ...skewOf(record), seen: record.seen } };
  if (!isEdit(record)) return { ...event, kind: 'outcome', payload: { of: dotKey(record.settles), strategy: record.strategy, ...skewOf(record), ...record.settlement } };
  const { field, intent, only, restores, gathers, traces } = record;
  return {
    ...event,
    kind: 'intent',
    payload: { field, intent, ...(only ? { only } : {}), ...(restores ? { restores } : {}), ...skewOf(record), ...(gathers ? { gathers } : {}), traces },
  };
}

function skewOf({ skewMs }: JournalRecord): { readonly skewMs?: number } {
  return skewMs ? { skewMs } : {};
}
