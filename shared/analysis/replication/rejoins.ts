/**
 * Rejoins: when a replica reached others again that it had not reached, and what met then. A pure function of the history.
 *
 * A rejoin begins when a replica reaches one that it did not reach, and ends when all that those had then has arrived. One that begins within two seconds of the
 * last one's end belongs to it. Where only one side had edits, nothing met, and it is left out. What a replica had is what it noted last, and its own edits up
 * to then. Source: 3-semantics, "History".
 */
import type { ReplicaId } from '../../clocks/dot.ts';
import { VersionVector } from '../../clocks/version-vector.ts';
import { type EditRecord, isEdit, type JournalRecord } from '../../history/record.ts';
import type { ArrivedEvent, ReachEvent, RoomEvent } from '../../history/room-event.ts';
import { getOrMake } from '../concurrency.ts';
import { filtered } from '../filtered.ts';
import { inParts, runWhole, type Sliced } from '../slices.ts';

export interface Rejoin {
  /** Whose rejoin it is. */
  readonly replica: ReplicaId;
  /** True times, in milliseconds since the Unix epoch; `endedMs` null: something that the others had has not arrived. */
  readonly beganMs: number;
  readonly endedMs: number | null;
  /** Whom it reached again. */
  readonly met: readonly ReplicaId[];
  /** What this replica had and they lacked, and what came: in causal order. */
  readonly here: readonly EditRecord[];
  readonly there: readonly EditRecord[];
}

/** A rejoin that begins so soon after the end of the one before belongs to it, in milliseconds. */
const joinedMs = 2_000;

interface Open {
  beganMs: number;
  endedMs: number | null;
  readonly met: Set<ReplicaId>;
  /** Each time that it reached somebody. */
  readonly meetings: Meeting[];
}

interface Meeting {
  /** What this replica had, and what those that it met had, all together. */
  readonly had: VersionVector;
  readonly others: VersionVector;
}

/** Of all replicas, in the order in which they began. `records` in causal order. */
export function rejoins(records: readonly JournalRecord[], events: readonly RoomEvent[]): Rejoin[] {
  return runWhole(rejoinsSliced(records, events));
}

export function* rejoinsSliced(records: readonly JournalRecord[], events: readonly RoomEvent[]): Sliced<Rejoin[]> {
  const edits = yield* filtered(records, (record): record is EditRecord => isEdit(record) && record.gathers === undefined);
  const meetings = new Meetings();
  for (const part of inParts(events)) {
    for (const event of part) {
      if (event.kind === 'arrived') meetings.arrived(event);
      if (event.kind === 'reach') meetings.reached(event);
    }
    yield;
  }
  const found: Rejoin[] = [];
  for (const [replica, each] of meetings.all) found.push(yield* rejoinOf(replica, each, edits));
  return found.filter(({ here, there }) => here.length > 0 && there.length > 0).sort((a, b) => a.beganMs - b.beganMs || (a.replica < b.replica ? -1 : 1));
}

/** Edits came of a replica that was not known to be reached yet: the relay may hand them on before it says who is there. */
interface Early {
  readonly atMs: number;
  /** What the replica had before. */
  readonly had: VersionVector;
}

class Meetings {
  private readonly early = new Map<ReplicaId, Early>();
  private readonly has = new Map<ReplicaId, VersionVector>();
  /** By replica, what it had when it began to reach each of those that it reaches now. */
  private readonly hadWhenReached = new Map<ReplicaId, ReadonlyMap<ReplicaId, VersionVector>>();
  private readonly byReplica = new Map<ReplicaId, Open[]>();

  get all(): (readonly [ReplicaId, Open])[] {
    return [...this.byReplica].flatMap(([replica, opened]) => opened.map((each) => [replica, each] as const));
  }

  arrived({ replica, wallMs, payload: { has } }: ArrivedEvent): void {
    const before = this.hadBy(replica);
    const reached = this.hadWhenReached.get(replica);
    const isEarly = has.entries().some(([author, counter]) => author !== replica && !reached?.has(author) && counter > before.get(author));
    if (isEarly && !this.earlyWithin(replica, wallMs)) this.early.set(replica, { atMs: wallMs, had: before });
    this.has.set(replica, has);
    const last = this.byReplica.get(replica)?.at(-1);
    if (last?.endedMs === null && hasAll(has, last)) last.endedMs = wallMs;
  }

  reached({ replica, wallMs, payload: { before, after } }: ReachEvent): void {
    const early = this.earlyWithin(replica, wallMs);
    const [atMs, own] = early ? [early.atMs, early.had] : [wallMs, this.hadBy(replica)];
    this.early.delete(replica);
    const former = this.hadWhenReached.get(replica);
    this.hadWhenReached.set(replica, new Map(after.map((each) => [each, former?.get(each) ?? own])));
    const met = after.filter((each) => !before.includes(each));
    if (met.length === 0) return;
    // One that noticed first may have this replica's edits by now: what it had before counts.
    const others = met.reduce((all, each) => all.merge(this.hadWhenReached.get(each)?.get(replica) ?? this.earlyWithin(each, wallMs)?.had ?? this.hadBy(each)), VersionVector.empty);
    const opened = getOrMake(this.byReplica, replica, () => []);
    const meeting = { had: own, others };
    const last = opened.at(-1);
    const belongs = last !== undefined && last.meetings.some(isRejoin) && (last.endedMs === null || atMs - last.endedMs <= joinedMs);
    const open = belongs ? last : { beganMs: atMs, endedMs: null, met: new Set<ReplicaId>(), meetings: [] };
    if (!belongs) opened.push(open);
    for (const each of met) open.met.add(each);
    open.meetings.push(meeting);
    open.endedMs = hasAll(this.hadBy(replica), open) ? wallMs : null;
  }

  private earlyWithin(replica: ReplicaId, atMs: number): Early | undefined {
    const early = this.early.get(replica);
    return early && atMs - early.atMs <= joinedMs ? early : undefined;
  }

  private hadBy(replica: ReplicaId): VersionVector {
    return this.has.get(replica) ?? VersionVector.empty;
  }
}

/** Whether both sides had something that the other lacked; else nothing met, as when a room begins. */
function isRejoin({ had, others }: Meeting): boolean {
  return !had.covers(others) && !others.covers(had);
}

function hasAll(has: VersionVector, { meetings }: Open): boolean {
  return meetings.every(({ others }) => has.covers(others));
}

function* rejoinOf(replica: ReplicaId, { beganMs, endedMs, met, meetings }: Open, edits: readonly EditRecord[]): Sliced<Rejoin> {
  const here: EditRecord[] = [];
  const there: EditRecord[] = [];
  for (const part of inParts(edits)) {
    for (const edit of part) {
      if (meetings.some(({ had, others }) => had.includes(edit.dot) && !others.includes(edit.dot))) here.push(edit);
      if (meetings.some(({ had, others }) => others.includes(edit.dot) && !had.includes(edit.dot))) there.push(edit);
    }
    yield;
  }
  return { replica, beganMs, endedMs, met: [...met].sort(), here, there };
}
