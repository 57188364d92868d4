/**
 * What a single leader made of each edit: those that stand in the log are one chain, in the log's order; of an edit every entry by which it
 * was acknowledged can be rolled back [LEAD6]. Terms are totally ordered, and an entry of a lower term that nobody took off is still in the log.
 *
 * While two leaders have not met, the edits of both stand.
 */
import type { Schema } from '../../document/schema.ts';
import type { EditRecord } from '../../history/record.ts';
import type { Outcomes } from '../outcomes.ts';
import type { Sliced } from '../slices.ts';
import { coordinatedFates, orderedChain } from './coordinated-fates.ts';
import type { StrategyFates } from './strategy-fates.ts';

/** `edits` in causal order. */
export function singleLeaderFates(schema: Schema, edits: readonly EditRecord[], outcomes: Outcomes): Sliced<StrategyFates> {
  return coordinatedFates('single-leader', schema, edits, outcomes, orderedChain);
}
