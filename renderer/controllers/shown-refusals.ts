/**
 * Which refusals are still shown beside a field: one goes for good once the field has another value than when it was first shown, as it speaks of a value
 * that is no longer there. The review keeps it.
 */
import type { FieldValue } from '../../shared/document/schema.ts';
import type { NewestEdit } from '../../shared/replica/open-edits.ts';

export class ShownRefusals {
  private readonly shown = new Map<string, { readonly newest: NewestEdit; readonly value: string; isOver: boolean }>();

  /** The newest edit of a place as people are to see it: null where it was refused and another value has come since. `place` names strategy and field. */
  current(place: string, newest: NewestEdit | null, value: () => FieldValue): NewestEdit | null {
    if (newest?.outcome !== 'refused') {
      this.shown.delete(place);
      return newest;
    }
    const text = JSON.stringify(value());
    const before = this.shown.get(place);
    const refusal = before?.newest === newest ? before : { newest, value: text, isOver: false };
    if (refusal !== before) this.shown.set(place, refusal);
    refusal.isOver ||= refusal.value !== text;
    return refusal.isOver ? null : newest;
  }
}
