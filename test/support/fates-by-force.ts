/**
 * How edits end under one strategy, by trying every pair of edits: the rules of 3-semantics read literally, with nothing of the program's own search.
 * For registers, sets, and the presence, label and tick of items; steps, places and characters are read from what a value was made of, and are judged
 * by other oracles.
 */
import type { Disposition } from '../../shared/analysis/ledger.ts';
import { dotKey } from '../../shared/clocks/dot.ts';
import type { FieldType, FieldValue, ListItem } from '../../shared/document/schema.ts';
import type { EditRecord } from '../../shared/history/record.ts';

export interface ShownField {
  readonly type: FieldType;
  /** The values that a person can choose now; one where the strategy shows one. */
  readonly values: readonly FieldValue[];
}

/**
 * `edits`: the field's edits that were not refused, of which `certain` ones happened. The function gives null for an edit of which these rules say
 * nothing.
 */
export function dispositionsByForce(edits: readonly EditRecord[], { type, values }: ShownField, certain: (record: EditRecord) => boolean = () => true): (record: EditRecord) => Disposition | null {
  const wished = edits.map((record) => ({ record, wish: wishOf(record, type) }));
  const isReplaced = new Map(wished.map((earlier) => [earlier.record, wished.some((later) => replaces(later, earlier, type))]));
  /** Whether an edit stands for what it wanted, if that is shown. */
  const stands = (record: EditRecord, wish: Wish): boolean => {
    const wanting = wished.filter((other) => certain(other.record) && other.wish !== null && isSame(other.wish, wish)).map((other) => other.record);
    const free = wanting.filter((each) => !isReplaced.get(each));
    return (free.length > 0 ? free : wanting.filter((each) => !wanting.some((other) => other.context.includes(each.dot)))).includes(record);
  };
  return (record) => {
    const wish = wishOf(record, type);
    if (!wish) return null;
    const showing = values.filter((value) => shows(value, type, wish)).length;
    const seen = showing > 0 && stands(record, wish) ? showing : 0;
    if (seen === values.length) return 'visible';
    if (seen > 0) return 'sibling';
    if (isReplaced.get(record)) return 'superseded';
    return record.intent.kind === 'remove' || record.intent.kind === 'remove-item' ? 'resurrected' : 'lost';
  };
}

type Wish = readonly [what: 'value' | 'element' | 'item' | 'label' | 'done', of: string, wish: unknown];

function wishOf({ intent, dot }: EditRecord, type: FieldType): Wish | null {
  switch (intent.kind) {
    case 'set': return ['value', '', intent.value];
    case 'resolve': return type === 'register' ? ['value', '', intent.value] : null;
    case 'add': return ['element', intent.element, true];
    case 'remove': return ['element', intent.element, false];
    case 'insert': return ['item', dotKey(dot), true];
    case 'remove-item': return ['item', intent.item, false];
    case 'relabel': return ['label', intent.item, intent.label];
    case 'toggle': return ['done', intent.item, intent.done];
    default: return null;
  }
}

function shows(value: FieldValue, type: FieldType, [what, of, wish]: Wish): boolean {
  if (what === 'value') return value === wish;
  if (what === 'element') return (value as readonly string[]).includes(of) === wish;
  const item = (value as readonly ListItem[]).find(({ id }) => id === of);
  if (what === 'item') return (item !== undefined) === wish;
  return item !== undefined && item[what] === wish;
}

function isSame(a: Wish, b: Wish): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2];
}

interface Wished {
  readonly record: EditRecord;
  readonly wish: Wish | null;
}

function replaces(later: Wished, earlier: Wished, type: FieldType): boolean {
  return later.record.context.includes(earlier.record.dot) && isOtherwise(later, earlier, type);
}

/** Whether two edits have one target, or the first removes the item of the second, and want different things there; whoever had seen whom. */
export function wantsOtherwise(later: EditRecord, earlier: EditRecord, type: FieldType): boolean {
  return isOtherwise({ record: later, wish: wishOf(later, type) }, { record: earlier, wish: wishOf(earlier, type) }, type);
}

function isOtherwise({ record: later, wish: a }: Wished, { wish: b }: Wished, type: FieldType): boolean {
  if (!b) return false;
  if (later.intent.kind === 'resolve' && type !== 'register') return !shows(later.intent.value, type, b);
  if (!a) return false;
  if (a[0] === b[0] && a[1] === b[1]) return a[2] !== b[2];
  return later.intent.kind === 'remove-item' && (b[0] === 'label' || b[0] === 'done') && a[1] === b[1];
}
