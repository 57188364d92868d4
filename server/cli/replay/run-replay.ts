/** `rejoin replay FILE`: a saved history or an editing trace, through the strategies. */
import * as Y from 'yjs';
import { judgeReplay } from '../../../shared/replay/judged-replay.ts';
import { reportHtml } from '../../../shared/analysis/report/report-html.ts';
import { scorecardCsv } from '../../../shared/analysis/scorecard-csv.ts';
import { shiVizLog } from '../../../shared/analysis/shiviz-log.ts';
import { errorText } from '../../../shared/encoding/error-text.ts';
import type { History } from '../../../shared/history/history.ts';
import { jsonHistoryLines } from '../../../shared/history/json-lines.ts';
import { UnreadableInput } from '../../../shared/encoding/unreadable-input.ts';
import { type ReplayedHistory, replayHistory } from '../../../shared/replay/replay-history.ts';
import { type ReplayedTrace, replayTrace } from '../../../shared/replay/replay-trace.ts';
import { type AnsweringId, answeringIds } from '../../../shared/replay/replayed-copies.ts';
import type { Progress } from '../../../shared/replay/replayed.ts';
import { strategyNames } from '../../../shared/strategies/registry.ts';
import { reportOfReplay } from './report-of-replay.ts';
import { laidOut } from '../console/laid-out.ts';
import { oneLine } from '../console/one-line.ts';
import type { StandardStreams } from '../console/standard-streams.ts';
import { progressBar } from '../console/progress-bar.ts';
import type { ReplayRequest } from './replay-command-line.ts';
import { type FinishedReplay, replayJson, replayLines } from './replay-report.ts';
import { readReplaySource, type ReplaySource } from './replay-source.ts';
import { type NewFile, saveFiles, UnwritableError, saveWhole } from '../saved-files.ts';

/** A text has no siblings that anybody chose between while it was recorded: they are left out unless asked for. */
const traceStrategies: readonly AnsweringId[] = ['crdt', 'last-writer-wins'];

/** Returns the exit code: 0; 2 where the file cannot be read as what it should be, or the report cannot be written; 1 where something else failed, as when the exports cannot be written. */
export async function runReplay(request: ReplayRequest, streams: StandardStreams): Promise<number> {
  try {
    const source = await readReplaySource(request.file);
    const replayed = replayedFrom(source, request);
    const finished: FinishedReplay = { file: request.file, replayed, judged: judgeReplay(replayed), sentences: request.sentences };
    if (request.report !== null) await writeReport(request.report, finished);
    if (request.out !== null) await saveFiles(request.out, exportsOf(source, finished));
    streams.out(request.json ? `${JSON.stringify(replayJson(finished))}\n` : laidOut(`${replayLines(finished, streams.columns).join('\n')}\n`, streams.columns));
    return 0;
  } catch (error) {
    const isBadInput = error instanceof UnreadableInput;
    const place = isBadInput ? `${request.file}: ${error.line === null ? '' : `line ${error.line}: `}` : '';
    streams.err(`${oneLine(`rejoin replay: ${place}${errorText(error)}`)}\n`);
    return isBadInput || error instanceof UnwritableReport ? 2 : 1;
  }
}

class UnwritableReport extends UnwritableError {}

async function writeReport(file: string, finished: FinishedReplay): Promise<void> {
  await saveWhole(file, reportHtml(reportOfReplay(finished))).catch((error: unknown) => {
    throw error instanceof UnwritableError ? new UnwritableReport(error.message, { cause: error }) : error;
  });
}

function replayedFrom(source: ReplaySource, { strategies, times }: ReplayRequest): ReplayedHistory | ReplayedTrace {
  if (source.kind === 'history') {
    if (times !== null) throw new UnreadableInput('expected an editing trace, for --times; it is a history, which has its own times');
    return withProgress((progress) => replayHistory(source.history, { strategies, progress }));
  }
  const wanted = strategies ?? traceStrategies;
  const coordinated = wanted.find((id) => !(answeringIds as readonly string[]).includes(id));
  if (coordinated) throw new UnreadableInput(`expected a history, for --strategy ${coordinated}: copies of ${strategyNames[coordinated]} have to ask each other, and an editing trace does not say whom they could reach`);
  return withProgress((progress) => replayTrace(source.trace, { strategies: wanted as readonly AnsweringId[], ...(times ? { times } : {}), progress }));
}

function withProgress<Result>(run: (progress: Progress) => Result): Result {
  const bar = progressBar('replaying');
  try {
    return run(bar.show);
  } finally {
    bar.end();
  }
}

function exportsOf(source: ReplaySource, finished: FinishedReplay): NewFile[] {
  const { replayed, judged } = finished;
  return [
    { name: 'history.jsonl', parts: jsonHistoryLines(historyOf(source, replayed)) },
    { name: 'scorecard.csv', parts: [scorecardCsv(judged.scorecard)] },
    { name: 'scorecard.json', parts: [`${JSON.stringify(replayJson(finished), null, 2)}\n`] },
    { name: 'shiviz.log', parts: shiVizLog(replayed.schema, replayed.records) },
  ];
}

function historyOf(source: ReplaySource, { schema, strategies, records, crdt, everywhere }: ReplayedHistory | ReplayedTrace): History {
  const { events, replicas } = source.kind === 'history' ? source.history : { events: [], replicas: everywhere.entries().map(([replica]) => replica) };
  return { schema, strategies, replicas, records, events, document: crdt ? Y.encodeStateAsUpdate(crdt) : null };
}
