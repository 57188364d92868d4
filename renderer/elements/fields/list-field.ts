import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ListItem } from '../../../shared/document/schema.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import type { CommitEvent } from './draft-input.ts';
import './draft-input.ts';
import { FieldControl, nounOf } from './field-control.ts';

@customElement('list-field')
export class ListField extends FieldControl<'list'> {
  static override styles = [controlStyles, css`
    :host { display: grid; gap: var(--space-half); }
    ul:empty { display: none; }
    li { display: flex; align-items: center; gap: 2px; }
    li draft-input { flex: 1; min-width: 0; }
    li button { min-width: 24px; min-height: 24px; padding: 0; }
    @media (pointer: coarse) { li button { min-width: 36px; min-height: 36px; } }
  `];

  @query('input[type="text"]') private input!: HTMLInputElement;
  /** The button to give the focus back to once its item has moved: the browser takes it away from what is moved. */
  private moved: { readonly item: string; readonly direction: 'up' | 'down' } | null = null;

  protected override render(): TemplateResult {
    const noun = nounOf(this.spec.label);
    const items = this.value;
    return html`
      <ul role="list" aria-label=${this.spec.label}>${repeat(items, (item) => item.id, (item, at) => this.item(items, item, at, noun))}</ul>
      <form @submit=${this.insert}><input type="text" autocomplete="off" aria-label="New ${noun}" placeholder="New ${noun}" enterkeyhint="done" /></form>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    if (!this.moved) return;
    const row = this.renderRoot.querySelector(`li[data-item="${CSS.escape(this.moved.item)}"]`);
    const button = row?.querySelector<HTMLButtonElement>(`.${this.moved.direction}:not(:disabled)`) ?? row?.querySelector<HTMLButtonElement>('.move:not(:disabled)');
    this.moved = null;
    button?.focus();
  }

  private item(items: readonly ListItem[], item: ListItem, at: number, noun: string): TemplateResult {
    return html`<li data-item=${item.id}>
      <input type="checkbox" aria-label=${item.label} .checked=${item.done} @change=${(event: Event) => this.toggle(item, event)} />
      <draft-input bare ?struck=${item.done} .label=${`Label of ${noun} ${at + 1}`} .value=${item.label}
        @commit=${(event: CommitEvent) => this.relabel(item, event.text)}></draft-input>
      <button type="button" class="plain move up" aria-label="Move up: ${item.label}" ?disabled=${at === 0}
        @click=${() => this.move(item, 'up', items[at - 2]?.id ?? null)}>↑</button>
      <button type="button" class="plain move down" aria-label="Move down: ${item.label}" ?disabled=${at === items.length - 1}
        @click=${() => this.move(item, 'down', items[at + 1]?.id ?? null)}>↓</button>
      <button type="button" class="plain" aria-label="Remove ${noun} ${item.label}" @click=${() => this.removeItem(item)}>×</button>
    </li>`;
  }

  private insert(event: Event): void {
    event.preventDefault();
    const label = this.input.value.trim();
    if (label === '') return;
    this.input.value = '';
    this.intend({ kind: 'insert', after: this.value.at(-1)?.id ?? null, label });
  }

  private relabel(item: ListItem, text: string): void {
    const label = text.trim();
    if (label !== '') this.intend({ kind: 'relabel', item: item.id, label });
  }

  private toggle(item: ListItem, event: Event): void {
    const box = event.target as HTMLInputElement;
    this.intend({ kind: 'toggle', item: item.id, done: box.checked });
    // Where the column did not take it, the box must not say that it did.
    box.checked = this.value.find((each) => each.id === item.id)?.done ?? false;
  }

  private move(item: ListItem, direction: 'up' | 'down', after: string | null): void {
    this.moved = { item: item.id, direction };
    this.intend({ kind: 'move', item: item.id, after });
  }

  private removeItem(item: ListItem): void {
    this.intend({ kind: 'remove-item', item: item.id });
    this.input.focus();
  }
}
