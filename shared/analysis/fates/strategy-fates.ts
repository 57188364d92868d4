/** How edits ended under one strategy, and what it holds: what the ledger asks of each strategy. */
import { type FieldId, fieldOf, type FieldSpec, type FieldValue, type Schema } from '../../document/schema.ts';
import type { EditRecord, StrategyId } from '../../history/record.ts';
import { getOrMake } from '../concurrency.ts';
import { eachOf, type Sliced } from '../slices.ts';
import type { Column, TextRun } from './column.ts';
import type { Fate } from './fate.ts';
import { fieldFates } from './field-fates.ts';

export interface StrategyFates {
  readonly strategy: StrategyId;
  /** Of an edit that was meant for the strategy and not refused at once. */
  readonly fateOf: (record: EditRecord) => Fate;
  /** What the records make of a field. */
  readonly valueOf: (field: FieldId) => FieldValue;
  /** Of a text field: which edit each part of the text comes from. */
  readonly runsOf: (field: FieldId) => Sliced<readonly TextRun[]>;
}

/** Judges field by field what a strategy took that answers at once. `edits` in causal order; `isHere`: whether an edit has arrived where the column is read. */
export function* fatesByField(
  strategy: StrategyId,
  schema: Schema,
  edits: readonly EditRecord[],
  columnOf: (field: FieldSpec) => Sliced<Column>,
  valueOf: (field: FieldId) => FieldValue,
  isHere: (record: EditRecord) => boolean = () => true,
): Sliced<StrategyFates> {
  const accepted = yield* acceptedByField(edits, strategy, isHere);
  const fates = new Map<FieldId, (record: EditRecord) => Fate>();
  const columns = new Map<FieldId, Column>();
  for (const field of schema) {
    const column = yield* columnOf(field);
    columns.set(field.id, column);
    fates.set(field.id, yield* fieldFates(field, accepted.get(field.id) ?? [], column));
  }
  const fateOf = (record: EditRecord): Fate => fates.get(fieldOf(schema, record.field).id)!(record);
  return { strategy, fateOf, valueOf, runsOf: (field) => columns.get(fieldOf(schema, field).id)!.runs() };
}

/** The edits of each field that a strategy did not refuse at once, in causal order. */
function* acceptedByField(edits: readonly EditRecord[], strategy: StrategyId, isHere: (record: EditRecord) => boolean): Sliced<ReadonlyMap<FieldId, readonly EditRecord[]>> {
  const byField = new Map<FieldId, EditRecord[]>();
  yield* eachOf(edits, (edit) => {
    const trace = edit.traces[strategy];
    if (trace && trace.outcome !== 'refused' && isHere(edit)) getOrMake(byField, edit.field, () => []).push(edit);
  });
  return byField;
}
