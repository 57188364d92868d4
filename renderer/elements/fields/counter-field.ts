import { css, html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { controlStyles } from '../../styles/control-styles.ts';
import { FieldControl, nounOf } from './field-control.ts';

@customElement('counter-field')
export class CounterField extends FieldControl<'counter'> {
  static override styles = [controlStyles, css`
    :host { display: flex; align-items: center; gap: var(--space); }
    output { min-width: 2ch; font-size: var(--type-large); font-weight: 600; line-height: 1; }
  `];

  protected override render(): TemplateResult {
    return html`<output aria-label=${this.spec.label}>${this.value}</output>
      <button type="button" aria-label="Add one ${nounOf(this.spec.label)}" @click=${() => this.intend({ kind: 'increment', by: 1 })}>+1</button>`;
  }
}
