/** What an edit acts on, and what it wants there. Two edits with one target and different wishes cannot both be seen. */
import { dotKey } from '../../clocks/dot.ts';
import type { FieldSpec, FieldValue, ListItem } from '../../document/schema.ts';
import type { EditRecord } from '../../history/record.ts';

/** "value", "element food", "item A:3", "label A:3", "done A:3", "place A:3". */
export type Target = string;

export interface Wish {
  readonly target: Target;
  /** Equal texts: the same wish. */
  readonly wish: string;
}

export const present = 'present';
export const absent = 'absent';

/** Null for steps, splices and choices of whole values, which have no such target. */
export function wishOf({ intent, dot }: Pick<EditRecord, 'intent' | 'dot'>, field: FieldSpec): Wish | null {
  switch (intent.kind) {
    case 'set': return { target: 'value', wish: JSON.stringify(intent.value) };
    case 'resolve': return field.type === 'register' ? { target: 'value', wish: JSON.stringify(intent.value) } : null;
    case 'add': return { target: `element ${intent.element}`, wish: present };
    case 'remove': return { target: `element ${intent.element}`, wish: absent };
    case 'insert': return { target: `item ${dotKey(dot)}`, wish: present };
    case 'remove-item': return { target: `item ${intent.item}`, wish: absent };
    case 'relabel': return { target: `label ${intent.item}`, wish: JSON.stringify(intent.label) };
    case 'toggle': return { target: `done ${intent.item}`, wish: String(intent.done) };
    // A place is nobody else's wish: a later move of the item wants another one.
    case 'move': return { target: `place ${intent.item}`, wish: dotKey(dot) };
    default: return null;
  }
}

export function isPlace(target: Target): boolean {
  return target.startsWith('place ');
}

/** The item whose removal takes all of this target along; null where the target is no part of an item. */
export function itemOf(target: Target): string | null {
  return /^(?:label|done|place) (.*)$/su.exec(target)?.[1] ?? null;
}

/** What a value shows at each target; null where it shows nothing, as the label of an item that is not there. Places are not read from values. */
export function wishesShown(field: FieldSpec, value: FieldValue): (target: Target) => string | null {
  switch (field.type) {
    case 'register': return () => JSON.stringify(value);
    case 'set': {
      const elements = new Set((value as readonly string[]).map((element) => `element ${element}`));
      return (target) => (elements.has(target) ? present : absent);
    }
    case 'list': {
      const items = new Map((value as readonly ListItem[]).map((item) => [item.id, item]));
      return (target) => shownOfItem(items, target);
    }
    default: return () => null;
  }
}

function shownOfItem(items: ReadonlyMap<string, ListItem>, target: Target): string | null {
  const gap = target.indexOf(' ');
  const item = items.get(target.slice(gap + 1));
  switch (target.slice(0, gap)) {
    case 'item': return item ? present : absent;
    case 'label': return item ? JSON.stringify(item.label) : null;
    case 'done': return item ? String(item.done) : null;
    default: return null;
  }
}
