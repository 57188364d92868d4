import { css, html, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { controlStyles } from '../../styles/control-styles.ts';
import { FieldControl, nounOf } from './field-control.ts';

@customElement('set-field')
export class SetField extends FieldControl<'set'> {
  static override styles = [controlStyles, css`
    :host { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-half); }
    ul { display: contents; }
    li { display: flex; align-items: center; max-width: 100%; border-radius: var(--radius); background: var(--surface-sunk); padding-left: var(--space); }
    li span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    li button { min-width: 24px; min-height: 24px; padding: 0; }
    @media (pointer: coarse) { li button { min-width: 36px; min-height: 36px; } }
    form { flex: 1 1 5rem; min-width: 5rem; max-width: 12rem; }
  `];

  @query('input') private input!: HTMLInputElement;

  protected override render(): TemplateResult {
    const noun = nounOf(this.spec.label);
    return html`
      <ul role="list" aria-label=${this.spec.label}>
        ${repeat(this.value, (element) => element, (element) => html`<li>
          <span>${element}</span>
          <button type="button" class="plain" aria-label="Remove ${noun} ${element}" @click=${() => this.removeElement(element)}>×</button>
        </li>`)}
      </ul>
      <form @submit=${this.add}><input type="text" autocomplete="off" aria-label="New ${noun}" placeholder="New ${noun}" enterkeyhint="done" /></form>`;
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
