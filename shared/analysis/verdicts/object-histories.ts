/**
 * Which operations may come next in an order that is being built: those before which nothing is left that must precede them.
 *
 * Real time: one history of all operations by invocation; an operation may be next while it was invoked no later than the first return still ahead.
 * Sessions: a history each; the same rule, but in a session to return at the moment of the next invocation is to come before it.
 */
import { getOrMake } from '../concurrency.ts';
import { byInvocation, grouped } from './observed-history.ts';
import { endOf, type Operation } from './operation.ts';

export type OrderKind = 'real-time' | 'session';

interface ObjectHistory {
  /** Indices into the operations, by invocation. */
  readonly members: readonly number[];
  /** All members before it are done. */
  head: number;
}

export class ObjectHistories {
  private readonly histories: ObjectHistory[];
  private readonly place: Int32Array;
  private readonly historyOf: Int32Array;
  private readonly starts: Float64Array;
  private readonly ends: Float64Array;
  /** In real time: operations of the same session that returned at the very time of this one's invocation. */
  private readonly tied = new Map<number, readonly number[]>();

  /** Takes the operations by invocation. */
  constructor(operations: readonly Operation[], private readonly kind: OrderKind, private readonly done: Uint8Array) {
    this.place = new Int32Array(operations.length);
    this.historyOf = new Int32Array(operations.length);
    this.starts = Float64Array.from(operations, ({ invokedAt }) => invokedAt);
    this.ends = Float64Array.from(operations, endOf);
    this.histories = this.historiesOf(operations);
    for (const [historyIndex, { members }] of this.histories.entries()) {
      for (const [place, index] of members.entries()) {
        this.place[index] = place;
        this.historyOf[index] = historyIndex;
      }
    }
    if (kind === 'real-time') for (const session of this.bySession(operations)) this.tie(session);
  }

  /** The operations that may come next, by invocation within a history. */
  candidates(): number[] {
    const found: number[] = [];
    for (const history of this.histories) this.candidatesOf(history, found);
    return found;
  }

  /** To be told when an operation is no longer done. */
  reopened(operation: number): void {
    const history = this.histories[this.historyOf[operation]!]!;
    history.head = Math.min(history.head, this.place[operation]!);
  }

  private candidatesOf(history: ObjectHistory, found: number[]): void {
    const { members } = history;
    while (history.head < members.length && this.done[members[history.head]!]) history.head++;
    let endMin = Infinity;
    for (let i = history.head; i < members.length; i++) {
      const index = members[i]!;
      if (this.done[index]) continue;
      const start = this.starts[index]!;
      if (this.kind === 'real-time' ? endMin < start : endMin <= start) break;
      endMin = Math.min(endMin, this.ends[index]!);
      if (!this.tied.get(index)?.some((earlier) => !this.done[earlier])) found.push(index);
    }
  }

  private historiesOf(operations: readonly Operation[]): ObjectHistory[] {
    if (this.kind === 'real-time') return [{ members: operations.map((_, index) => index), head: 0 }];
    return this.bySession(operations).map((members) => ({ members, head: 0 }));
  }

  private bySession(operations: readonly Operation[]): number[][] {
    const indices = new Map(operations.map((operation, index) => [operation, index]));
    return [...grouped(byInvocation(operations), ({ session }) => session).values()].map((session) => session.map((each) => indices.get(each)!));
  }

  private tie(session: readonly number[]): void {
    /** By time, those so far that returned then. */
    const returned = new Map<number, number[]>();
    for (const each of session) {
      const earlier = returned.get(this.starts[each]!);
      if (earlier) this.tied.set(each, [...earlier]);
      getOrMake(returned, this.ends[each]!, () => []).push(each);
    }
  }
}
