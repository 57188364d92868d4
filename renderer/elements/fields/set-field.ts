import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { ifDefined } from 'lit/directives/if-defined.js';
import { repeat } from 'lit/directives/repeat.js';
import { authorStyles } from '../../styles/author-styles.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import { authorLine } from './author-line.ts';
import { FieldControl, nounOf } from './field-control.ts';
import { newItemStyles } from './new-item-styles.ts';

@customElement('set-field')
export class SetField extends FieldControl<'set'> {
  static override styles = [controlStyles, authorStyles, css`
    :host { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px var(--chip-gap, 10px); font-size: var(--value, var(--t3)); line-height: 1.35; }
    ul { display: contents; }
    li { position: relative; display: inline-flex; align-items: baseline; max-inline-size: 100%; }
    li span.name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    li button { min-inline-size: 24px; min-block-size: 24px; margin: -3px -8px -3px 0; padding: 0; color: var(--ink-3); }
    /* Where there is little room it lies over the end of its tag, while the pointer or the keyboard is there. */
    @media (pointer: fine) {
      li button { position: var(--remove, static); inset: -2px 0 auto auto; opacity: var(--remove-opacity, 1); }
      li:is(:hover, :focus-within) button { opacity: 1; background: var(--sunk); }
    }
    @media (pointer: coarse) { li button { min-inline-size: 36px; min-block-size: 36px; } }
    ${newItemStyles}
  `];

  @query('input') private input!: HTMLInputElement;

  protected override render(): TemplateResult {
    const noun = nounOf(this.spec.label);
    return html`
      <ul role="list" aria-label=${this.spec.label}>
        ${repeat(this.value, (element) => element, (element) => html`<li>
          ${this.name(element)}
          <button type="button" class="plain" aria-label="Remove ${noun} ${element}" @click=${() => this.removeElement(element)}>×</button>
        </li>`)}
      </ul>
      <form @submit=${this.add}><input type="text" autocomplete="off" aria-label="New ${noun}" placeholder="New ${noun}" enterkeyhint="done" /></form>`;
  }

  private name(element: string): TemplateResult {
    const line = authorLine(this.authors?.kind === 'parts' ? this.authors.parts[element]?.author : null);
    return html`<span class="name ${line.classes}" style=${line.style} data-author=${ifDefined(line.author)}>${element}</span>${line.spoken === '' ? nothing : html`<span class="unseen">${line.spoken}</span>`}`;
  }

  private add(event: Event): void {
    event.preventDefault();
    const element = this.input.value.trim();
    if (element === '') return;
    this.input.value = '';
    this.intend({ kind: 'add', element });
  }

  private removeElement(element: string): void {
    this.intend({ kind: 'remove', element });
    // The button is gone with its element; the keyboard must not be.
    this.input.focus();
  }
}
