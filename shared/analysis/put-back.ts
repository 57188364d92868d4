/**
 * Putting back what was lost: as new edits, only in the columns that lost it, and only where the text around it can still be recognised. A new edit has a
 * fate of its own and never makes the old one visible. Source: 3-semantics, "Put back".
 */
import type { DotKey } from '../clocks/dot.ts';
import { applyIntent } from '../document/apply-intent.ts';
import type { Intent, TextIntent } from '../document/intent.ts';
import type { FieldId, FieldSpec, FieldValue, ListItem } from '../document/schema.ts';
import { nearest, placeSplice, splicedAt, spliceOf } from '../document/splice.ts';
import { spliceOfEdits } from '../history/actions.ts';
import type { StrategyId } from '../history/record.ts';
import { getOrMake } from './concurrency.ts';
import { editsOf } from './fates/action-fate.ts';
import type { Fate, LedgerAction } from './fates/fate.ts';
import type { Ledger } from './ledger.ts';

export interface PutBackColumn {
  readonly strategy: StrategyId;
  /** One for each lost action, in their order. */
  readonly edits: readonly { readonly intent: Intent; readonly restores: DotKey }[];
  /** What the column shows, and what it would show; of what is long the part around the place. */
  readonly before: FieldValue;
  readonly after: FieldValue;
}

export interface PutBack {
  readonly field: FieldId;
  /** Where it can be put back. */
  readonly columns: readonly PutBackColumn[];
  /** Typed text for which some column has no recognisable place, for the clipboard; null where there is none. */
  readonly copy: string | null;
}

/** The edits that put it back: one for all columns where it is the same. */
export function editsToPutBack({ columns }: PutBack): { readonly intent: Intent; readonly restores: DotKey; readonly only: readonly StrategyId[] }[] {
  const edits = new Map<string, { readonly intent: Intent; readonly restores: DotKey; readonly only: StrategyId[] }>();
  for (const { strategy, edits: ofColumn } of columns) {
    for (const edit of ofColumn) getOrMake(edits, JSON.stringify(edit), () => ({ ...edit, only: [] })).only.push(strategy);
  }
  return [...edits.values()];
}

/** The shortest text to the left by which a place is recognised, where the lost text stood further from the beginning. */
const recognisedLength = 4;
/** How much of a long text a preview shows on each side of the place, in UTF-16 code units. */
const previewLength = 24;

/** Null where no column lost it, or nothing can be done. `run`: actions that ended alike. */
export function putBackOf(run: readonly LedgerAction[], told: readonly [StrategyId, Fate][], spec: FieldSpec, ledger: Ledger): PutBack | null {
  const lostUnder = told.filter(([, { disposition }]) => disposition === 'lost' || disposition === 'resurrected').map(([strategy]) => strategy);
  const typed = typedBy(run);
  const columns = lostUnder.flatMap((strategy) => columnOf(strategy, run, typed, spec, ledger.values.get(strategy)!(spec.id)) ?? []);
  const copy = typed && typed.inserted !== '' && columns.length < lostUnder.length ? typed.inserted : null;
  return columns.length > 0 || copy !== null ? { field: spec.id, columns, copy } : null;
}

function typedBy([first]: readonly LedgerAction[]): TextIntent | null {
  return spliceOfEdits(editsOf(first!));
}

function columnOf(strategy: StrategyId, run: readonly LedgerAction[], typed: TextIntent | null, spec: FieldSpec, value: FieldValue): PutBackColumn | null {
  if (spec.type === 'text') return typed && textColumn(strategy, run[0]!.key, typed, value as string);
  const edits = run.map((action) => ({ intent: editsOf(action)[0]!.intent, restores: action.key }));
  let after = value;
  for (const { intent, restores } of edits) {
    const applied = applyIntent(spec.type, after, intent, restores);
    if (!applied.ok) return null;
    after = applied.value;
  }
  return { strategy, edits, ...preview(value, after) };
}

/** Of a set or a list this long, and no longer, a preview shows the whole; else so many entries on each side of the first that differs. */
const previewEntriesMax = 24;
const previewEntries = 4;

function preview(before: FieldValue, after: FieldValue): Pick<PutBackColumn, 'before' | 'after'> {
  if (!Array.isArray(before) || !Array.isArray(after) || Math.max(before.length, after.length) <= previewEntriesMax) return { before, after };
  const [old, made] = [before as readonly ListItem[], after as readonly ListItem[]];
  let at = 0;
  while (at < old.length && JSON.stringify(old[at]) === JSON.stringify(made[at])) at++;
  const [start, end] = [Math.max(0, at - previewEntries), at + previewEntries + 1];
  return { before: old.slice(start, end), after: made.slice(start, end) };
}

function textColumn(strategy: StrategyId, restores: DotKey, typed: TextIntent, text: string): PutBackColumn | null {
  const intent = recognised(text, typed);
  const place = intent && placeSplice(text, intent);
  if (!intent || !place) return null;
  const [start, end] = [Math.max(0, place.index - previewLength), place.index + place.removed + previewLength];
  const shown = text.slice(start, end);
  return { strategy, edits: [{ intent, restores }], before: shown, after: splicedAt(shown, { index: place.index - start, removed: place.removed }, intent.inserted) };
}

/** The lost splice where the text around it still stands: what it removed, with the same text before it, else the place right after that text. */
function recognised(text: string, { index, removed, inserted, left }: TextIntent): TextIntent | null {
  if (removed !== '' && inserted === '') {
    const place = placeSplice(text, { kind: 'splice', index, removed, inserted, left: left ?? '' });
    return place && spliceOf(text, place.index, place.removed, '');
  }
  const place = placeAfter(text, left ?? '', index);
  if (!place) return null;
  const stillThere = removed !== '' && text.startsWith(removed, place.index);
  return { kind: 'splice', ...place, removed: stillThere ? removed : '', inserted };
}

/** Right after as much of `left` as the text has, at least so much that it says something; null where it has not. */
function placeAfter(text: string, left: string, index: number): { readonly index: number; readonly left: string } | null {
  if (left === '') return index === 0 ? { index, left } : null;
  for (let length = left.length; length >= Math.min(recognisedLength, left.length); length--) {
    const near = left.slice(-length);
    const at = nearest(text, near, index - length);
    if (at !== null) return { index: at + length, left: near };
  }
  return null;
}
