import { css, html, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { spliceOf } from '../../../shared/document/splice.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import { FieldControl } from './field-control.ts';
import { displayedText, rebasedSplice, showText, smallestSplice } from './text-binding.ts';

@customElement('text-field')
export class TextField extends FieldControl<'text'> {
  static override styles = [controlStyles, css`
    textarea { display: block; height: calc(2.7em + 10px); resize: vertical; }
    @media (min-height: 700px) { textarea { height: calc(4.05em + 10px); } }
  `];

  @query('textarea') private area!: HTMLTextAreaElement;
  /** The column's text that the textarea was last brought in line with: the base of what the person types. */
  private shown = '';
  private composing = false;

  protected override render(): TemplateResult {
    return html`<textarea aria-label=${this.spec.label} spellcheck="false"
      @input=${this.typed} @compositionstart=${this.composed} @compositionend=${this.composed}></textarea>`;
  }

  protected override updated(): void {
    // An input method owns the text until its composition ends; touching it would break the word that is being written.
    if (!this.composing) this.show();
  }

  private composed(event: CompositionEvent): void {
    this.composing = event.type === 'compositionstart';
    if (!this.composing) this.takeEdit();
  }

  private typed(): void {
    if (!this.composing) this.takeEdit();
  }

  /** Turns what changed in the textarea into an intent; remote changes may have come since the textarea last showed the column. */
  private takeEdit(): void {
    const current = this.value;
    const typed = smallestSplice(displayedText(this.shown), this.area.value, this.area.selectionEnd);
    if (typed) {
      const remote = smallestSplice(displayedText(this.shown), displayedText(current));
      const splice = remote ? rebasedSplice(typed, remote, current) : typed;
      this.intend(spliceOf(current, splice.index, splice.removed.length, splice.inserted));
    }
    this.show();
  }

  private show(): void {
    this.shown = this.value;
    showText(this.area, displayedText(this.shown));
  }
}
