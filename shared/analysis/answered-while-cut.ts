/**
 * Answered while cut: of what people did at a replica that was cut off, how much they were told to have gone through before the cut ended, by strategy. The price
 * of both sides: who accepts on both sides answers all of it, who asks a majority none. A pure function of the history.
 *
 * A replica is cut off while its network is switched off, or while it misses replicas that it reached before, and misses at least as many as it reaches, itself
 * included: of two sides the larger one is not cut off, of equal ones both are. One that was switched off or went down is missed by nobody until it is reached
 * again; nor is the earlier life of one that is reached. A cut ends at the latest when something of others arrives: edits may come before it is known who is
 * there. Whether a replica is cut off is known from the notes of the replicas and from `offline`, `online`, `crash` and `restart`.
 *
 * Counts actions: one of which only a part was done while cut counts by that part. An edit that is refused, about which nobody can tell, or that was still pending
 * when the cut ended is not answered, and with it its action. Costs time in proportion to the history.
 */
import type { DotKey, ReplicaId } from '../clocks/dot.ts';
import { VersionVector } from '../clocks/version-vector.ts';
import { Actions } from '../history/actions.ts';
import { type EditRecord, isEdit, type JournalRecord, type StrategyId } from '../history/record.ts';
import type { ArrivedEvent, RoomEvent } from '../history/room-event.ts';
import { Acknowledgements, trueMsOf } from './acknowledgements.ts';
import { getOrMake } from './concurrency.ts';
import { eachOf, runWhole, type Sliced } from './slices.ts';
import type { WhileCut } from './strategy-figures.ts';

/** A time in which a replica was cut off: true times, in milliseconds since the Unix epoch; `untilMs` is Infinity while it lasts. */
export interface CutSpan {
  readonly replica: ReplicaId;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Null where no replica was cut off, or nothing that is meant for the strategy was done there meanwhile. `records` in causal order. */
export function answeredWhileCut(records: readonly JournalRecord[], events: readonly RoomEvent[], strategy: StrategyId): WhileCut | null {
  return runWhole(runWhole(answeredWhileCutSliced(records, events))(strategy));
}

/** The same for any of the strategies; what they have in common is made out once. */
export function* answeredWhileCutSliced(records: readonly JournalRecord[], events: readonly RoomEvent[]): Sliced<(strategy: StrategyId) => Sliced<WhileCut | null>> {
  const made = yield* madeWhileCut(records, yield* cutSpansSliced(events));
  return function* (strategy) {
    if (made.length === 0) return null;
    const told = yield* Acknowledgements.sliced(records, strategy);
    const replicas = new Set<ReplicaId>();
    const actions = new Map<DotKey, boolean>();
    yield* eachOf(made, ({ edit, action, untilMs }) => {
      const answer = told.of(edit);
      if (!answer) return;
      replicas.add(edit.dot.replica);
      actions.set(action, (actions.get(action) ?? true) && answer.answer === 'accepted' && answer.atMs < untilMs);
    });
    if (actions.size === 0) return null;
    return { replicas: [...replicas].sort(), actions: actions.size, answered: [...actions.values()].filter(Boolean).length };
  };
}

/** An edit that was made while its replica was cut off. */
interface MadeWhileCut {
  readonly edit: EditRecord;
  /** The first edit of its action. */
  readonly action: DotKey;
  /** When that cut ended. */
  readonly untilMs: number;
}

function* madeWhileCut(records: readonly JournalRecord[], spans: readonly CutSpan[]): Sliced<MadeWhileCut[]> {
  const made: MadeWhileCut[] = [];
  if (spans.length === 0) return made;
  const byReplica = new Map<ReplicaId, CutSpan[]>();
  for (const span of spans) getOrMake(byReplica, span.replica, () => []).push(span);
  const actions = new Actions();
  yield* eachOf(records, (record) => {
    if (!isEdit(record)) return;
    const action = actions.startOf(record);
    const atMs = trueMsOf(record);
    const span = byReplica.get(record.dot.replica)?.find(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs);
    if (span) made.push({ edit: record, action, untilMs: span.untilMs });
  });
  return made;
}

/** Each time that a replica was cut off, in the order in which they began. */
export function cutSpans(events: readonly RoomEvent[]): CutSpan[] {
  return runWhole(cutSpansSliced(events));
}

export function* cutSpansSliced(events: readonly RoomEvent[]): Sliced<CutSpan[]> {
  const course = new CutCourse();
  yield* eachOf(events, (event) => course.take(event));
  return course.spans();
}

/** Goes along the events: who is cut off now, and who was. */
class CutCourse {
  private readonly over: CutSpan[] = [];
  private readonly cutSince = new Map<ReplicaId, number>();
  private readonly reaches = new Map<ReplicaId, readonly ReplicaId[]>();
  /** By replica, the others that it has reached: those that it misses where it does not reach them now. */
  private readonly known = new Map<ReplicaId, Set<ReplicaId>>();
  private readonly switchedOff = new Set<ReplicaId>();
  private readonly down = new Set<ReplicaId>();
  private readonly has = new Map<ReplicaId, VersionVector>();
  /** Replicas to which something of others came since they noted last whom they reach. */
  private readonly heard = new Set<ReplicaId>();

  take(event: RoomEvent): void {
    const { kind, replica, wallMs } = event;
    if (replica === null) return;
    if (kind === 'arrived') return this.arrived(event);
    if (kind === 'reach' || kind === 'offline') this.heard.delete(replica);
    if (kind === 'reach') this.reached(replica, event.payload);
    else if (kind === 'offline') this.switchedOff.add(replica);
    else if (kind === 'online') this.switchedOff.delete(replica);
    else if (kind === 'crash') this.down.add(replica);
    else if (kind === 'restart') this.down.delete(replica);
    else return;
    if (kind === 'offline' || kind === 'crash') for (const others of this.known.values()) others.delete(replica);
    for (const each of this.known.keys()) this.note(each, wallMs);
  }

  spans(): CutSpan[] {
    const lasting = [...this.cutSince].map(([replica, fromMs]) => ({ replica, fromMs, untilMs: Infinity }));
    return [...this.over, ...lasting].sort((a, b) => a.fromMs - b.fromMs || (a.replica < b.replica ? -1 : 1));
  }

  private arrived({ replica, wallMs, payload: { has } }: ArrivedEvent): void {
    const before = this.has.get(replica) ?? VersionVector.empty;
    this.has.set(replica, has);
    if (!this.cutSince.has(replica) || !has.entries().some(([author, counter]) => author !== replica && counter > before.get(author))) return;
    this.heard.add(replica);
    this.switchedOff.delete(replica);
    this.note(replica, wallMs);
  }

  private reached(replica: ReplicaId, { before, after }: { readonly before: readonly ReplicaId[]; readonly after: readonly ReplicaId[] }): void {
    const known = getOrMake(this.known, replica, () => new Set(before));
    const names = new Set(after.map(nameOf));
    for (const each of known) if (names.has(nameOf(each))) known.delete(each);
    for (const each of after) known.add(each);
    known.delete(replica);
    this.reaches.set(replica, after);
    if (after.some((each) => each !== replica)) this.switchedOff.delete(replica);
  }

  private note(replica: ReplicaId, atMs: number): void {
    const fromMs = this.cutSince.get(replica);
    const isCut = this.isCut(replica);
    if (isCut && fromMs === undefined) this.cutSince.set(replica, atMs);
    if (isCut || fromMs === undefined) return;
    this.cutSince.delete(replica);
    if (fromMs < atMs) this.over.push({ replica, fromMs, untilMs: atMs });
  }

  private isCut(replica: ReplicaId): boolean {
    const known = this.known.get(replica)!;
    if (this.down.has(replica) || this.heard.has(replica)) return false;
    if (this.switchedOff.has(replica)) return known.size > 0;
    const reaches = new Set(this.reaches.get(replica)).add(replica);
    const missed = [...known].filter((each) => !reaches.has(each)).length;
    return missed > 0 && missed >= reaches.size;
  }
}

/** "A" of "A.2", A's second life. */
function nameOf(replica: ReplicaId): string {
  return replica.split('.')[0]!;
}
