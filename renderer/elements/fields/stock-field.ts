import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { controlStyles } from '../../styles/control-styles.ts';
import { FieldControl, nounOf, withArticle } from './field-control.ts';

@customElement('stock-field')
export class StockField extends FieldControl<'stock'> {
  static override styles = [controlStyles, css`
    :host { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-half) var(--space); }
    output { min-width: 2ch; font-size: var(--type-large); font-weight: 600; line-height: 1; }
    output.broken { color: var(--on-lost); }
    button.plain { padding: 0 var(--space-half); }
  `];

  protected override render(): TemplateResult {
    const { value } = this;
    const one = withArticle(nounOf(this.spec.label));
    return html`<output aria-label=${this.spec.label} class=${value < 0 ? 'broken' : ''}>${value < 0 ? `−${-value}` : value}</output>
      <button type="button" aria-label="Reserve ${one}" @click=${() => this.intend({ kind: 'reserve', amount: 1 })}>Reserve</button>
      <button type="button" class="plain" aria-label="Release ${one}" @click=${() => this.intend({ kind: 'release', amount: 1 })}>Release</button>
      ${value < 0 ? html`<span class="chip lost">oversold</span>` : nothing}`;
  }
}
