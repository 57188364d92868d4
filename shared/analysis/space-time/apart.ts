/**
 * When replicas were cut off from others, as they noted whom they reach: bands of the space-time diagram.
 *
 * Two replicas are parted while both noted that they lost the other: a window that was closed notes
 * nothing, and is not cut off. Those that reach one another are one group; the largest group is the main
 * one, and of equals the one that noticed last. The others are cut off.
 */
import type { ReplicaId } from '../../clocks/dot.ts';
import type { ReachEvent, RoomEvent } from '../../history/room-event.ts';
import { firstIndex } from '../concurrency.ts';
import { eachOf, type Sliced } from '../slices.ts';
import type { Apart, Band, BrokenMessage, Mark } from './timeline.ts';

/** `events` in the order of time. */
export function* apartTimes(lanes: readonly ReplicaId[], events: readonly RoomEvent[]): Sliced<Apart[]> {
  const room = new Apartness(lanes);
  yield* eachOf(events, (event) => void (event.kind === 'reach' && room.note(event)), 4);
  return room.times();
}

class Apartness {
  private readonly reached = new Map<ReplicaId, ReadonlySet<ReplicaId>>();
  /** "A C": when A noted that it lost C. */
  private readonly lostMs = new Map<string, number>();
  private readonly ended: Apart[] = [];
  private open = new Map<string, Apart>();

  constructor(private readonly lanes: readonly ReplicaId[]) {}

  note({ replica, wallMs, payload: { before, after } }: ReachEvent): void {
    this.reached.set(replica, new Set(after));
    for (const each of before) if (!after.includes(each)) this.lostMs.set(`${replica} ${each}`, wallMs);
    for (const each of after) {
      this.lostMs.delete(`${replica} ${each}`);
      this.lostMs.delete(`${each} ${replica}`);
    }
    this.follow(wallMs);
  }

  times(): Apart[] {
    return [...this.ended, ...this.open.values()].sort((a, b) => a.fromMs - b.fromMs);
  }

  private follow(nowMs: number): void {
    const now = new Map(this.apartNow().map((apart) => [apart.replicas.join(' '), apart]));
    for (const [key, apart] of this.open)
      if (!now.has(key)) this.ended.push({ ...apart, toMs: Math.max(nowMs, apart.fromMs) });
    this.open = new Map(
      [...now].map(([key, apart]) => [key, { ...apart, fromMs: this.open.get(key)?.fromMs ?? apart.fromMs }]),
    );
  }

  private apartNow(): Apart[] {
    const all = this.groups();
    const groups = all.filter((group) =>
      all.some((other) => other !== group && this.partedMs(group, other) !== null),
    );
    if (groups.length === 0) return [];
    const main = groups.reduce((best, group) =>
      isMoreMain(group, best, (each) => this.noticedMs(each)) ? group : best,
    );
    const cutOff = groups.filter((group) => group !== main && this.partedMs(group, main) !== null);
    const isEachAlone = main.length === 1 && cutOff.length > 1;
    return cutOff.map((replicas) => ({
      replicas,
      fromMs: this.partedMs(replicas, main)!,
      toMs: null,
      isEachAlone,
    }));
  }

  /** Those that reach one another, also by others. */
  private groups(): ReplicaId[][] {
    const left = new Set(this.lanes);
    const groups: ReplicaId[][] = [];
    for (const first of this.lanes) {
      if (!left.delete(first)) continue;
      const group = [first];
      for (const each of group) {
        for (const other of left) {
          if (!this.reached.get(each)?.has(other) || !this.reached.get(other)?.has(each)) continue;
          group.push(other);
          left.delete(other);
        }
      }
      groups.push(group.sort());
    }
    return groups;
  }

  /** Since when two of them are parted; null: none are. */
  private partedMs(some: readonly ReplicaId[], others: readonly ReplicaId[]): number | null {
    let sinceMs: number | null = null;
    for (const each of some) {
      for (const other of others) {
        const [here, there] = [this.lostMs.get(`${each} ${other}`), this.lostMs.get(`${other} ${each}`)];
        if (here !== undefined && there !== undefined) sinceMs = Math.min(sinceMs ?? Infinity, here, there);
      }
    }
    return sinceMs;
  }

  /** When the first of them noted a loss that still holds. */
  private noticedMs(group: readonly ReplicaId[]): number {
    const times = group.flatMap((each) =>
      this.lanes.map((other) => this.lostMs.get(`${each} ${other}`) ?? Infinity),
    );
    return times.reduce((first, ms) => Math.min(first, ms), Infinity);
  }
}

function isMoreMain(
  group: readonly ReplicaId[],
  best: readonly ReplicaId[],
  noticedMs: (group: readonly ReplicaId[]) => number,
): boolean {
  return group.length > best.length || (group.length === best.length && noticedMs(group) > noticedMs(best));
}

/** One for each gap between lanes and time that somebody beside it was cut off. */
export function bandsOf(lanes: readonly ReplicaId[], apart: readonly Apart[]): Band[] {
  const bands = new Map<string, Band>();
  for (const { replicas, fromMs, toMs } of apart) {
    for (let above = 0; above + 1 < lanes.length; above++) {
      if (replicas.includes(lanes[above]!) === replicas.includes(lanes[above + 1]!)) continue;
      bands.set(`${above} ${fromMs} ${toMs}`, { above, fromMs, toMs });
    }
  }
  return [...bands.values()];
}

/** `marks` in the order in which they were begun. */
export function* brokenMessages(
  marks: readonly Mark[],
  lanes: readonly ReplicaId[],
  bands: readonly Band[],
  nowMs: number,
): Sliced<BrokenMessage[]> {
  const broken: BrokenMessage[] = [];
  for (const band of bands) {
    const endMs = band.toMs ?? nowMs;
    const end = firstIndex(marks, ({ fromMs }) => fromMs >= endMs);
    const mark = lastOf(
      marks,
      end,
      (each) => each.fromMs >= band.fromMs && each.toMs <= endMs && each.lane <= band.above,
      band.fromMs,
    );
    if (mark) broken.push({ from: mark.lane, departMs: mark.toMs, band });
    yield;
  }
  return broken;
}

function lastOf(
  marks: readonly Mark[],
  end: number,
  fits: (mark: Mark) => boolean,
  sinceMs: number,
): Mark | null {
  for (let at = end - 1; at >= 0 && marks[at]!.fromMs >= sinceMs; at--)
    if (fits(marks[at]!)) return marks[at]!;
  return null;
}
