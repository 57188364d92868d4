/** Those of many items that fit, looked for in slices: to tell edits, reads and outcomes apart takes tens of milliseconds in a long history. */
import { eachOf, type Sliced } from './slices.ts';

export function filtered<Item, Fit extends Item>(items: readonly Item[], fits: (item: Item) => item is Fit): Sliced<Fit[]>;
export function filtered<Item>(items: readonly Item[], fits: (item: Item) => boolean): Sliced<Item[]>;
export function* filtered<Item>(items: readonly Item[], fits: (item: Item) => boolean): Sliced<Item[]> {
  const found: Item[] = [];
  yield* eachOf(items, (each) => {
    if (fits(each)) found.push(each);
  });
  return found;
}
