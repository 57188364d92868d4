/**
 * Operations: what clients asked of named fields and what they were told, the input of all consistency checkers.
 *
 * The checkers see nothing but this. Who makes the list leaves out writes that are known not to have happened (refused), and reads that gave no
 * answer. Within one session, operations that are invoked at the same time stand in the list in the order in which the session made them.
 * Source of the model: Herlihy, Wing: "Linearizability: A Correctness Condition for Concurrent Objects", TOPLAS 1990, section 2.
 */
import type { FieldId } from '../../document/schema.ts';

/** Unique in a history: the dot of an edit ("A:12"), or a name of a read. */
export type OperationId = string;

/** What a field holds or held; anything composite as canonical JSON. null: the initial value of a register. */
export type Value = string | number | boolean | null;

interface Asked {
  readonly id: OperationId;
  /** The client, as people call it. A session may roam: its operations need not be on one replica. */
  readonly session: string;
  readonly replica: string;
  readonly field: FieldId;
  /** In the order of real time; any unit, if it is the same for all. Never after `returnedAt`. */
  readonly invokedAt: number;
  /** null: no answer yet, or none ever. An open operation may have taken effect, may still take effect at any time, or never. */
  readonly returnedAt: number | null;
}

export interface Write extends Asked {
  readonly kind: 'write';
  readonly value: Value;
}

export interface Read extends Asked {
  readonly kind: 'read';
  /** What was returned. */
  readonly value: Value;
  /** The write whose value was returned; null: none, the initial value; undefined: not known, to be found by the value if that is unique. */
  readonly readFrom?: OperationId | null;
  /** Of a counter or a stock: the updates that its number was made of; undefined: not known. Initial value and these updates add up to `value`. */
  readonly madeOf?: ReadonlySet<OperationId>;
}

/** How an update makes a new value of the one that it finds. A negative `by` takes away; `reserve` does so only where enough is there. */
export type UpdateStep =
  | { readonly kind: 'set'; readonly value: Value }
  | { readonly kind: 'add'; readonly by: number }
  | { readonly kind: 'reserve'; readonly amount: number };

/** A read-modify-write in one step. */
export interface Update extends Asked {
  readonly kind: 'update';
  readonly step: UpdateStep;
  /** false: the object itself said no, such as a reservation of more than was there. Default true. */
  readonly accepted?: boolean;
  /** The value after the update, where the client was told. */
  readonly returned?: Value;
}

export type Operation = Write | Read | Update;

/** Whether it leaves every state as it is, wherever it stands. */
export function isPure(operation: Operation): boolean {
  return operation.kind === 'read' || (operation.kind === 'update' && operation.accepted === false);
}

/** A closed operation's time of return; an open one returns after everything. */
export function endOf(operation: Operation): number {
  return operation.returnedAt ?? Infinity;
}

/** What a write, or an update that sets, puts in its field; undefined for everything else. */
export function writtenBy(operation: Operation): Value | undefined {
  if (operation.kind === 'write') return operation.value;
  return operation.kind === 'update' && operation.step.kind === 'set' && operation.accepted !== false ? operation.step.value : undefined;
}
