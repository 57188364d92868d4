/**
 * What the controls of all field types share: a control shows one field as one strategy holds it, and says what the person wants by
 * an `intent` event. Whoever hears it performs it at once (events are synchronous), so the control can read the new value right after.
 */
import type { PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import type { FieldAuthors } from '../../../shared/analysis/authors.ts';
import type { Intent, IntentsByType } from '../../../shared/document/intent.ts';
import type { FieldId, FieldSpec, FieldType, FieldValues } from '../../../shared/document/schema.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import { SessionElement } from '../parts/session-element.ts';

/** Sent from a field control to the grid that holds it. */
export class IntentEvent extends Event {
  constructor(
    readonly field: FieldId,
    readonly intent: Intent,
    readonly column: StrategyId,
  ) {
    super('intent', { bubbles: true, composed: true });
  }
}

export abstract class FieldControl<Type extends FieldType> extends SessionElement {
  @property({ attribute: false }) spec!: FieldSpec<Type>;
  @property({ attribute: false }) strategy!: StrategyId;

  /** What it showed last; null: it must be shown again, whatever it is. */
  private shownState: string | null = null;
  private shownAuthors: FieldAuthors | undefined;

  /** A session tells of every change anywhere: where nothing is new in this field of this column, it stays as it is. */
  protected override shouldUpdate(changed: PropertyValues<this>): boolean {
    const { value, authors } = this;
    const state = JSON.stringify(value);
    if (changed.size === 0 && state === this.shownState && authors === this.shownAuthors) return false;
    this.shownState = state;
    this.shownAuthors = authors;
    return true;
  }

  /** The column's own value with what the person is typing, as it is now (not as it was when the control last rendered). */
  protected get value(): FieldValues[Type] {
    return (this.session?.draft(this.strategy, this.spec.id) ?? this.spec.initial) as FieldValues[Type];
  }

  /** Who wrote it, as far as is known. */
  protected get authors(): FieldAuthors | undefined {
    return this.session?.authors(this.strategy, this.spec.id);
  }

  protected intend(intent: IntentsByType[Type]): void {
    this.dispatchEvent(new IntentEvent(this.spec.id, intent, this.strategy));
    // Where the column did not take it, what the person did in the control must go again.
    this.shownState = null;
    this.requestUpdate();
  }
}

/** What one of a field's things is called: "Seats left" → "seat", "Votes" → "vote", "Tags" → "tag". */
export function nounOf(label: string): string {
  const word = (label.split(' ')[0] ?? label).toLowerCase();
  return word.length > 3 && word.endsWith('s') ? word.slice(0, -1) : word;
}

export function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}
