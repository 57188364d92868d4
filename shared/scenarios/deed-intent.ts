/** From what a person wants to do to the intent, by what they see: where a word stands in a text, which item has a label. */
import { canonicalJson } from '../document/digest.ts';
import type { Intent, ResolveIntent } from '../document/intent.ts';
import type { FieldSpec, FieldValue, ListItem } from '../document/schema.ts';
import { spliceOf } from '../document/splice.ts';
import type { Deed, TextPlace } from './scenario.ts';
import type { Shown } from './stage.ts';

/** A deed that cannot be done where the person is: there is no such word, item or sibling. */
export class ImpossibleDeed extends Error {}

/** Throws an ImpossibleDeed that says what is missing. */
export function intentOf(deed: Deed, field: FieldSpec, { value, siblings }: Shown): Intent {
  switch (deed.kind) {
    case 'set': return { kind: 'set', value: deed.value };
    case 'type': return spliceOf(value as string, placeIn(value as string, deed.at), 0, deed.text);
    case 'erase': return erased(value as string, deed.what);
    case 'increment': return { kind: 'increment', by: deed.by };
    case 'add':
    case 'remove': return { kind: deed.kind, element: deed.element };
    case 'insert': return { kind: 'insert', after: afterOf(value, deed.after), label: deed.label };
    case 'relabel': return { kind: 'relabel', item: itemOf(value, deed.item), label: deed.label };
    case 'tick': return { kind: 'toggle', item: itemOf(value, deed.item), done: deed.done };
    case 'move': return moved(value, deed.item, deed.after);
    case 'remove-item': return { kind: 'remove-item', item: itemOf(value, deed.item) };
    case 'reserve':
    case 'release': return { kind: deed.kind, amount: deed.amount };
    case 'keep': return chosen(deed.value, field, siblings);
  }
}

function placeIn(text: string, place: TextPlace): number {
  if (typeof place === 'number') return Math.min(place, text.length);
  if (place === 'start' || place === 'end') return place === 'start' ? 0 : text.length;
  const word = 'after' in place ? place.after : place.before;
  const found = text.indexOf(word);
  if (found < 0) throw new ImpossibleDeed(`the text has no "${word}"; it is "${text.slice(0, 80)}"`);
  return 'after' in place ? found + word.length : found;
}

function erased(text: string, what: string | { readonly at: number; readonly count: number }): Intent {
  const index = typeof what === 'string' ? text.indexOf(what) : Math.min(what.at, text.length);
  if (index < 0) throw new ImpossibleDeed(`the text has no "${what as string}"; it is "${text.slice(0, 80)}"`);
  const splice = spliceOf(text, index, typeof what === 'string' ? what.length : what.count, '');
  if (splice.removed === '') throw new ImpossibleDeed('there is nothing to erase there');
  return splice;
}

function itemOf(value: FieldValue, label: string): string {
  const items = value as readonly ListItem[];
  const found = items.find((item) => item.label === label);
  if (!found) throw new ImpossibleDeed(`there is no item "${label}"; there ${items.length === 0 ? 'are none' : `are ${items.map((item) => `"${item.label}"`).join(', ').slice(0, 200)}`}`);
  return found.id;
}

function afterOf(value: FieldValue, after: string | null | undefined): string | null {
  if (after === null) return null;
  return after === undefined ? ((value as readonly ListItem[]).at(-1)?.id ?? null) : itemOf(value, after);
}

function moved(value: FieldValue, label: string, after: string | null | undefined): Intent {
  const item = itemOf(value, label);
  if (after === label) throw new ImpossibleDeed(`"${label}" cannot be moved after itself`);
  const others = (value as readonly ListItem[]).filter(({ id }) => id !== item);
  return { kind: 'move', item, after: afterOf(others, after) };
}

/** A sibling of this value lives on; own words replace all of them. */
function chosen(wanted: FieldValue, field: FieldSpec, siblings: Shown['siblings']): ResolveIntent {
  if (siblings.length === 0) throw new ImpossibleDeed('there are no siblings to choose from');
  const kept = siblings.find(({ value }) => canonicalJson(plain(field, value)) === canonicalJson(wanted));
  if (!kept && field.type === 'list') throw new ImpossibleDeed('no sibling has just these items');
  return { kind: 'resolve', value: kept?.value ?? wanted, keeps: kept ? [kept.key] : [] };
}

/** As people write it in a scenario: of a list, its labels. */
export function plain({ type }: FieldSpec, value: FieldValue): FieldValue | readonly string[] {
  return type === 'list' ? (value as readonly ListItem[]).map(({ label }) => label) : value;
}
