/**
 * What the control room says of a room, found out from its records and its document alone: the totals of each strategy, and how consistent
 * the room was under each. The same functions run in the relay's thread for short histories, and in a thread of their own for long ones.
 */
import type * as Y from 'yjs';
import { finalReads } from '../../analysis/final-reads.ts';
import { type Replication, replicationFigures, replicationOf } from '../../analysis/replication/replication-figures.ts';
import { type ReplicationSeries, replicationSeries } from '../../analysis/replication/replication-series.ts';
import { expectationWords, type Judged, type Report, shellWord, unmetLines } from '../../analysis/report/report.ts';
import { reportHtml } from '../../analysis/report/report-html.ts';
import { counted } from '../../analysis/phrases.ts';
import { type RoomLedger, roomLedger } from '../../analysis/room-ledger.ts';
import { type RoomLimits, roomVerdicts } from '../../analysis/room-verdicts.ts';
import type { ReplicationFigures, StrategyFigures, StrategyTotals } from '../../analysis/strategy-figures.ts';
import { VersionVector } from '../../clocks/version-vector.ts';
import type { LabSettings } from '../lab-settings.ts';
import type { ReplicaStatus } from '../replica-status.ts';
import type { RoomView } from '../room-view.ts';
import type { Schema } from '../../document/schema.ts';
import type { JournalRecord, StrategyId } from '../../history/record.ts';
import type { FinalReadEvent } from '../../history/room-event.ts';
import { overall } from '../../scenarios/judgement.ts';
import { eventsFrom, type PlainEvent } from './plain-events.ts';

export type RoomJudged = RoomView['verdicts'];

/** What a room had at one moment. */
export interface RoomHistory {
  /** In causal order; not to be changed. */
  readonly records: readonly JournalRecord[];
  /** What they led to; not to be changed. */
  readonly doc: Y.Doc;
}

/** What is asked of a history. Plain data, so that it can go to another thread. */
export interface RoomQuestion {
  readonly schema: Schema;
  readonly settings: LabSettings;
  /** What all open replicas and the relay have, as entries of a version vector: edits beyond it are still under way. */
  readonly everywhere: readonly (readonly [replica: string, counter: number])[];
  /** What happened beside the edits, in the order of time. */
  readonly events: readonly PlainEvent[];
}

export interface SeriesQuestion extends RoomQuestion {
  readonly strategy: StrategyId;
  /** By the clock of the records, in milliseconds: until when what is not over yet lasts. */
  readonly atMs: number;
}

/** What the history tells of one strategy. */
export type RoomTotals = StrategyTotals & ReplicationFigures;

/** Where no window noted anything. */
export const nothingNoted: ReplicationFigures = { lagMs: null, lagWorstMs: null, divergedMs: null, whileCut: null };

export interface VerdictQuestion extends RoomQuestion {
  readonly replicas: readonly Pick<ReplicaStatus, 'replica' | 'digests'>[];
  /** Whether all replicas have everything and nothing is under way. */
  readonly isSettled: boolean;
  /** By the clock of the records, in milliseconds. */
  readonly atMs: number;
  readonly limits: RoomLimits;
}

export interface ReportQuestion extends VerdictQuestion {
  readonly title: string;
  /** The scenario that was played to its end: its name, for the command line, and how its expectations ended; null where there is none. */
  readonly played: { readonly name: string | null; readonly judgements: readonly Judged[] } | null;
  /** What only the relay can tell of each strategy that is on. */
  readonly figures: readonly Pick<StrategyFigures, 'strategy' | 'converged' | 'bytesSent'>[];
}

export function roomTotals({ records, doc }: RoomHistory, { schema, everywhere, settings, events }: RoomQuestion): readonly RoomTotals[] {
  const replication = replicationFigures(schema, records, eventsFrom(events));
  return roomLedger(schema, records, doc, VersionVector.of(everywhere), settings).totals.map((totals) => ({ ...totals, ...replication(totals.strategy) }));
}

/** Lag, divergence and rejoins, each by itself. */
export function replicationIn({ records }: RoomHistory, { schema, settings, events }: RoomQuestion): Replication {
  return replicationOf(schema, records, eventsFrom(events), settings.enabled);
}

/** Divergence and lag over time, under one strategy. */
export function seriesIn({ records }: RoomHistory, { schema, events, strategy, atMs }: SeriesQuestion): ReplicationSeries {
  return replicationSeries(schema, records, eventsFrom(events), strategy, atMs);
}

/** What all open replicas show, as events of the history; none where something is under way or they do not agree. */
export function finalReadsOf({ records, doc }: RoomHistory, { schema, everywhere, settings, atMs, isSettled, replicas }: VerdictQuestion): readonly FinalReadEvent[] {
  if (!isSettled || replicas.length === 0) return [];
  const ledger = roomLedger(schema, records, doc, VersionVector.of(everywhere), settings);
  const { values } = ledger;
  const shown = settings.enabled.filter((strategy) => isShownByAll(strategy, ledger, replicas));
  return finalReads(schema, shown, atMs, replicas.map(({ replica, digests }) => ({ replica, digest: (strategy) => digests[strategy]!, value: (strategy, field) => values.get(strategy)!(field) })));
}

/** Judges under any of the strategies; what they have in common is made out once. */
export function judgeOf({ records, doc }: RoomHistory, question: VerdictQuestion): (strategies: readonly StrategyId[]) => RoomJudged {
  const { schema, everywhere, settings, atMs, limits, isSettled } = question;
  const ledger = roomLedger(schema, records, doc, VersionVector.of(everywhere), settings);
  const replicas = question.replicas.map(({ replica }) => replica);
  return (strategies) => {
    const now = Object.fromEntries(strategies.flatMap((strategy) => {
      const value = ledger.values.get(strategy);
      const isShown = isSettled && replicas.length > 0 && isShownByAll(strategy, ledger, question.replicas);
      return value && isShown ? [[strategy, { atMs, replicas, value }]] : [];
    }));
    return roomVerdicts(schema, records, now, strategies, limits);
  };
}

/** All of it as one HTML file. */
export function reportIn(history: RoomHistory, question: ReportQuestion): string {
  const { schema, settings, everywhere, atMs, title, figures, played } = question;
  const { records, doc } = history;
  const events = eventsFrom(question.events);
  const ledger = roomLedger(schema, records, doc, VersionVector.of(everywhere), settings);
  const replication = replicationFigures(schema, records, events);
  const scorecard = figures.flatMap((figure) => ledger.totals.filter(({ strategy }) => strategy === figure.strategy).map((totals) => ({ ...totals, ...replication(totals.strategy), ...figure })));
  return reportHtml({
    title, result: resultOf(played), schema, strategies: settings.enabled, records, events, ledger, scorecard,
    facts: [counted(question.replicas.length, 'open replica'), `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`],
    verdicts: judgeOf(history, question)(settings.enabled),
    again: againLines(played),
  });
}

function resultOf(played: ReportQuestion['played']): Report['result'] {
  if (!played || played.judgements.length === 0) return null;
  const outcome = overall(played.judgements);
  return { outcome, words: expectationWords(outcome, played.judgements) };
}

function againLines(played: ReportQuestion['played']): string[] {
  const replay = ['# the history of the room, saved as history.jsonl', 'npx rejoin replay history.jsonl'];
  if (!played) return replay;
  const run = played.name === null ? [] : ['# the same scenario, in one process', `npx rejoin run ${shellWord(played.name)}`];
  return [...run, ...replay, ...unmetLines(played.judgements)];
}

/** Whether all replicas show just the values that the records make. */
function isShownByAll(strategy: StrategyId, { values, digestOf }: RoomLedger, replicas: VerdictQuestion['replicas']): boolean {
  return values.has(strategy) && replicas.every(({ digests }) => digests[strategy] === digestOf(strategy));
}
