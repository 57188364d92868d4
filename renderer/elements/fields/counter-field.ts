import { css, html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { controlStyles } from '../../styles/control-styles.ts';
import { FieldControl, nounOf } from './field-control.ts';
import { numberLine, sumByAuthor, sumStyles } from './sum-by-author.ts';

@customElement('counter-field')
export class CounterField extends FieldControl<'counter'> {
  static override styles = [controlStyles, sumStyles, css`
    :host { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px var(--s2); }
  `];

  protected override render(): TemplateResult {
    const { classes, style } = numberLine(this.authors);
    return html`<output aria-label=${this.spec.label} class=${classes} style=${style}>${this.value}</output>
      ${sumByAuthor(this.authors, this.value)}
      <button type="button" aria-label="Add one ${nounOf(this.spec.label)}, +1" @click=${() => this.intend({ kind: 'increment', by: 1 })}>+1</button>`;
  }
}
