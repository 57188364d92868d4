/**
 * A history as its clients observed it, and the two orders in it that all checkers share.
 *
 * Session order: of two operations of one session, the first comes first if it had returned when the second was invoked. An open operation comes
 * before nothing, as it may take effect at any time later; two operations of a session that overlap are in no order.
 * Real time: an operation comes before another if it returned at an earlier time than the other's invocation. Equal times of different sessions are
 * no order: a clock of milliseconds does not tell. Within a session equal times are ordered by the list.
 */
import type { FieldId } from '../../document/schema.ts';
import { eachOf, type Sliced } from '../slices.ts';
import { endOf, type Operation } from './operation.ts';
import { identifiedRegisterOf, registerOf, type Specification } from './specification.ts';

export interface ObservedHistory {
  readonly operations: readonly Operation[];
  /** What a field is. Default: a register whose initial value is null. Give `identifiedRegisterOf(…)` where reads name their write. */
  readonly specifications?: ReadonlyMap<FieldId, Specification>;
  /** When everything was delivered everywhere, in the unit of the operations. Default: when the last write of a field returned. */
  readonly settledAt?: number;
}

/** The specification of each field that occurs. A register some of whose reads name their write tells writes of one value apart. */
export function specificationsOf({ operations, specifications }: ObservedHistory): (field: FieldId) => Specification {
  const identified = new Set(operations.filter((each) => each.kind === 'read' && each.readFrom !== undefined).map(({ field }) => field));
  const byValue = registerOf();
  const byWrite = identifiedRegisterOf();
  return (field) => specifications?.get(field) ?? ((identified.has(field) ? byWrite : byValue) as Specification);
}

/** Operations grouped, each group in the order of the list. */
export function grouped<Key>(operations: readonly Operation[], keyOf: (operation: Operation) => Key): Map<Key, Operation[]> {
  const groups = new Map<Key, Operation[]>();
  for (const operation of operations) {
    const group = groups.get(keyOf(operation));
    if (group === undefined) groups.set(keyOf(operation), [operation]);
    else group.push(operation);
  }
  return groups;
}

/** By invocation; those invoked at the same time as they stood. */
export function byInvocation(operations: readonly Operation[]): Operation[] {
  return [...operations].sort((a, b) => a.invokedAt - b.invokedAt);
}

/** Whether the first of two operations of one session, of which it stands earlier by invocation, comes before the second. */
export function sessionPrecedes(earlier: Operation, later: Operation): boolean {
  return endOf(earlier) <= later.invokedAt;
}

/**
 * Pairs (earlier, later) of one session whose transitive closure is the session order. Takes a session's operations by invocation.
 * As good as linear where a session does one thing after another.
 */
export function* sessionSteps(session: readonly Operation[]): Sliced<[Operation, Operation][]> {
  const steps: [Operation, Operation][] = [];
  const endMaxBefore: number[] = [];
  let endMax = -Infinity;
  const stepTo = (later: Operation): void => {
    const at = endMaxBefore.push(endMax) - 1;
    if (later.returnedAt !== null) endMax = Math.max(endMax, later.returnedAt);
    let coveredUntil = -Infinity;
    for (let i = at - 1; i >= 0; i--) {
      const earlier = session[i]!;
      if (!sessionPrecedes(earlier, later) || endOf(earlier) <= coveredUntil) continue;
      steps.push([earlier, later]);
      coveredUntil = Math.max(coveredUntil, earlier.invokedAt);
      // All that returned before this one was invoked comes before it already.
      if (endMaxBefore[i]! <= earlier.invokedAt) break;
    }
  };
  yield* eachOf(session, (each) => void stepTo(each));
  return steps;
}
