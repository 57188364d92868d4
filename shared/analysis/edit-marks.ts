/** What an action did, as a mark beside its field: "Offsite in Rome", "Monday → Tuesday", "+1", "−food", "✓ Book train". */
import { spliceOfEdits } from '../history/actions.ts';
import type { EditRecord } from '../history/record.ts';
import { counted, signed } from './phrases.ts';

/** Longer texts are cut. */
const lengthMax = 40;

/** `edits`: those of one action, or of several steps. `label` finds the label of a list item. */
export function markOf(edits: readonly EditRecord[], label: (item: string) => string): string {
  return markWith(edits, label, ({ removed, inserted }) => `${removed} → ${inserted}`);
}

/** The same in a cell, beside what became of it: of replaced text, what was written. */
export function cellMarkOf(edits: readonly EditRecord[], label: (item: string) => string): string {
  return markWith(edits, label, ({ inserted }) => inserted);
}

interface Replacement {
  readonly removed: string;
  readonly inserted: string;
}

function markWith(edits: readonly EditRecord[], label: (item: string) => string, replaced: (texts: Replacement) => string): string {
  const { intent } = edits[0]!;
  switch (intent.kind) {
    case 'set': return cut(String(intent.value));
    case 'resolve': return 'a choice';
    case 'splice': return textMark(edits, replaced);
    case 'increment': return signed(edits.reduce((sum, { intent: each }) => sum + (each.kind === 'increment' ? each.by : 0), 0));
    case 'add': return `+${cut(intent.element)}`;
    case 'remove': return `−${cut(intent.element)}`;
    case 'insert': return `+${cut(intent.label)}`;
    case 'relabel': return `${cut(label(intent.item))} → ${cut(intent.label)}`;
    case 'toggle': return `${intent.done ? '✓' : '☐'} ${cut(label(intent.item))}`;
    case 'move': return `${cut(label(intent.item))} ${intent.after === null ? '↑' : '↕'}`;
    case 'remove-item': return `−${cut(label(intent.item))}`;
    case 'reserve': return signed(-intent.amount);
    case 'release': return signed(intent.amount);
  }
}

function textMark(edits: readonly EditRecord[], replaced: (texts: Replacement) => string): string {
  const whole = spliceOfEdits(edits);
  if (!whole) return counted(edits.length, 'change');
  const [removed, inserted] = [cut(whole.removed), cut(whole.inserted)];
  if (removed === '' && inserted === '') return 'nothing: erased again';
  if (removed === '') return inserted;
  return inserted === '' ? `−${removed}` : replaced({ removed, inserted });
}

function cut(text: string): string {
  const oneLine = text.replaceAll(/\s+/g, ' ').trim();
  return oneLine.length > lengthMax ? `${oneLine.slice(0, lengthMax - 1)}…` : oneLine;
}
