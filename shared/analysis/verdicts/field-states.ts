/**
 * The states of one field, numbered as the search meets them, and what each operation makes of each: a specification is asked once per pair.
 *
 * Where operations overwrite, it also counts which values are still to be read and still to be written. A state that is left while a read of it is
 * outstanding and nothing can bring it back cannot lead anywhere: this alone decides nearly all histories whose written values are unique.
 */
import { eachOf, inParts, type Sliced } from '../slices.ts';
import { isPure, type Operation } from './operation.ts';
import type { Specification } from './specification.ts';

const notAsked = -2;
/** So many reads are looked at at once: each is held against all states. */
const readsPerPart = 4;
/** The state after an operation that cannot have been answered as it was. */
export const impossible = -1;

export class FieldStates {
  private readonly states: unknown[] = [];
  private readonly numbers = new Map<string, number>();
  /** By state, then by operation, where operations do not overwrite: what was asked already. */
  private readonly rows: Int32Array[] = [];
  /** By state: closed reads that only this state explains, and writes that bring it, not yet in the order. */
  private readonly readsLeft: number[] = [];
  private readonly writesLeft: number[] = [];
  /** By operation: the only state that explains it, or the one that it brings; −1 if that cannot be said. */
  private readonly subject: Int32Array;
  private vagueReads = 0;
  /** Whether some read returned what no state explains. */
  isHopeless = false;
  readonly initial: number;

  private constructor(private readonly specification: Specification, private readonly operations: readonly Operation[]) {
    this.initial = this.numberOf(specification.initial);
    this.subject = new Int32Array(operations.length).fill(-1);
  }

  /** `mine`: which of the operations are about this field. */
  static *sliced(specification: Specification, operations: readonly Operation[], mine: readonly number[]): Sliced<FieldStates> {
    const states = new FieldStates(specification, operations);
    if (specification.overwrites) yield* states.count(mine);
    return states;
  }

  /** The state after an operation, or `impossible`. */
  after(state: number, operation: number): number {
    const subject = this.subject[operation]!;
    if (subject >= 0) return isPure(this.operations[operation]!) && subject !== state ? impossible : subject;
    if (this.specification.overwrites) return this.ask(state, operation);
    const row = (this.rows[state] ??= new Int32Array(this.operations.length).fill(notAsked));
    const known = row[operation]!;
    return known === notAsked ? (row[operation] = this.ask(state, operation)) : known;
  }

  /** Notes that an operation is in the order now (`by` −1), or no more (+1). */
  note(operation: number, isRead: boolean, by: 1 | -1): void {
    const subject = this.subject[operation]!;
    if (subject >= 0) (isRead ? this.readsLeft : this.writesLeft)[subject]! += by;
    else if (isRead) this.vagueReads += by;
  }

  /** Whether to leave this state makes a read that is still to come impossible. */
  isNeeded(state: number): boolean {
    return this.specification.overwrites && this.readsLeft[state]! > 0 && this.writesLeft[state] === 0;
  }

  /** Whether nothing is left that would notice that this state was ever there. */
  isUnread(state: number): boolean {
    return this.specification.overwrites && this.vagueReads === 0 && this.readsLeft[state] === 0;
  }

  private *count(mine: readonly number[]): Sliced<void> {
    const isRead = (index: number): boolean => this.operations[index]!.kind === 'read';
    yield* eachOf(mine, (index) => {
      if (!isPure(this.operations[index]!)) this.subject[index] = this.ask(this.initial, index);
    });
    for (const part of inParts(mine, readsPerPart)) {
      for (const index of part) {
        if (isRead(index)) this.subject[index] = this.onlyStateFor(index);
        this.note(index, isRead(index), 1);
      }
      yield;
    }
  }

  private onlyStateFor(read: number): number {
    let found = -1;
    for (let state = 0; state < this.states.length; state++) {
      if (this.ask(state, read) === impossible) continue;
      if (found >= 0) return -1;
      found = state;
    }
    if (found < 0) this.isHopeless = true;
    return found;
  }

  private ask(state: number, operation: number): number {
    const { state: next, ok } = this.specification.apply(this.states[state], this.operations[operation]!);
    return ok ? this.numberOf(next) : impossible;
  }

  private numberOf(state: unknown): number {
    const key = this.specification.key(state);
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.states.push(state) - 1;
      this.numbers.set(key, number);
      this.readsLeft.push(0);
      this.writesLeft.push(0);
    }
    return number;
  }
}
