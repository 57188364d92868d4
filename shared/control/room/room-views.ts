/** Rooms as the control room sees them: sessions and documents from the relay, replicas from what their windows said. */
import type * as Y from 'yjs';
import type { Replication } from '../../analysis/replication/replication-figures.ts';
import type { ReplicationSeries } from '../../analysis/replication/replication-series.ts';
import type { StrategyFigures, StrategyTotals } from '../../analysis/strategy-figures.ts';
import type { ReplicaId } from '../../clocks/dot.ts';
import { liveLimits } from '../../analysis/room-verdicts.ts';
import { VersionVector } from '../../clocks/version-vector.ts';
import type { LabSettings } from '../lab-settings.ts';
import type { ReplicaStatus } from '../replica-status.ts';
import type { RoomView, SessionView } from '../room-view.ts';
import type { Schema } from '../../document/schema.ts';
import { errorText } from '../../encoding/error-text.ts';
import type { JournalRecord, StrategyId } from '../../history/record.ts';
import type { RoomEvent } from '../../history/room-event.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Room } from '../../relay/room/room.ts';
import type { Guest } from '../../relay/cluster/cluster-messages.ts';
import type { Session } from '../../relay/session/session.ts';
import type { RoomAnalysis } from '../analysis/room-analysis.ts';
import { isLong } from '../analysis/long-history.ts';
import { plainEvents } from '../analysis/plain-events.ts';
import { nothingNoted, replicationIn, reportIn, type ReportQuestion, type RoomQuestion, type RoomTotals, roomTotals, seriesIn } from '../analysis/room-findings.ts';
import { settingsOf } from './room-settings.ts';
import { isOfText } from '../scenario-names.ts';

/**
 * Computes the totals of each strategy from all records, in causal order, and the document that they led to; must not change either.
 * `everywhere` is what all open replicas and the relay have: edits beyond it are still under way.
 */
export type Scorecard = (records: readonly JournalRecord[], doc: Y.Doc, everywhere: VersionVector, settings: LabSettings) => readonly StrategyTotals[];

/** Least milliseconds between two computations of a room's figures. */
const figuresMs = 300;
/** At most one part in this many of the time goes into figures: a long history must not slow down the relay itself. */
const figuresShare = 10;
/** The same for the thread that goes through long histories: nobody waits for it. */
const threadShare = 3;

interface Figures {
  totals: readonly RoomTotals[];
  documentBytes: number;
  computedAtMs: number;
  /** Not to be computed anew for this long, in milliseconds. */
  restMs: number;
  outdated: boolean;
  /** Whether they are being computed anew, or will be. */
  recomputing: boolean;
  /** Why the totals could not be computed; said once. */
  trouble: string | null;
}

/** Before anything was computed. */
const noFigures = { totals: [], documentBytes: 0, computedAtMs: 0, restMs: 0, trouble: null } as const;

type Found = Pick<Figures, 'totals' | 'trouble'>;

function noTotals(error: unknown): Found {
  return { totals: [], trouble: errorText(error) };
}

export interface RoomViewsOptions {
  readonly clock: Clock;
  /** Null: the ledger's. */
  readonly scorecard: Scorecard | null;
  /** The room's document. */
  readonly schemaOf: (room: Room) => Schema;
  /** For long histories; null: they are gone through here, too. */
  readonly thread: RoomAnalysis | null;
  /** Called when something of a room has changed. */
  readonly outdated: (room: Room) => void;
  /** What happened in the room beside its edits, in the order of time. */
  readonly eventsOf: (room: Room) => readonly RoomEvent[];
  /** How consistent the room was so far under each strategy; empty while nobody has judged it. */
  readonly verdicts: (room: Room) => RoomView['verdicts'];
  /** The scenario that was chosen for the room. */
  readonly scenario: (room: Room) => RoomView['scenario'];
  /** Called when figures that were outdated in an earlier view can be had anew. */
  readonly renewed: (room: Room) => void;
  readonly report: (line: string) => void;
}

export class RoomViews {
  private readonly figures = new WeakMap<Room, Figures>();
  /** By name, of rooms that have windows. */
  private readonly latest = new Map<string, readonly RoomTotals[]>();
  private readonly statuses = new Map<string, Map<ReplicaId, ReplicaStatus>>();
  /** First figures that are on their way from the thread. */
  private readonly first = new WeakMap<Room, Promise<void>>();
  private readonly timers = new Set<() => void>();
  private isClosed = false;

  constructor(private readonly options: RoomViewsOptions) {}

  view(room: Room): RoomView {
    const { totals, documentBytes } = this.figuresOf(room);
    return {
      room: room.name,
      scenario: this.options.scenario(room),
      settings: settingsOf(room),
      replicas: [...this.statusesOf(room)].sort((a, b) => (a.replica < b.replica ? -1 : 1)),
      sessions: [...room.sessions.map((session) => sessionView(room, session)), ...room.guests.map((guest) => guestView(room, guest))],
      islands: room.islands.lists,
      links: room.links.all,
      totals: this.withFigures(room, totals),
      verdicts: this.options.verdicts(room),
      documentBytes,
    };
  }

  /** The same, with figures: where none were ever computed, those of a long history are waited for. */
  async viewWithFigures(room: Room): Promise<RoomView> {
    this.figuresOf(room);
    await this.first.get(room);
    return this.view(room);
  }

  /** The scorecard as it is now. */
  async scorecard(room: Room): Promise<readonly StrategyFigures[]> {
    const { thread } = this.options;
    return this.withFigures(room, thread && isLong(room) ? await this.totalsFrom(thread, room) : this.totals(room));
  }

  /** Lag, divergence and rejoins, each by itself. */
  async replication(room: Room): Promise<Replication> {
    const { thread } = this.options;
    if (thread && isLong(room)) return thread.replication(room, () => this.questionOf(room));
    return replicationIn({ records: room.records(), doc: room.document.doc }, this.questionOf(room));
  }

  /** Divergence and lag over time under a strategy; the first one on stage, where none is named. */
  async series(room: Room, strategy: StrategyId = settingsOf(room).columns[0]!): Promise<ReplicationSeries> {
    const { thread, clock } = this.options;
    const questionOf = () => ({ ...this.questionOf(room), strategy, atMs: clock.wallMs() });
    if (thread && isLong(room)) return thread.series(room, questionOf);
    return seriesIn({ records: room.records(), doc: room.document.doc }, questionOf());
  }

  /** What happened in the room, as one HTML file. All strategies are judged at once for it: also a short history is gone through in the thread, if there is one. */
  async report(room: Room): Promise<string> {
    const { thread } = this.options;
    if (thread) return thread.report(room, () => this.reportQuestionOf(room));
    return reportIn({ records: room.records(), doc: room.document.doc }, this.reportQuestionOf(room));
  }

  private reportQuestionOf(room: Room): ReportQuestion {
    const statuses = this.statusesOf(room);
    const scenario = this.options.scenario(room);
    return {
      ...this.questionOf(room),
      title: scenario?.title ?? `What happened in room ${room.name}`,
      played: scenario?.state === 'over' ? { name: scenario.name !== null && isOfText(scenario.name) ? null : scenario.name, judgements: scenario.judgements } : null,
      replicas: statuses.map(({ replica, digests }) => ({ replica, digests })),
      isSettled: this.everywhere(room).covers(room.journal.summary) && areAtRest(statuses),
      atMs: this.options.clock.wallMs(),
      limits: liveLimits,
      figures: settingsOf(room).enabled.map((strategy) => ({ strategy, converged: converged(statuses, strategy), bytesSent: room.traffic.ofStrategy(strategy) })),
    };
  }

  private totals(room: Room): readonly RoomTotals[] {
    const history = { records: room.records(), doc: room.document.doc };
    const { scorecard } = this.options;
    return scorecard ? scorecard(history.records, history.doc, this.everywhere(room), settingsOf(room)).map((totals) => ({ ...totals, ...nothingNoted })) : roomTotals(history, this.questionOf(room));
  }

  private totalsFrom(thread: RoomAnalysis, room: Room): Promise<readonly RoomTotals[]> {
    return thread.totals(room, () => this.questionOf(room));
  }

  /** Of the room as it is now. */
  private questionOf(room: Room): RoomQuestion {
    return { schema: this.options.schemaOf(room), settings: settingsOf(room), everywhere: this.everywhere(room).entries(), events: plainEvents(this.options.eventsOf(room)) };
  }

  private withFigures(room: Room, totals: readonly RoomTotals[]): readonly StrategyFigures[] {
    const statuses = this.statusesOf(room);
    return totals.map((each) => ({ ...each, converged: converged(statuses, each.strategy), bytesSent: room.traffic.ofStrategy(each.strategy) }));
  }

  /** Says that records or document have changed, or what replicas have of them. */
  outdate(room: Room): void {
    const figures = this.figures.get(room);
    if (figures) figures.outdated = true;
    this.options.outdated(room);
  }

  setStatus(room: string, status: ReplicaStatus): void {
    let statuses = this.statuses.get(room);
    if (!statuses) this.statuses.set(room, (statuses = new Map()));
    statuses.set(status.replica, status);
  }

  removeStatus(room: string, replica: ReplicaId): void {
    const statuses = this.statuses.get(room);
    statuses?.delete(replica);
    if (statuses?.size !== 0) return;
    this.statuses.delete(room);
    this.latest.delete(room);
  }

  close(): void {
    this.isClosed = true;
    for (const cancel of this.timers) cancel();
    this.timers.clear();
  }

  private figuresOf(room: Room): Figures {
    const now = this.options.clock.nowMs();
    const known = this.figures.get(room);
    if (known && (!known.outdated || known.recomputing)) return known;
    const ageMs = known ? now - known.computedAtMs : 0;
    if (known && ageMs < known.restMs) {
      this.renewLater(room, known, known.restMs - ageMs);
      return known;
    }
    const { thread } = this.options;
    if (thread && isLong(room)) {
      const older: Figures = { ...(known ?? noFigures), outdated: false, recomputing: true };
      this.figures.set(room, older);
      const renewed = this.renewInThread(thread, room, older, now);
      if (!known) this.first.set(room, renewed.finally(() => this.first.delete(room)));
      return older;
    }
    const fresh = this.figuresFrom(room, this.safeTotals(room), now, figuresShare);
    this.tellTrouble(room, known, fresh);
    this.figures.set(room, fresh);
    return fresh;
  }

  /** The older figures are shown meanwhile. */
  private async renewInThread(thread: RoomAnalysis, room: Room, older: Figures, startedAtMs: number): Promise<void> {
    const found = await this.totalsFrom(thread, room).then((totals) => ({ totals, trouble: null }), noTotals);
    if (this.isClosed || this.figures.get(room) !== older) return;
    const fresh = { ...this.figuresFrom(room, found, startedAtMs, threadShare), outdated: older.outdated };
    this.tellTrouble(room, older, fresh);
    this.figures.set(room, fresh);
    this.options.renewed(room);
  }

  private figuresFrom(room: Room, { totals, trouble }: Found, startedAtMs: number, share: number): Figures {
    const documentBytes = room.document.snapshot().length;
    if (this.statuses.has(room.name)) this.latest.set(room.name, totals);
    const computedAtMs = this.options.clock.nowMs();
    const restMs = Math.max(figuresMs, share * (computedAtMs - startedAtMs));
    return { totals, trouble, documentBytes, computedAtMs, restMs, outdated: false, recomputing: false };
  }

  private tellTrouble(room: Room, known: Figures | undefined, { trouble }: Figures): void {
    if (trouble !== null && trouble !== known?.trouble) this.options.report(`room ${room.name}: the scorecard cannot be computed: ${trouble}`);
  }

  /** Of each room that has windows, the latest totals. */
  get latestTotals(): Iterable<readonly RoomTotals[]> {
    return this.latest.values();
  }

  /** What the open replicas last said of themselves. */
  statusesOf(room: Room): readonly ReplicaStatus[] {
    return [...(this.statuses.get(room.name)?.values() ?? [])];
  }

  /** What all open replicas and the relay have. */
  everywhere(room: Room): VersionVector {
    return this.statusesOf(room).reduce((all, status) => all.meet(VersionVector.of(Object.entries(status.clock))), room.journal.summary);
  }

  /** The relay takes records that no schema knows; the control room must show the rest even then. */
  private safeTotals(room: Room): Found {
    try {
      return { totals: this.totals(room), trouble: null };
    } catch (error) {
      return noTotals(error);
    }
  }

  private renewLater(room: Room, figures: Figures, delayMs: number): void {
    if (figures.recomputing) return;
    figures.recomputing = true;
    const cancel = this.options.clock.after(delayMs, () => {
      this.timers.delete(cancel);
      figures.recomputing = false;
      this.options.renewed(room);
    });
    this.timers.add(cancel);
  }
}

function sessionView(room: Room, session: Session): SessionView {
  const island = room.islands.numberOf(session);
  return { name: session.replica ?? session.name, replica: session.replica !== null, ...(island === null ? {} : { island }) };
}

/** A session at another relay. */
function guestView(room: Room, guest: Guest): SessionView {
  const island = room.islands.numberOfGuest(guest);
  return { name: guest.replica ?? guest.name, replica: guest.replica !== null, ...(island === null ? {} : { island }) };
}

/** Whether all replicas show the same; null while there are fewer than two, a link is down or something is under way. */
function converged(statuses: readonly ReplicaStatus[], strategy: StrategyId): boolean | null {
  if (statuses.length < 2 || !areAtRest(statuses)) return null;
  return new Set(statuses.map(({ digests }) => digests[strategy])).size === 1;
}

/** Whether all are connected and nothing of theirs is under way. */
export function areAtRest(statuses: readonly ReplicaStatus[]): boolean {
  return statuses.every(({ connection, waiting }) => connection === 'synced' && waiting === 0);
}
