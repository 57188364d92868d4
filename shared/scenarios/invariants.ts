/**
 * Invariants: what holds in every run, whatever people and the network did: convergence, a ledger
 * that is complete and true, and what each strategy says of itself. A pure function of a run that is
 * over; a broken invariant is one sentence. Rules in brackets: shared/strategies/SPEC.md.
 *
 * Each value is checked against what edits say it should be by ways of its own, not by the code that
 * made it. Costs time in proportion to the square of the edits of a field.
 */
import { type Level, levels } from '../analysis/verdicts/levels.ts';
import type { Verdicts } from '../analysis/verdicts/verdicts.ts';
import { isEdit, type StrategyId } from '../history/record.ts';
import { strategyNames } from '../strategies/registry.ts';
import { deliveryProblems } from './delivery-invariants.ts';
import type { FinishedRun } from './finished-run.ts';
import { ledgerProblems } from './ledger-invariants.ts';
import { strategyProblems } from './strategy-invariants.ts';

/** What was not kept, a sentence each; empty when all is well. */
export function brokenInvariants(run: FinishedRun): string[] {
  const edits = run.records.filter(isEdit);
  return [
    ...deliveryProblems(run),
    ...strategyProblems(run, edits),
    ...ledgerProblems(run, edits),
    ...levelsAgree(run),
  ];
}

const sessionGuarantees = levels.slice(levels.indexOf('causal') + 1, levels.indexOf('eventual'));

/** Each with what it promises too. */
const implied: readonly (readonly [stronger: Level, weaker: Level])[] = [
  ['linearizable', 'sequential'],
  ['sequential', 'causal'],
  ...sessionGuarantees.map((guarantee) => ['causal', guarantee] as const),
];

/** What a stronger level promises every weaker one has. */
function levelsAgree({ verdicts }: FinishedRun): string[] {
  return (Object.entries(verdicts) as [StrategyId, Verdicts][]).flatMap(([strategy, { levels }]) =>
    implied.flatMap(([stronger, weaker]) => {
      const [above, below] = [levels[stronger].verdict, levels[weaker].verdict];
      const isSo =
        (above !== 'holds' || below === 'holds') && (below !== 'broken' || above === 'broken');
      const said = `${stronger} is said to be ${above}, and ${weaker} to be ${below}`;
      return isSo ? [] : [`${strategyNames[strategy]}: ${said}`];
    }),
  );
}
