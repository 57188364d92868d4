/**
 * How each field type lives in a Y.Doc, one root type a field, named as the field. Reading and writing are the only two things said here.
 *
 * - register: Y.Map, key "value". - text: Y.Text. - counter, stock: Y.Map, one key per client id, summed.
 * - set: Y.Map, one key per add (its dot), the value is the element. - list: Y.Map, flat keys per item (see below).
 *
 * A list item X has the keys X (it is there; written once, by its insert), X|label, X|done and X|order. Removing it removes all four, and what
 * has no X is not shown: so removal wins over concurrent changes of the item, and nothing is ever shown in halves. [YJS5] [YJS6]
 */
import type * as Y from 'yjs';
import { dotKey, type Dot } from '../../clocks/dot.ts';
import { missingItem, onlySiblings, shortOf } from '../../document/apply-intent.ts';
import type { CounterIntent, Intent, ListIntent, RegisterIntent, SetIntent, StockIntent, TextIntent } from '../../document/intent.ts';
import type { FieldSpec, FieldValue, ListItem, Scalar } from '../../document/schema.ts';
import { otherText, placeSplice, type SplicePlace } from '../../document/splice.ts';
import { orderKeyBetween } from './order-key.ts';
import { textRange } from './text-range.ts';

export type RootType = Y.Text | Y.Map<unknown>;

export function rootOf(doc: Y.Doc, field: FieldSpec): RootType {
  return field.type === 'text' ? doc.getText(field.id) : doc.getMap(field.id);
}

/** The visible value of a field. Whatever another client may have put there, the answer is of the field's type. */
export function readYjsField(doc: Y.Doc, field: FieldSpec): FieldValue {
  if (field.type === 'text') return doc.getText(field.id).toString();
  const map = doc.getMap(field.id);
  switch (field.type) {
    case 'register': return isScalar(map.get('value')) ? (map.get('value') as Scalar) : field.initial;
    case 'counter':
    case 'stock': return sum(map, field.initial as number);
    case 'set': return [...new Set([...keysOf(map)].map((key) => map.get(key)).filter((element) => typeof element === 'string'))].sort();
    case 'list': return readItems(map).map(({ id, label, done }) => ({ id, label, done }));
  }
}

/** Why the intent must be refused on this document, or null. */
export function refusalOf(doc: Y.Doc, field: FieldSpec, intent: Intent): string | null {
  if (intent.kind === 'reserve') {
    const left = readYjsField(doc, field) as number;
    return left < intent.amount ? shortOf(left, intent.amount) : null;
  }
  if (intent.kind === 'resolve') return onlySiblings;
  if (intent.kind === 'splice') return placeIn(doc.getText(field.id), intent) ? null : otherText;
  if ('item' in intent) return doc.getMap(field.id).has(intent.item) ? null : missingItem;
  return null;
}

/** Writes an intent that is not refused; call it inside a transaction. `dot` names the edit and whatever it creates. */
export function writeIntent(doc: Y.Doc, field: FieldSpec, intent: Intent, dot: Dot): void {
  const key = dotKey(dot);
  switch (field.type) {
    case 'register': return void doc.getMap(field.id).set('value', (intent as RegisterIntent).value);
    case 'text': return splice(doc.getText(field.id), intent as TextIntent);
    case 'counter': return addTo(doc, field, (intent as CounterIntent).by);
    case 'stock': return addTo(doc, field, (intent as StockIntent).kind === 'reserve' ? -(intent as StockIntent).amount : (intent as StockIntent).amount);
    case 'set': return writeSet(doc.getMap(field.id), intent as SetIntent, key);
    case 'list': return writeList(doc.getMap(field.id), intent as ListIntent, dot);
  }
}

/** The key under which a list keeps what this kind of intent changes. */
export function listKey(item: string, part: 'label' | 'done' | 'order'): string {
  return `${item}|${part}`;
}

function splice(text: Y.Text, intent: TextIntent): void {
  const { index, removed } = placeIn(text, intent)!;
  if (removed > 0) text.delete(index, removed);
  if (intent.inserted) text.insert(index, intent.inserted);
}

/** [ALL8] Reads only as much of the text as it must. */
function placeIn(text: Y.Text, intent: TextIntent): SplicePlace | null {
  return placeSplice({ length: text.length, slice: (start, end) => partOf(text, start, end), toString: () => text.toString() }, intent);
}

/** Nothing where there is less text than that: images of other programs count in the length. */
function partOf(text: Y.Text, start: number, end: number): string {
  try {
    return textRange(text, start, end - start, true).text;
  } catch (error) {
    if (error instanceof RangeError) return '';
    throw error;
  }
}

/** [YJS2] One key per client id: each is written by one life of one replica only, so no two writes are ever concurrent. */
function addTo(doc: Y.Doc, field: FieldSpec, by: number): void {
  const map = doc.getMap(field.id);
  const mine = map.get(String(doc.clientID));
  map.set(String(doc.clientID), (typeof mine === 'number' ? mine : 0) + by);
}

function sum(map: Y.Map<unknown>, initial: number): number {
  let total = initial;
  for (const part of map.values()) if (typeof part === 'number' && Number.isFinite(part)) total += part;
  return total;
}

/** [YJS3] A removal removes just the adds that it saw. */
function writeSet(map: Y.Map<unknown>, intent: SetIntent, key: string): void {
  if (intent.kind === 'add') return void map.set(key, intent.element);
  for (const added of [...keysOf(map)]) if (map.get(added) === intent.element) map.delete(added);
}

/** The keys that are there. A Y.Map itself goes through all that ever were, which would make each edit dearer than the one before. */
const present = new WeakMap<Y.Map<unknown>, Set<string>>();

/** As they were before the transaction that is under way, if one is. */
function keysOf(map: Y.Map<unknown>): ReadonlySet<string> {
  const known = present.get(map);
  if (known) return known;
  const keys = new Set(map.keys());
  present.set(map, keys);
  map.observe(({ keysChanged }) => {
    for (const key of keysChanged) if (map.has(key)) keys.add(key);
      else keys.delete(key);
  });
  return keys;
}

/** What tells where an item of a list stands. */
export interface OrderedItem {
  readonly id: string;
  readonly order: string;
}

interface PlacedItem extends ListItem, OrderedItem {}

function readItems(map: Y.Map<unknown>): PlacedItem[] {
  const items: PlacedItem[] = [];
  for (const id of keysOf(map)) {
    if (id.includes('|') || map.get(id) !== true) continue;
    const label = map.get(listKey(id, 'label'));
    const order = map.get(listKey(id, 'order'));
    items.push({ id, label: typeof label === 'string' ? label : '', done: map.get(listKey(id, 'done')) === true, order: typeof order === 'string' ? order : '' });
  }
  return items.sort(compareItems);
}

/** In the order in which a list shows its items. */
export function compareItems(a: OrderedItem, b: OrderedItem): number {
  return compare(a.order, b.order) || compare(a.id, b.id);
}

function writeList(map: Y.Map<unknown>, intent: ListIntent, dot: Dot): void {
  const key = dotKey(dot);
  switch (intent.kind) {
    case 'insert': {
      const order = placeAfter(readItems(map), intent.after, dot);
      map.set(key, true);
      map.set(listKey(key, 'label'), intent.label);
      return void map.set(listKey(key, 'order'), order);
    }
    case 'relabel': return void map.set(listKey(intent.item, 'label'), intent.label);
    case 'toggle': return void map.set(listKey(intent.item, 'done'), intent.done);
    case 'move': return void map.set(listKey(intent.item, 'order'), placeAfter(readItems(map).filter((item) => item.id !== intent.item), intent.after, dot));
    case 'remove-item':
      for (const part of [intent.item, listKey(intent.item, 'label'), listKey(intent.item, 'done'), listKey(intent.item, 'order')]) if (map.has(part)) map.delete(part);
  }
}

/** [YJS10] An order key right after that item; at the start for null; at the end when it is not there. */
export function placeAfter(items: readonly OrderedItem[], after: string | null, dot: Dot): string {
  const found = items.findIndex((item) => item.id === after);
  const at = after === null ? 0 : found < 0 ? items.length : found + 1;
  const before = items[at - 1]?.order ?? null;
  // Items may share an order key (equal tags of an earlier version); the next different one is the bound then.
  const next = items.slice(at).find((item) => before === null || item.order > before)?.order ?? null;
  return orderKeyBetween(before, next, dot);
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
