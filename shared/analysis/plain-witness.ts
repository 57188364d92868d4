/**
 * Witnesses that people understand, in the place of ones that only a checker understands.
 *
 * Gives a broken verdict the simplest witness that it finds. Each shows by itself that the level is broken, so no other verdict changes but "unknown".
 */
import type { Sliced } from './slices.ts';
import { named } from './verdicts/sentences.ts';
import { linearizableSliced, type SearchLimits } from './verdicts/linearizable.ts';
import { grouped, type ObservedHistory } from './verdicts/observed-history.ts';
import { isPure, type Operation, type Update } from './verdicts/operation.ts';
import { sequentialSliced } from './verdicts/sequential.ts';
import { broken, type Verdict } from './verdicts/verdict.ts';

/** By what people read, if that shows it; else by what windows showed right after clicks. By one field, if that shows it. */
export function* plainlyNotLinearizable(verdict: Verdict, history: ObservedHistory, limits: SearchLimits): Sliced<Verdict> {
  if (verdict.verdict !== 'broken') return verdict;
  let found = verdict;
  if (history.operations.some(isTold)) {
    const plain = yield* linearizableSliced({ ...history, operations: history.operations.map((each) => (isTold(each) ? { ...each, returned: undefined } : each)) }, limits);
    if (plain.verdict === 'holds') return sameAnswers(history.operations) ?? verdict;
    if (plain.verdict === 'broken') found = plain;
  }
  const fieldOf = new Map(history.operations.map(({ id, field }) => [id, field]));
  const isOfOne = new Set(found.witness.operations.map((id) => fieldOf.get(id))).size === 1;
  return isOfOne ? found : ((yield* inOneField(history, (ofField) => linearizableSliced(ofField, limits))) ?? found);
}

/** By two clicks, or at least by one field: which may also decide what was too much for a search over all fields. */
export function* plainlyNotSequential(verdict: Verdict, history: ObservedHistory, limits: SearchLimits): Sliced<Verdict> {
  if (verdict.verdict === 'holds') return verdict;
  return sameAnswers(history.operations) ?? (yield* inOneField(history, (ofField) => sequentialSliced(ofField, limits))) ?? verdict;
}

/** Where one field by itself breaks a level, the whole does. */
function* inOneField(history: ObservedHistory, judge: (history: ObservedHistory) => Sliced<Verdict>): Sliced<Verdict | null> {
  for (const operations of grouped(history.operations, ({ field }) => field).values()) {
    const verdict = yield* judge({ ...history, operations });
    if (verdict.verdict === 'broken') return verdict;
  }
  return null;
}

/** A number that only ever goes one way cannot be the same after two steps: then neither counted the other. */
function sameAnswers(operations: readonly Operation[]): Verdict | null {
  for (const ofField of grouped(operations.filter((each) => !isPure(each)), ({ field }) => field).values()) {
    const directions = new Set(ofField.map(directionOf));
    if (directions.size !== 1 || directions.has(0)) continue;
    const byAnswer = new Map<unknown, Update>();
    for (const each of ofField) {
      if (!isTold(each)) continue;
      const other = byAnswer.get(each.returned);
      if (other) return broken(`${named(other)} and ${named(each)} both showed ${String(each.returned)} afterwards: neither counted the other.`, [other, each]);
      byAnswer.set(each.returned, each);
    }
  }
  return null;
}

function directionOf(operation: Operation): number {
  if (operation.kind !== 'update' || operation.step.kind === 'set') return 0;
  return Math.sign(operation.step.kind === 'add' ? operation.step.by : -operation.step.amount);
}

function isTold(operation: Operation): operation is Update {
  return operation.kind === 'update' && operation.returned !== undefined;
}
