/** `--report FILE.html`: what a run found, for one HTML file. */
import { expectationWords, type Report, shellWord, unmetLines } from '../../../shared/analysis/report/report.ts';
import { counted } from '../../../shared/analysis/phrases.ts';
import { inCausalOrder } from '../../../shared/history/causal-order.ts';
import { ofThisSimulation } from './run-command-line.ts';
import type { FinishedScenario } from './run-report.ts';

export function reportOfRun({ file, checked: { run, broken, outcome } }: FinishedScenario): Report {
  const { scenario, judgements } = run;
  const judged = judgements.map(({ outcome: each, expectation: { path }, sentence }) => ({ outcome: each, path, sentence }));
  const words = judged.length === 0 && broken.length === 0 ? 'nothing was expected' : expectationWords(outcome, judged);
  return {
    title: scenario.title,
    result: { outcome, words },
    facts: [file, `seed ${run.seed}`, counted(scenario.replicas.length, 'replica')],
    schema: scenario.schema,
    strategies: scenario.strategies,
    records: inCausalOrder(run.records),
    events: run.events,
    ledger: { ...run.ledger, totals: run.ledger.totals.filter(({ strategy }) => scenario.strategies.includes(strategy)) },
    scorecard: run.figures,
    verdicts: run.verdicts,
    again: [
      `npx rejoin run ${shellWord(file)}${run.seed === 1 ? '' : ` --seed ${run.seed} ${ofThisSimulation}`}`,
      ...unmetLines(broken.map((sentence) => ({ outcome: 'broken', path: 'a promise of the program', sentence }))),
      ...unmetLines(judged),
    ],
  };
}
