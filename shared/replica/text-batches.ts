/**
 * What a person types, gathered per field until they pause: strategies that ask others for every edit get one edit a pause, not one a key.
 *
 * Guarantees: the gathered splice does to the text that the first one was made on what the single ones do one after the other. Splices that do not touch
 * go out as several, and so do those between which others changed the text at that place. What was gathered before a crash is gathered again from the journal.
 */
import type { TextIntent } from '../document/intent.ts';
import { joined } from '../document/joined-splices.ts';
import type { FieldId } from '../document/schema.ts';
import { isEdit, type JournalRecord, type StrategyId } from '../history/record.ts';
import type { Clock } from '../ports/clock.ts';

/** How long a person must not type before what they typed goes out, in milliseconds. */
export const pauseMs = 300;

interface Batch {
  splice: TextIntent;
  edits: number;
  cancel: () => void;
}

export class TextBatches {
  private readonly batches = new Map<FieldId, Batch>();

  constructor(private readonly clock: Clock, private readonly send: (field: FieldId, splice: TextIntent, edits: number) => void) {}

  /** The splice that waits for a pause. */
  waiting(field: FieldId): TextIntent | null {
    return this.batches.get(field)?.splice ?? null;
  }

  get waitingFields(): readonly FieldId[] {
    return [...this.batches.keys()];
  }

  add(field: FieldId, splice: TextIntent): void {
    const batch = this.batches.get(field);
    batch?.cancel();
    const merged = batch && joined(batch.splice, splice);
    if (batch && !merged) this.flush(field);
    const next: Batch = { splice: merged ?? splice, edits: merged ? batch!.edits + 1 : 1, cancel: this.clock.after(pauseMs, () => this.flush(field)) };
    this.batches.set(field, next);
  }

  /** Sends what waits now: of one field, or of all. */
  flush(field?: FieldId): void {
    for (const each of field === undefined ? [...this.batches.keys()] : [field]) {
      const batch = this.batches.get(each);
      if (!batch) continue;
      batch.cancel();
      this.batches.delete(each);
      if (batch.splice.removed !== '' || batch.splice.inserted !== '') this.send(each, batch.splice, batch.edits);
    }
  }

  /** Forgets what waits: the journal has it. */
  close(): void {
    for (const { cancel } of this.batches.values()) cancel();
    this.batches.clear();
  }
}

/** What was typed at a replica, by its records in their order, and was not gathered before a crash. */
export function notGathered(own: readonly JournalRecord[], isCoordinated: (strategy: StrategyId) => boolean): { readonly field: FieldId; readonly intent: TextIntent }[] {
  let typed: { readonly field: FieldId; readonly intent: TextIntent }[] = [];
  for (const record of own) {
    if (!isEdit(record) || record.intent.kind !== 'splice' || record.restores) continue;
    const { field, intent, gathers, only } = record;
    if (gathers) typed = typed.filter((each) => each.field !== field);
    else if (only && !only.some(isCoordinated)) typed.push({ field, intent });
  }
  return typed;
}
