/**
 * Computations in slices: going through a long history takes seconds, and whoever shows a window or answers at a relay cannot be away for more than some
 * milliseconds.
 *
 * A computation is a generator that yields at least once for each part of what it goes through. The same code runs whole or in slices, in Node, in a
 * page and in a worker: only who runs it decides. It may be given up between two slices. What it reads must not change until it is over.
 */
import type { Clock } from '../ports/clock.ts';

/** A computation that can be paused wherever it yields. */
export type Sliced<Value> = Generator<undefined, Value, undefined>;

/** Runs a computation to its end, at once. */
export function runWhole<Value>(computation: Sliced<Value>): Value {
  for (;;) {
    const step = computation.next();
    if (step.done) return step.value;
  }
}

export interface SliceOptions {
  readonly clock: Pick<Clock, 'nowMs'>;
  /** What happens between two slices: others get their turn until it resolves. The computation is given up if it rejects. */
  readonly pause: () => Promise<void>;
  /** How long a slice takes, in milliseconds, but for the part that is under way then. Default 5. */
  readonly sliceMs?: number;
}

const sliceMsDefault = 5;

/** Runs a computation in slices. Rejects with what the computation throws, or the pause rejects with. */
export async function runSliced<Value>(computation: Sliced<Value>, { clock, pause, sliceMs = sliceMsDefault }: SliceOptions): Promise<Value> {
  for (;;) {
    const endMs = clock.nowMs() + sliceMs;
    do {
      const step = computation.next();
      if (step.done) return step.value;
    } while (clock.nowMs() < endMs);
    await pause();
  }
}

/** So many items are gone through between two yields: some 0.1 ms where one takes a microsecond. */
const partLength = 64;

/** The items in parts, to yield after each: `for (const part of inParts(items)) { …; yield; }`. */
export function* inParts<Item>(items: readonly Item[], length = partLength): Generator<readonly Item[], void, undefined> {
  if (items.length <= length) {
    if (items.length > 0) yield items;
    return;
  }
  for (let from = 0; from < items.length; from += length) yield items.slice(from, from + length);
}

/** Visits all items, in slices; `length`: so many between two yields, where one takes longer than a microsecond. */
export function* eachOf<Item>(items: readonly Item[], visit: (item: Item, place: number) => void, length = partLength): Sliced<void> {
  for (let from = 0; from < items.length; from += length) {
    const end = Math.min(from + length, items.length);
    for (let place = from; place < end; place++) visit(items[place]!, place);
    yield;
  }
}

/** What is made of each item, in slices; `length` as in `eachOf`. */
export function* mapped<Item, Made>(items: readonly Item[], make: (item: Item, place: number) => Made, length = partLength): Sliced<Made[]> {
  const made: Made[] = [];
  yield* eachOf(items, (item, place) => void made.push(make(item, place)), length);
  return made;
}

/** So many items are sorted at once. */
const sortedLength = 512;

/** A sorted copy; items that compare as equal keep their order. Costs no more than a look at each where the items are sorted already. */
export function* sorted<Item>(items: readonly Item[], compare: (a: Item, b: Item) => number): Sliced<Item[]> {
  let runs: Item[][] = [];
  for (const part of inParts(items, sortedLength)) {
    runs.push([...part].sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const merged: Item[][] = [];
    for (let at = 0; at < runs.length; at += 2) merged.push(at + 1 < runs.length ? yield* mergedRun(runs[at]!, runs[at + 1]!, compare) : runs[at]!);
    runs = merged;
  }
  return runs[0] ?? [];
}

function* mergedRun<Item>(first: readonly Item[], second: readonly Item[], compare: (a: Item, b: Item) => number): Sliced<Item[]> {
  yield;
  if (compare(first.at(-1)!, second[0]!) <= 0) return first.concat(second);
  const merged: Item[] = [];
  let [a, b] = [0, 0];
  while (a < first.length && b < second.length) {
    merged.push(compare(first[a]!, second[b]!) <= 0 ? first[a++]! : second[b++]!);
    if (merged.length % sortedLength === 0) yield;
  }
  const rest = a < first.length ? first.slice(a) : second.slice(b);
  return merged.concat(rest);
}
