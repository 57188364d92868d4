/** Each word of the screens in one sentence. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { controlStyles } from '../../styles/control-styles.ts';
import { wordGroups } from './words.ts';

@customElement('words-dialog')
export class WordsDialog extends LitElement {
  static override styles = [controlStyles, css`
    :host { display: contents; }
    dialog {
      inline-size: min(42rem, calc(100vw - 16px)); max-inline-size: none; max-block-size: calc(100dvh - 16px); padding: 0; border: 1px solid var(--line);
      border-radius: 8px; background: var(--surface); color: var(--ink-2); box-shadow: var(--shadow);
    }
    dialog::backdrop { background: rgb(0 0 0 / 0.45); }
    .title { position: sticky; inset-block-start: 0; display: flex; justify-content: space-between; align-items: center; padding: var(--s2) var(--s4); background: var(--surface); border-block-end: 1px solid var(--hair); }
    .title h2 { font-size: var(--t4); color: var(--ink); }
    section { padding: var(--s2) var(--s4) var(--s3); }
    h3 { padding-block-end: var(--s1); color: var(--ink); }
    dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px var(--s3); margin: 0; }
    dt { font-weight: 600; color: var(--ink); }
    dd { margin: 0; }
    @media (max-width: 37.4988em) { dl { grid-template-columns: minmax(0, 1fr); gap: 0; } dd { padding-block-end: var(--s2); } }
  `];

  @query('dialog') private dialog!: HTMLDialogElement;

  show(): void {
    if (!this.dialog.open) this.dialog.showModal();
  }

  protected override render(): TemplateResult {
    return html`<dialog aria-label="Words" @click=${this.pressed}>
      <div class="title"><h2>Words</h2><button type="button" class="plain" aria-label="Close" @click=${() => this.dialog.close()}>×</button></div>
      ${wordGroups.map(({ title, words }) => html`<section><h3>${title}</h3><dl>${words.map(({ word, means }) => html`<dt>${word}</dt><dd>${means}</dd>`)}</dl></section>`)}
    </dialog>`;
  }

  /** Beside the dialog. */
  private pressed(event: Event): void {
    if (event.target === this.dialog) this.dialog.close();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'words-dialog': WordsDialog;
  }
}
