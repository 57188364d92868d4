/** Concurrent values of one field that wait for a person: keep one, keep both or add up where that makes sense, or write another. Sends `resolved` after a choice. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { FieldSpec, FieldValue, ListItem } from '../../../shared/document/schema.ts';
import { valueText } from '../../../shared/document/value-text.ts';
import type { WaitingSibling } from '../../controllers/replica-model.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import { icon } from '../parts/icon.ts';
import { colourStyle } from '../parts/replica-dot.ts';
import { SessionElement } from '../parts/session-element.ts';

@customElement('sibling-choice')
export class SiblingChoice extends SessionElement {
  static override styles = [controlStyles, css`
    :host { display: block; }
    .halves { display: grid; gap: 3px; }
    .halves.numbers { display: flex; flex-wrap: wrap; gap: 3px var(--s3); }
    /* The author's edge. */
    .half { display: flex; gap: 6px; align-items: baseline; min-inline-size: 0; padding-inline-start: 7px; box-shadow: inset 3px 0 0 var(--colour); font-size: var(--value, var(--t3)); line-height: 1.4; }
    .half .v { min-inline-size: 0; max-block-size: 4.2em; overflow: hidden; text-overflow: ellipsis; white-space: var(--half, pre-wrap); overflow-wrap: anywhere; }
    .half .act { margin-inline-start: auto; }
    .numbers .v { font-size: var(--number, var(--t4)); font-weight: 600; line-height: 1.15; }
    .numbers .act { margin-inline-start: 0; }
    .act { min-block-size: 24px; min-inline-size: 24px; padding: 0 2px; border: 0; background: none; font-size: var(--t1); font-weight: 600; text-decoration: underline; text-underline-offset: 2px; text-decoration-color: var(--edge); flex: none; }
    @media (pointer: coarse) { .act { min-block-size: 44px; padding-inline: 6px; } }
    .turn { display: flex; flex-wrap: wrap; align-items: center; gap: 0 var(--turn-gap, 8px); margin-block-start: 2px; font-size: var(--t1); color: var(--turn); }
    textarea { width: 100%; box-sizing: border-box; }
  `];

  @property({ attribute: false }) spec!: FieldSpec;
  @state() private draft: string | null = null;

  protected override render(): TemplateResult | typeof nothing {
    const { spec, session } = this;
    const siblings = session?.siblings(spec.id) ?? [];
    if (siblings.length < 2) return nothing;
    const isNumber = spec.type === 'counter' || spec.type === 'stock';
    const merged = both(spec, siblings);
    const keys = siblings.map((each) => each.key);
    return html`<div role="group" aria-label="${spec.label}, ${siblings.length} siblings">
      <div class="halves ${isNumber ? 'numbers' : ''}">${siblings.map((sibling) => this.half(sibling, siblings))}</div>
      <div class="turn">${icon('fork')} <span>your turn</span>
        ${merged === null ? nothing : html`<button type="button" class="act" @click=${() => this.choose(merged, keys)}>${siblings.length === 2 ? 'Both' : 'All'}</button>`}
        ${isNumber ? html`<button type="button" class="act" aria-description="Counts the steps of all siblings, each once: ${valueText(session!.addedUp(spec.id))}"
          @click=${() => this.choose(session!.addedUp(spec.id), keys)}>Add up</button>` : nothing}
        ${this.draft === null && (spec.type === 'text' || spec.type === 'register') ? html`<button type="button" class="act" @click=${() => (this.draft = String(siblings[0]!.value))}>Edit</button>` : nothing}
      </div>
      ${this.draft === null ? nothing : this.editor(this.draft)}
    </div>`;
  }

  private half({ from, key, value }: WaitingSibling, all: readonly WaitingSibling[]): TemplateResult {
    const isOnly = all.filter((each) => each.from === from).length === 1;
    const name = isOnly ? `Keep ${from}'s` : `Keep ${from}'s ${valueText(value)}`;
    return html`<div class="half" style=${colourStyle(from)}><span class="v" title=${valueText(value)}>${valueText(value)}<span class="unseen"> by ${from}</span></span>
      <button type="button" class="act" aria-label=${name} aria-description=${valueText(value)} @click=${() => this.choose(value, [key])}>Keep</button></div>`;
  }

  private editor(draft: string): TemplateResult {
    return html`<textarea aria-label="Instead of the siblings of ${this.spec.label}" rows="2" .value=${draft}
        @input=${(event: Event) => (this.draft = (event.target as HTMLTextAreaElement).value)}></textarea>
      <div class="turn"><button type="button" class="act" @click=${() => this.choose(draft, [])}>Use this</button>
        <button type="button" class="act" @click=${() => (this.draft = null)}>Cancel</button></div>`;
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
