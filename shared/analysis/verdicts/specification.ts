/**
 * Sequential specifications: what a field does when operations come one after another.
 *
 * A checker asks only this of an object, so a new kind of field needs a new specification and nothing else. A specification is deterministic.
 * Source of the idea: Herlihy, Wing, 1990, section 2.2.
 */
import { isPure, type Operation, type OperationId, type Value } from './operation.ts';

export interface Specification<State = unknown> {
  readonly initial: State;
  /** What the operation makes of the state; not ok: it cannot have been answered as it was in this state. */
  apply(state: State, operation: Operation): { readonly state: State; readonly ok: boolean };
  /** The same text for two states iff no operation can tell them apart. */
  key(state: State): string;
  /** Whether each operation that is not pure replaces the whole state, whatever it was. */
  readonly overwrites: boolean;
}

/** A field that holds what was written last. Reads are explained by their value alone. */
export function registerOf(initial: Value = null): Specification<Value> {
  return {
    initial,
    overwrites: true,
    key: keyOf,
    apply(state, operation) {
      if (operation.kind === 'read') return { state, ok: operation.value === state };
      return { state: isPure(operation) ? state : writtenTo('register', operation), ok: true };
    },
  };
}

/** What an identified register holds: a value and the write that it came from. */
export interface RegisterVersion {
  readonly from: OperationId | null;
  readonly value: Value;
}

/** A register whose reads may name the write that they read from: two writes of one value are then told apart. */
export function identifiedRegisterOf(initial: Value = null): Specification<RegisterVersion> {
  return {
    initial: { from: null, value: initial },
    overwrites: true,
    key: ({ from }) => keyOf(from),
    apply(state, operation) {
      if (operation.kind !== 'read') return { state: isPure(operation) ? state : { from: operation.id, value: writtenTo('register', operation) }, ok: true };
      return { state, ok: operation.value === state.value && (operation.readFrom === undefined || operation.readFrom === state.from) };
    },
  };
}

/** A number that is added to. A lost increment shows as a read that is too low. */
export function counterOf(initial = 0): Specification<number> {
  return {
    initial,
    overwrites: false,
    key: String,
    apply(state, operation) {
      if (operation.kind === 'read') return { state, ok: operation.value === state };
      if (isPure(operation)) return { state, ok: true };
      if (operation.kind === 'update' && operation.step.kind === 'add') return told(operation, state + operation.step.by);
      return told(operation, numberTo('counter', operation));
    },
  };
}

/** A number of things that can be reserved while enough are left; "add" puts back or stocks up. It is never below 0 if it began so. */
export function stockOf(initial: number): Specification<number> {
  return {
    initial,
    overwrites: false,
    key: String,
    apply(state, operation) {
      if (operation.kind === 'read') return { state, ok: operation.value === state };
      if (operation.kind !== 'update' || operation.step.kind === 'set') return told(operation, numberTo('stock', operation));
      const wanted = operation.step.kind === 'reserve' ? operation.step.amount : -operation.step.by;
      const isEnough = wanted <= state;
      if (operation.accepted === false) return { state, ok: !isEnough };
      return isEnough ? told(operation, state - wanted) : { state, ok: false };
    },
  };
}

/** A number and the updates that it was made of, a bit each. */
export interface MadeNumber {
  readonly number: number;
  readonly steps: bigint;
}

/**
 * A counter or a stock whose reads may say which updates their number was made of: two ways to one number are then told apart. Knows no update that sets.
 */
export function identifiedNumberOf(plain: Specification<number>): Specification<MadeNumber> {
  const bits = new Map<OperationId, bigint>();
  const sets = new WeakMap<ReadonlySet<OperationId>, bigint>();
  const bitOf = (id: OperationId): bigint => {
    const bit = bits.get(id) ?? 1n << BigInt(bits.size);
    bits.set(id, bit);
    return bit;
  };
  const stepsOf = (madeOf: ReadonlySet<OperationId>): bigint => {
    const steps = sets.get(madeOf) ?? [...madeOf].reduce((all, id) => all | bitOf(id), 0n);
    sets.set(madeOf, steps);
    return steps;
  };
  return {
    initial: { number: plain.initial, steps: 0n },
    overwrites: false,
    key: ({ steps }) => steps.toString(36),
    apply(state, operation) {
      const { state: number, ok } = plain.apply(state.number, operation);
      if (operation.kind === 'read') return { state, ok: ok && (operation.madeOf === undefined || stepsOf(operation.madeOf) === state.steps) };
      return { state: isPure(operation) ? state : { number, steps: state.steps | bitOf(operation.id) }, ok };
    },
  };
}

/** The state after an update, if that is what the client was told. */
function told(operation: Operation, state: number): { state: number; ok: boolean } {
  const returned = operation.kind === 'update' ? operation.returned : undefined;
  return { state, ok: returned === undefined || returned === state };
}

function numberTo(what: string, operation: Operation): number {
  const value = writtenTo(what, operation);
  if (typeof value !== 'number') throw new RangeError(`the ${what} "${operation.field}" is set to ${JSON.stringify(value)} by ${operation.id}; it holds numbers`);
  return value;
}

function writtenTo(what: string, operation: Operation): Value {
  if (operation.kind === 'write') return operation.value;
  if (operation.kind === 'update' && operation.step.kind === 'set') return operation.step.value;
  const does = operation.kind === 'update' ? operation.step.kind : operation.kind;
  throw new RangeError(`the ${what} "${operation.field}" knows no "${does}", as in ${operation.id}; give the field the specification of what it is`);
}

/** Tells 1 from "1", and null from "null". */
function keyOf(value: Value): string {
  return typeof value === 'string' ? `"${value}` : String(value);
}
