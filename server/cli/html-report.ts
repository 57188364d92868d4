/** `--report FILE.html`: what a run or a replay found, as one HTML file. */
import { basename } from 'node:path';
import { type Report, shellWord } from '../../shared/analysis/report/report.ts';
import { counted } from '../../shared/analysis/phrases.ts';
import { inCausalOrder } from '../../shared/history/causal-order.ts';
import type { FinishedReplay } from './replay-report.ts';
import type { FinishedScenario } from './run-report.ts';

const marks = { broken: '✗', unknown: '?' } as const;

export function reportOfRun({ file, checked: { run, broken, outcome } }: FinishedScenario): Report {
  const { scenario, judgements } = run;
  const open = judgements.filter((each) => each.outcome !== 'holds');
  const words = judgements.length === 0 && broken.length === 0 ? 'nothing was expected' : outcome === 'holds' ? `holds: ${counted(judgements.length, 'expectation')}` : `${outcome}: ${open.length} of ${counted(judgements.length, 'expectation')}`;
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
      `npx rejoin run ${shellWord(file)}${run.seed === 1 ? '' : ` --seed ${run.seed}`}`,
      ...broken.map((sentence) => `${marks.broken} a promise of the program: ${sentence}`),
      ...open.map(({ outcome: each, expectation, sentence }) => `${marks[each as keyof typeof marks]} ${expectation.path}: ${sentence}`),
    ],
  };
}

export function reportOfReplay({ file, replayed, judged }: FinishedReplay): Report {
  const { schema, strategies, records, events, everywhere } = replayed;
  return {
    title: `Replay of ${basename(file)}`,
    result: null,
    facts: ['times' in replayed ? 'a recording of people typing' : 'a history', counted(everywhere.entries().length, 'replica')],
    schema, strategies, records, events,
    ledger: judged.ledger,
    scorecard: judged.scorecard,
    verdicts: judged.verdicts,
    again: [`npx rejoin replay ${shellWord(file)}`],
  };
}
