/**
 * A one-line text control with a draft. The draft becomes an edit on Enter, on leaving the control, or 600 ms after the last key;
 * Escape drops it. While there is a draft, values from elsewhere wait.
 */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { ifDefined } from 'lit/directives/if-defined.js';
import type { Author } from '../../../shared/analysis/authors.ts';
import { authorStyles } from '../../styles/author-styles.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import { authorLine } from './author-line.ts';
import { displayedText, showText } from './text-binding.ts';

const commitAfterMs = 600;

/** Sent from a draft-input to its owner: the person has settled on this text. */
export class CommitEvent extends Event {
  constructor(readonly text: string) {
    super('commit');
  }
}

@customElement('draft-input')
export class DraftInput extends LitElement {
  static override styles = [controlStyles, authorStyles, css`
    :host { display: block; min-width: 0; }
    /* No box, only its line: a box would outshout the author's. */
    input:not([type='checkbox'], [type='radio']) {
      min-block-size: 24px; border: 0; border-radius: 0; padding: 0 0 1px; background-color: transparent; box-shadow: inset 0 -1px 0 var(--edge);
      font-size: var(--value, var(--t3)); line-height: 1.35; text-overflow: ellipsis;
    }
    input.by:not([type='checkbox'], [type='radio']) { inline-size: auto; min-inline-size: 48px; max-inline-size: 100%; field-sizing: content; box-shadow: inset 0 -2.5px 0 var(--colour); }
    input.by.pending:not([type='checkbox'], [type='radio']) { box-shadow: none; }
    :host([bare]) input:not(:focus, :hover, .by) { box-shadow: none; }
    :host([bare]) input { inline-size: auto; min-inline-size: 24px; max-inline-size: 100%; field-sizing: content; }
  `];

  @property() value = '';
  /** The accessible name. */
  @property() label = '';
  @property({ attribute: false }) author: Author | null = null;
  @query('input') private input!: HTMLInputElement;
  private draft: string | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.commit();
  }

  protected override render(): TemplateResult {
    const line = authorLine(this.draft === null ? this.author : null);
    return html`<input type="text" autocomplete="off" class=${line.classes} style=${line.style} data-author=${ifDefined(line.author)} aria-label=${this.label} aria-description=${line.spoken}
      @input=${this.typed} @keydown=${this.pressed} @blur=${this.commit} @compositionend=${this.typed} />`;
  }

  protected override updated(): void {
    if (this.draft === null) showText(this.input, displayedText(this.value, 'one'));
  }

  private typed(event: Event): void {
    this.draft = this.input.value;
    clearTimeout(this.timer);
    if (!(event as InputEvent).isComposing) this.timer = setTimeout(() => this.commit(), commitAfterMs);
  }

  private pressed(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === 'Enter') this.commit();
    if (event.key === 'Escape' && this.draft !== null) {
      event.stopPropagation();
      this.settle();
    }
  }

  private commit(): void {
    const text = this.draft;
    if (text === null) return;
    this.draft = null;
    if (text !== displayedText(this.value, 'one')) this.dispatchEvent(new CommitEvent(text));
    this.settle();
  }

  /** Back to the value there is: the owner may have taken the text or not. */
  private settle(): void {
    clearTimeout(this.timer);
    this.draft = null;
    this.requestUpdate();
  }
}
