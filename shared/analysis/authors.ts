/**
 * Who wrote what a window shows, under each strategy: read from the edits that the shown values were made of, character by character in texts.
 *
 * Says nothing of what was written before a moment (`since`), nor of what has no edit in the journal. Source: 6-windows, "Every value stands on a line".
 */
import { dotKey, type DotKey, type ReplicaId } from '../clocks/dot.ts';
import type { VersionVector } from '../clocks/version-vector.ts';
import type { FieldId, FieldSpec, FieldValue, ListItem, Schema } from '../document/schema.ts';
import type { EditRecord, StrategyId } from '../history/record.ts';
import type { Fate } from './fates/fate.ts';
import { getOrMake } from './concurrency.ts';
import type { Ledger } from './ledger.ts';
import { eachOf, type Sliced } from './slices.ts';

export interface Author {
  readonly replica: ReplicaId;
  /** Not everybody is known to have it. */
  readonly isPending: boolean;
}

/** A part of a text; `author` null: written before, or nobody can tell by whom. Lengths count UTF-16 code units. */
export interface AuthoredRun {
  readonly length: number;
  readonly author: Author | null;
}

/** Plain data. */
export type FieldAuthors =
  | { readonly kind: 'value'; readonly value: FieldValue; readonly author: Author | null }
  | { readonly kind: 'text'; readonly text: string; readonly runs: readonly AuthoredRun[] }
  /** `value` is the base and all steps together. */
  | { readonly kind: 'sum'; readonly value: number; readonly steps: readonly AuthoredStep[] }
  /** Of a set by element, of a list by item; what was written before is not there. */
  | { readonly kind: 'parts'; readonly parts: Readonly<Record<string, AuthoredPart>> };

export interface AuthoredStep {
  readonly author: Author;
  readonly sum: number;
}

export interface AuthoredPart {
  readonly author: Author;
  /** Of an item: it was brought to its place. */
  readonly isMoved: boolean;
}

export type Authors = Readonly<Partial<Record<StrategyId, Readonly<Record<FieldId, FieldAuthors>>>>>;

/** Longer texts have no lines: their parts would take long to send and to draw. */
const textLengthMax = 20_000;

/** What somebody wrote since, and can be seen. */
interface VisibleEdit {
  readonly record: EditRecord;
  readonly author: Author;
}

/** `strategies`: those to tell of. */
export function* authorsOf(ledger: Ledger, schema: Schema, strategies: readonly StrategyId[], since: VersionVector): Sliced<Authors> {
  const authors: Partial<Record<StrategyId, Record<FieldId, FieldAuthors>>> = {};
  for (const strategy of strategies) {
    if (!ledger.values.has(strategy)) continue;
    const byField = yield* visibleEdits(ledger, strategy, since);
    const fields: Record<FieldId, FieldAuthors> = {};
    for (const field of schema) fields[field.id] = yield* fieldAuthors(ledger, strategy, field, byField.get(field.id) ?? []);
    authors[strategy] = fields;
  }
  return authors;
}

/** By field, in causal order. */
function* visibleEdits({ rows }: Ledger, strategy: StrategyId, since: VersionVector): Sliced<ReadonlyMap<FieldId, readonly VisibleEdit[]>> {
  const byField = new Map<FieldId, VisibleEdit[]>();
  yield* eachOf(rows, ({ record, fates: { [strategy]: fate } }) => {
    if (!fate || since.includes(record.dot) || !isShown(record, fate)) return;
    const author = { replica: record.dot.replica, isPending: fate.disposition === 'pending' };
    getOrMake(byField, record.field, () => []).push({ record, author });
  });
  return byField;
}

/** Of texts each character tells by itself, whatever became of the rest of its edit. */
function isShown({ intent }: EditRecord, fate: Fate): boolean {
  const { disposition } = fate.soFar ?? fate;
  return disposition === 'visible' || intent.kind === 'splice' || (intent.kind === 'resolve' && disposition !== 'superseded');
}

function* fieldAuthors(ledger: Ledger, strategy: StrategyId, field: FieldSpec, edits: readonly VisibleEdit[]): Sliced<FieldAuthors> {
  const value = ledger.values.get(strategy)!(field.id);
  switch (field.type) {
    case 'text': return yield* textAuthors(value as string, ledger.runs.get(strategy)!(field.id), edits);
    case 'register': return { kind: 'value', value, author: edits.filter(({ record }) => writes(record, value)).at(-1)?.author ?? null };
    case 'counter':
    case 'stock': return { kind: 'sum', value: value as number, steps: stepsByAuthor(edits) };
    case 'set':
    case 'list': return { kind: 'parts', parts: partsOf(value as readonly (string | ListItem)[], edits) };
  }
}

function writes({ intent }: EditRecord, value: FieldValue): boolean {
  return (intent.kind === 'set' || intent.kind === 'resolve') && JSON.stringify(intent.value) === JSON.stringify(value);
}

function* textAuthors(text: string, runs: Sliced<readonly { readonly key: DotKey | null; readonly length: number }[]>, edits: readonly VisibleEdit[]): Sliced<FieldAuthors> {
  if (edits.length === 0 || text.length > textLengthMax) return { kind: 'text', text, runs: text === '' ? [] : [{ length: text.length, author: null }] };
  const byKey = new Map<DotKey, Author>();
  yield* eachOf(edits, ({ record, author }) => void byKey.set(dotKey(record.dot), author));
  const authored: { length: number; author: Author | null }[] = [];
  yield* eachOf(yield* runs, ({ key, length }) => {
    const author = (key === null ? undefined : byKey.get(key)) ?? null;
    const last = authored.at(-1);
    if (last && isSame(last.author, author)) last.length += length;
    else authored.push({ length, author });
  });
  return { kind: 'text', text, runs: authored };
}

function isSame(one: Author | null, other: Author | null): boolean {
  return one?.replica === other?.replica && one?.isPending === other?.isPending;
}

/** Each author's steps together, in the order of their first ones; what is pending for itself. */
function stepsByAuthor(edits: readonly VisibleEdit[]): AuthoredStep[] {
  const steps = new Map<string, AuthoredStep>();
  for (const { record, author } of edits) {
    const key = `${author.replica} ${author.isPending}`;
    steps.set(key, { author, sum: (steps.get(key)?.sum ?? 0) + stepOf(record) });
  }
  return [...steps.values()].filter(({ sum }) => sum !== 0);
}

function stepOf({ intent }: EditRecord): number {
  switch (intent.kind) {
    case 'increment': return intent.by;
    case 'reserve': return -intent.amount;
    case 'release': return intent.amount;
    default: return 0;
  }
}

function partsOf(value: readonly (string | ListItem)[], edits: readonly VisibleEdit[]): Record<string, AuthoredPart> {
  const there = new Set(value.map((part) => (typeof part === 'string' ? part : part.id)));
  const parts: Record<string, AuthoredPart> = {};
  for (const { record, author } of edits) {
    const { intent, dot } = record;
    const part = intent.kind === 'add' ? intent.element : intent.kind === 'insert' ? dotKey(dot) : 'item' in intent ? intent.item : null;
    if (part !== null && there.has(part)) parts[part] = { author, isMoved: intent.kind === 'move' || (parts[part]?.isMoved ?? false) };
  }
  return parts;
}
