/**
 * Replication lag: the true time from an edit to its arrival at each other replica, by strategy and replica. A pure function of the history.
 *
 * Where copies answer by themselves, an edit has arrived when the replica's journal has it (the CRDT's document travels beside the journal, at nearly the same
 * time). Where copies ask each other, it has arrived when the replica shows it, or an edit that the strategy ranks above it. Refused edits and those that were
 * rolled back never arrive, and are not waited for; nor is anything at a replica that noted nothing.
 * Costs time in proportion to the history, times the number of replicas.
 */
import { dotKey, type DotKey, type ReplicaId } from '../../clocks/dot.ts';
import type { FieldId } from '../../document/schema.ts';
import { type EditRecord, isEdit, type JournalRecord, type StrategyId } from '../../history/record.ts';
import type { ArrivedEvent, RoomEvent } from '../../history/room-event.ts';
import { isTalking } from '../../strategies/conversing.ts';
import { trueMsOf } from '../acknowledgements.ts';
import { firstIndex, getOrMake } from '../concurrency.ts';
import { medianOf } from '../percentiles.ts';
import { versionRanks } from '../version-ranks.ts';

/** How long others' edits took to one replica. */
export interface ReplicaLag {
  readonly strategy: StrategyId;
  /** Where they arrived. */
  readonly replica: ReplicaId;
  /** In whole milliseconds; null where none has arrived. */
  readonly medianMs: number | null;
  readonly worstMs: number | null;
  readonly arrived: number;
  /** Edits that have not arrived. */
  readonly underWay: number;
}

export interface LagFigures {
  /** Over all edits and replicas, in whole milliseconds; null where nothing has arrived anywhere, or nobody noted it. */
  readonly lagMs: number | null;
  readonly lagWorstMs: number | null;
}

interface Arrivals {
  readonly replica: ReplicaId;
  readonly tookMs: readonly number[];
  readonly underWay: number;
}

/** `records` in causal order. */
export function replicationLag(records: readonly JournalRecord[], events: readonly RoomEvent[], strategies: readonly StrategyId[]): ReplicaLag[] {
  return strategies.flatMap((strategy) => arrivalsUnder(strategy, records, events).map(({ replica, tookMs, underWay }) => ({
    strategy, replica, medianMs: medianOf(tookMs), worstMs: worstOf(tookMs), arrived: tookMs.length, underWay,
  })));
}

/** The same over all replicas. `records` in causal order. */
export function lagFigures(records: readonly JournalRecord[], events: readonly RoomEvent[], strategy: StrategyId): LagFigures {
  const tookMs = arrivalsUnder(strategy, records, events).flatMap((each) => each.tookMs);
  return { lagMs: medianOf(tookMs), lagWorstMs: worstOf(tookMs) };
}

function worstOf(tookMs: readonly number[]): number | null {
  return tookMs.length === 0 ? null : Math.round(tookMs.reduce((worst, each) => Math.max(worst, each), 0));
}

function arrivalsUnder(strategy: StrategyId, records: readonly JournalRecord[], events: readonly RoomEvent[]): Arrivals[] {
  const byReplica = new Map<ReplicaId, ArrivedEvent[]>();
  for (const event of events) if (event.kind === 'arrived') getOrMake(byReplica, event.replica, () => []).push(event);
  if (byReplica.size === 0) return [];
  const edits = records.filter((record): record is EditRecord => isEdit(record) && record.traces[strategy] !== undefined && record.traces[strategy].outcome !== 'refused');
  const expected = isTalking(strategy) ? expectedByRank(edits, records, strategy) : expectedByDot(edits);
  return [...byReplica].sort(([a], [b]) => (a < b ? -1 : 1)).map(([replica, arrived]) => arrivalsAt(replica, arrived, expected));
}

/** Which of a replica's lists of edits an event moves on, and how far. */
interface Expected {
  /** By list, the edits in the order in which they arrive. */
  readonly lists: ReadonlyMap<string, readonly EditRecord[]>;
  /** For each list that an event tells of, how many of its edits have arrived by then. */
  readonly reached: (event: ArrivedEvent) => Iterable<readonly [list: string, count: number]>;
}

/** A list an author: each author's edits arrive in order. */
function expectedByDot(edits: readonly EditRecord[]): Expected {
  const lists = new Map<ReplicaId, EditRecord[]>();
  for (const edit of edits) getOrMake(lists, edit.dot.replica, () => []).push(edit);
  const passed = (list: readonly EditRecord[], counter: number): number => firstIndex(list, ({ dot }) => dot.counter > counter);
  return { lists, reached: ({ payload: { has } }) => has.entries().flatMap(([author, counter]) => (lists.has(author) ? [[author, passed(lists.get(author)!, counter)] as const] : [])) };
}

/** A list a field: what is shown has all below it in it. */
function expectedByRank(edits: readonly EditRecord[], records: readonly JournalRecord[], strategy: StrategyId): Expected {
  const ranks = versionRanks(edits, records, strategy);
  const byKey = new Map(edits.map((edit) => [dotKey(edit.dot), edit]));
  const lists = new Map<FieldId, EditRecord[]>();
  const places = new Map<DotKey, number>();
  for (const field of new Set(edits.map((edit) => edit.field))) {
    const standing = (ranks.order(field) ?? []).filter((key) => !ranks.isGone(key) && byKey.has(key));
    lists.set(field, standing.map((key) => byKey.get(key)!));
    standing.forEach((key, place) => places.set(key, place + 1));
  }
  return {
    lists,
    reached: ({ payload: { shows } }) => Object.entries(shows[strategy] ?? {}).flatMap(([field, last]) => (last ? [[field, places.get(last) ?? 0] as const] : [])),
  };
}

function arrivalsAt(replica: ReplicaId, events: readonly ArrivedEvent[], { lists, reached }: Expected): Arrivals {
  const done = new Map<string, number>();
  const tookMs: number[] = [];
  for (const event of events) {
    for (const [list, count] of reached(event)) {
      const before = done.get(list) ?? 0;
      for (let at = before; at < count; at++) {
        const edit = lists.get(list)![at]!;
        if (edit.dot.replica !== replica) tookMs.push(Math.max(0, event.wallMs - trueMsOf(edit)));
      }
      if (count > before) done.set(list, count);
    }
  }
  const awaited = [...lists.values()].reduce((sum, list) => sum + list.filter(({ dot }) => dot.replica !== replica).length, 0);
  return { replica, tookMs, underWay: awaited - tookMs.length };
}
