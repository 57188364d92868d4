/**
 * All writes of one last-writer-wins value. Each write names the write that it replaced, so they form a tree; the write with the greatest
 * timestamp is the value, and the path from it back to the root is what that value descends from.
 *
 * Guarantees: the same writes in any causal order give the same value. Values are rebuilt from intents, so a keystroke costs a keystroke
 * and not a copy of the text; only the latest ends of branches, and a few values on the way, are held whole: memory grows with the writes and with one
 * value, never with their product.
 */
import type { Dot } from '../../clocks/dot.ts';
import { compareHybrid, type HybridTimestamp } from '../../clocks/hybrid-logical-clock.ts';
import { applyIntent } from '../../document/apply-intent.ts';
import type { Intent } from '../../document/intent.ts';
import type { FieldSpec, FieldValue } from '../../document/schema.ts';

/** The key of the initial value, which no write made. */
export const rootKey = '';

export interface Write {
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
export function compareWrites(a: Write, b: Write): number {
  if (a.dot.replica === b.dot.replica) return compareHybrid(a.stamp, b.stamp) || a.dot.counter - b.dot.counter;
  return compareHybrid(a.stamp, b.stamp) || (a.dot.replica > b.dot.replica ? 1 : -1);
}

/** Every so many writes a value is held whole, so that a branch that starts there is found quickly. */
const checkpointEvery = 128;
/** At most so many of these are held: when there are more, every second one goes, as branches start at old writes less and less often. */
const checkpointsMax = 64;
/** At most so many ends of branches are held whole; most never go on. */
const endsMax = 32;

export class WriteChain {
  private readonly writes = new Map<string, Write & { readonly depth: number }>();
  /** Those that are held whole. All others can be rebuilt. */
  private readonly values = new Map<string, FieldValue>();
  /** Held on the way, in the order of their writes. */
  private checkpoints: string[] = [];
  /** Held for being an end, oldest first; some have been let go since. */
  private readonly ends: string[] = [];
  private winner = rootKey;

  constructor(private readonly field: FieldSpec) {
    this.values.set(rootKey, field.initial);
  }

  get value(): FieldValue {
    return this.valueOf(this.winner);
  }

  /** The key of the write that is the value now. */
  get tip(): string {
    return this.winner;
  }

  /** How many values are held whole. */
  get heldCount(): number {
    return this.values.size;
  }

  get(key: string): Write | undefined {
    return this.writes.get(key);
  }

  /** Adds a write, after the one it replaced. Returns whether the value is another one now. */
  add(added: Write): boolean {
    if (this.writes.has(added.key)) return false;
    // Causal delivery brings predecessors first. One that is not here was malformed, and no replica has it: all start over from the initial value.
    const write = this.writes.has(added.replaces) ? added : { ...added, replaces: rootKey };
    const before = this.value;
    const value = this.after(this.valueOf(write.replaces), write);
    const depth = (this.writes.get(write.replaces)?.depth ?? 0) + 1;
    const tip = this.writes.get(this.winner);
    this.writes.set(write.key, { ...write, depth });
    const wins = !tip || compareWrites(write, tip) > 0;
    if (wins && this.winner !== write.replaces) this.ends.push(this.winner);
    if (wins) this.winner = write.key;
    this.hold(write.key, value);
    // A value that others now descend from need not be held whole.
    if (!this.isCheckpoint(write.replaces)) this.forget(write.replaces);
    return wins && value !== before;
  }

  /** The writes that the value descends from, oldest first, the value's own write last. [LWW7] */
  lineage(): Write[] {
    const path: Write[] = [];
    for (let write = this.writes.get(this.winner); write; write = this.writes.get(write.replaces)) path.push(write);
    return path.reverse();
  }

  private valueOf(key: string): FieldValue {
    const path: Write[] = [];
    let at = key;
    while (!this.values.has(at)) {
      const write = this.writes.get(at);
      if (!write) throw new RangeError(`the write ${at || 'of the initial value'} of ${this.field.id} is not here`);
      path.push(write);
      at = write.replaces;
    }
    let value = this.values.get(at)!;
    for (const write of path.reverse()) value = this.after(value, write);
    if (path.length > 0) this.hold(key, value);
    return value;
  }

  private after(value: FieldValue, write: Write): FieldValue {
    if (!write.intent) return value;
    const applied = applyIntent(this.field.type, value, write.intent, write.key);
    return applied.ok ? applied.value : value;
  }

  private hold(key: string, value: FieldValue): void {
    this.values.set(key, value);
    if (this.isCheckpoint(key)) this.checkpoints.push(key);
    else this.ends.push(key);
    if (this.checkpoints.length > checkpointsMax) {
      this.checkpoints.forEach((each, i) => i % 2 === 0 && this.forget(each));
      this.checkpoints = this.checkpoints.filter((each, i) => i % 2 === 1 || each === this.winner);
    }
    while (this.ends.length > endsMax) {
      const oldest = this.ends.shift()!;
      if (!this.isCheckpoint(oldest)) this.forget(oldest);
    }
  }

  /** Lets a value go that is held whole, unless it is the present one. */
  private forget(key: string): void {
    if (key !== rootKey && key !== this.winner) this.values.delete(key);
  }

  private isCheckpoint(key: string): boolean {
    return (this.writes.get(key)?.depth ?? 0) % checkpointEvery === 0;
  }
}
