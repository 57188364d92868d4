/** The history as JSON Lines: a header, then one event a line, in causal order. Design: 3-semantics, "History". */
import { dotKey } from '../clocks/dot.ts';
import type { Schema } from '../document/schema.ts';
import { inCausalOrder } from './causal-order.ts';
import type { EditRecord, StrategyId } from './record.ts';

export const historyFormat = 'rejoin-history';
export const historyVersion = 1;

export function toJsonLines(schema: Schema, strategies: readonly StrategyId[], records: readonly EditRecord[]): string {
  const replicas = [...new Set(records.map((record) => record.dot.replica))].sort();
  const header = { format: historyFormat, version: historyVersion, schema, strategies, replicas };
  return [header, ...inCausalOrder(records).map(toEvent)].map((line) => `${JSON.stringify(line)}\n`).join('');
}

function toEvent(record: EditRecord): object {
  const { dot, context, hybrid, wallMs, field, intent, only, restores, traces } = record;
  return {
    id: dotKey(dot),
    replica: dot.replica,
    vector: context.with(dot).toJSON(),
    hybrid: [hybrid.ms, hybrid.counter],
    wallMs,
    kind: 'intent',
    payload: { field, intent, ...(only ? { only } : {}), ...(restores ? { restores } : {}), traces },
  };
}
