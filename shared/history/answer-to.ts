/** How one edit stands under a strategy, as records tell it. */
import { type Dot, dotKey } from '../clocks/dot.ts';
import { isEdit, isOutcome, type JournalRecord, type Settlement, type StrategyId, type Trace } from './record.ts';

export type Answer = Trace | Exclude<Settlement, { readonly outcome: 'rolled-back' }>;

/** null: no record tells of the edit, or it was not made under this strategy. Looks from the newest record back to the edit itself. */
export function answerTo(dot: Dot, strategy: StrategyId, records: readonly JournalRecord[]): Answer | null {
  const key = dotKey(dot);
  for (let at = records.length - 1; at >= 0; at--) {
    const record = records[at]!;
    if (isOutcome(record) && record.strategy === strategy && dotKey(record.settles) === key) {
      if (record.settlement.outcome !== 'rolled-back') return record.settlement;
    } else if (isEdit(record) && dotKey(record.dot) === key) return record.traces[strategy] ?? null;
  }
  return null;
}
