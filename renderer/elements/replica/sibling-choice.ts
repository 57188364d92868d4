/** Concurrent values of one field that wait for a person: keep one, keep both where that makes sense, or write another. Sends `resolved` after a choice. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { FieldSpec, FieldValue, ListItem } from '../../../shared/document/schema.ts';
import type { WaitingSibling } from '../../controllers/replica-session.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import { replicaColour } from '../../styles/replica-colour.ts';
import { SessionElement } from '../parts/session-element.ts';
import { valueText } from '../parts/value-text.ts';

@customElement('sibling-choice')
export class SiblingChoice extends SessionElement {
  static override styles = [controlStyles, css`
    :host { display: block; }
    ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 4px; }
    li { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; padding-left: 8px; border-left: 3px solid; }
    .value { flex: 1 1 8ch; min-width: 0; overflow-wrap: anywhere; white-space: pre-wrap; max-height: 4.5em; overflow: auto; }
    .line { display: flex; flex-wrap: wrap; align-items: center; gap: 4px; margin-top: 4px; }
    textarea { width: 100%; box-sizing: border-box; }
  `];

  @property({ attribute: false }) spec!: FieldSpec;
  @state() private draft: string | null = null;

  protected override render(): TemplateResult | typeof nothing {
    const siblings = this.session?.siblings(this.spec.id) ?? [];
    if (siblings.length < 2) return nothing;
    const canEdit = this.spec.type === 'text' || this.spec.type === 'register';
    return html`<ul role="list" aria-label="Siblings of ${this.spec.label}">${siblings.map((sibling) => html`
        <li style="border-color: ${replicaColour(sibling.from).fill}">
          <span class="value">${valueText(sibling.value)}</span>
          <button type="button" aria-label="Keep this: ${valueText(sibling.value)}" @click=${() => this.choose(sibling.value, [sibling.key])}>Keep this</button>
        </li>`)}</ul>
      <div class="line">
        <span class="chip waiting">⚠ ${siblings.length} siblings</span>
        ${both(this.spec, siblings) === null ? nothing : html`<button type="button" @click=${() => this.choose(both(this.spec, siblings)!, siblings.map((each) => each.key))}>Keep both</button>`}
        ${this.spec.type === 'counter' || this.spec.type === 'stock' ? html`<button type="button" title="Counts the steps of all siblings, each once" @click=${() => this.choose(this.session!.addedUp(this.spec.id), siblings.map((each) => each.key))}>Add up: ${valueText(this.session!.addedUp(this.spec.id))}</button>` : nothing}
        ${canEdit && this.draft === null ? html`<button type="button" @click=${() => (this.draft = String(siblings[0]!.value))}>Edit</button>` : nothing}
      </div>
      ${this.draft === null ? nothing : html`<textarea aria-label="Instead of the siblings of ${this.spec.label}" rows="2" .value=${this.draft}
          @input=${(event: Event) => (this.draft = (event.target as HTMLTextAreaElement).value)}></textarea>
        <div class="line"><button type="button" class="accent" @click=${() => this.choose(this.draft!, [])}>Use this</button>
          <button type="button" @click=${() => (this.draft = null)}>Cancel</button></div>`}`;
  }

  private choose(value: FieldValue, keeps: readonly string[]): void {
    this.draft = null;
    this.session?.resolve(this.spec.id, value, keeps);
    this.requestUpdate();
    this.dispatchEvent(new Event('resolved'));
  }
}

/** What "both" means for a field's type: all characters, all elements, all items; null where two values cannot both be. */
function both(spec: FieldSpec, siblings: readonly WaitingSibling[]): FieldValue | null {
  const values = siblings.map((sibling) => sibling.value);
  switch (spec.type) {
    case 'text': return (values as string[]).join('\n');
    case 'set': return [...new Set((values as (readonly string[])[]).flat())].sort();
    case 'list': return [...new Map((values as (readonly ListItem[])[]).flat().map((item) => [item.id, item])).values()];
    default: return null;
  }
}
