/** How each coordinated strategy judges edits: by the chain that its descriptor names. */
import type { Schema } from '../../document/schema.ts';
import type { EditRecord } from '../../history/record.ts';
import { type CoordinatedId, coordinationOf } from '../../strategies/registry.ts';
import type { Outcomes } from '../outcomes.ts';
import type { Sliced } from '../slices.ts';
import { coordinatedFates, orderedChain } from './coordinated-fates.ts';
import { descentOf } from './descent.ts';
import type { StrategyFates } from './strategy-fates.ts';

const chains = { 'all-accepted': orderedChain, descent: descentOf } as const;

/** `edits` in causal order. */
export function fatesUnderCoordination(strategy: CoordinatedId, schema: Schema, edits: readonly EditRecord[], outcomes: Outcomes): Sliced<StrategyFates> {
  return coordinatedFates(strategy, schema, edits, outcomes, chains[coordinationOf(strategy).chain]);
}
