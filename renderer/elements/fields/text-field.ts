import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { ifDefined } from 'lit/directives/if-defined.js';
import type { AuthoredRun } from '../../../shared/analysis/authors.ts';
import { spliceOf } from '../../../shared/document/splice.ts';
import { authorStyles } from '../../styles/author-styles.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import { authorLine } from './author-line.ts';
import { FieldControl } from './field-control.ts';
import { displayedText, rebasedSplice, showText, smallestSplice } from './text-binding.ts';
import { runsOfText, touchedRuns, type TouchingWords } from './text-runs.ts';

/** Keeps the height of a line that is empty. */
const zeroWidth = '\u200b';

/** A text area over a copy of its text that draws the authors' lines and gives it its height. */
@customElement('text-field')
export class TextField extends FieldControl<'text'> {
  static override styles = [controlStyles, authorStyles, css`
    :host { display: block; }
    .stack { display: grid; max-block-size: calc(1.35em * 8 + 4px); overflow: auto; font-size: var(--value, var(--t3)); scrollbar-width: thin; }
    .stack > * { grid-area: 1 / 1; min-inline-size: 0; margin: 0; padding: 0 0 3px; border: 0; border-radius: 0; font: inherit; line-height: 1.35; white-space: pre-wrap; overflow-wrap: anywhere; }
    .copy { color: transparent; user-select: none; min-block-size: calc(1.35em + 3px); box-shadow: inset 0 -1px 0 var(--edge); }
    .copy.authored { box-shadow: none; }
    /* Letters stand above words that touch: the gaps between lines are made as high as a letter, in the text area too, and nothing is covered. */
    .stack.touched { margin-block-start: -2px; padding-block-start: 5px; overflow: clip auto; }
    .stack.touched > * { padding-block-end: 0; line-height: calc(1.17em + 0.5rem); }
    .touch { position: relative; background-color: var(--turn-tint); border-radius: 3px; }
    .touch i {
      position: absolute; inset-block-start: -0.4375rem; inset-inline-start: 0; min-inline-size: 0.75rem; max-inline-size: max(100%, 0.75rem); padding-inline: 3px; overflow: hidden; text-overflow: ellipsis;
      white-space: nowrap; text-align: center; border-radius: 0.3125rem; background: var(--colour); color: var(--on-colour); font: 700 0.5625rem/1 var(--font);
    }
    textarea { contain: strict; position: relative; inline-size: 100%; block-size: 100%; min-block-size: 24px; resize: none; overflow: hidden; background: transparent; }
  `];

  /** Words of several people at one place, of the text as it was a moment ago. */
  @property({ attribute: false, hasChanged: (one, other) => JSON.stringify(one) !== JSON.stringify(other) }) touching: readonly TouchingWords[] = [];
  @query('textarea') private area!: HTMLTextAreaElement;
  /** The column's text that the textarea was last brought in line with: the base of what the person types. */
  private shown = '';
  private composing = false;

  protected override render(): TemplateResult {
    const { authors, value } = this;
    const runs = authors?.kind === 'text' ? runsOfText(authors, value) : [{ length: value.length, author: null }];
    return html`<div class="stack ${this.touching.length > 0 ? 'touched' : ''}">${this.copy(runs)}<textarea aria-label=${this.spec.label} rows="1" spellcheck="false" aria-description=${spokenAuthors(runs, value)}
      @input=${this.typed} @compositionstart=${this.composed} @compositionend=${this.composed}></textarea></div>`;
  }

  protected override updated(): void {
    // An input method owns the text until its composition ends; touching it would break the word that is being written.
    if (!this.composing) this.show();
  }

  private copy(runs: readonly AuthoredRun[]): TemplateResult {
    const text = displayedText(this.value);
    const parts = touchedRuns(runs, this.touching, this.value).map(({ start, end, author, isTouching, isFirst }) => {
      const line = authorLine(author);
      const letter = isFirst && author ? html`<i>${author.replica}</i>` : nothing;
      return html`<span class="${line.classes} ${isTouching ? 'touch' : ''}" style=${line.style} data-author=${ifDefined(line.author)}>${letter}${text.slice(start, end)}</span>`;
    });
    const isAuthored = runs.some(({ author }) => author !== null);
    return html`<div class="copy ${isAuthored ? 'authored' : ''}" aria-hidden="true">${parts}${zeroWidth}</div>`;
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

/** "Tuesday by C, Friday by A" */
function spokenAuthors(runs: readonly AuthoredRun[], text: string): string {
  let at = 0;
  return runs.flatMap(({ length, author }) => {
    const part = text.slice(at, (at += length));
    return author ? [`${part} ${authorLine(author).spoken}`] : [];
  }).join(', ');
}
