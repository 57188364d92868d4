import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Scalar } from '../../../shared/document/schema.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import type { CommitEvent } from './draft-input.ts';
import './draft-input.ts';
import { FieldControl } from './field-control.ts';

@customElement('register-field')
export class RegisterField extends FieldControl<'register'> {
  static override styles = [controlStyles];

  protected override render(): TemplateResult {
    const { value } = this;
    if (typeof this.spec.initial === 'boolean') {
      return html`<input type="checkbox" aria-label=${this.spec.label} .checked=${value === true}
        @change=${(event: Event) => this.set((event.target as HTMLInputElement).checked)} />`;
    }
    return html`<draft-input .label=${this.spec.label} .value=${String(value)} @commit=${this.commit}></draft-input>`;
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
