/**
 * The writes of one field under a strategy that holds whole values: each was applied to the value of another one, or of several that were chosen from.
 * A tip is a write whose value can be chosen now; what a tip's value was made of are the writes that it descends from.
 */
import type { Dot, DotKey } from '../../clocks/dot.ts';
import type { Intent } from '../../document/intent.ts';
import { compareCausally } from '../../history/causal-order.ts';
import type { EditRecord } from '../../history/record.ts';
import { getOrMake } from '../concurrency.ts';

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
export function inOrderOf(writes: readonly TreeWrite[], recordOf: (key: DotKey) => EditRecord | undefined): TreeWrite[] {
  const known = writes.flatMap((write) => {
    const record = recordOf(write.key);
    return record ? [{ write, record }] : [];
  });
  return known.sort((a, b) => compareCausally(a.record, b.record)).map(({ write }) => write);
}

export class WriteTree {
  private readonly byKey: ReadonlyMap<DotKey, TreeWrite>;
  private readonly places: ReadonlyMap<DotKey, number>;
  private readonly lineages = new Map<DotKey, readonly TreeWrite[]>();

  /**
   * `writes`: each after its parents, in an order that is the same wherever the same edits are; a parent that is not among them counts for the initial
   * value. `tips`: none while only the initial value is there.
   */
  constructor(readonly writes: readonly TreeWrite[], readonly tips: readonly DotKey[]) {
    this.byKey = new Map(writes.map((write) => [write.key, write]));
    this.places = new Map(writes.map(({ key }, place) => [key, place]));
  }

  get(key: DotKey): TreeWrite | undefined {
    return this.byKey.get(key);
  }

  /** The writes that a tip's value was made of, oldest first, the tip last. */
  lineageOf(tip: DotKey): readonly TreeWrite[] {
    return getOrMake(this.lineages, tip, () => this.descentOf(tip));
  }

  private descentOf(tip: DotKey): TreeWrite[] {
    const found = new Set<DotKey>();
    const open = [tip];
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      const write = this.byKey.get(key);
      if (!write || found.has(key)) continue;
      found.add(key);
      for (const each of write.kept) open.push(each);
    }
    return [...found].sort((a, b) => this.places.get(a)! - this.places.get(b)!).map((key) => this.byKey.get(key)!);
  }

  /**
   * Goes through all writes from the initial value on, each after the one that it was applied to; where several were kept, the first. `leave` is called
   * before another branch is entered, in the opposite order; the longest branch comes last, so that a line without branches is left by nobody.
   * `startsAnew`: a write that is the beginning of a walk of its own, after those of its parents.
   */
  walk(enter: (write: TreeWrite) => void, leave: (write: TreeWrite) => void, startsAnew: (write: TreeWrite) => boolean = () => false): void {
    const children = this.children(startsAnew);
    this.descend(children.get('') ?? [], children, enter, leave);
    for (const write of this.writes) if (startsAnew(write)) this.descend([write], children, enter, leave);
  }

  private descend(roots: readonly TreeWrite[], children: ReadonlyMap<DotKey, readonly TreeWrite[]>, enter: (write: TreeWrite) => void, leave: (write: TreeWrite) => void): void {
    const path: TreeWrite[] = [];
    const open = [...roots].reverse().map((write) => ({ write, depth: 0 }));
    for (let next = open.pop(); next; next = open.pop()) {
      while (path.length > next.depth) leave(path.pop()!);
      path.push(next.write);
      enter(next.write);
      const below = children.get(next.write.key) ?? [];
      for (let at = below.length - 1; at >= 0; at--) open.push({ write: below[at]!, depth: path.length });
    }
  }

  /** By parent ('' for the initial value): what was applied to its value, the one with the longest line of writes last. */
  private children(startsAnew: (write: TreeWrite) => boolean): Map<DotKey, TreeWrite[]> {
    const children = new Map<DotKey, TreeWrite[]>();
    const depths = new Map<DotKey, number>();
    for (let at = this.writes.length - 1; at >= 0; at--) {
      const write = this.writes[at]!;
      if (startsAnew(write)) continue;
      const parent = write.kept.find((key) => this.byKey.has(key)) ?? '';
      getOrMake(children, parent, () => []).push(write);
      depths.set(parent, Math.max(depths.get(parent) ?? 0, 1 + (depths.get(write.key) ?? 0)));
    }
    for (const each of children.values()) each.sort((a, b) => (depths.get(a.key) ?? 0) - (depths.get(b.key) ?? 0));
    return children;
  }
}
