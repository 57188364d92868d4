/** The scorecard: totals of the ledger, one row per strategy. */
import type { FieldId, FieldValue, Schema } from '../document/schema.ts';
import type { EditRecord, StrategyId } from '../history/record.ts';
import type { StrategyTotals } from '../protocol/control.ts';
import { isTalking } from '../strategies/conversing.ts';
import type { Disposition, LedgerRow } from './fates/fate.ts';
import { type Settlements } from './settlements.ts';

/** Where each disposition is counted. */
const columns = {
  visible: 'kept',
  superseded: 'superseded',
  lost: 'lost',
  sibling: 'toResolve',
  resurrected: 'resurrected',
  refused: 'refused',
  unknown: 'unknown',
  pending: 'pending',
} as const satisfies Record<Disposition, keyof StrategyTotals>;

/** Adds up one strategy's fates: kept + superseded + lost + toResolve + resurrected + refused + unknown + pending = intents. */
export function totalsOf(strategy: StrategyId, rows: readonly LedgerRow[], state: Pick<StrategyTotals, 'ruleBroken' | 'oversold' | 'staleReads' | 'latencyMs'>): StrategyTotals {
  const totals = { strategy, intents: 0, kept: 0, superseded: 0, lost: 0, toResolve: 0, resurrected: 0, refused: 0, unknown: 0, pending: 0, charactersTyped: 0, charactersLost: 0, ...state };
  for (const { fates } of rows) {
    const fate = fates[strategy];
    if (!fate) continue;
    totals.intents++;
    totals[columns[fate.disposition]]++;
    totals.charactersTyped += fate.characters?.typed ?? 0;
    totals.charactersLost += fate.characters?.lost ?? 0;
  }
  return totals;
}

/** How many stocks are below zero. */
export function brokenRules(schema: Schema, value: (field: FieldId) => FieldValue): number {
  return schema.filter((field) => field.type === 'stock' && (value(field.id) as number) < 0).length;
}

/** How many things of stocks were promised beyond what there was, by the edits that people were told to have gone through. */
export function oversoldUnder(strategy: StrategyId, schema: Schema, edits: readonly EditRecord[], settlements: Settlements): number {
  const left = new Map(schema.flatMap((field) => (field.type === 'stock' ? [[field.id, field.initial as number] as const] : [])));
  for (const edit of edits) {
    const { field, intent } = edit;
    if (!left.has(field) || !wasAcknowledged(strategy, edit, settlements)) continue;
    if (intent.kind === 'reserve') left.set(field, left.get(field)! - intent.amount);
    if (intent.kind === 'release') left.set(field, left.get(field)! + intent.amount);
  }
  return [...left.values()].reduce((sum, each) => sum + Math.max(0, -each), 0);
}

/** Whether somebody was told that the edit went through, whatever became of it later. */
function wasAcknowledged(strategy: StrategyId, edit: EditRecord, settlements: Settlements): boolean {
  if (edit.traces[strategy]?.outcome === 'accepted') return true;
  const ending = isTalking(strategy) ? settlements.of(strategy, edit) : undefined;
  return ending !== undefined && ending.places.length + ending.rolledBack.length > 0;
}

/**
 * Median time from an edit to its answer, in whole milliseconds, over the edits that had to wait for one and got it; 0 for strategies that answer at
 * once, null where there is nothing to measure. Whoever could not say has not answered.
 */
export function latencyOf(strategy: StrategyId, edits: readonly EditRecord[], settlements: Settlements): number | null {
  if (!isTalking(strategy)) return edits.some(({ traces }) => traces[strategy]) ? 0 : null;
  return medianOf(edits.flatMap((edit) => settlements.of(strategy, edit)?.answeredAfterMs ?? []));
}

function medianOf(numbers: readonly number[]): number | null {
  if (numbers.length === 0) return null;
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >>> 1;
  return Math.round(sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2);
}
