/** How edits ended under one strategy, and what it holds: what the ledger asks of each strategy. */
import type { FieldId, FieldValue } from '../../document/schema.ts';
import type { EditRecord, StrategyId } from '../../history/record.ts';
import type { Fate } from './fate.ts';

export interface StrategyFates {
  readonly strategy: StrategyId;
  /** Of an edit that was meant for the strategy and not refused at once. */
  readonly fateOf: (record: EditRecord) => Fate;
  /** What the records make of a field. */
  readonly valueOf: (field: FieldId) => FieldValue;
}

/** The edits of each field that a strategy did not refuse at once, in causal order. */
export function acceptedByField(edits: readonly EditRecord[], strategy: StrategyId): ReadonlyMap<FieldId, readonly EditRecord[]> {
  const byField = new Map<FieldId, EditRecord[]>();
  for (const edit of edits) {
    const trace = edit.traces[strategy];
    if (!trace || trace.outcome === 'refused') continue;
    const ofField = byField.get(edit.field);
    if (ofField) ofField.push(edit);
    else byField.set(edit.field, [edit]);
  }
  return byField;
}
