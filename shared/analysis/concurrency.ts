/** Which edits had a concurrent edit on the same field. */
import { dotKey, type DotKey, type ReplicaId } from '../clocks/dot.ts';
import type { FieldId } from '../document/schema.ts';
import type { EditRecord } from '../history/record.ts';
import { eachOf, type Sliced } from './slices.ts';

/**
 * The dots of all edits that have an edit of another replica on the same field, neither having seen the other.
 * One replica's contexts only grow, so of the edits that x had not seen only the first needs a look: O(n · replicas · log n).
 */
export function* concurrentEdits(records: readonly EditRecord[]): Sliced<ReadonlySet<DotKey>> {
  const byField = new Map<FieldId, Map<ReplicaId, EditRecord[]>>();
  yield* eachOf(records, (record) => {
    if (Object.keys(record.traces).length === 0) return;
    const field = getOrMake(byField, record.field, () => new Map<ReplicaId, EditRecord[]>());
    getOrMake(field, record.dot.replica, () => []).push(record);
  });
  const concurrent = new Set<DotKey>();
  for (const replicas of byField.values()) {
    for (const [replica, edits] of replicas) {
      const others = [...replicas].filter(([other]) => other !== replica);
      yield* eachOf(edits, (edit) => {
        if (others.some(([other, ofOther]) => hasConcurrent(edit, ofOther, other))) concurrent.add(dotKey(edit.dot));
      });
    }
  }
  return concurrent;
}

function hasConcurrent(edit: EditRecord, others: readonly EditRecord[], other: ReplicaId): boolean {
  const firstUnseen = others[firstIndex(others, (candidate) => candidate.dot.counter > edit.context.get(other))];
  return firstUnseen !== undefined && !firstUnseen.context.includes(edit.dot);
}

/** The index of the first item that fits, given that all after it fit too; the length if none does. */
export function firstIndex<Item>(items: readonly Item[], fits: (item: Item) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (fits(items[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** What the map has under the key; it is made where there is nothing. */
export function getOrMake<Key, Value>(map: { get(key: Key): Value | undefined; set(key: Key, value: Value): unknown }, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
