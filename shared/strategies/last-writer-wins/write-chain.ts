/**
 * All writes of one last-writer-wins value. Each write names the write that it replaced, so they form a tree; the write with the greatest
 * timestamp is the value, and the path from it back to the root is what that value descends from.
 *
 * Guarantees: the same writes in any causal order give the same value. Values are rebuilt from intents, so a keystroke costs a keystroke
 * and not a copy of the text; only the latest ends of branches, and a few values on the way, are held whole: memory grows with the writes and with one
 * value, never with their product.
 */
import type { Dot } from '../../clocks/dot.ts';
import type { VersionVector } from '../../clocks/version-vector.ts';
import { compareHybrid, type HybridTimestamp } from '../../clocks/hybrid-logical-clock.ts';
import { applyIntent } from '../../document/apply-intent.ts';
import type { Intent } from '../../document/intent.ts';
import type { FieldSpec, FieldValue } from '../../document/schema.ts';

/** The key of the initial value, which no write made. */
export const rootKey = '';

export interface ChainedWrite {
  /** The dot of its edit, as a key: "A:12". */
  readonly key: string;
  readonly dot: Dot;
  readonly stamp: HybridTimestamp;
  /** The key of the write that its writer saw as the value; rootKey for the initial value. */
  readonly replaces: string;
  /** What it did; null where a write of the whole document carried this field along unchanged. */
  readonly intent: Intent | null;
}

/** [LWW1] [LWW3] Greater means: wins. */
export function compareWrites(a: ChainedWrite, b: ChainedWrite): number {
  if (a.dot.replica === b.dot.replica) return compareHybrid(a.stamp, b.stamp) || a.dot.counter - b.dot.counter;
  return compareHybrid(a.stamp, b.stamp) || (a.dot.replica > b.dot.replica ? 1 : -1);
}

/** Every so many writes a value is held whole, so that a branch that starts there is found quickly. */
const checkpointEvery = 128;
/** At most so many of these are held: when there are more, every second one goes, as branches start at old writes less and less often. */
const checkpointsMax = 64;
/** At most so many ends of branches are held whole; most never go on. */
const endsMax = 32;

/** A write in its place in the tree. */
interface Chained {
  readonly write: ChainedWrite;
  /** The one that it replaced; null where that is the initial value. */
  readonly before: Chained | null;
  /** How many writes lead here, this one included. */
  readonly depth: number;
  /** Whether the value after it is held whole; else it can be rebuilt. */
  isHeld: boolean;
  value: FieldValue | null;
}

export class WriteChain {
  private readonly chained = new Map<string, Chained>();
  /** Held on the way, in the order of their writes. */
  private checkpoints: Chained[] = [];
  /** Held for being an end, oldest first; some have been let go since. */
  private readonly ends: Chained[] = [];
  private winner: Chained | null = null;

  constructor(private readonly field: FieldSpec) {}

  get value(): FieldValue {
    return this.valueOf(this.winner);
  }

  /** The key of the write that is the value now. */
  get tip(): string {
    return this.winner?.write.key ?? rootKey;
  }

  /** The key of the write that is the value where just these edits are known. */
  tipAt(has: VersionVector): string {
    let winner: ChainedWrite | null = null;
    for (const { write } of this.chained.values()) {
      if (has.includes(write.dot) && (!winner || compareWrites(write, winner) > 0)) winner = write;
    }
    return winner?.key ?? rootKey;
  }

  /** How many values are held whole, the initial one included. */
  get heldCount(): number {
    return 1 + [...this.chained.values()].filter(({ isHeld }) => isHeld).length;
  }

  /** All writes, each after the one that it replaced. */
  writes(): ChainedWrite[] {
    return [...this.chained.values()].map(({ write }) => write);
  }

  get(key: string): ChainedWrite | undefined {
    return this.chained.get(key)?.write;
  }

  /** Adds a write, after the one it replaced. Returns whether the value is another one now. */
  add(added: ChainedWrite): boolean {
    if (this.chained.has(added.key)) return false;
    // Causal delivery brings predecessors first. One that is not here was malformed, and no replica has it: all start over from the initial value.
    const before = this.chained.get(added.replaces) ?? null;
    const write = before || added.replaces === rootKey ? added : { ...added, replaces: rootKey };
    const shown = this.value;
    const value = this.after(this.valueOf(before), write);
    const chained: Chained = { write, before, depth: (before?.depth ?? 0) + 1, isHeld: false, value: null };
    this.chained.set(write.key, chained);
    const wins = !this.winner || compareWrites(write, this.winner.write) > 0;
    if (wins) {
      if (this.winner && this.winner !== before) this.ends.push(this.winner);
      this.winner = chained;
    }
    this.hold(chained, value);
    // A value that others now descend from need not be held whole.
    if (before && !isCheckpoint(before)) this.forget(before);
    return wins && value !== shown;
  }

  /** The writes that the value descends from, oldest first, the value's own write last. [LWW7] */
  lineage(): ChainedWrite[] {
    const path: ChainedWrite[] = [];
    for (let chained = this.winner; chained; chained = chained.before) path.push(chained.write);
    return path.reverse();
  }

  /** The value that a write made; the initial one where there is no such write. */
  valueAfter(key: string): FieldValue {
    return this.valueOf(this.chained.get(key) ?? null);
  }

  private valueOf(chained: Chained | null): FieldValue {
    if (!chained) return this.field.initial;
    if (chained.isHeld) return chained.value!;
    const path: Chained[] = [];
    let held: Chained | null = chained;
    for (; held && !held.isHeld; held = held.before) path.push(held);
    const start = held ? held.value! : this.field.initial;
    const value = path.reduceRight((before, { write }) => this.after(before, write), start);
    this.hold(chained, value);
    return value;
  }

  private after(value: FieldValue, write: ChainedWrite): FieldValue {
    if (!write.intent) return value;
    const applied = applyIntent(this.field.type, value, write.intent, write.key);
    return applied.ok ? applied.value : value;
  }

  private hold(chained: Chained, value: FieldValue): void {
    chained.isHeld = true;
    chained.value = value;
    if (isCheckpoint(chained)) this.checkpoints.push(chained);
    else this.ends.push(chained);
    if (this.checkpoints.length > checkpointsMax) {
      this.checkpoints.forEach((each, i) => i % 2 === 0 && this.forget(each));
      this.checkpoints = this.checkpoints.filter((each, i) => i % 2 === 1 || each === this.winner);
    }
    while (this.ends.length > endsMax) {
      const oldest = this.ends.shift()!;
      if (!isCheckpoint(oldest)) this.forget(oldest);
    }
  }

  /** Lets a value go that is held whole, unless it is the present one. */
  private forget(chained: Chained): void {
    if (chained === this.winner) return;
    chained.isHeld = false;
    chained.value = null;
  }
}

function isCheckpoint({ depth }: Chained): boolean {
  return depth % checkpointEvery === 0;
}
