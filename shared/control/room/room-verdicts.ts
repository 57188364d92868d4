/**
 * How consistent each room was so far, judged now and then: when it has been quiet for a moment, one strategy at a time, so that the relay never waits
 * long for it; of a long history in a thread of its own.
 */
import { liveLimits, type RoomLimits } from '../../analysis/room-verdicts.ts';
import type { VersionVector } from '../../clocks/version-vector.ts';
import type { ReplicaStatus } from '../replica-status.ts';
import type { Schema } from '../../document/schema.ts';
import { errorText } from '../../encoding/error-text.ts';
import type { StrategyId } from '../../history/record.ts';
import type { FinalReadEvent } from '../../history/room-event.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Room } from '../../relay/room/room.ts';
import type { RoomAnalysis } from '../analysis/room-analysis.ts';
import { isLong } from '../analysis/long-history.ts';
import { finalReadsOf, judgeOf, type RoomJudged, type VerdictQuestion } from '../analysis/room-findings.ts';
import { settingsOf } from './room-settings.ts';
import { areAtRest } from './room-views.ts';

/** How long a room must be quiet before it is judged, in milliseconds. */
const quietMs = 400;
/** At most one part in this many of the time goes into judging. */
const share = 10;
/** The same for the thread that goes through long histories: nobody waits for it. */
const threadShare = 3;
/** The relay has other things to do than a window has. */
const relayLimits = { ...liveLimits, operationsMax: 600 } as const;

interface Judging {
  verdicts: RoomJudged;
  cancel: (() => void) | null;
  restUntilMs: number;
  trouble: string | null;
  /** Whether it was not judged, as nobody was looking. */
  isSkipped: boolean;
}

/** One going through all strategies of a room. */
interface Pass {
  readonly room: Room;
  readonly judging: Judging;
  readonly judge: (strategies: readonly StrategyId[]) => RoomJudged;
  readonly left: StrategyId[];
  readonly found: RoomJudged;
  spentMs: number;
}

export interface RoomVerdictsOptions {
  readonly clock: Clock;
  /** The room's document. */
  readonly schemaOf: (room: Room) => Schema;
  readonly report: (line: string) => void;
  /** What all open replicas and the relay have. */
  readonly everywhere: (room: Room) => VersionVector;
  readonly statuses: (room: Room) => readonly ReplicaStatus[];
  /** Whether anybody looks at the room: a long history takes time, and the relay has rooms of which nobody asks. */
  readonly isWatched: (room: Room) => boolean;
  /** Called when there are new verdicts. */
  readonly renewed: (room: Room) => void;
  /** For long histories; null: they are judged here, too. */
  readonly thread: RoomAnalysis | null;
}

export class RoomVerdicts {
  private readonly rooms = new WeakMap<Room, Judging>();
  private readonly timers = new Set<() => void>();
  private isClosed = false;

  constructor(private readonly options: RoomVerdictsOptions) {}

  /** The last verdicts; empty before the first. */
  of(room: Room): RoomJudged {
    const judging = this.rooms.get(room);
    if (judging?.isSkipped) this.outdate(room);
    return judging?.verdicts ?? {};
  }

  /** Something happened in the room, or was heard of its replicas. */
  outdate(room: Room): void {
    let judging = this.rooms.get(room);
    if (!judging) this.rooms.set(room, (judging = { verdicts: {}, cancel: null, restUntilMs: 0, trouble: null, isSkipped: false }));
    const known = judging;
    known.cancel?.();
    const now = this.options.clock.nowMs();
    known.cancel = this.after(Math.max(quietMs, Math.min(known.restUntilMs - now, 60_000)), () => {
      known.cancel = null;
      known.isSkipped = !this.options.isWatched(room);
      if (!known.isSkipped) this.begin(room, known);
    });
  }

  /** The verdicts as they are now. */
  async now(room: Room, limits: RoomLimits): Promise<RoomJudged> {
    const { thread } = this.options;
    if (thread && isLong(room)) return thread.verdicts(room, () => this.questionOf(room, limits));
    return this.judgeHere(room, limits)(settingsOf(room).enabled);
  }

  /** What all open replicas show now, as events of the history; none while something is under way, or they differ. */
  async finalReads(room: Room): Promise<readonly FinalReadEvent[]> {
    const { thread, statuses } = this.options;
    // Nobody to read from: a relay without windows has nothing to go through.
    if (statuses(room).length === 0) return [];
    if (thread && isLong(room)) return thread.finalReads(room, () => this.questionOf(room, liveLimits));
    return finalReadsOf({ records: room.records(), doc: room.document.doc }, this.questionOf(room, liveLimits));
  }

  close(): void {
    this.isClosed = true;
    for (const cancel of this.timers) cancel();
    this.timers.clear();
  }

  private begin(room: Room, judging: Judging): void {
    const { clock, thread } = this.options;
    if (thread && isLong(room)) return void this.judgeLong(thread, room, judging);
    const startedMs = clock.nowMs();
    this.attempt(room, judging, () => {
      const judge = this.judgeHere(room, relayLimits);
      this.goOn({ room, judging, judge, left: [...settingsOf(room).enabled], found: {}, spentMs: clock.nowMs() - startedMs });
    });
  }

  /** What changes meanwhile begins another one, whose findings count. */
  private async judgeLong(thread: RoomAnalysis, room: Room, judging: Judging): Promise<void> {
    let isCancelled = false;
    const cancel = (): void => void (isCancelled = true);
    judging.cancel = cancel;
    const startedMs = this.options.clock.nowMs();
    try {
      const found = await thread.verdicts(room, () => this.questionOf(room, relayLimits));
      if (!isCancelled) this.end(room, judging, found, threadShare * (this.options.clock.nowMs() - startedMs));
    } catch (error) {
      if (!isCancelled && !this.isClosed) this.tell(room, judging, error);
    } finally {
      if (judging.cancel === cancel) judging.cancel = null;
    }
  }

  /** One strategy, then a breath for the relay, then the next. */
  private goOn(pass: Pass): void {
    const { room, judging, judge, left, found } = pass;
    const { clock } = this.options;
    const strategy = left.shift();
    if (strategy === undefined) return this.end(room, judging, found, share * pass.spentMs);
    judging.cancel = this.after(0, () => this.attempt(room, judging, () => {
      const startedMs = clock.nowMs();
      Object.assign(found, judge([strategy]));
      pass.spentMs += clock.nowMs() - startedMs;
      this.goOn(pass);
    }));
  }

  private end(room: Room, judging: Judging, found: RoomJudged, restMs: number): void {
    judging.verdicts = found;
    judging.trouble = null;
    judging.restUntilMs = this.options.clock.nowMs() + restMs;
    this.options.renewed(room);
  }

  private attempt(room: Room, judging: Judging, part: () => void): void {
    try {
      part();
    } catch (error) {
      this.tell(room, judging, error);
    }
  }

  /** The relay takes records that no schema knows; all else goes on even then, and the trouble is said once. */
  private tell(room: Room, judging: Judging, error: unknown): void {
    const trouble = errorText(error);
    if (judging.trouble !== trouble) this.options.report(`room ${room.name}: it cannot be judged: ${trouble}`);
    judging.trouble = trouble;
  }

  private judgeHere(room: Room, limits: RoomLimits): Pass['judge'] {
    return judgeOf({ records: room.records(), doc: room.document.doc }, this.questionOf(room, limits));
  }

  /** Of the room as it is now. */
  private questionOf(room: Room, limits: RoomLimits): VerdictQuestion {
    const { clock, schemaOf } = this.options;
    const everywhere = this.options.everywhere(room);
    const statuses = this.options.statuses(room);
    return {
      schema: schemaOf(room),
      settings: settingsOf(room),
      everywhere: everywhere.entries(),
      // Verdicts judge edits and reads.
      events: [],
      replicas: statuses.map(({ replica, digests }) => ({ replica, digests })),
      isSettled: everywhere.covers(room.journal.summary) && areAtRest(statuses),
      // As the times of the records.
      atMs: clock.wallMs(),
      limits,
    };
  }

  private after(delayMs: number, callback: () => void): () => void {
    const cancel = this.options.clock.after(delayMs, () => {
      this.timers.delete(stop);
      callback();
    });
    const stop = (): void => {
      cancel();
      this.timers.delete(stop);
    };
    this.timers.add(stop);
    return stop;
  }
}
