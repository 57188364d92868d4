/**
 * A one-line text control with a draft. The draft becomes an edit on Enter, on leaving the control, or 600 ms after the last key;
 * Escape drops it. While there is a draft, values from elsewhere wait.
 */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { controlStyles } from '../../styles/control-styles.ts';
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
  static override styles = [controlStyles, css`
    :host { display: block; min-width: 0; }
    :host([bare]) input:not(:focus) { border-color: transparent; background: transparent; }
    :host([bare]) input:hover:not(:focus) { border-color: var(--control-border); }
    :host([struck]) input { text-decoration: line-through; color: var(--text-quiet); }
  `];

  @property() value = '';
  /** The accessible name. */
  @property() label = '';
  @query('input') private input!: HTMLInputElement;
  private draft: string | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.commit();
  }

  protected override render(): TemplateResult {
    return html`<input type="text" autocomplete="off" aria-label=${this.label}
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
