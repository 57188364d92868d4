/** What met at a rejoin, before anybody knows how it ended: in a fraction of the time of a ledger. */
import type { Schema } from '../document/schema.ts';
import type { EditRecord } from '../history/record.ts';
import type { LedgerRow } from './fates/fate.ts';
import { historyNames } from './history-names.ts';
import { actionsOf } from './ledger.ts';
import { type KnownRejoin, type RejoinView, rejoinView } from './rejoin-views.ts';
import { mapped, type Sliced } from './slices.ts';

/** `edits` in causal order. */
export function* metView(edits: readonly EditRecord[], schema: Schema, rejoin: KnownRejoin): Sliced<RejoinView> {
  const rows = yield* mapped(edits, (record): LedgerRow => ({ record, fates: {}, concurrent: false }));
  const { label } = yield* historyNames(schema, rows);
  return yield* rejoinView({ actions: yield* actionsOf(rows), totals: [] }, schema, rejoin, label, false);
}
