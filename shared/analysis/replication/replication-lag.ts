/**
 * Replication lag: the true time from an edit to its arrival at each other replica, by strategy and replica. A pure function of the history.
 *
 * Where copies answer by themselves, an edit has arrived when the replica's journal has it (the CRDT's document travels beside the journal, at nearly the same
 * time). Where copies ask each other, it has arrived when the replica shows it, or an edit that the strategy ranks above it. Refused edits and those that were
 * rolled back never arrive, and are not waited for; nor is anything at a replica that noted nothing.
 * Costs time in proportion to the history, times the number of replicas.
 */
import type { ReplicaId } from '../../clocks/dot.ts';
import type { FieldId } from '../../document/schema.ts';
import { type EditRecord, isEdit, type JournalRecord, type StrategyId } from '../../history/record.ts';
import type { ArrivedEvent, RoomEvent } from '../../history/room-event.ts';
import { isCoordinated } from '../../strategies/registry.ts';
import { trueMsOf } from '../acknowledgements.ts';
import { firstIndex, getOrMake } from '../concurrency.ts';
import { editsByKey } from '../edit-index.ts';
import { filtered } from '../filtered.ts';
import { ascending, medianOf } from '../percentiles.ts';
import { ShelvedMap } from '../shelved-map.ts';
import { eachOf, inParts, runWhole, type Sliced, sorted } from '../slices.ts';
import { versionRanksSliced } from '../version-ranks.ts';

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

/** One edit on its way to one replica: true times, in milliseconds since the Unix epoch. */
export interface Passage {
  readonly madeMs: number;
  /** Infinity: it has not arrived. */
  readonly arrivedMs: number;
}

/** Others' edits on their way to one replica. */
export interface Arrivals {
  readonly replica: ReplicaId;
  readonly passages: readonly Passage[];
}

/** `records` in causal order. */
export function replicationLag(records: readonly JournalRecord[], events: readonly RoomEvent[], strategies: readonly StrategyId[]): ReplicaLag[] {
  return runWhole(replicationLagSliced(records, events, strategies));
}

export function* replicationLagSliced(records: readonly JournalRecord[], events: readonly RoomEvent[], strategies: readonly StrategyId[]): Sliced<ReplicaLag[]> {
  const lag: ReplicaLag[] = [];
  for (const strategy of strategies) {
    for (const { replica, passages } of yield* arrivalsUnder(strategy, records, events)) {
      const inOrder = yield* sorted(yield* tookMsOf(passages), ascending);
      lag.push({ strategy, replica, medianMs: medianOf(inOrder), worstMs: worstOf(inOrder), arrived: inOrder.length, underWay: passages.length - inOrder.length });
    }
  }
  return lag;
}

/** The same over all replicas. `records` in causal order. */
export function lagFigures(records: readonly JournalRecord[], events: readonly RoomEvent[], strategy: StrategyId): LagFigures {
  return runWhole(lagFiguresSliced(records, events, strategy));
}

export function* lagFiguresSliced(records: readonly JournalRecord[], events: readonly RoomEvent[], strategy: StrategyId): Sliced<LagFigures> {
  const arrivals = yield* arrivalsUnder(strategy, records, events);
  const tookMs: (readonly number[])[] = [];
  for (const { passages } of arrivals) tookMs.push(yield* tookMsOf(passages));
  const inOrder = yield* sorted(tookMs.flat(), ascending);
  return { lagMs: medianOf(inOrder), lagWorstMs: worstOf(inOrder) };
}

/** Of those that have arrived. */
function* tookMsOf(passages: readonly Passage[]): Sliced<number[]> {
  const tookMs: number[] = [];
  yield* eachOf(passages, ({ madeMs, arrivedMs }) => {
    if (arrivedMs < Infinity) tookMs.push(Math.max(0, arrivedMs - madeMs));
  });
  return tookMs;
}

function worstOf(inOrder: readonly number[]): number | null {
  const worst = inOrder.at(-1);
  return worst === undefined ? null : Math.round(worst);
}

/** At each replica that noted anything, in the order of their names. `records` in causal order. */
export function* arrivalsUnder(strategy: StrategyId, records: readonly JournalRecord[], events: readonly RoomEvent[]): Sliced<Arrivals[]> {
  const byReplica = yield* arrivedEvents(events);
  if (byReplica.size === 0) return [];
  const edits = yield* filtered(records, (record): record is EditRecord => isEdit(record) && record.traces[strategy] !== undefined && record.traces[strategy].outcome !== 'refused');
  const expected = isCoordinated(strategy) ? yield* expectedByRank(edits, records, strategy) : yield* expectedByDot(edits);
  const arrivals: Arrivals[] = [];
  for (const [replica, arrived] of [...byReplica].sort(([a], [b]) => (a < b ? -1 : 1))) arrivals.push(yield* arrivalsAt(replica, arrived, expected));
  return arrivals;
}

function* arrivedEvents(events: readonly RoomEvent[]): Sliced<ReadonlyMap<ReplicaId, readonly ArrivedEvent[]>> {
  const byReplica = new Map<ReplicaId, ArrivedEvent[]>();
  yield* eachOf(events, (event) => {
    if (event.kind === 'arrived') getOrMake(byReplica, event.replica, () => []).push(event);
  });
  return byReplica;
}

/** Which of a replica's lists of edits an event moves on, and how far. */
interface Expected {
  /** By list, the edits in the order in which they arrive. */
  readonly lists: ReadonlyMap<string, readonly EditRecord[]>;
  /** For each list that an event tells of, how many of its edits have arrived by then. */
  readonly reached: (event: ArrivedEvent) => Iterable<readonly [list: string, count: number]>;
}

/** A list an author: each author's edits arrive in order. */
function* expectedByDot(edits: readonly EditRecord[]): Sliced<Expected> {
  const lists = new Map<ReplicaId, EditRecord[]>();
  yield* eachOf(edits, (edit) => void getOrMake(lists, edit.dot.replica, () => []).push(edit));
  const passed = (list: readonly EditRecord[], counter: number): number => firstIndex(list, ({ dot }) => dot.counter > counter);
  return { lists, reached: ({ payload: { has } }) => has.entries().flatMap(([author, counter]) => (lists.has(author) ? [[author, passed(lists.get(author)!, counter)] as const] : [])) };
}

/** A list a field: what is shown has all below it in it. */
function* expectedByRank(edits: readonly EditRecord[], records: readonly JournalRecord[], strategy: StrategyId): Sliced<Expected> {
  const ranks = yield* versionRanksSliced(edits, records, strategy);
  const byKey = yield* editsByKey(edits);
  const lists = new Map<FieldId, EditRecord[]>();
  const places = new ShelvedMap<number>();
  for (const field of new Set(edits.map((edit) => edit.field))) {
    const standing: EditRecord[] = [];
    lists.set(field, standing);
    for (const part of inParts(ranks.order(field) ?? [])) {
      for (const key of part) {
        const edit = ranks.isGone(key) ? undefined : byKey.get(key);
        if (edit) places.set(key, standing.push(edit));
      }
      yield;
    }
  }
  return {
    lists,
    reached: ({ payload: { shows } }) => Object.entries(shows[strategy] ?? {}).flatMap(([field, last]) => (last ? [[field, places.get(last) ?? 0] as const] : [])),
  };
}

/** How many arrive before others get a turn: all of them may come with one event. */
const arrivingPerPart = 1_024;

function* arrivalsAt(replica: ReplicaId, events: readonly ArrivedEvent[], { lists, reached }: Expected): Sliced<Arrivals> {
  const done = new Map<string, number>();
  const passages: Passage[] = [];
  for (const part of inParts(events)) {
    for (const event of part) {
      for (const [list, count] of reached(event)) {
        const before = done.get(list) ?? 0;
        for (let at = before; at < count; at++) {
          const edit = lists.get(list)![at]!;
          if (edit.dot.replica !== replica) passages.push({ madeMs: trueMsOf(edit), arrivedMs: event.wallMs });
          if (at % arrivingPerPart === 0) yield;
        }
        if (count > before) done.set(list, count);
      }
    }
    yield;
  }
  for (const [name, list] of lists) {
    yield* eachOf(list.slice(done.get(name) ?? 0), (edit) => {
      if (edit.dot.replica !== replica) passages.push({ madeMs: trueMsOf(edit), arrivedMs: Infinity });
    });
  }
  return { replica, passages };
}
