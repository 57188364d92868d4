/**
 * The causal order of a history: a before b if it came before it in its session, or b read what a wrote, or a number that a is part of, or by any chain of these.
 *
 * Open reads are left out, and so are open writes that nobody read: whether they happened or not, no one noticed. Sets of predecessors are bit sets, so
 * that n operations take n² bits and, without cycles, about one pass over the n or 2n steps.
 * Source: Lamport: "Time, Clocks, and the Ordering of Events in a Distributed System", 1978; the relation co of Bouajjani, Enea, Guerraoui, Hamza:
 * "On Verifying Causal Consistency", POPL 2017.
 */
import { eachOf, type Sliced } from '../slices.ts';
import { byInvocation, grouped, sessionPrecedes, sessionSteps } from './observed-history.ts';
import { isPure, type Operation, type OperationId } from './operation.ts';
import type { ReadsFrom } from './reads-from.ts';

const cyclesTriedMax = 20;

export class CausalRelation {
  /** By invocation. */
  readonly operations: readonly Operation[];
  private readonly index: ReadonlyMap<Operation, number>;
  /** Immediate predecessors. */
  private readonly before: number[][];
  private readonly past: Int32Array[];

  /** Takes operations by invocation. */
  private constructor(operations: readonly Operation[]) {
    this.operations = operations;
    this.index = new Map(operations.map((each, index) => [each, index]));
    this.before = operations.map(() => []);
    const words = (operations.length + 31) >>> 5;
    this.past = operations.map(() => new Int32Array(words));
  }

  static *sliced(all: readonly Operation[], { sources, made }: Pick<ReadsFrom, 'sources' | 'made'>): Sliced<CausalRelation> {
    const wasRead = new Set(sources.values());
    const wasCounted = yield* allSteps(made);
    const relation = new CausalRelation(byInvocation(all.filter((each) => each.returnedAt !== null || (!isPure(each) && (wasRead.has(each) || wasCounted.has(each.id))))));
    yield* relation.linkSessions();
    for (const [read, source] of sources) if (source !== null) relation.link(source, read);
    yield* relation.linkSteps(made);
    yield* relation.close();
    return relation;
  }

  precedes(a: Operation, b: Operation): boolean {
    const [from, to] = [this.index.get(a), this.index.get(b)];
    return from !== undefined && to !== undefined && this.has(to, from);
  }

  /** Whether the operation is one of those that the relation is about. */
  includes(operation: Operation): boolean {
    return this.index.has(operation);
  }

  /** A short cycle, each before the next; null if there is none. Exact for small histories; in large ones the first few cycles compete. */
  *cycle(): Sliced<Operation[] | null> {
    const starts = this.operations.flatMap((each, index) => (each.kind === 'read' && this.has(index, index) ? [index] : [])).slice(0, cyclesTriedMax);
    let shortest: Operation[] | null = null;
    for (const start of starts) {
      const cycle = yield* this.path(start, start);
      if (shortest === null || cycle.length < shortest.length) shortest = cycle;
    }
    return shortest;
  }

  /** A short chain from the first of two operations to the second, both included; the first must precede the second. */
  *chain(a: Operation, b: Operation): Sliced<Operation[]> {
    return [...yield* this.path(this.index.get(a)!, this.index.get(b)!), b];
  }

  /** The shortest, without its end, where one step may be a whole stretch of a session. */
  private *path(start: number, end: number): Sliced<Operation[]> {
    const next = new Map<number, number>();
    for (const queue = [end]; !next.has(start); ) {
      const at = queue.shift()!;
      for (const earlier of this.earlierThan(at)) {
        if (next.has(earlier)) continue;
        next.set(earlier, at);
        queue.push(earlier);
      }
      yield;
    }
    const path = [start];
    for (let at = next.get(start)!; at !== end; at = next.get(at)!) path.push(at);
    return path.map((index) => this.operations[index]!);
  }

  private *linkSessions(): Sliced<void> {
    for (const session of grouped(this.operations, (each) => each.session).values()) for (const [a, b] of yield* sessionSteps(session)) this.link(a, b);
  }

  private *linkSteps(made: ReadsFrom['made']): Sliced<void> {
    const sessions = [...grouped(this.operations.filter((each) => !isPure(each)), ({ session }) => session).values()];
    for (const [read, steps] of made) {
      for (const session of sessions) this.linkLatest(session, steps, read);
      yield;
    }
  }

  /** Of a session only the latest steps: what comes before them in the session precedes the read through them. */
  private linkLatest(session: readonly Operation[], steps: ReadonlySet<OperationId>, read: Operation): void {
    const latest: Operation[] = [];
    for (let at = session.length - 1; at >= 0; at--) {
      const each = session[at]!;
      if (!steps.has(each.id) || latest.some((later) => sessionPrecedes(each, later))) continue;
      latest.push(each);
      this.link(each, read);
    }
  }

  /** What comes before an operation because it was read, or in its session. */
  private earlierThan(at: number): number[] {
    const later = this.operations[at]!;
    const session = this.operations.flatMap((each, index) => (index < at && each.session === later.session && sessionPrecedes(each, later) ? [index] : []));
    return [...this.before[at]!, ...session];
  }

  private link(a: Operation, b: Operation): void {
    const [from, to] = [this.index.get(a)!, this.index.get(b)!];
    if (!this.before[to]!.includes(from)) this.before[to]!.push(from);
  }

  private has(of: number, earlier: number): boolean {
    return (this.past[of]![earlier >>> 5]! & (1 << (earlier & 31))) !== 0;
  }

  /** To the fixed point; in the order of invocation nearly all is there after one pass. */
  private *close(): Sliced<void> {
    const links = [...this.before.entries()];
    for (let changed = true; changed; ) {
      changed = false;
      yield* eachOf(links, ([index, earlier]) => {
        for (const each of earlier) changed = this.inherit(index, each) || changed;
      });
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

/** All that some number was made of. */
function* allSteps(made: ReadsFrom['made']): Sliced<ReadonlySet<OperationId>> {
  const all = new Set<OperationId>();
  for (const steps of new Set(made.values())) {
    for (const id of steps) all.add(id);
    yield;
  }
  return all;
}
