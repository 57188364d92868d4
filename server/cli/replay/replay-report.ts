/** What a replay found, for people and for programs. */
import type { JudgedReplay } from '../../../shared/replay/judged-replay.ts';
import type { ScorecardRow } from '../../../shared/analysis/scorecard-csv.ts';
import { isEdit, type JournalRecord } from '../../../shared/history/record.ts';
import type { ReplayedHistory } from '../../../shared/replay/replay-history.ts';
import type { ReplayedTrace } from '../../../shared/replay/replay-trace.ts';
import { isCoordinated, strategyNames } from '../../../shared/strategies/registry.ts';
import { listed } from '../console/listed.ts';
import { oneLine } from '../console/one-line.ts';
import { reviewJson } from '../review-json.ts';
import { scorecardTable } from '../console/scorecard-table.ts';
import { verdictLines } from '../console/verdict-lines.ts';

export interface FinishedReplay {
  /** As the person named it. */
  readonly file: string;
  readonly replayed: ReplayedHistory | ReplayedTrace;
  readonly judged: JudgedReplay;
  /** At most so many losses are told. */
  readonly sentences: number;
}

/** What programs read: one JSON document. */
export function replayJson({ file, replayed, judged, sentences }: FinishedReplay): object {
  const { scorecard, verdicts, review } = judged;
  const counts = { replicas: replayed.everywhere.entries().map(([replica]) => replica), edits: replayed.records.filter(isEdit).length, charactersTyped: typedIn(replayed.records) };
  const source = isTrace(replayed) ? { kind: 'trace', times: replayed.times, merges: replayed.merges, end: replayed.end } : { kind: 'history', carriedOutAnew: replayed.anew };
  const told = reviewJson(review.slice(0, sentences), replayed.records);
  return { file, ...source, ...counts, scorecard, verdicts, review: told, reviewLength: review.length };
}

/** What people read: lines without line ends. `columns`: how wide tables may be; null: as wide as they get. */
export function replayLines(finished: FinishedReplay, columns: number | null): string[] {
  const { replayed, judged, sentences } = finished;
  const typed = typedIn(replayed.records);
  const losses = typed === 0 ? [] : judged.scorecard.map((row) => lossSentence(row, typed));
  const told = judged.review.slice(0, sentences);
  return [
    ...opening(finished),
    '',
    scorecardTable(judged.scorecard, columns),
    '',
    ...(losses.length > 0 ? [...losses, ''] : []),
    ...verdictLines(judged.verdicts).map(oneLine),
    ...(told.length > 0 ? ['', `What did not simply survive, and why (${counted(told.length)} of ${counted(judged.review.length)}, the greatest losses first)`] : []),
    ...told.map(({ label, sentence }) => oneLine(`- ${label}: ${sentence}`)),
  ];
}

function opening({ file, replayed }: FinishedReplay): string[] {
  const replicas = replayed.everywhere.entries().map(([replica]) => replica);
  const edits = `${counted(replayed.records.filter(isEdit).length)} edits by ${listed(replicas) || 'nobody'}`;
  if (!isTrace(replayed)) {
    const anew = replayed.anew.length > 0 ? [`Carried out anew, from the edits and what their makers had seen: ${replayed.anew.map((id) => strategyNames[id]).join(', ')}.`] : [];
    return [`${file}: a history of ${edits}.`, ...anew];
  }
  const end = replayed.end === 'same' ? 'reproduces the recorded text exactly' : 'has all characters of the recorded text, some that met at one place in another order';
  return [`${file}: a recording of ${edits}, with ${counted(replayed.merges)} merges.`, `${strategyNames.crdt} ${end}.`, timesSentences[replayed.times]];
}

const timesSentences: Readonly<Record<ReplayedTrace['times'], string>> = {
  recorded: 'Edits have the times of the recording.',
  causal: 'Each edit counts as one step later than all that its maker had seen; of two sides the one that wrote more is the later.',
  file: 'Each edit counts as one step later than the one before it in the file.',
};

/** "Last writer wins lost 5,845 of the 23,720 characters that people typed (24.6 %)." */
function lossSentence({ strategy, charactersLost, charactersTyped, refused }: ScorecardRow, typed: number): string {
  const lost = charactersLost === 0 ? `none of the ${counted(typed)} characters` : `${counted(charactersLost)} of the ${counted(typed)} characters`;
  const share = charactersLost === 0 ? '' : ` (${((100 * charactersLost) / typed).toFixed(1)} %)`;
  const untaken = isCoordinated(strategy) || refused === 0 ? 0 : typed - charactersTyped;
  return `${strategyNames[strategy]} lost ${lost} that people typed${share}${untaken > 0 ? `, and refused ${counted(untaken)}` : ''}.`;
}

/** All that people typed, in UTF-16 code units; what a pause gathers was counted when it was typed. */
function typedIn(records: readonly JournalRecord[]): number {
  return records.reduce((sum, record) => sum + (isEdit(record) && record.intent.kind === 'splice' && record.gathers === undefined ? record.intent.inserted.length : 0), 0);
}

function isTrace(replayed: ReplayedHistory | ReplayedTrace): replayed is ReplayedTrace {
  return 'times' in replayed;
}

function counted(count: number): string {
  return count.toLocaleString('en-US');
}
