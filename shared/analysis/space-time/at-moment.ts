/** A timeline at an earlier moment: what had happened, who was apart, and what waited. Pure functions of the timeline. */
import type { ReplicaId } from '../../clocks/dot.ts';
import { firstIndex } from '../concurrency.ts';
import type { Mark, Timeline } from './timeline.ts';

/** How many actions were begun later. */
export function laterMarks({ marks }: Timeline, atMs: number): number {
  return marks.length - begunCount(marks, atMs);
}

/** Marks stand in the order in which they were begun. */
function begunCount(marks: readonly Mark[], atMs: number): number {
  return firstIndex(marks, ({ fromMs }) => fromMs > atMs);
}

/** Whether all of an action was at a lane. */
function isAt({ lane, arrivedMs }: Mark, at: number, atMs: number): boolean {
  return at === lane || (arrivedMs[at] ?? Infinity) <= atMs;
}

/** The nearest earlier (−1) or later (1) moment at which an action was begun, somebody was cut off or rejoined; null: there is none. */
export function nearestInstant({ marks, apart, toMs }: Timeline, atMs: number, step: 1 | -1): number | null {
  const instants = [
    ...marks.map(({ fromMs }) => fromMs),
    ...apart.flatMap((each) => [each.fromMs, ...(each.toMs === null ? [] : [each.toMs])]),
  ].filter((ms) => (step === 1 ? ms > atMs && ms < toMs : ms < atMs));
  return instants.reduce<number | null>((best, ms) => (best === null || (ms - best) * step < 0 ? ms : best), null);
}

/**
 * Whether an action had come to all lanes. What was lost in the end was not lost before: it takes effect where all have
 * met. Where no arrival was noted, nobody can tell before the end.
 */
export function isDecidedBy(mark: Mark, atMs: number): boolean {
  return mark.arrivedMs.every((_, at) => isAt(mark, at, atMs));
}

/** The fields of which not all replicas had the same edits, as people call them, in the order of their first edits. */
export function unlikeFields({ marks }: Timeline, atMs: number): string[] {
  const open = marks.slice(0, begunCount(marks, atMs)).filter((mark) => !isDecidedBy(mark, atMs));
  return [...new Set(open.map(({ field }) => field))];
}

/** A replica at that moment. */
export interface LaneMoment {
  readonly replica: ReplicaId;
  /** By author, how many actions it had. */
  readonly has: Readonly<Record<ReplicaId, number>>;
  /** How many of its own actions had not come through to all others. */
  readonly waiting: number;
}

export interface RoomMoment {
  readonly lanes: readonly LaneMoment[];
  /** Those that were cut off, as groups that reached one another. */
  readonly apart: readonly (readonly ReplicaId[])[];
  /** Whether every replica was by itself, as when the relay is off. */
  readonly isEachAlone: boolean;
}

export function roomAt(timeline: Timeline, atMs: number): RoomMoment {
  const { lanes, marks, apart } = timeline;
  const begun = marks.slice(0, begunCount(marks, atMs));
  const there = apart.filter(({ fromMs, toMs }) => fromMs <= atMs && (toMs === null || toMs > atMs));
  const moments = lanes.map((replica, lane): LaneMoment => {
    const counts: Record<ReplicaId, number> = {};
    let waiting = 0;
    for (const mark of begun) {
      if (isAt(mark, lane, atMs)) counts[lanes[mark.lane]!] = (counts[lanes[mark.lane]!] ?? 0) + 1;
      if (mark.lane === lane && !isDecidedBy(mark, atMs)) waiting++;
    }
    return { replica, has: counts, waiting };
  });
  return { lanes: moments, apart: there.map(({ replicas }) => replicas), isEachAlone: there.some((each) => each.isEachAlone) };
}
