/** A room's history as JSON Lines: a header, then one line for each record, each after all that its author had seen. Bytes are written as { "base64": "…" }. */
import type { Schema } from '../../shared/document/schema.ts';
import type { EditRecord, StrategyId } from '../../shared/history/record.ts';

export function historyLines(records: readonly EditRecord[], schema: Schema, strategies: readonly StrategyId[]): string {
  const replicas = [...new Set(records.map((record) => record.dot.replica))].sort();
  const header = { format: 'rejoin-history', version: 1, schema, strategies, replicas };
  return [header, ...records].map((line) => `${JSON.stringify(line, jsonValue)}\n`).join('');
}

function jsonValue(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') };
  return typeof value === 'bigint' ? value.toString() : value;
}
