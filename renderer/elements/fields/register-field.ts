import { css, html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Scalar } from '../../../shared/document/schema.ts';
import { authorStyles } from '../../styles/author-styles.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import { authorLine } from './author-line.ts';
import type { CommitEvent } from './draft-input.ts';
import './draft-input.ts';
import { FieldControl } from './field-control.ts';

@customElement('register-field')
export class RegisterField extends FieldControl<'register'> {
  static override styles = [controlStyles, authorStyles, css`:host { display: block; }`];

  protected override render(): TemplateResult {
    const { value, authors } = this;
    const author = authors?.kind === 'value' && authors.value === value ? authors.author : null;
    if (typeof this.spec.initial === 'boolean') {
      const line = authorLine(author);
      return html`<span class=${line.classes} style=${line.style}><input type="checkbox" aria-label=${this.spec.label} aria-description=${line.spoken}
        .checked=${value === true} @change=${(event: Event) => this.set((event.target as HTMLInputElement).checked)} /></span>`;
    }
    return html`<draft-input .label=${this.spec.label} .value=${String(value)} .author=${author} @commit=${this.commit}></draft-input>`;
  }

  private commit(event: CommitEvent): void {
    if (typeof this.spec.initial !== 'number') return this.set(event.text);
    const number = Number(event.text.trim());
    if (event.text.trim() !== '' && Number.isFinite(number)) this.set(number);
  }

  private set(value: Scalar): void {
    this.intend({ kind: 'set', value });
  }
}
