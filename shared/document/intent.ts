/**
 * Intents: what a person meant, before any strategy made something of it.
 * Indexes and lengths of text count UTF-16 code units, as Yjs and the DOM do.
 */
import type { DotKey } from '../clocks/dot.ts';
import { inputText } from '../encoding/input-text.ts';
import type { FieldType, FieldValue, ListItem, Scalar } from './schema.ts';

export type RegisterIntent = { readonly kind: 'set'; readonly value: Scalar };
export type TextIntent = {
  readonly kind: 'splice';
  readonly index: number;
  readonly removed: string;
  readonly inserted: string;
  /** The up to 16 code units to the left of the place where it was made (splice.ts). Not there in edits of earlier versions. */
  readonly left?: string;
};
export type CounterIntent = { readonly kind: 'increment'; readonly by: number };
export type SetIntent = { readonly kind: 'add' | 'remove'; readonly element: string };
export type ListIntent =
  | { readonly kind: 'insert'; readonly after: string | null; readonly label: string }
  | { readonly kind: 'relabel'; readonly item: string; readonly label: string }
  | { readonly kind: 'toggle'; readonly item: string; readonly done: boolean }
  | { readonly kind: 'move'; readonly item: string; readonly after: string | null }
  | { readonly kind: 'remove-item'; readonly item: string };
export type StockIntent = { readonly kind: 'reserve' | 'release'; readonly amount: number };

/** A person's answer to siblings: the value that replaces them all, and the siblings (by dot) whose edits live on in it. Only the siblings strategy takes it. */
export type ResolveIntent = { readonly kind: 'resolve'; readonly value: FieldValue; readonly keeps: readonly DotKey[] };

export interface IntentsByType {
  register: RegisterIntent;
  text: TextIntent;
  counter: CounterIntent;
  set: SetIntent;
  list: ListIntent;
  stock: StockIntent;
}

export type Intent = IntentsByType[FieldType] | ResolveIntent;

/** Longest string in one intent, in UTF-16 code units. */
export const stringLengthMax = 200_000;
/** How much of the text to the left of a splice stands in it, at most, in UTF-16 code units. */
export const leftLengthMax = 16;
/** Longest list in one intent. */
export const listLengthMax = 10_000;
/** Largest step of a counter or a stock in one intent. */
export const stepMax = 1_000_000;

/**
 * Checks that something is an intent for a field of this type and returns a copy that holds nothing else.
 * Throws a TypeError that says what was expected and what was there.
 */
export function parseIntent(type: FieldType, input: unknown): Intent {
  if (typeof input !== 'object' || input === null) throw new TypeError(`an intent is an object, not ${inputText(input)}`);
  const raw = input as Record<string, unknown>;
  const kind = raw['kind'];
  if (kind === 'resolve') return { kind, value: fieldValue(type, raw['value']), keeps: list(raw['keeps'], 'keeps').map((dot) => string(dot, 'keeps')) };
  const expected = intentKinds[type];
  if (typeof kind !== 'string' || !expected.includes(kind)) throw new TypeError(`a ${type} takes ${expected.join(' or ')}, not ${inputText(kind)}`);
  switch (kind) {
    case 'set': return { kind, value: scalar(raw['value']) };
    case 'splice': return splice(raw);
    case 'increment': return { kind, by: whole(raw['by'], 'by', -stepMax, stepMax) };
    case 'add':
    case 'remove': return { kind, element: string(raw['element'], 'element') };
    case 'insert': return { kind, after: itemOrNull(raw['after']), label: string(raw['label'], 'label') };
    case 'relabel': return { kind, item: string(raw['item'], 'item'), label: string(raw['label'], 'label') };
    case 'toggle': return { kind, item: string(raw['item'], 'item'), done: boolean(raw['done'], 'done') };
    case 'move': return { kind, item: string(raw['item'], 'item'), after: itemOrNull(raw['after']) };
    case 'remove-item': return { kind, item: string(raw['item'], 'item') };
    default: return { kind: kind as 'reserve' | 'release', amount: whole(raw['amount'], 'amount', 1, stepMax) };
  }
}

function splice(raw: Record<string, unknown>): TextIntent {
  const index = whole(raw['index'], 'index', 0, Number.MAX_SAFE_INTEGER);
  const [removed, inserted] = [string(raw['removed'], 'removed'), string(raw['inserted'], 'inserted')];
  if (raw['left'] === undefined) return { kind: 'splice', index, removed, inserted };
  const left = string(raw['left'], 'left');
  if (left.length > leftLengthMax) throw new TypeError(`left has ${left.length} characters; ${leftLengthMax} is the most`);
  return { kind: 'splice', index, removed, inserted, left };
}

/** The kinds of intent that each field type takes. */
export const intentKinds: Readonly<Record<FieldType, readonly string[]>> = {
  register: ['set'],
  text: ['splice'],
  counter: ['increment'],
  set: ['add', 'remove'],
  list: ['insert', 'relabel', 'toggle', 'move', 'remove-item'],
  stock: ['reserve', 'release'],
};

/** Checks that something is a value of a field of this type, and returns a copy. Throws a TypeError. */
export function fieldValue(type: FieldType, value: unknown): FieldValue {
  switch (type) {
    case 'register': return scalar(value);
    case 'text': return string(value, 'value');
    case 'counter':
    case 'stock': return whole(value, 'value', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    case 'set': return [...new Set(list(value, 'value').map((element) => string(element, 'value')))].sort();
    case 'list': return list(value, 'value').map(listItem);
  }
}

function listItem(value: unknown): ListItem {
  const item = (value ?? {}) as Record<string, unknown>;
  return { id: string(item['id'], 'id'), label: string(item['label'], 'label'), done: boolean(item['done'], 'done') };
}

function list(value: unknown, name: string): unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`${name} is a list, not ${inputText(value)}`);
  if (value.length > listLengthMax) throw new TypeError(`${name} has ${value.length} entries; ${listLengthMax} is the most`);
  return value;
}

function whole(value: unknown, name: string, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
    throw new TypeError(`${name} is a whole number from ${min} to ${max}, not ${inputText(value)}`);
  }
  return value;
}

function string(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new TypeError(`${name} is a string, not ${inputText(value)}`);
  if (value.length > stringLengthMax) throw new TypeError(`${name} has ${value.length} characters; ${stringLengthMax} is the most`);
  return value;
}

function boolean(value: unknown, name: string): boolean {
  if (typeof value !== 'boolean') throw new TypeError(`${name} is true or false, not ${inputText(value)}`);
  return value;
}

function itemOrNull(value: unknown): string | null {
  return value === null ? null : string(value, 'after');
}

function scalar(value: unknown): Scalar {
  if (typeof value === 'string') return string(value, 'value');
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return value;
  throw new TypeError(`a register holds a string, a finite number or a boolean, not ${inputText(value)}`);
}
