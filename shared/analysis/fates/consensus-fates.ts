/**
 * What consensus made of each edit: the accepted edits of a field are one chain, numbered without gaps, so that nothing
 * accepted drops out [CAS1]. A whole value that was set without having seen the one before it still takes its place: that one is lost, and told so.
 */
import type { Schema } from '../../document/schema.ts';
import type { EditRecord } from '../../history/record.ts';
import type { Outcomes } from '../outcomes.ts';
import type { Sliced } from '../slices.ts';
import { coordinatedFates, orderedChain } from './coordinated-fates.ts';
import type { StrategyFates } from './strategy-fates.ts';

/** `edits` in causal order. */
export function consensusFates(schema: Schema, edits: readonly EditRecord[], outcomes: Outcomes): Sliced<StrategyFates> {
  return coordinatedFates('consensus', schema, edits, outcomes, orderedChain);
}
