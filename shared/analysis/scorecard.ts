/** The scorecard: totals of the ledger, one row per strategy. */
import type { FieldId, FieldValue, Schema } from '../document/schema.ts';
import type { StrategyId } from '../history/record.ts';
import type { StrategyTotals } from '../protocol/control.ts';
import type { Disposition, LedgerRow } from './fate.ts';

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
export function totalsOf(strategy: StrategyId, rows: readonly LedgerRow[], ruleBroken: number): StrategyTotals {
  const totals = { strategy, intents: 0, kept: 0, superseded: 0, lost: 0, toResolve: 0, resurrected: 0, refused: 0, unknown: 0, pending: 0, charactersTyped: 0, charactersLost: 0, ruleBroken, staleReads: 0, latencyMs: null };
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
