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
import type { Room } from '../relay/room/room.ts';
import { areAtRest, settingsOf } from './room-views.ts';

type Judged = RoomView['verdicts'];

/** How long a room must be quiet before it is judged, in milliseconds. */
const quietMs = 400;
/** At most one part in this many of the time goes into judging. */
const share = 10;
/** The relay has other things to do than a window has. */
const relayLimits = { ...liveLimits, operationsMax: 600 } as const;

interface Judging {
  verdicts: Judged;
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
  readonly judge: (strategies: readonly StrategyId[]) => Judged;
  readonly left: StrategyId[];
  readonly found: Judged;
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
}

export class RoomVerdicts {
  private readonly rooms = new WeakMap<Room, Judging>();
  private readonly timers = new Set<() => void>();

  constructor(private readonly options: RoomVerdictsOptions) {}

  /** The last verdicts; empty before the first. */
  of(room: Room): Judged {
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
  now(room: Room, limits: RoomLimits): Judged {
    return this.judgeOf(room, limits)(settingsOf(room).enabled);
  }

  close(): void {
    for (const cancel of this.timers) cancel();
    this.timers.clear();
  }

  private begin(room: Room, judging: Judging): void {
    const { clock } = this.options;
    const startedMs = clock.nowMs();
    this.attempt(room, judging, () => {
      const judge = this.judgeOf(room, relayLimits);
      this.goOn({ room, judging, judge, left: [...settingsOf(room).enabled], found: {}, spentMs: clock.nowMs() - startedMs });
    });
  }

  /** One strategy, then a breath for the relay, then the next. */
  private goOn(pass: Pass): void {
    const { room, judging, judge, left, found } = pass;
    const { clock } = this.options;
    const strategy = left.shift();
    if (strategy === undefined) {
      judging.verdicts = found;
      judging.trouble = null;
      judging.restUntilMs = clock.nowMs() + share * pass.spentMs;
      return this.options.renewed(room);
    }
    judging.cancel = this.after(0, () => this.attempt(room, judging, () => {
      const startedMs = clock.nowMs();
      Object.assign(found, judge([strategy]));
      pass.spentMs += clock.nowMs() - startedMs;
      this.goOn(pass);
    }));
  }

  /** The relay takes records that no schema knows; all else goes on even then, and the trouble is said once. */
  private attempt(room: Room, judging: Judging, part: () => void): void {
    try {
      part();
    } catch (error) {
      const trouble = error instanceof Error ? error.message : String(error);
      if (judging.trouble !== trouble) this.options.report(`room ${room.name}: it cannot be judged: ${trouble}`);
      judging.trouble = trouble;
    }
  }

  /** Judges the room as it is now, under any strategies: what they have in common is made out once. */
  private judgeOf(room: Room, limits: RoomLimits): (strategies: readonly StrategyId[]) => Judged {
    const { clock } = this.options;
    const schema = this.options.schemaOf(room);
    const records = room.records();
    const everywhere = this.options.everywhere(room);
    const statuses = this.options.statuses(room);
    const { values, digestOf } = roomLedger(schema, records, room.document.doc, everywhere, settingsOf(room));
    const isSettled = everywhere.covers(room.journal.summary) && areAtRest(statuses);
    const replicas = statuses.map(({ replica }) => replica);
    // As the times of the records.
    const atMs = clock.wallMs();
    return (strategies) => {
      const now = Object.fromEntries(strategies.flatMap((strategy) => {
        const value = values.get(strategy);
        // Only if all replicas show just these values.
        const isShown = isSettled && replicas.length > 0 && statuses.every(({ digests }) => digests[strategy] === digestOf(strategy));
        return value && isShown ? [[strategy, { atMs, replicas, value }]] : [];
      }));
      return roomVerdicts(schema, records, now, strategies, limits);
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
