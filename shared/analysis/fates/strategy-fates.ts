/** How edits ended under one strategy, and what it holds: what the ledger asks of each strategy. */
import { type FieldId, fieldOf, type FieldSpec, type FieldValue, type Schema } from '../../document/schema.ts';
import type { EditRecord, StrategyId } from '../../history/record.ts';
import type { Column } from './column.ts';
import type { Fate } from './fate.ts';
import { fieldFates } from './field-fates.ts';

export interface StrategyFates {
  readonly strategy: StrategyId;
  /** Of an edit that was meant for the strategy and not refused at once. */
  readonly fateOf: (record: EditRecord) => Fate;
  /** What the records make of a field. */
  readonly valueOf: (field: FieldId) => FieldValue;
}

/** Judges field by field what a strategy took that answers at once. `edits` in causal order; `isHere`: whether an edit has arrived where the column is read. */
export function fatesByField(
  strategy: StrategyId,
  schema: Schema,
  edits: readonly EditRecord[],
  columnOf: (field: FieldSpec) => Column,
  valueOf: (field: FieldId) => FieldValue,
  isHere: (record: EditRecord) => boolean = () => true,
): StrategyFates {
  const accepted = acceptedByField(edits, strategy);
  const fates = new Map(schema.map((field) => [field.id, fieldFates(field, (accepted.get(field.id) ?? []).filter(isHere), columnOf(field))]));
  return { strategy, fateOf: (record) => fates.get(fieldOf(schema, record.field).id)!(record), valueOf };
}

/** The edits of each field that a strategy did not refuse at once, in causal order. */
function acceptedByField(edits: readonly EditRecord[], strategy: StrategyId): ReadonlyMap<FieldId, readonly EditRecord[]> {
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
