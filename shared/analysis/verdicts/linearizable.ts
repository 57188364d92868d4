/**
 * Linearizable: there is one order of all operations in which each takes effect between its invocation and its return, and that explains every answer.
 *
 * Each field is judged by itself, which is exact: a history is linearizable iff each of its objects is (locality; Herlihy, Wing, 1990, theorem 1;
 * Horn, Kroening, 2015, call it P-compositionality). Only where a session did two things at one and the same time stamp, on two fields, are those two
 * judged together, as their order is then known from the session alone. Open operations may have happened or not. See search.ts for the search.
 */
import type { FieldId } from '../../document/schema.ts';
import { runWhole, type Sliced } from '../slices.ts';
import { linearizabilitySentence } from './linearizability-sentence.ts';
import { byInvocation, grouped, type ObservedHistory, specificationsOf } from './observed-history.ts';
import type { Operation } from './operation.ts';
import { type Question, search, StepBudget } from './search.ts';
import { shortestBeginning, smallestCore } from './smallest-core.ts';
import type { Specification } from './specification.ts';
import { broken, holds, unknown, type Verdict } from './verdict.ts';

export interface SearchLimits {
  /** Operations tried in the search, over all fields. Default 300,000, about a second. */
  readonly stepsMax?: number;
}

const defaultStepsMax = 300_000;
/** What one trial may take while a witness is made small; a trial that takes more counts as one that does not fail. */
const stepsMaxPerTrial = 5_000;

export function linearizable(history: ObservedHistory, limits?: SearchLimits): Verdict {
  return runWhole(linearizableSliced(history, limits));
}

export function* linearizableSliced(history: ObservedHistory, { stepsMax = defaultStepsMax }: SearchLimits = {}): Sliced<Verdict> {
  const specificationOf = specificationsOf(history);
  const budget = new StepBudget(stepsMax);
  let tired: Operation[] | null = null;
  for (const operations of inseparable(history.operations)) {
    const outcome = yield* search({ operations, specificationOf, order: 'real-time' }, budget);
    if (outcome === 'unexplained') return yield* witnessed(operations, specificationOf);
    if (outcome === 'out-of-steps') tired ??= operations;
  }
  return tired === null ? holds : unknown(`The search for an order of ${tired.length} operations on ${tired[0]!.field} stopped after ${stepsMax} steps.`);
}

/** The operations of each field; of several where equal time stamps in a session tie them together. */
function inseparable(operations: readonly Operation[]): Operation[][] {
  const leader = new Map<FieldId, FieldId>();
  const find = (field: FieldId): FieldId => {
    const next = leader.get(field);
    return next === undefined ? field : find(next);
  };
  for (const session of grouped(byInvocation(operations), (each) => each.session).values()) {
    const returned = new Map<number, Operation[]>();
    for (const operation of session) {
      for (const earlier of returned.get(operation.invokedAt) ?? []) {
        const [a, b] = [find(earlier.field), find(operation.field)];
        if (a !== b) leader.set(a, b);
      }
      if (operation.returnedAt === null) continue;
      if (returned.has(operation.returnedAt)) returned.get(operation.returnedAt)!.push(operation);
      else returned.set(operation.returnedAt, [operation]);
    }
  }
  return [...grouped(operations, ({ field }) => find(field)).values()];
}

function* witnessed(operations: readonly Operation[], specificationOf: (field: FieldId) => Specification): Sliced<Verdict> {
  const fails = (part: readonly Operation[]): Sliced<boolean> => isUnexplained({ operations: part, specificationOf, order: 'real-time' });
  const beginning = yield* shortestBeginning(operations, fails);
  const core = byInvocation(yield* smallestCore(beginning, specificationOf, fails));
  const specification = specificationOf(core[0]!.field);
  return broken(linearizabilitySentence(core, operations, specification.overwrites, specification.initial), core);
}

export function* isUnexplained(question: Question): Sliced<boolean> {
  return (yield* search(question, new StepBudget(stepsMaxPerTrial))) === 'unexplained';
}
