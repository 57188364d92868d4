/**
 * Which write each read of a register returned, as far as that can be known: from the read itself if it says so, else from its value, if only one
 * write (or only the initial value) explains it. Fields that do not overwrite (counters, stocks) have no single write behind a read: there it is the updates
 * that the read says its number was made of.
 */
import { getOrMake } from '../concurrency.ts';
import { eachOf, inParts, type Sliced } from '../slices.ts';
import { type ObservedHistory, specificationsOf } from './observed-history.ts';
import type { Operation, OperationId, Read, Value } from './operation.ts';
import { isPure, writtenBy } from './operation.ts';
import { readBy } from './sentences.ts';

/** null: the initial value. */
export type Source = Operation | null;

export interface ReadsFrom {
  /** The source of each closed read of which it is known. */
  readonly sources: ReadonlyMap<Read, Source>;
  /** Closed reads of counters and stocks of which it is known what their numbers were made of. */
  readonly made: ReadonlyMap<Read, ReadonlySet<OperationId>>;
  /** Closed reads that returned what nothing explains. */
  readonly thinAir: readonly Read[];
  /** Why the source of some read is not known, in one sentence; null if all are. */
  readonly gap: string | null;
}

export function* readsFrom(history: ObservedHistory): Sliced<ReadsFrom> {
  const specificationOf = specificationsOf(history);
  const writes = yield* writesByValue(history.operations);
  const sources = new Map<Read, Source>();
  const made = new Map<Read, ReadonlySet<OperationId>>();
  const thinAir: Read[] = [];
  let gap: string | null = null;
  const note = (read: Read): void => {
    const specification = specificationOf(read.field);
    if (!specification.overwrites) {
      if (read.madeOf !== undefined) made.set(read, read.madeOf);
      else gap ??= `${readBy(read)} from ${read.field}, and nobody knows of which changes that number was made.`;
      return;
    }
    const isInitial = specification.apply(specification.initial, { ...read, readFrom: undefined }).ok;
    const explaining: Source[] = [...(isInitial ? [null] : []), ...(writes.get(keyOf(read.field, read.value)) ?? [])];
    const fitting = read.readFrom === undefined ? explaining : explaining.filter((each) => (each?.id ?? null) === read.readFrom);
    if (fitting.length === 0) thinAir.push(read);
    else if (fitting.length === 1) sources.set(read, fitting[0]!);
    else gap ??= `${readBy(read)} from ${read.field}, and ${fitting.length} writes could be where that came from.`;
  };
  yield* eachOf(history.operations, (each) => {
    if (each.kind === 'read' && each.returnedAt !== null) note(each);
  });
  return { sources, made, thinAir, gap };
}

function* writesByValue(operations: readonly Operation[]): Sliced<ReadonlyMap<string, readonly Operation[]>> {
  const writes = new Map<string, Operation[]>();
  for (const part of inParts(operations)) {
    for (const each of part) {
      const value = writtenBy(each);
      if (!isPure(each) && value !== undefined) getOrMake(writes, keyOf(each.field, value), () => []).push(each);
    }
    yield;
  }
  return writes;
}

function keyOf(field: string, value: Value): string {
  return JSON.stringify([field, value]);
}
