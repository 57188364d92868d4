/**
 * The review after rejoining: the ledger's rows that did not simply survive, as a person reads them. Keystrokes of one run of typing that
 * met the same fate are one entry.
 */
import type { Intent } from '../document/intent.ts';
import type { FieldId } from '../document/schema.ts';
import type { StrategyId } from '../history/record.ts';
import type { Disposition } from './ledger.ts';

export interface ReviewEntry {
  /** Stable while the history grows. */
  readonly key: string;
  /** The field's label: "Votes". */
  readonly label: string;
  /** "your +1 (A:9) was lost to B's +1 (B:4) under Last writer wins. Neither had seen the other." */
  readonly sentence: string;
  /** Version vectors of the edit and, where there is one, of the edit that caused its fate: "A:9 {A:9 B:3}". */
  readonly clocks: readonly string[];
  /** What each strategy made of it, in the order of the columns. */
  readonly fates: readonly { readonly strategy: StrategyId; readonly disposition: Disposition; readonly text: string }[];
  /** The edit that would put the lost value back, where it was lost; null when there is nothing to put back. */
  readonly putBack: { readonly field: FieldId; readonly intent: Intent; readonly only: readonly StrategyId[] } | null;
}
