/**
 * Notices when this window reaches replicas again that it had not reached, and what each side had then: what the window shows as having met.
 *
 * A rejoin ends when all that those replicas had has arrived. One that begins within two seconds of the last one's end belongs to it. What a replica had is what
 * it announced; of authors on the other side of a cut nothing comes before it is over, however late the window hears of that. A replica announces its edits a
 * little later than it makes them. So a meeting stays open until each that was met announces an edit of this side: by then it has announced all that it had.
 * Design: 3-semantics, "History".
 */
import type { ReplicaId } from '../../shared/clocks/dot.ts';
import { VersionVector } from '../../shared/clocks/version-vector.ts';

/** A rejoin begins so soon after the end of the one before belongs to it, in milliseconds. */
const joinedMs = 2_000;
/** So long a meeting waits for announcements, in milliseconds: a replica announces an edit sooner, travel included. */
const announcedMs = 500;

/** What is known at one moment. Times are in milliseconds since the Unix epoch. */
export interface RejoinMoment {
  readonly atMs: number;
  readonly clock: VersionVector;
  /** Whether this window is connected itself. Default: true. */
  readonly online?: boolean;
  /** Which other replicas are reached, and what each announced last. */
  readonly reached: ReadonlyMap<ReplicaId, VersionVector>;
}

export interface WatchedRejoin {
  /** When this window had lost those that it met, the first of them; and whether it was offline itself then. */
  readonly cutMs: number;
  readonly wasOffline: boolean;
  readonly beganMs: number;
  readonly endedMs: number | null;
  readonly met: readonly ReplicaId[];
  /** What this window had, and what those that it met had. */
  readonly had: VersionVector;
  readonly others: VersionVector;
}

/** What this window, and a replica that it does not reach any more, had when it was reached last. */
interface Apart {
  readonly sinceMs: number;
  readonly wasOffline: boolean;
  readonly here: VersionVector;
  readonly there: VersionVector;
}

/** Replicas that are reached again. */
interface Meeting {
  readonly atMs: number;
  readonly met: ReadonlyMap<ReplicaId, Apart>;
  /** This window and those that it had reached, and what they had. */
  readonly side: ReadonlySet<ReplicaId>;
  readonly had: VersionVector;
  /** What each of those that were met announced to have had. */
  readonly announced: ReadonlyMap<ReplicaId, VersionVector>;
  /** Which of those may still announce an edit that they had: they have announced none of this side since. */
  readonly awaited: ReadonlySet<ReplicaId>;
}

export class RejoinWatch {
  /** Oldest first. */
  rejoins: readonly WatchedRejoin[] = [];
  /** Those in which somebody that was met may still announce what it had. */
  private open: readonly Meeting[] = [];
  private readonly apart = new Map<ReplicaId, Apart>();
  private before: RejoinMoment | null = null;

  /** `later` is to cause a `notice` after so many milliseconds, even if nothing changes until then. */
  constructor(private readonly name: ReplicaId, private readonly later: (ms: number) => void) {}

  /** Whether something that others had is still to arrive. */
  get isUnderWay(): boolean {
    return this.rejoins.at(-1)?.endedMs === null;
  }

  /** Returns whether the rejoins are others now. */
  notice(moment: RejoinMoment): boolean {
    const { before } = this;
    this.before = moment;
    if (!before) return false;
    for (const [replica, there] of before.reached) if (!moment.reached.has(replica)) this.apart.set(replica, { sinceMs: moment.atMs, wasOffline: moment.online === false, here: before.clock, there });
    const met = [...moment.reached.keys()].filter((replica) => this.apart.has(replica));
    const open = met.length > 0 ? [...this.open, this.meetingOf(met, before, moment)] : this.open;
    const heard = open.map((meeting) => withAnnounced(meeting, moment));
    const hasMet = heard.filter((meeting) => this.meet(meeting)).length > 0;
    this.open = heard.filter(({ awaited }) => awaited.size > 0);
    if (met.length > 0 && this.open.length > 0) this.later(announcedMs + 1);
    return this.end(moment) || hasMet;
  }

  private meetingOf(met: readonly ReplicaId[], before: RejoinMoment, { atMs, clock, reached }: RejoinMoment): Meeting {
    const side = new Set([this.name, ...before.reached.keys()]);
    // Of authors of the other side, what was here when they were reached last: their edits may have come just before this moment.
    const had = VersionVector.of(clock.entries().map(([author, counter]) => [author, side.has(author) ? counter : this.counterApart(author, counter)] as const));
    const apart = new Map(met.map((replica) => [replica, this.apart.get(replica)!]));
    for (const replica of met) this.apart.delete(replica);
    return { atMs, met: apart, side, had, announced: new Map(met.map((replica) => [replica, reached.get(replica)!])), awaited: new Set(met) };
  }

  /** Returns whether the two sides had edits that the other lacked, and something of that was not known. */
  private meet({ atMs, met, side, had, announced }: Meeting): boolean {
    const others = [...met].map(([replica, { there }]) => {
      // And the other side may have taken what was made here by now.
      return VersionVector.of(announced.get(replica)!.entries().map(([author, counter]) => [author, side.has(author) ? there.get(author) : counter] as const));
    }).reduce((all, each) => all.merge(each), VersionVector.empty);
    if (had.covers(others) || others.covers(had)) return false;
    const apart = [...met.values()];
    const cut = { cutMs: apart.reduce((first, { sinceMs }) => Math.min(first, sinceMs), atMs), wasOffline: apart.every(({ wasOffline }) => wasOffline) };
    const names = [...met.keys()];
    const last = this.rejoins.at(-1);
    const belongs = last !== undefined && (last.endedMs === null || atMs - last.endedMs <= joinedMs);
    if (belongs && last.had.covers(had) && last.others.covers(others)) return false;
    const rejoin: WatchedRejoin = belongs
      ? { ...last, endedMs: null, met: [...new Set([...last.met, ...names])].sort(), had: last.had.merge(had), others: last.others.merge(others) }
      : { ...cut, beganMs: atMs, endedMs: null, met: names.sort(), had, others };
    this.rejoins = [...(belongs ? this.rejoins.slice(0, -1) : this.rejoins), rejoin];
    return true;
  }

  private counterApart(author: ReplicaId, counter: number): number {
    const apart = this.apart.get(author);
    return apart ? Math.min(counter, apart.here.get(author)) : counter;
  }

  private end({ atMs, clock }: RejoinMoment): boolean {
    const last = this.rejoins.at(-1);
    if (!last || last.endedMs !== null || this.open.length > 0 || !clock.covers(last.others)) return false;
    this.rejoins = [...this.rejoins.slice(0, -1), { ...last, endedMs: atMs }];
    return true;
  }
}

/** A meeting with what was announced since. After half a second nothing is awaited any more. */
function withAnnounced(meeting: Meeting, { atMs, reached }: RejoinMoment): Meeting {
  const { met, side, awaited } = meeting;
  const isOver = Math.abs(atMs - meeting.atMs) > announcedMs;
  const news = isOver ? [] : [...awaited].flatMap((replica) => (reached.has(replica) ? [[replica, reached.get(replica)!] as const] : []));
  const lacking = news.filter(([replica, has]) => ![...side].some((author) => has.get(author) > met.get(replica)!.there.get(author)));
  return { ...meeting, announced: new Map([...meeting.announced, ...news]), awaited: new Set(lacking.map(([replica]) => replica)) };
}
