/** What people call items and edits of a history, and which edits put back which. */
import { dotKey, type DotKey } from '../clocks/dot.ts';
import type { ListItem, Schema } from '../document/schema.ts';
import { EditNumbers } from '../history/edit-numbers.ts';
import type { EditRecord } from '../history/record.ts';
import type { LedgerRow } from './fates/fate.ts';
import { eachOf, type Sliced } from './slices.ts';

export interface HistoryNames {
  /** The label of a list item. */
  readonly label: (item: string) => string;
  readonly numbers: EditNumbers;
  /** By the edit that was put back: the edit that did so. */
  readonly restored: ReadonlyMap<DotKey, EditRecord>;
}

export function* historyNames(schema: Schema, rows: readonly LedgerRow[]): Sliced<HistoryNames> {
  const labels = new Map(schema.flatMap(({ type, initial }) => (type === 'list' ? (initial as readonly ListItem[]).map(({ id, label }) => [id, label] as const) : [])));
  const restored = new Map<DotKey, EditRecord>();
  const numbers = new EditNumbers();
  yield* eachOf(rows, ({ record }) => {
    numbers.note(record);
    if (record.intent.kind === 'insert') labels.set(dotKey(record.dot), record.intent.label);
    if (record.restores) restored.set(record.restores, record);
  });
  return { label: (item) => labels.get(item) ?? item, numbers, restored };
}
