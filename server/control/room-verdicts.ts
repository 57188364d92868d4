/**
 * How consistent each room was so far, judged now and then: when it has been quiet for a moment, one strategy at a time, so that the relay never waits
 * long for it.
 */
import { roomLedger } from '../../shared/analysis/room-ledger.ts';
import { liveLimits, type RoomLimits, roomVerdicts } from '../../shared/analysis/room-verdicts.ts';
import type { VersionVector } from '../../shared/clocks/version-vector.ts';
import type { Schema } from '../../shared/document/schema.ts';
import type { StrategyId } from '../../shared/history/record.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { ReplicaStatus, RoomView } from '../../shared/protocol/control.ts';
import type { Room } from '../relay/room.ts';
import { settingsOf } from './room-views.ts';

type Judged = RoomView['verdicts'];

/** How long a room must be quiet before it is judged, in milliseconds. */
const quietMs = 400;
/** At most one part in this many of the time goes into judging. */
const share = 10;
/** The relay has other things to do than a window has: fewer operations, fewer steps. */
const relayLimits = { ...liveLimits, operationsMax: 600 } as const;

interface Judging {
  verdicts: Judged;
  cancel: (() => void) | null;
  restUntilMs: number;
  trouble: string | null;
}

export interface RoomVerdictsOptions {
  readonly clock: Clock;
  readonly schema: Schema;
  readonly report: (line: string) => void;
  /** What all open replicas and the relay have. */
  readonly everywhere: (room: Room) => VersionVector;
  readonly statuses: (room: Room) => readonly ReplicaStatus[];
  /** Called when there are new verdicts. */
  readonly renewed: (room: Room) => void;
}

export class RoomVerdicts {
  private readonly rooms = new WeakMap<Room, Judging>();
  private readonly timers = new Set<() => void>();

  constructor(private readonly options: RoomVerdictsOptions) {}

  /** The last verdicts; empty before the first. */
  of(room: Room): Judged {
    return this.rooms.get(room)?.verdicts ?? {};
  }

  /** Something happened in the room, or was heard of its replicas. */
  outdate(room: Room): void {
    let judging = this.rooms.get(room);
    if (!judging) this.rooms.set(room, (judging = { verdicts: {}, cancel: null, restUntilMs: 0, trouble: null }));
    const known = judging;
    known.cancel?.();
    const now = this.options.clock.nowMs();
    known.cancel = this.after(Math.max(quietMs, Math.min(known.restUntilMs - now, 60_000)), () => {
      known.cancel = null;
      this.judge(room, known, [...settingsOf(room).enabled], {}, 0);
    });
  }

  /** The verdicts as they are now. */
  now(room: Room, limits: RoomLimits): Judged {
    return this.verdictsUnder(room, settingsOf(room).enabled, limits);
  }

  close(): void {
    for (const cancel of this.timers) cancel();
    this.timers.clear();
  }

  /** One strategy, then a breath for the relay, then the next. */
  private judge(room: Room, judging: Judging, left: StrategyId[], found: Judged, spentMs: number): void {
    const strategy = left.shift();
    const { clock } = this.options;
    if (strategy === undefined) {
      judging.verdicts = found;
      judging.trouble = null;
      judging.restUntilMs = clock.nowMs() + share * spentMs;
      return this.options.renewed(room);
    }
    const startedMs = clock.nowMs();
    try {
      Object.assign(found, this.verdictsUnder(room, [strategy], relayLimits));
    } catch (error) {
      // The relay takes records that no schema knows; the rest goes on even then.
      const trouble = error instanceof Error ? error.message : String(error);
      if (judging.trouble !== trouble) this.options.report(`room ${room.name}: it cannot be judged: ${trouble}`);
      judging.trouble = trouble;
      return;
    }
    judging.cancel = this.after(0, () => this.judge(room, judging, left, found, spentMs + clock.nowMs() - startedMs));
  }

  private verdictsUnder(room: Room, strategies: readonly StrategyId[], limits: RoomLimits): Judged {
    const { schema, clock } = this.options;
    const records = room.records();
    const everywhere = this.options.everywhere(room);
    const { values, digestOf } = roomLedger(schema, records, room.document.doc, everywhere, settingsOf(room));
    const isEverywhere = everywhere.covers(room.journal.summary);
    const now = Object.fromEntries(strategies.flatMap((strategy) => {
      const value = values.get(strategy);
      const replicas = value && isEverywhere ? this.showing(room, strategy, digestOf(strategy)) : [];
      return value && replicas.length > 0 ? [[strategy, { atMs: clock.nowMs(), replicas, value }]] : [];
    }));
    return roomVerdicts(schema, records, now, strategies, limits);
  }

  /** The replicas of the room, if all show what this digest stands for and nothing is under way. */
  private showing(room: Room, strategy: StrategyId, digest: string | null): string[] {
    const statuses = this.options.statuses(room);
    const isSettled = statuses.every(({ connection, waiting, digests }) => connection === 'synced' && waiting === 0 && digests[strategy] === digest);
    return isSettled ? statuses.map(({ replica }) => replica) : [];
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
