import { css, html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { controlStyles } from '../../styles/control-styles.ts';
import { icon } from '../parts/icon.ts';
import { FieldControl, nounOf, withArticle } from './field-control.ts';
import { numberLine, sumByAuthor, sumStyles } from './sum-by-author.ts';

@customElement('stock-field')
export class StockField extends FieldControl<'stock'> {
  static override styles = [controlStyles, sumStyles, css`
    :host { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px var(--stock-gap, var(--s2)); }
    output.broken { color: var(--lost); }
    /* They go to the next line together. */
    .both { display: inline-flex; align-items: center; align-self: center; gap: var(--stock-gap, var(--s2)); }
    .both button { padding-inline: var(--stock-gap, 8px); }
    /* Where there is little room, a drawing in place of the word. */
    .word { display: var(--word, inline); }
    .sign { display: var(--sign, none); }
  `];

  protected override render(): TemplateResult {
    const { value } = this;
    const one = withArticle(nounOf(this.spec.label));
    const { classes, style } = numberLine(this.authors);
    return html`<output aria-label=${this.spec.label} class="${value < 0 ? 'broken' : ''} ${classes}" style=${style}>${value < 0 ? `−${-value}` : value}</output>
      ${sumByAuthor(this.authors, value)}
      <span class="both"><button type="button" aria-label="Reserve ${one}" @click=${() => this.intend({ kind: 'reserve', amount: 1 })}>Reserve</button>
      <button type="button" class="plain" aria-label="Release ${one}" title="Release ${one}" @click=${() => this.intend({ kind: 'release', amount: 1 })}><span class="word">Release</span><span class="sign">${icon('back')}</span></button></span>`;
  }
}
