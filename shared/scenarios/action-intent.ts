/** From what a person wants to do to the intent, by what they see: where a word stands in a text, which item has a label. */
import { canonicalJson } from '../document/digest.ts';
import type { Intent, ResolveIntent } from '../document/intent.ts';
import type { FieldSpec, FieldValue, ListItem } from '../document/schema.ts';
import { spliceOf } from '../document/splice.ts';
import type { Action, ItemName, NameableAction, TextPlace } from './scenario.ts';
import type { ShownField } from './stage.ts';

/** An action that cannot be done where the person is: there is no such word, item or sibling. */
export class ImpossibleAction extends Error {}

/** An action that a person has to say more exactly: its place is beyond the text, or several items have the label. */
export class UnclearAction extends ImpossibleAction {
  /** `nearest` is the same action with the end of the text, or with the first of the items. */
  constructor(message: string, readonly nearest: NameableAction) {
    super(message);
  }
}

/** Throws an ImpossibleAction that says what is missing; an UnclearAction where it would have to guess. */
export function intentOf(action: Action, field: FieldSpec, { value, siblings }: ShownField): Intent {
  switch (action.kind) {
    case 'set': return { kind: 'set', value: action.value };
    case 'type': return spliceOf(value as string, placeIn(value as string, action), 0, action.text);
    case 'erase': return erased(value as string, action.what);
    case 'increment': return { kind: 'increment', by: action.by };
    case 'add':
    case 'remove': return { kind: action.kind, element: action.element };
    case 'insert': return { kind: 'insert', after: afterOf(value, action), label: action.label };
    case 'relabel': return { kind: 'relabel', item: namedItem(value, action), label: action.label };
    case 'tick': return { kind: 'toggle', item: namedItem(value, action), done: action.done };
    case 'move': return moved(value, action);
    case 'remove-item': return { kind: 'remove-item', item: namedItem(value, action) };
    case 'reserve':
    case 'release': return { kind: action.kind, amount: action.amount };
    case 'keep': return chosen(action.value, field, siblings);
  }
}

/** The intent of what a random run writes: where the action is unclear, the nearest that is clear. */
export function nearestIntent(action: Action, field: FieldSpec, shown: ShownField): { readonly intent: Intent; readonly action: Action } {
  for (let nearest = action; ; ) {
    try {
      return { intent: intentOf(nearest, field, shown), action: nearest };
    } catch (error) {
      if (!(error instanceof UnclearAction)) throw error;
      nearest = error.nearest;
    }
  }
}

function placeIn(text: string, action: Action & { readonly kind: 'type' }): number {
  const place: TextPlace = action.at;
  if (typeof place === 'number') {
    if (place > text.length) throw new UnclearAction(beyond(text, place), { ...action, at: text.length });
    return place;
  }
  if (place === 'start' || place === 'end') return place === 'start' ? 0 : text.length;
  const word = 'after' in place ? place.after : place.before;
  const found = text.indexOf(word);
  if (found < 0) throw new ImpossibleAction(`the text has no "${word}"; it is "${text.slice(0, 80)}"`);
  return 'after' in place ? found + word.length : found;
}

function beyond(text: string, place: number): string {
  return `the text has ${text.length} ${text.length === 1 ? 'character' : 'characters'}; ${place} is beyond its end`;
}

function erased(text: string, what: string | { readonly at: number; readonly count: number }): Intent {
  if (typeof what !== 'string' && what.at > text.length) throw new ImpossibleAction(beyond(text, what.at));
  const index = typeof what === 'string' ? text.indexOf(what) : what.at;
  if (index < 0) throw new ImpossibleAction(`the text has no "${what as string}"; it is "${text.slice(0, 80)}"`);
  const splice = spliceOf(text, index, typeof what === 'string' ? what.length : what.count, '');
  if (splice.removed === '') throw new ImpossibleAction('there is nothing to erase there');
  return splice;
}

type ItemDeed = Extract<NameableAction, { readonly item: ItemName }>;

function namedItem(value: FieldValue, action: ItemDeed): string {
  return itemOf(value, action.item, (item) => ({ ...action, item }));
}

/** The id of the item. `named` is the same action with another name for it. */
function itemOf(value: FieldValue, name: ItemName, named: (name: ItemName) => NameableAction): string {
  const items = value as readonly ListItem[];
  const { label, nth } = typeof name === 'string' ? { label: name, nth: null } : name;
  const found = items.filter((item) => item.label === label);
  if (found.length === 0) throw new ImpossibleAction(`there is no item "${label}"; there ${items.length === 0 ? 'are none' : `are ${items.map((item) => `"${item.label}"`).join(', ').slice(0, 200)}`}`);
  if (nth === null && found.length > 1) throw new UnclearAction(whichOf(items, label), named({ label, nth: 1 }));
  const wanted = found[(nth ?? 1) - 1];
  if (!wanted) throw new ImpossibleAction(`there ${found.length === 1 ? 'is 1 item' : `are ${found.length} items`} "${label}"; nth: ${nth} is beyond the last`);
  return wanted.id;
}

/** Says where they are, as they look the same. */
function whichOf(items: readonly ListItem[], label: string): string {
  const places = items.flatMap((item, at) => (item.label === label ? [at + 1] : []));
  const listed = `${places.slice(0, -1).slice(0, 20).join(', ')} and ${places.at(-1)!}`;
  return `there are ${places.length} items "${label}", at places ${listed} of the list; say which one: { label: ${JSON.stringify(label)}, nth: 1 } to nth: ${places.length}`;
}

function afterOf(value: FieldValue, action: Extract<NameableAction, { readonly kind: 'insert' | 'move' }>): string | null {
  const { after } = action;
  if (after === null) return null;
  return after === undefined ? ((value as readonly ListItem[]).at(-1)?.id ?? null) : itemOf(value, after, (name) => ({ ...action, after: name }));
}

function moved(value: FieldValue, action: Action & { readonly kind: 'move' }): Intent {
  const item = namedItem(value, action);
  const others = (value as readonly ListItem[]).filter(({ id }) => id !== item);
  const after = afterOf(action.after === undefined ? others : value, action);
  if (after === item) throw new ImpossibleAction(`"${labelOf(action.item)}" cannot be moved after itself`);
  return { kind: 'move', item, after };
}

function labelOf(name: ItemName): string {
  return typeof name === 'string' ? name : name.label;
}

/** A sibling of this value lives on; own words replace all of them. */
function chosen(wanted: FieldValue, field: FieldSpec, siblings: ShownField['siblings']): ResolveIntent {
  if (siblings.length === 0) throw new ImpossibleAction('there are no siblings to choose from');
  const kept = siblings.find(({ value }) => canonicalJson(plain(field, value)) === canonicalJson(wanted));
  if (!kept && field.type === 'list') throw new ImpossibleAction('no sibling has just these items');
  return { kind: 'resolve', value: kept?.value ?? wanted, keeps: kept ? [kept.key] : [] };
}

/** As people write it in a scenario: of a list, its labels. */
export function plain({ type }: FieldSpec, value: FieldValue): FieldValue | readonly string[] {
  return type === 'list' ? (value as readonly ListItem[]).map(({ label }) => label) : value;
}
