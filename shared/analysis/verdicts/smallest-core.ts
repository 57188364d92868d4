/**
 * The smallest part of a history that still cannot be explained, for people to look at.
 *
 * Guarantees for registers: the part fails by itself, no part of it does, and it follows that the whole fails. For that, a write goes only when no read
 * that is left returned its value: without a read of it, a write that is taken out of an explanation leaves an explanation. Operations of fields that
 * do not overwrite (counters, stocks) need each other, so there only reads and refusals go. The result depends on nothing but the list.
 * Source: Zeller, Hildebrandt: "Simplifying and Isolating Failure-Inducing Input", TSE 2002 (halves first). What fails stays failing when more is
 * added, so one pass over the reads and one over the writes are enough.
 */
import type { FieldId } from '../../document/schema.ts';
import type { Sliced } from '../slices.ts';
import { isPure, type Operation, writtenBy } from './operation.ts';
import type { Specification } from './specification.ts';

/** Whether a part cannot be explained. */
type Fails = (part: readonly Operation[]) => Sliced<boolean>;

export function* smallestCore(operations: readonly Operation[], specificationOf: (field: FieldId) => Specification, fails: Fails): Sliced<Operation[]> {
  const withoutReads = yield* reduced(operations, isPure, () => true, fails);
  const isWrite = (each: Operation): boolean => specificationOf(each.field).overwrites && writtenBy(each) !== undefined;
  const values = new Set(withoutReads.filter(({ kind }) => kind === 'read').map((read) => nameOf(read.field, (read as { value: unknown }).value)));
  return yield* reduced(withoutReads, isWrite, (write) => !values.has(nameOf(write.field, writtenBy(write))), fails);
}

function nameOf(field: FieldId, value: unknown): string {
  return JSON.stringify([field, value]);
}

/** Takes away as many of the operations that may go as it can, halves first, latest first. */
function* reduced(
  operations: readonly Operation[],
  isMeant: (operation: Operation) => boolean,
  mayGo: (operation: Operation) => boolean,
  fails: Fails,
): Sliced<Operation[]> {
  let left = [...operations];
  const removable = operations.filter((each) => isMeant(each) && mayGo(each));
  for (let size = removable.length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let end = removable.length; end > 0; end -= size) {
      const chunk = new Set(removable.slice(Math.max(0, end - size), end));
      const part = left.filter((each) => !chunk.has(each));
      if (part.length < left.length && (yield* fails(part))) left = part;
    }
  }
  return left;
}

/** The shortest beginning, up to some return, that fails; what had not returned by then is open in it. For real-time orders only: there it stays failing. */
export function* shortestBeginning(operations: readonly Operation[], fails: Fails): Sliced<readonly Operation[]> {
  const ends = [...new Set(operations.flatMap(({ returnedAt }) => returnedAt ?? []))].sort((a, b) => a - b);
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (yield* fails(until(operations, ends[middle]!))) high = middle;
    else low = middle + 1;
  }
  const beginning = until(operations, ends[low] ?? Infinity);
  return (yield* fails(beginning)) ? beginning : operations;
}

function until(operations: readonly Operation[], time: number): Operation[] {
  return operations.flatMap((each) => {
    if (each.invokedAt > time) return [];
    if (each.returnedAt !== null && each.returnedAt <= time) return [each];
    return isPure(each) ? [] : [asOpen(each)];
  });
}

/** An update that is open told its client nothing. */
function asOpen(operation: Operation): Operation {
  return operation.kind === 'update' ? { ...operation, returnedAt: null, returned: undefined } : { ...operation, returnedAt: null };
}
