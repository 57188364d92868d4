/**
 * Messages of a timeline: from where an action ended to where all of it had arrived, as the replicas noted.
 * What waited until a replica was reached again is one thick arrow from each lane, which begins at the
 * rejoin.
 */
import type { ReplicaId } from '../../clocks/dot.ts';
import type { ArrivedEvent, ReachEvent, RoomEvent } from '../../history/room-event.ts';
import { firstIndex, getOrMake } from '../concurrency.ts';
import { eachOf, type Sliced, sorted } from '../slices.ts';
import type { MadeMark } from './marks.ts';
import type { Arrow, Mark } from './timeline.ts';

/** Edits may arrive some time before the replica notices whom it reaches, in milliseconds. */
const noticedLateMs = 2_000;

/**
 * Notes in the marks when they arrived on each lane. Says of each lane whether it noted anything. `events`
 * in the order of time.
 */
export function* noteArrivals(
  marks: readonly MadeMark[],
  lanes: readonly ReplicaId[],
  events: readonly RoomEvent[],
): Sliced<boolean[]> {
  const laneOf = new Map(lanes.map((replica, lane) => [replica, lane]));
  const byLane = new Map<number, MadeMark[]>();
  for (const mark of yield* sorted(marks, (a, b) => a.last - b.last))
    getOrMake(byLane, mark.lane, () => []).push(mark);
  const noted = lanes.map(() => false);
  /** By lane where they arrive and lane that they come from: how many have arrived. */
  const done = lanes.map(() => lanes.map(() => 0));
  yield* eachOf(
    events,
    (event) => {
      if (event.kind !== 'arrived') return;
      const to = laneOf.get(event.replica)!;
      noted[to] = true;
      for (const [author, counter] of event.payload.has.entries()) {
        const from = laneOf.get(author);
        if (from !== undefined && from !== to)
          done[to]![from] = passed(byLane.get(from) ?? [], done[to]![from]!, counter, to, event);
      }
    },
    16,
  );
  return noted;
}

function passed(
  marks: readonly MadeMark[],
  before: number,
  counter: number,
  to: number,
  { wallMs }: ArrivedEvent,
): number {
  let at = before;
  for (; at < marks.length && marks[at]!.last <= counter; at++)
    marks[at]!.arrivedMs[to] = Math.max(wallMs, marks[at]!.toMs);
  return at;
}

interface Reached {
  /** When this lane began to reach others again, or for the first time. */
  readonly gainsMs: number[];
  /** By replica, the times at which this lane began (even places) and ceased (odd places) to reach it. */
  readonly turnsMs: Map<ReplicaId, number[]>;
}

/** `marks` with their arrivals; `events` in the order of time. */
export function* arrowsOf(
  marks: readonly Mark[],
  lanes: readonly ReplicaId[],
  events: readonly RoomEvent[],
): Sliced<Arrow[]> {
  const reached = lanes.map((): Reached => ({ gainsMs: [], turnsMs: new Map() }));
  yield* eachOf(
    events,
    (event) => void (event.kind === 'reach' && noteReach(reached[lanes.indexOf(event.replica)]!, event)),
  );
  const arrows: Arrow[] = [];
  const rejoins = new Map<string, Arrow>();
  yield* eachOf(marks, (mark) => {
    for (const [to, arriveMs] of mark.arrivedMs.entries()) {
      if (arriveMs === null || to === mark.lane) continue;
      const single: Arrow = { from: mark.lane, to, departMs: mark.toMs, arriveMs, count: 1, isRejoin: false };
      const gainMs = hasWaited(reached[to]!, lanes[mark.lane]!, mark.toMs, arriveMs)
        ? lastGain(reached[to]!, arriveMs)
        : null;
      if (gainMs === null || gainMs <= mark.toMs) arrows.push(single);
      else
        addTo(rejoins, `${mark.lane} ${to} ${gainMs}`, {
          ...single,
          departMs: Math.min(gainMs, arriveMs),
          isRejoin: true,
        });
    }
  });
  return yield* sorted([...arrows, ...rejoins.values()], (a, b) => a.departMs - b.departMs);
}

function addTo(rejoins: Map<string, Arrow>, key: string, arrow: Arrow): void {
  const known = rejoins.get(key);
  rejoins.set(
    key,
    known
      ? {
          ...known,
          arriveMs: Math.max(known.arriveMs, arrow.arriveMs),
          departMs: Math.min(known.departMs, arrow.departMs),
          count: known.count + 1,
        }
      : arrow,
  );
}

function noteReach({ gainsMs, turnsMs }: Reached, { wallMs, payload: { before, after } }: ReachEvent): void {
  const gained = after.filter((each) => !before.includes(each));
  if (gained.length > 0) gainsMs.push(wallMs);
  const turn = (each: ReplicaId, isGain: boolean): void => {
    const turns = getOrMake(turnsMs, each, () => []);
    if ((turns.length % 2 === 0) === isGain) turns.push(wallMs);
  };
  for (const each of gained) turn(each, true);
  for (const each of before) if (!after.includes(each)) turn(each, false);
}

/**
 * Whether it was made while its author was not reached. Those that meet for the first time may notice late
 * that they do.
 */
function hasWaited({ turnsMs }: Reached, author: ReplicaId, departMs: number, arriveMs: number): boolean {
  const turnsBefore = firstIndex(turnsMs.get(author) ?? [], (ms) => ms > departMs);
  return turnsBefore === 0 ? arriveMs - departMs > noticedLateMs : turnsBefore % 2 === 0;
}

function lastGain({ gainsMs }: Reached, arriveMs: number): number | null {
  return gainsMs[firstIndex(gainsMs, (ms) => ms > arriveMs + noticedLateMs) - 1] ?? null;
}
