/** How reads went under one strategy: how many values were asked for, how many it refused, and how long its answers took. */
import type { ReadRecord, StrategyId } from '../history/record.ts';
import { isTalking } from '../strategies/conversing.ts';
import { medianOf, percentile95Of } from './percentiles.ts';

export interface ReadFigures {
  /** Values of single fields that people asked for. */
  readonly reads: number;
  /** Of those: how many the strategy did not answer, as it could not ask whom it must. */
  readonly readsRefused: number;
  /** Time from asking to the answer, in whole milliseconds; 0 where the copy itself answers, null where nobody read. */
  readonly readLatencyMs: number | null;
  readonly readLatencyP95Ms: number | null;
}

export function readFigures(strategy: StrategyId, reads: readonly ReadRecord[]): ReadFigures {
  const answered = reads.flatMap(({ seen }) => seen.filter((each) => each.strategy === strategy));
  const readsRefused = reads.reduce((sum, { refused = [] }) => sum + refused.filter((each) => each.strategy === strategy).length, 0);
  const tookMs = answered.map((each) => (isTalking(strategy) ? (each.answerMs ?? each.tookMs) : 0));
  return { reads: answered.length + readsRefused, readsRefused, readLatencyMs: medianOf(tookMs), readLatencyP95Ms: percentile95Of(tookMs) };
}
