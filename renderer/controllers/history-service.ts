/**
 * Opens a saved history and answers about it, without any relay: what the control room shows of a room, its timeline,
 * series, the report, and what each replica showed at a moment. What a worker runs, and the page where there are none.
 */
import { defaultSettings } from '../../shared/control/lab-settings.ts';
import type { RoomView } from '../../shared/control/room-view.ts';
import { judgeReplay, type JudgedReplay } from '../../shared/replay/judged-replay.ts';
import { PastStates } from '../../shared/analysis/past/past-states.ts';
import { ReplicaPast } from '../../shared/analysis/past/replica-past.ts';
import { replicationSeries } from '../../shared/analysis/replication/replication-series.ts';
import { shellWord } from '../../shared/analysis/report/report.ts';
import { reportHtml } from '../../shared/analysis/report/report-html.ts';
import { runSliced, type SliceOptions } from '../../shared/analysis/slices.ts';
import { historyTimeline } from '../../shared/analysis/space-time/history-timeline.ts';
import type { Timeline } from '../../shared/analysis/space-time/timeline.ts';
import type { ReplicaId } from '../../shared/clocks/dot.ts';
import { errorText } from '../../shared/encoding/error-text.ts';
import { HistoryReader, type ReadHistory } from '../../shared/history/history-file.ts';
import type { StrategyId } from '../../shared/history/record.ts';
import { UnreadableInput } from '../../shared/encoding/unreadable-input.ts';
import { replayHistory } from '../../shared/replay/replay-history.ts';
import type { Replayed } from '../../shared/replay/replayed.ts';
import { LastWriterWins } from '../../shared/strategies/last-writer-wins/last-writer-wins.ts';
import { Siblings } from '../../shared/strategies/siblings/siblings.ts';
import { takeLines } from './take-lines.ts';
import type { PastTableView } from './window-past.ts';

export type HistoryQuestion =
  | { readonly kind: 'open'; readonly name: string; readonly text: string }
  | { readonly kind: 'series'; readonly strategy: StrategyId }
  | { readonly kind: 'report' }
  /** `atMs`: true time, in milliseconds since the Unix epoch. */
  | { readonly kind: 'past'; readonly replica: ReplicaId; readonly atMs: number };

/** Plain data. */
export interface OpenedHistory {
  readonly room: RoomView;
  readonly timeline: Timeline;
}

export interface ToHistory {
  readonly id: number;
  readonly question: HistoryQuestion;
}

export type FromHistory =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  /** Why there is no answer, in one line. */
  | { readonly kind: 'refusal'; readonly id: number; readonly reason: string };

interface Opened {
  readonly name: string;
  readonly history: ReadHistory;
  readonly replayed: Replayed;
  readonly judged: JudgedReplay;
  readonly timeline: Timeline;
  states: PastStates | null;
}

export class HistoryService {
  private opened: Opened | null = null;
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly post: (message: FromHistory) => void,
    private readonly slices: SliceOptions,
  ) {}

  /** One after the other. */
  receive({ id, question }: ToHistory): void {
    this.last = this.last.then(() => this.answer(question)).then(
      (answer) => this.post({ kind: 'answer', id, answer }),
      (error: unknown) => this.post({ kind: 'refusal', id, reason: reasonOf(error) }),
    );
  }

  private async answer(question: HistoryQuestion): Promise<unknown> {
    if (question.kind === 'open') return this.open(question.name, question.text);
    const { opened } = this;
    if (!opened) throw new Error('no history is open');
    const { history: { schema, events }, replayed: { records }, timeline } = opened;
    switch (question.kind) {
      case 'series': return replicationSeries(schema, records, events, question.strategy, timeline.toMs);
      case 'report': return report(opened);
      case 'past': return this.past(opened, question);
    }
  }

  private async open(name: string, text: string): Promise<OpenedHistory> {
    const reader = new HistoryReader();
    await takeLines(reader, text.replace(/\n$/, '').split('\n'), this.slices);
    const history = reader.end();
    const replayed = replayHistory(history, { strategies: null });
    const judged = judgeReplay(replayed);
    const timeline = await runSliced(historyTimeline({ ...history, records: replayed.records }, null), this.slices);
    this.opened = { name, history, replayed, judged, timeline, states: null };
    return { room: roomOf(name, replayed, judged), timeline };
  }

  private async past(opened: Opened, { replica, atMs }: Extract<HistoryQuestion, { kind: 'past' }>): Promise<PastTableView> {
    const { replayed: { schema, records, strategies, crdt, lastWriterWins, siblings }, history: { events } } = opened;
    const sources = { schema, records, doc: crdt, lastWriterWins: lastWriterWins ?? new LastWriterWins(schema), siblings: siblings ?? new Siblings(schema) };
    opened.states ??= await runSliced(PastStates.of(sources), this.slices);
    const moment = new ReplicaPast(replica, records, events).at(atMs);
    const authors = await runSliced(opened.states.authorsAt(moment, strategies), this.slices);
    return { strategies, state: opened.states.at(moment, strategies), authors };
  }
}

function roomOf(name: string, { schema, strategies }: Replayed, { scorecard, verdicts }: JudgedReplay): RoomView {
  const nothing = { lagMs: null, lagWorstMs: null, divergedMs: null, whileCut: null, converged: null, bytesSent: 0 };
  return {
    room: name,
    settings: { ...defaultSettings, enabled: strategies, columns: strategies.slice(0, 2), schema },
    replicas: [], sessions: [], islands: [], links: [],
    totals: scorecard.map((row) => ({ ...nothing, ...row })),
    verdicts, documentBytes: 0, scenario: null,
  };
}

function report({ name, history: { schema, events }, replayed: { records, strategies }, judged: { ledger, scorecard, verdicts } }: Opened): string {
  return reportHtml({ title: name, result: null, facts: ['a saved history'], schema, strategies, records, events, ledger, scorecard, verdicts, again: [`npx rejoin replay ${shellWord(name)} --report report.html`] });
}

function reasonOf(error: unknown): string {
  if (error instanceof UnreadableInput) return error.line === null ? error.message : `line ${error.line}: ${error.message}`;
  return errorText(error);
}
