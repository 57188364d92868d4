/**
 * The causal order of a history: a before b if it came before it in its session, or b read what a wrote, or by any chain of these.
 *
 * Open reads are left out, and so are open writes that nobody read: whether they happened or not, no one noticed. Sets of predecessors are bit sets, so
 * that n operations take n² bits and, without cycles, about one pass over the n or 2n steps.
 * Source: Lamport: "Time, Clocks, and the Ordering of Events in a Distributed System", 1978; the relation co of Bouajjani, Enea, Guerraoui, Hamza:
 * "On Verifying Causal Consistency", POPL 2017.
 */
import { byInvocation, grouped, sessionSteps } from './observed-history.ts';
import { isPure, type Operation } from './operation.ts';
import type { ReadsFrom } from './reads-from.ts';

export class CausalRelation {
  /** By invocation. */
  readonly operations: readonly Operation[];
  private readonly index: ReadonlyMap<Operation, number>;
  /** Immediate predecessors. */
  private readonly before: number[][];
  private readonly past: Int32Array[];

  constructor(all: readonly Operation[], { sources }: ReadsFrom) {
    const wasRead = new Set(sources.values());
    this.operations = byInvocation(all.filter((each) => each.returnedAt !== null || (!isPure(each) && wasRead.has(each))));
    this.index = new Map(this.operations.map((each, index) => [each, index]));
    this.before = this.operations.map(() => []);
    for (const session of grouped(this.operations, (each) => each.session).values()) for (const [a, b] of sessionSteps(session)) this.link(a, b);
    for (const [read, source] of sources) if (source !== null) this.link(source, read);
    const words = (this.operations.length + 31) >>> 5;
    this.past = this.operations.map(() => new Int32Array(words));
    this.close();
  }

  precedes(a: Operation, b: Operation): boolean {
    const [from, to] = [this.index.get(a), this.index.get(b)];
    return from !== undefined && to !== undefined && this.has(to, from);
  }

  /** Whether the operation is one of those that the relation is about. */
  includes(operation: Operation): boolean {
    return this.index.has(operation);
  }

  /** A shortest cycle through the first operation that is on one, each before the next; null if there is none. */
  cycle(): Operation[] | null {
    const start = this.operations.findIndex((_, index) => this.has(index, index));
    if (start < 0) return null;
    const next = new Map<number, number>();
    for (const queue = [start]; queue.length > 0; ) {
      const at = queue.shift()!;
      for (const earlier of this.before[at]!) {
        if (next.has(earlier)) continue;
        next.set(earlier, at);
        queue.push(earlier);
      }
    }
    const cycle = [start];
    for (let at = next.get(start)!; at !== start; at = next.get(at)!) cycle.push(at);
    return cycle.map((index) => this.operations[index]!);
  }

  private link(a: Operation, b: Operation): void {
    const [from, to] = [this.index.get(a)!, this.index.get(b)!];
    if (!this.before[to]!.includes(from)) this.before[to]!.push(from);
  }

  private has(of: number, earlier: number): boolean {
    return (this.past[of]![earlier >>> 5]! & (1 << (earlier & 31))) !== 0;
  }

  /** To the fixed point; in the order of invocation nearly all is there after one pass. */
  private close(): void {
    for (let changed = true; changed; ) {
      changed = false;
      for (const [index, earlier] of this.before.entries()) for (const each of earlier) changed = this.inherit(index, each) || changed;
    }
  }

  private inherit(to: number, from: number): boolean {
    const [mine, theirs] = [this.past[to]!, this.past[from]!];
    let changed = false;
    for (let word = 0; word < mine.length; word++) {
      const merged = mine[word]! | theirs[word]! | (word === from >>> 5 ? 1 << (from & 31) : 0);
      changed ||= merged !== mine[word];
      mine[word] = merged;
    }
    return changed;
  }
}
