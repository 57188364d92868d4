/**
 * Looks for one order of all operations that explains every answer: the search behind linearizability and sequential consistency.
 *
 * It builds the order from its beginning and takes an operation just in time: only while nothing that must come before it is left. A configuration
 * (which operations are in the order, and the state that they led to) that failed once is not tried again. An open operation may be in the order or
 * not. Reads that fit are taken at once, as they change nothing. Exact within its budget of steps; a step is one operation tried. The problem is
 * NP-complete, so some histories exhaust any budget.
 * Sources: Wing, Gong: "Testing and Verifying Concurrent Objects", JPDC 1993 (the search); Lowe: "Testing for Linearizability", 2017 (the memo, and
 * operations just in time); Horn, Kroening: "Faster Linearizability Checking via P-Compositionality", FORTE 2015 (bit sets, one field at a time).
 */
import type { FieldId } from '../../document/schema.ts';
import { eachOf, type Sliced } from '../slices.ts';
import { FieldStates, impossible } from './field-states.ts';
import { ObjectHistories, type OrderKind } from './object-histories.ts';
import { byInvocation } from './observed-history.ts';
import { isPure, type Operation, writtenBy } from './operation.ts';
import type { Specification } from './specification.ts';

export type SearchOutcome = 'explained' | 'unexplained' | 'out-of-steps';

/** Steps that several searches share. */
export class StepBudget {
  constructor(private left: number) {}

  take(): boolean {
    return this.left-- > 0;
  }
}

export interface Question {
  readonly operations: readonly Operation[];
  readonly specificationOf: (field: FieldId) => Specification;
  readonly order: OrderKind;
}

export function* search(question: Question, budget: StepBudget): Sliced<SearchOutcome> {
  const begun = yield* Search.sliced(question);
  return yield* begun.run(budget);
}

/** So many times it goes on or back before others get a turn: at most some 0.1 ms each, in a history of thousands of operations. */
const turnsPerPart = 32;

/** A point of the search: what was taken on arrival, and what may be tried from here. */
interface Point {
  readonly reads: readonly number[];
  readonly options: readonly number[];
  tried: number;
  stateBefore: number;
}

/** An open operation that could explain something. An open read told nobody anything; a write that no read returned need not have happened. */
function mayMatter(open: Operation, operations: readonly Operation[], specificationOf: (field: FieldId) => Specification): boolean {
  const value = writtenBy(open);
  if (isPure(open) || value === undefined || !specificationOf(open.field).overwrites) return !isPure(open);
  return operations.some((each) => each.kind === 'read' && each.field === open.field && each.value === value);
}

/** By invocation, all that could explain something. */
function* telling({ operations, specificationOf }: Question): Sliced<Operation[]> {
  const found: Operation[] = [];
  yield* eachOf(operations, (each) => {
    if (each.returnedAt !== null || mayMatter(each, operations, specificationOf)) found.push(each);
  });
  return byInvocation(found);
}

class Search {
  private readonly done: Uint8Array;
  private readonly doneBits: Int32Array;
  private readonly histories: ObjectHistories;
  private readonly isPure: Uint8Array;
  /** By field, the number of its present state. */
  private readonly state: number[];
  private closedLeft = 0;
  private readonly failed = new Set<string>();
  private turns = 0;

  /** `fieldOf`: by operation, which of the fields it is about. */
  private constructor(private readonly operations: readonly Operation[], order: OrderKind, private readonly fields: readonly FieldStates[], private readonly fieldOf: Int32Array) {
    this.isPure = Uint8Array.from(this.operations, (each) => Number(isPure(each)));
    this.done = new Uint8Array(this.operations.length);
    this.doneBits = new Int32Array((this.operations.length + 31) >>> 5);
    this.histories = new ObjectHistories(this.operations, order, this.done);
    this.state = this.fields.map(({ initial }) => initial);
    this.closedLeft = this.operations.filter(({ returnedAt }) => returnedAt !== null).length;
  }

  static *sliced(question: Question): Sliced<Search> {
    const operations = yield* telling(question);
    const names = [...new Set(operations.map(({ field }) => field))];
    const fieldOf = Int32Array.from(operations, ({ field }) => names.indexOf(field));
    const indices = operations.map((_, index) => index);
    const fields: FieldStates[] = [];
    for (const [field, name] of names.entries()) fields.push(yield* FieldStates.sliced(question.specificationOf(name), operations, indices.filter((index) => fieldOf[index] === field)));
    return new Search(operations, question.order, fields, fieldOf);
  }

  *run(budget: StepBudget): Sliced<SearchOutcome> {
    if (this.fields.some(({ isHopeless }) => isHopeless)) return 'unexplained';
    const trail: Point[] = [];
    let point = yield* this.arrive();
    while (this.closedLeft > 0) {
      if (this.isPartOver()) yield;
      if (point.tried === point.options.length) {
        point.reads.forEach((read) => this.undo(read));
        const before = trail.pop();
        if (before === undefined) return 'unexplained';
        point = before;
        this.undoChoice(point);
        continue;
      }
      if (!budget.take()) return 'out-of-steps';
      if (!this.choose(point)) continue;
      trail.push(point);
      point = yield* this.arrive();
    }
    return 'explained';
  }

  private isPartOver(): boolean {
    return ++this.turns % turnsPerPart === 0;
  }

  private *arrive(): Sliced<Point> {
    const reads: number[] = [];
    let options = this.histories.candidates();
    for (let fitting = options.filter((each) => this.isFittingRead(each)); fitting.length > 0; fitting = options.filter((each) => this.isFittingRead(each))) {
      for (const read of fitting) {
        this.take(read);
        reads.push(read);
      }
      options = this.histories.candidates();
      if (this.isPartOver()) yield;
    }
    const configuration = this.configuration();
    const isKnown = this.failed.has(configuration);
    if (!isKnown) this.failed.add(configuration);
    return { reads, options: isKnown ? [] : this.sorted(options), tried: 0, stateBefore: impossible };
  }

  /** What returned first in reality first, so that a history without faults is explained without turning back. */
  private sorted(options: number[]): number[] {
    const end = (index: number): number => this.operations[index]!.returnedAt ?? Infinity;
    return options.filter((each) => !this.isPure[each]).sort((a, b) => (end(a) === end(b) ? a - b : end(a) - end(b)));
  }

  private isFittingRead(operation: number): boolean {
    const field = this.fieldOf[operation]!;
    return this.isPure[operation] === 1 && this.fields[field]!.after(this.state[field]!, operation) !== impossible;
  }

  /** Takes the point's next option, unless that leads nowhere. */
  private choose(point: Point): boolean {
    const operation = point.options[point.tried++]!;
    const field = this.fieldOf[operation]!;
    const states = this.fields[field]!;
    const before = this.state[field]!;
    const after = states.after(before, operation);
    if (after === impossible || (this.operations[operation]!.returnedAt === null && states.isUnread(after))) return false;
    this.take(operation);
    if (after !== before && states.isNeeded(before)) {
      this.undo(operation);
      return false;
    }
    point.stateBefore = before;
    this.state[field] = after;
    return true;
  }

  private undoChoice(point: Point): void {
    const operation = point.options[point.tried - 1]!;
    this.undo(operation);
    this.state[this.fieldOf[operation]!] = point.stateBefore;
  }

  private take(operation: number): void {
    this.mark(operation, -1);
  }

  private undo(operation: number): void {
    this.mark(operation, 1);
    this.histories.reopened(operation);
  }

  private mark(operation: number, by: 1 | -1): void {
    const { kind, returnedAt } = this.operations[operation]!;
    this.done[operation] = by === -1 ? 1 : 0;
    this.doneBits[operation >>> 5]! ^= 1 << (operation & 31);
    if (returnedAt !== null) this.closedLeft += by;
    this.fields[this.fieldOf[operation]!]!.note(operation, kind === 'read', by);
  }

  /** As text. What lies before the first operation that is not done, and after the last that is, goes without saying. */
  private configuration(): string {
    let first = 0;
    let end = this.doneBits.length;
    while (first < end && this.doneBits[first] === -1) first++;
    while (end > first && this.doneBits[end - 1] === 0) end--;
    return `${first}:${this.doneBits.subarray(first, end).join()}|${this.state.join()}`;
  }
}
