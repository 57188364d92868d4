/**
 * Notices when this window reaches replicas again that it had not reached, and what each side had then: what the window shows as having met.
 *
 * A rejoin ends when all that those replicas had has arrived. One that begins within two seconds of the last one's end belongs to it. What a replica had is what
 * it announced last; of authors on the other side of a cut nothing comes before it is over, however late the window hears of that. Design: 3-semantics, "History".
 */
import type { ReplicaId } from '../../shared/clocks/dot.ts';
import { VersionVector } from '../../shared/clocks/version-vector.ts';

/** A rejoin begins so soon after the end of the one before belongs to it, in milliseconds. */
const joinedMs = 2_000;

/** What is known at one moment. Times are in milliseconds since the Unix epoch. */
export interface RejoinMoment {
  readonly atMs: number;
  readonly clock: VersionVector;
  /** Which other replicas are reached, and what each announced last. */
  readonly reached: ReadonlyMap<ReplicaId, VersionVector>;
}

export interface WatchedRejoin {
  readonly beganMs: number;
  readonly endedMs: number | null;
  readonly met: readonly ReplicaId[];
  /** What this window had, and what those that it met had. */
  readonly had: VersionVector;
  readonly others: VersionVector;
}

/** What this window, and a replica that it does not reach any more, had when it was reached last. */
interface Apart {
  readonly here: VersionVector;
  readonly there: VersionVector;
}

export class RejoinWatch {
  /** Oldest first. */
  rejoins: readonly WatchedRejoin[] = [];
  private readonly apart = new Map<ReplicaId, Apart>();
  private before: RejoinMoment | null = null;

  constructor(private readonly name: ReplicaId) {}

  /** Returns whether the rejoins are others now. */
  notice(moment: RejoinMoment): boolean {
    const { before } = this;
    this.before = moment;
    if (!before) return false;
    for (const [replica, there] of before.reached) if (!moment.reached.has(replica)) this.apart.set(replica, { here: before.clock, there });
    const met = [...moment.reached.keys()].filter((replica) => this.apart.has(replica));
    if (met.length > 0) this.meet(met, before, moment);
    return this.end(moment) || met.length > 0;
  }

  private meet(met: readonly ReplicaId[], before: RejoinMoment, { atMs, clock, reached }: RejoinMoment): void {
    const side = new Set([this.name, ...before.reached.keys()]);
    // Of authors of the other side, what was here when they were reached last: their edits may have come just before this moment.
    const had = VersionVector.of(clock.entries().map(([author, counter]) => [author, side.has(author) ? counter : this.counterApart(author, counter)] as const));
    const others = met.map((replica) => {
      const { there } = this.apart.get(replica)!;
      const now = reached.get(replica)!;
      // And the other side may have taken what was made here by now.
      return VersionVector.of(now.entries().map(([author, counter]) => [author, side.has(author) ? there.get(author) : counter] as const));
    }).reduce((all, each) => all.merge(each), VersionVector.empty);
    for (const replica of met) this.apart.delete(replica);
    if (had.covers(others) || others.covers(had)) return;
    const last = this.rejoins.at(-1);
    const belongs = last !== undefined && (last.endedMs === null || atMs - last.endedMs <= joinedMs);
    const rejoin: WatchedRejoin = belongs
      ? { ...last, endedMs: null, met: [...new Set([...last.met, ...met])].sort(), had: last.had.merge(had), others: last.others.merge(others) }
      : { beganMs: atMs, endedMs: null, met: [...met].sort(), had, others };
    this.rejoins = [...(belongs ? this.rejoins.slice(0, -1) : this.rejoins), rejoin];
  }

  private counterApart(author: ReplicaId, counter: number): number {
    const apart = this.apart.get(author);
    return apart ? Math.min(counter, apart.here.get(author)) : counter;
  }

  private end({ atMs, clock }: RejoinMoment): boolean {
    const last = this.rejoins.at(-1);
    if (!last || last.endedMs !== null || !clock.covers(last.others)) return false;
    this.rejoins = [...this.rejoins.slice(0, -1), { ...last, endedMs: atMs }];
    return true;
  }
}
