/** `--report FILE.html`: what a replay found, for one HTML file. */
import { basename } from 'node:path';
import { counted } from '../../../shared/analysis/phrases.ts';
import { type Report, shellWord } from '../../../shared/analysis/report/report.ts';
import type { FinishedReplay } from './replay-report.ts';

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
