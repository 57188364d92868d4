/** How reads went under one strategy: how many values were asked for, how many it refused, and how long its answers took. */
import type { ReadRecord, StrategyId } from '../history/record.ts';
import { isCoordinated } from '../strategies/registry.ts';
import { ascending, medianOf, percentile95Of } from './percentiles.ts';
import { eachOf, type Sliced, sorted } from './slices.ts';

export interface ReadFigures {
  /** Values of single fields that people asked for. */
  readonly reads: number;
  /** Of those: how many the strategy did not answer, as it could not ask whom it must. */
  readonly readsRefused: number;
  /** Time from asking to the answer, in whole milliseconds; 0 where the copy itself answers, null where nobody read. */
  readonly readLatencyMs: number | null;
  readonly readLatencyP95Ms: number | null;
}

export function* readFigures(strategy: StrategyId, reads: readonly ReadRecord[]): Sliced<ReadFigures> {
  const tookMs: number[] = [];
  let readsRefused = 0;
  yield* eachOf(reads, ({ seen, refused = [] }) => {
    for (const each of seen) if (each.strategy === strategy) tookMs.push(isCoordinated(strategy) ? (each.answerMs ?? each.tookMs) : 0);
    for (const each of refused) readsRefused += each.strategy === strategy ? 1 : 0;
  });
  const inOrder = yield* sorted(tookMs, ascending);
  return { reads: tookMs.length + readsRefused, readsRefused, readLatencyMs: medianOf(inOrder), readLatencyP95Ms: percentile95Of(inOrder) };
}
