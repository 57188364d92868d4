/**
 * What an intent does to a whole value: the change function of every strategy that holds whole values (all but the CRDT).
 * Pure: values are never changed in place, so that older values may be kept and shared.
 */
import type { Intent, ListIntent, TextIntent } from './intent.ts';
import type { FieldType, FieldValue, ListItem } from './schema.ts';
import { otherText, placeSplice, splicedAt } from './splice.ts';

export type Applied = { readonly ok: true; readonly value: FieldValue } | { readonly ok: false; readonly reason: string };

/**
 * The value after the intent, or why it must be refused. `newItemId` names the item that an insert creates.
 * A person may have typed in another strategy's column: splice.ts says where a splice falls here.
 */
export function applyIntent(type: FieldType, value: FieldValue, intent: Intent, newItemId: string): Applied {
  switch (intent.kind) {
    case 'set':
    case 'resolve': return done(intent.value);
    case 'splice': return spliced(value as string, intent);
    case 'increment': return done((value as number) + intent.by);
    case 'add': return done(withElement(value as readonly string[], intent.element));
    case 'remove': return done((value as readonly string[]).filter((element) => element !== intent.element));
    case 'reserve':
      return (value as number) < intent.amount ? refused(shortOf(value as number, intent.amount)) : done((value as number) - intent.amount);
    case 'release': return done((value as number) + intent.amount);
    default:
      return type === 'list' ? changedList(value as readonly ListItem[], intent as ListIntent, newItemId) : refused(`a ${type} has no ${intent.kind}`);
  }
}

/** "0 left, 1 wanted" */
export function shortOf(left: number, wanted: number): string {
  return `${left} left, ${wanted} wanted`;
}

/** Why all other strategies refuse a person's choice between siblings. */
export const onlySiblings = 'there are no siblings to choose from';

export const missingItem = 'this column has no such item';

function spliced(text: string, intent: TextIntent): Applied {
  const place = placeSplice(text, intent);
  return place ? done(splicedAt(text, place, intent.inserted)) : refused(otherText);
}

function withElement(elements: readonly string[], element: string): readonly string[] {
  return elements.includes(element) ? elements : [...elements, element].sort();
}

function changedList(items: readonly ListItem[], intent: ListIntent, newItemId: string): Applied {
  if (intent.kind === 'insert') return done(placed(items, { id: newItemId, label: intent.label, done: false }, intent.after));
  const item = items.find((candidate) => candidate.id === intent.item);
  if (!item) return refused(missingItem);
  switch (intent.kind) {
    case 'relabel': return done(items.map((each) => (each === item ? { ...each, label: intent.label } : each)));
    case 'toggle': return done(items.map((each) => (each === item ? { ...each, done: intent.done } : each)));
    case 'move': return done(placed(items.filter((each) => each !== item), item, intent.after));
    case 'remove-item': return done(items.filter((each) => each !== item));
  }
}

/** Puts an item after another one; at the start for null; at the end when that other one is not there. */
function placed(items: readonly ListItem[], item: ListItem, after: string | null): readonly ListItem[] {
  const found = after === null ? -1 : items.findIndex((each) => each.id === after);
  const at = after !== null && found < 0 ? items.length : found + 1;
  return [...items.slice(0, at), item, ...items.slice(at)];
}

function done(value: FieldValue): Applied {
  return { ok: true, value };
}

function refused(reason: string): Applied {
  return { ok: false, reason };
}
