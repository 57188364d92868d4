/**
 * The writes of one field under a strategy that holds whole values: each was applied to the value of another one, or of several that were chosen from.
 * A tip is a write whose value can be chosen now; what a tip's value was made of are the writes that it descends from.
 */
import type { Dot, DotKey } from '../../clocks/dot.ts';
import type { Intent } from '../../document/intent.ts';
import { compareCausally } from '../../history/causal-order.ts';
import type { EditRecord } from '../../history/record.ts';
import { getOrMake } from '../concurrency.ts';
import { eachOf, mapped, type Sliced, sorted } from '../slices.ts';

export interface TreeWrite {
  readonly key: DotKey;
  readonly dot: Dot;
  /** null: the write carried the value along unchanged. */
  readonly intent: Intent | null;
  /** The writes that it replaced; none: the initial value. */
  readonly parents: readonly DotKey[];
  /** Of these, the ones whose value it was applied to, or that were chosen. */
  readonly kept: readonly DotKey[];
}

/** In causal order, whatever order they arrived in. */
export function* inOrderOf(writes: readonly TreeWrite[], recordOf: (key: DotKey) => EditRecord | undefined): Sliced<TreeWrite[]> {
  const known: { readonly write: TreeWrite; readonly record: EditRecord }[] = [];
  yield* eachOf(writes, (write) => {
    const record = recordOf(write.key);
    if (record) known.push({ write, record });
  });
  const ordered = yield* sorted(known, (a, b) => compareCausally(a.record, b.record));
  return yield* mapped(ordered, ({ write }) => write);
}

export class WriteTree {
  private readonly byKey = new Map<DotKey, TreeWrite>();
  private readonly places = new Map<DotKey, number>();
  private readonly lineages = new Map<DotKey, readonly TreeWrite[]>();

  private constructor(readonly writes: readonly TreeWrite[], readonly tips: readonly DotKey[]) {}

  /**
   * `writes`: each after its parents, in an order that is the same wherever the same edits are; a parent that is not among them counts for the initial
   * value. `tips`: none while only the initial value is there.
   */
  static *of(writes: readonly TreeWrite[], tips: readonly DotKey[]): Sliced<WriteTree> {
    const tree = new WriteTree(writes, tips);
    yield* eachOf(writes, (write, place) => {
      tree.byKey.set(write.key, write);
      tree.places.set(write.key, place);
    });
    return tree;
  }

  get(key: DotKey): TreeWrite | undefined {
    return this.byKey.get(key);
  }

  /** Where a write stands among the writes. */
  placeOf(key: DotKey): number | undefined {
    return this.places.get(key);
  }

  /** The writes that a tip's value was made of, oldest first, the tip last. */
  *lineageOf(tip: DotKey): Sliced<readonly TreeWrite[]> {
    const known = this.lineages.get(tip);
    if (known) return known;
    const lineage = yield* this.descentOf(tip);
    this.lineages.set(tip, lineage);
    return lineage;
  }

  private *descentOf(tip: DotKey): Sliced<TreeWrite[]> {
    const found = new Set<number>();
    const open = [tip];
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      const place = this.places.get(key);
      if (place === undefined || found.has(place)) continue;
      found.add(place);
      for (const each of this.writes[place]!.kept) open.push(each);
      if (found.size % stepsInSlice === 0) yield;
    }
    const places = yield* sorted([...found], (a, b) => a - b);
    return yield* mapped(places, (place) => this.writes[place]!);
  }

  /**
   * Goes through all writes from the initial value on, each after the one that it was applied to; where several were kept, the first. `leave` is called
   * before another branch is entered, in the opposite order; the longest branch comes last, so that a line without branches is left by nobody.
   * `startsAnew`: a write that is the beginning of a walk of its own, after those of its parents.
   */
  *walk(enter: (write: TreeWrite) => void, leave: (write: TreeWrite) => void, startsAnew: (write: TreeWrite) => boolean = () => false): Sliced<void> {
    const children = yield* this.children(startsAnew);
    yield* this.descend(children.get('') ?? [], children, enter, leave);
    for (const write of this.writes.filter(startsAnew)) {
      yield;
      yield* this.descend([write], children, enter, leave);
    }
  }

  private *descend(
    roots: readonly TreeWrite[],
    children: ReadonlyMap<DotKey, readonly TreeWrite[]>,
    enter: (write: TreeWrite) => void,
    leave: (write: TreeWrite) => void,
  ): Sliced<void> {
    const path: TreeWrite[] = [];
    const open = [...roots].reverse().map((write) => ({ write, depth: 0 }));
    let steps = 0;
    for (let next = open.pop(); next; next = open.pop()) {
      while (path.length > next.depth) {
        leave(path.pop()!);
        if (++steps % stepsInSlice === 0) yield;
      }
      path.push(next.write);
      enter(next.write);
      if (++steps % stepsInSlice === 0) yield;
      const below = children.get(next.write.key) ?? [];
      for (let at = below.length - 1; at >= 0; at--) open.push({ write: below[at]!, depth: path.length });
    }
  }

  /** By parent ('' for the initial value): what was applied to its value, the one with the longest line of writes last. */
  private *children(startsAnew: (write: TreeWrite) => boolean): Sliced<Map<DotKey, TreeWrite[]>> {
    const children = new Map<DotKey, TreeWrite[]>();
    const depths = new Map<DotKey, number>();
    yield* eachOf(this.writes, (_, place) => {
      const write = this.writes[this.writes.length - 1 - place]!;
      if (startsAnew(write)) return;
      const parent = write.kept.find((key) => this.byKey.has(key)) ?? '';
      getOrMake(children, parent, () => []).push(write);
      depths.set(parent, Math.max(depths.get(parent) ?? 0, 1 + (depths.get(write.key) ?? 0)));
    });
    yield* eachOf([...children.values()], (each) => void each.sort((a, b) => (depths.get(a.key) ?? 0) - (depths.get(b.key) ?? 0)));
    return children;
  }
}

/** So many writes are gone through between two yields. */
export const stepsInSlice = 64;

export function isChoice({ intent }: TreeWrite): boolean {
  return intent?.kind === 'resolve';
}
