/**
 * All writes of one value under the siblings strategy. Each write names the writes that it covers; those that nothing covers are the siblings.
 *
 * Guarantees: a write covers exactly what its writer's copy held, so concurrent writes stay side by side, and there are never more siblings
 * than concurrent writers, however often they sync. Does not choose: that is for a person, or for a resolver that the writer names.
 * Source: dotted version vector sets, Preguiça, Baquero, Almeida, Fonte, Gonçalves 2010/2012, as in Riak; in causal delivery the covered dots say all
 * that a set's version vector would.
 */
import type { Dot } from '../../clocks/dot.ts';
import type { VersionVector } from '../../clocks/version-vector.ts';
import { applyIntent } from '../../document/apply-intent.ts';
import type { Intent } from '../../document/intent.ts';
import type { FieldSpec, FieldValue } from '../../document/schema.ts';
import { type Resolver, resolved } from './resolvers.ts';

export interface SiblingWrite {
  /** The dot of its edit, as a key: "A:12". */
  readonly key: string;
  readonly dot: Dot;
  /** The writes that it replaces; none: the initial value. */
  readonly covers: readonly string[];
  /** How its writer made one value of several covered ones. */
  readonly resolver: Resolver;
  readonly intent: Intent;
}

export interface Sibling {
  readonly key: string;
  readonly dot: Dot;
  readonly value: FieldValue;
}

/** Every so many writes a value is held whole, so that a branch that starts there is found quickly. */
const checkpointEvery = 128;

export class SiblingGraph {
  private readonly writes = new Map<string, SiblingWrite & { readonly depth: number }>();
  private readonly values = new Map<string, FieldValue>();
  private readonly steps = new Map<string, number>();
  private current: string[] = [];

  constructor(private readonly field: FieldSpec) {}

  /** The values that wait beside each other, the deterministic winner first; none before the first write. `heads`: now, or as `headsAt` tells. */
  siblings(heads: readonly string[] = this.current): Sibling[] {
    return heads.map((key) => ({ key, dot: this.writes.get(key)!.dot, value: this.valueOf(key) }));
  }

  get heads(): readonly string[] {
    return this.current;
  }

  /** The same where just these edits are known. */
  headsAt(has: VersionVector): string[] {
    const known = [...this.writes.values()].filter(({ dot }) => has.includes(dot));
    const covered = new Set(known.flatMap(({ covers }) => covers));
    return known.map(({ key }) => key).filter((key) => !covered.has(key)).sort((a, b) => this.compare(b, a));
  }

  /** All writes, each after those that it covers. */
  inOrder(): SiblingWrite[] {
    return [...this.writes.values()];
  }

  get(key: string): SiblingWrite | undefined {
    return this.writes.get(key);
  }

  /** The one value that is shown: the only sibling, or what the resolver makes of several. */
  value(resolver: Resolver, heads: readonly string[] = this.current): FieldValue {
    const values = heads.map((key) => this.valueOf(key));
    return values.length === 0 ? this.field.initial : resolved(this.field.type, values, resolver, () => this.sumOf(heads));
  }

  /** What the steps of all writes that lead to these make of a number, each counted once. A choice is a step from the sum of what it covers to its value. */
  sumOf(keys: readonly string[]): number {
    const found = new Set<string>();
    const open = [...keys];
    let sum = this.field.initial as number;
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      if (found.has(key)) continue;
      found.add(key);
      sum += this.stepOf(key);
      for (const covered of this.writes.get(key)!.covers) open.push(covered);
    }
    return sum;
  }

  /** How far a write moved the number from the sum of what it covers. */
  private stepOf(key: string): number {
    let step = this.steps.get(key);
    if (step === undefined) {
      const { covers } = this.writes.get(key)!;
      const before = covers.length === 1 ? (this.valueOf(covers[0]!) as number) : this.sumOf(covers);
      this.steps.set(key, (step = (this.valueOf(key) as number) - before));
    }
    return step;
  }

  /** Of several writes the one with the greatest number. */
  greatestOf(keys: readonly string[]): string {
    return [...keys].sort((a, b) => (this.valueOf(b) as number) - (this.valueOf(a) as number) || this.compare(b, a))[0]!;
  }

  /** Adds a write after those that it covers. Returns whether the siblings are others now. */
  add(write: SiblingWrite): boolean {
    if (this.writes.has(write.key)) return false;
    const covers = write.covers.filter((key) => this.writes.has(key));
    const depth = 1 + covers.reduce((most, key) => Math.max(most, this.writes.get(key)!.depth), 0);
    this.writes.set(write.key, { ...write, covers, depth });
    this.valueOf(write.key);
    // Higher dots first: the longest line of edits wins the deterministic reading, as CouchDB's revision tree does.
    this.current = [...this.current.filter((key) => !covers.includes(key)), write.key].sort((a, b) => this.compare(b, a));
    for (const key of covers) this.forget(key);
    return true;
  }

  private compare(a: string, b: string): number {
    const [first, second] = [this.writes.get(a)!, this.writes.get(b)!];
    return first.depth - second.depth || (first.key < second.key ? -1 : 1);
  }

  /** Rebuilds a value from the nearest held ones; without recursion, as lines of edits are long. */
  private valueOf(key: string): FieldValue {
    const pending = [key];
    const rebuilt: string[] = [];
    while (pending.length > 0) {
      const at = pending.at(-1)!;
      const write = this.writes.get(at)!;
      const missing = this.values.has(at) ? [] : write.covers.filter((covered) => !this.values.has(covered));
      if (missing.length > 0) {
        for (const each of missing) pending.push(each);
        continue;
      }
      pending.pop();
      if (this.values.has(at)) continue;
      this.values.set(at, this.after(write));
      rebuilt.push(at);
    }
    const value = this.values.get(key)!;
    for (const other of rebuilt) if (other !== key) this.forget(other);
    return value;
  }

  private after(write: SiblingWrite): FieldValue {
    const covered = [...write.covers].sort((a, b) => this.compare(b, a)).map((key) => this.values.get(key)!);
    const base = covered.length === 0 ? this.field.initial : resolved(this.field.type, covered, write.resolver, () => this.sumOf(write.covers));
    const applied = applyIntent(this.field.type, base, write.intent, write.key);
    return applied.ok ? applied.value : base;
  }

  /** Numbers are held, each being small: their sums ask for all of them. */
  private forget(key: string): void {
    if (typeof this.values.get(key) !== 'number' && !this.current.includes(key) && this.writes.get(key)!.depth % checkpointEvery !== 0) this.values.delete(key);
  }
}
