/**
 * How edits end under one strategy, by trying every pair of edits: the rules read literally, with
 * nothing of the ledger's own search. For registers, sets, and the presence, label and tick of items;
 * steps, places and characters are read from what a value was made of, and are judged by others.
 *
 * Costs time in proportion to the square of the edits.
 */
import type { Disposition } from '../analysis/fates/fate.ts';
import { dotKey } from '../clocks/dot.ts';
import type { FieldType, FieldValue, ListItem } from '../document/schema.ts';
import type { EditRecord } from '../history/record.ts';

interface ShownValues {
  readonly type: FieldType;
  /** The values that a person can choose now; one where the strategy shows one. */
  readonly values: readonly FieldValue[];
}

/** What an edit wants a part of a field to be. */
type Wish = readonly [
  part: 'value' | 'element' | 'item' | 'label' | 'done',
  of: string,
  wish: unknown,
];

interface Wished {
  readonly record: EditRecord;
  readonly wish: Wish | null;
}

/**
 * `edits`: the field's edits that were not refused, of which `certain` ones happened. The function
 * gives null for an edit of which these rules say nothing.
 */
export function dispositionsByForce(
  edits: readonly EditRecord[],
  { type, values }: ShownValues,
  certain: (record: EditRecord) => boolean = () => true,
): (record: EditRecord) => Disposition | null {
  const wished = edits.map((record): Wished => ({ record, wish: wishOf(record, type) }));
  const replaced = new Set(
    wished
      .filter((earlier) => wished.some((later) => replaces(later, earlier, type)))
      .map(({ record }) => record),
  );
  const standing = new Map<string, ReadonlySet<EditRecord>>();
  /** The edits that stand for a wish, if it is shown. */
  const standingFor = (wish: Wish): ReadonlySet<EditRecord> => {
    const key = JSON.stringify(wish);
    const known = standing.get(key);
    if (known) return known;
    const wanting = wished
      .filter((other) => certain(other.record) && other.wish !== null && isSame(other.wish, wish))
      .map(({ record }) => record);
    const free = wanting.filter((each) => !replaced.has(each));
    const latest = (): EditRecord[] =>
      wanting.filter((each) => !wanting.some(({ context }) => context.includes(each.dot)));
    const stands = new Set(free.length > 0 ? free : latest());
    standing.set(key, stands);
    return stands;
  };
  return (record) => {
    const wish = wishOf(record, type);
    if (!wish) return null;
    const showing = values.filter((value) => shows(value, type, wish)).length;
    const seen = showing > 0 && standingFor(wish).has(record) ? showing : 0;
    if (seen === values.length) return 'visible';
    if (seen > 0) return 'sibling';
    if (replaced.has(record)) return 'superseded';
    const { kind } = record.intent;
    return kind === 'remove' || kind === 'remove-item' ? 'resurrected' : 'lost';
  };
}

function wishOf({ intent, dot }: EditRecord, type: FieldType): Wish | null {
  switch (intent.kind) {
    case 'set':
      return ['value', '', intent.value];
    case 'resolve':
      return type === 'register' ? ['value', '', intent.value] : null;
    case 'add':
      return ['element', intent.element, true];
    case 'remove':
      return ['element', intent.element, false];
    case 'insert':
      return ['item', dotKey(dot), true];
    case 'remove-item':
      return ['item', intent.item, false];
    case 'relabel':
      return ['label', intent.item, intent.label];
    case 'toggle':
      return ['done', intent.item, intent.done];
    default:
      return null;
  }
}

function shows(value: FieldValue, type: FieldType, [part, of, wish]: Wish): boolean {
  if (part === 'value') return value === wish;
  if (part === 'element') return (value as readonly string[]).includes(of) === wish;
  const item = (value as readonly ListItem[]).find(({ id }) => id === of);
  if (part === 'item') return (item !== undefined) === wish;
  return item !== undefined && item[part] === wish;
}

function isSame(a: Wish, b: Wish): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2];
}

function replaces(later: Wished, earlier: Wished, type: FieldType): boolean {
  return isOtherwise(later, earlier, type) && later.record.context.includes(earlier.record.dot);
}

/**
 * Whether two edits have one target, or the first removes the item of the second, and want different
 * things there; whoever had seen whom.
 */
export function wantsOtherwise(later: EditRecord, earlier: EditRecord, type: FieldType): boolean {
  const wished = (record: EditRecord): Wished => ({ record, wish: wishOf(record, type) });
  return isOtherwise(wished(later), wished(earlier), type);
}

function isOtherwise(
  { record: later, wish: a }: Wished,
  { wish: b }: Wished,
  type: FieldType,
): boolean {
  if (!b) return false;
  if (later.intent.kind === 'resolve' && type !== 'register') {
    return !shows(later.intent.value, type, b);
  }
  if (!a) return false;
  if (a[0] === b[0] && a[1] === b[1]) return a[2] !== b[2];
  const ofItem = b[0] === 'label' || b[0] === 'done';
  return later.intent.kind === 'remove-item' && ofItem && a[1] === b[1];
}
