/**
 * Actions: a run of typing, or any other edit by itself. What people see counts actions.
 *
 * Whether a splice continues a run is decided once, where it is made, and stands in the edit (`continues`). Files of earlier versions do not say
 * so: there it is inferred from what the records hold (docs/decisions/0032). Source: 3-semantics, "Intents and actions".
 */
import { type DotKey, dotKey, type ReplicaId } from '../clocks/dot.ts';
import { leftLengthMax, type TextIntent } from '../document/intent.ts';
import { joinedAt } from '../document/joined-splices.ts';
import type { FieldId } from '../document/schema.ts';
import type { Edit } from './record.ts';

/** A pause in typing that is longer ends the run, in milliseconds. */
export const runPauseMs = 2_000;
/** So many characters to the left of a caret tell its place in a text that others changed. */
const tellingLength = 8;

/** Where a splice left the caret. */
export interface Caret {
  readonly index: number;
  /** The text to its left, as far as the splice tells; undefined where it does not. */
  readonly left: string | undefined;
}

export function caretAfter({ index, inserted, left }: TextIntent): Caret {
  return { index: index + inserted.length, left: left === undefined ? undefined : (left + inserted).slice(-leftLengthMax) };
}

/**
 * Where a caret is when a splice is made, if it lies in what the splice replaces, or at an end of it; else null. `hasMoved`: whether others may have changed
 * the text since the caret stood there; it is then where the same characters are to its left.
 */
export function caretIn(splice: TextIntent, { index, left }: Caret, hasMoved: boolean): number | null {
  const isInside = splice.index <= index && index <= splice.index + splice.removed.length;
  if (!hasMoved || splice.left === undefined || left === undefined) return isInside ? index : null;
  const telling = left.slice(-tellingLength);
  if (telling === '') return splice.index === 0 ? 0 : null;
  const around = splice.left + splice.removed;
  if (isInside && around.slice(0, splice.left.length + index - splice.index).endsWith(telling)) return index;
  const at = around.indexOf(telling, Math.max(0, splice.left.length - telling.length));
  return at < 0 ? null : splice.index + at + telling.length - splice.left.length;
}

export function meetsCaret(splice: TextIntent, caret: Caret, hasMoved: boolean): boolean {
  return caretIn(splice, caret, hasMoved) !== null;
}

/** What a run of typing did, as one splice of the text that it began on; null where its splices do not hang together. */
export function runSplice(run: readonly TextIntent[]): TextIntent | null {
  const [first, ...rest] = run;
  let [whole, before] = [first, first];
  let shift = 0;
  for (const splice of rest) {
    const caret = caretAfter(before!);
    // What others did to the left moved the caret; without it, it is where it was left.
    const now = caretIn(splice, caret, true) ?? caretIn(splice, caret, false);
    shift += (now ?? caret.index) - caret.index;
    const both = now === null ? null : joinedAt(whole!, splice, splice.index - shift);
    if (!both) return null;
    [whole, before] = [both, splice];
  }
  return whole ?? null;
}

/** The same of edits; what is no splice among them is left out. */
export function spliceOfEdits(edits: readonly Pick<Edit, 'intent'>[]): TextIntent | null {
  return runSplice(edits.flatMap(({ intent }) => (intent.kind === 'splice' ? [intent] : [])));
}

interface LastAction {
  readonly start: DotKey;
  readonly edit: Edit;
}

/** Names the action of each edit by the dot of its first edit. */
export class Actions {
  private readonly last = new Map<ReplicaId, LastAction>();
  private readonly runs = new Map<string, DotKey>();

  /** Takes all edits, each replica's in their order, once. */
  startOf(edit: Edit): DotKey {
    const { replica } = edit.dot;
    const place = `${replica} ${edit.field}`;
    // What a pause in typing gathers belongs to the run that was typed.
    if (edit.gathers !== undefined) return this.runs.get(place) ?? dotKey(edit.dot);
    const before = this.last.get(replica);
    const start = before && continuesAfter(before.edit, edit) ? before.start : dotKey(edit.dot);
    this.last.set(replica, { start, edit });
    if (edit.intent.kind === 'splice') this.runs.set(place, start);
    return start;
  }

  /** The action of the newest typing of a replica in a field; undefined where there is none. */
  newestRun(replica: ReplicaId, field: FieldId): DotKey | undefined {
    return this.runs.get(`${replica} ${field}`);
  }
}

function continuesAfter(before: Edit, edit: Edit): boolean {
  if (edit.intent.kind !== 'splice' || before.intent.kind !== 'splice' || edit.field !== before.field) return false;
  return edit.continues ?? isContinuing(before, edit, before.intent, edit.intent);
}

/** What is known of edits that do not say whether they continue a run. */
function isContinuing(before: Edit, edit: Edit, first: TextIntent, second: TextIntent): boolean {
  if (edit.restores !== undefined || before.restores !== undefined || Math.abs(trueMs(edit) - trueMs(before)) > runPauseMs) return false;
  return meetsCaret(second, caretAfter(first), !before.context.with(before.dot).covers(edit.context));
}

function trueMs({ wallMs, skewMs = 0 }: Edit): number {
  return wallMs - skewMs;
}
