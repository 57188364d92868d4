/**
 * Sequentially consistent: there is one order of all operations that keeps the order of each session, whatever the clocks say, and explains every answer.
 *
 * All fields are judged together, as sequential consistency is not local: two fields that are fine by themselves may have no common order. The
 * problem is NP-complete, so long histories can end in "unknown".
 * Sources: Lamport: "How to Make a Multiprocessor Computer That Correctly Executes Multiprocess Programs", 1979; Gibbons, Korach: "Testing Shared
 * Memories", 1997 (complexity); the search is search.ts, with sessions in the place of real time.
 */
import { runWhole, type Sliced } from '../slices.ts';
import { isUnexplained, type SearchLimits } from './linearizable.ts';
import { byInvocation, type ObservedHistory, specificationsOf } from './observed-history.ts';
import { search, StepBudget } from './search.ts';
import { noOrderOf } from './sentences.ts';
import { smallestCore } from './smallest-core.ts';
import { broken, holds, unknown, type Verdict } from './verdict.ts';

const defaultStepsMax = 100_000;

export function sequential(history: ObservedHistory, limits?: SearchLimits): Verdict {
  return runWhole(sequentialSliced(history, limits));
}

export function* sequentialSliced(history: ObservedHistory, { stepsMax = defaultStepsMax }: SearchLimits = {}): Sliced<Verdict> {
  const { operations } = history;
  const specificationOf = specificationsOf(history);
  const outcome = yield* search({ operations, specificationOf, order: 'session' }, new StepBudget(stepsMax));
  if (outcome === 'explained') return holds;
  if (outcome === 'out-of-steps') return unknown(`The search for one order of ${operations.length} operations stopped after ${stepsMax} steps.`);
  const core = byInvocation(yield* smallestCore(operations, specificationOf, (part) => isUnexplained({ operations: part, specificationOf, order: 'session' })));
  return broken(noOrderOf(core, "each session's order"), core);
}
