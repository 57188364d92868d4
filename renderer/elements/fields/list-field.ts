import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Author } from '../../../shared/analysis/authors.ts';
import type { ListItem } from '../../../shared/document/schema.ts';
import { authorStyles } from '../../styles/author-styles.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import { icon } from '../parts/icon.ts';
import type { CommitEvent } from './draft-input.ts';
import './draft-input.ts';
import { FieldControl, nounOf } from './field-control.ts';
import { newItemStyles } from './new-item-styles.ts';

interface ItemLook {
  readonly noun: string;
  readonly author: Author | null;
  readonly isMoved: boolean;
}

@customElement('list-field')
export class ListField extends FieldControl<'list'> {
  static override styles = [controlStyles, authorStyles, css`
    :host { display: flex; flex-wrap: wrap; align-items: baseline; gap: 1px 12px; font-size: var(--value, var(--t3)); line-height: 1.35; }
    ol { display: contents; counter-reset: item; }
    li { position: relative; display: inline-flex; align-items: center; gap: 3px; max-inline-size: 100%; min-inline-size: 0; counter-increment: item; }
    li::before { content: counter(item); font-size: var(--t1); color: var(--ink-3); }
    li draft-input { min-inline-size: 0; }
    /* The box is drawn small and pressed large. */
    li input[type='checkbox'] { appearance: none; display: inline-grid; place-items: center; inline-size: 1.5rem; block-size: 1.5rem; margin: 0 -5px; }
    li input[type='checkbox']::before { content: ''; grid-area: 1 / 1; inline-size: 0.75rem; block-size: 0.75rem; border: 1.4px solid var(--edge); border-radius: 2px; }
    li input[type='checkbox']:checked::before { border-color: var(--ink-2); background: var(--ink-2); }
    li input[type='checkbox']:checked::after { content: ''; grid-area: 1 / 1; z-index: 1; inline-size: 0.5rem; block-size: 0.5rem; background: var(--on-ink); clip-path: polygon(14% 44%, 0 65%, 50% 100%, 100% 16%, 80% 0, 43% 62%); }
    @media (forced-colors: active) { li input[type='checkbox'] { appearance: auto; } li input[type='checkbox']::before, li input[type='checkbox']::after { display: none; } }
    /* Over what follows: room for buttons of each item would push the values apart. */
    .acts { position: absolute; z-index: 2; inset-block-start: 100%; inset-inline-end: 0; display: none; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); box-shadow: var(--shadow); }
    li:is(:hover, :focus-within) .acts { display: flex; }
    .acts button { min-inline-size: 24px; min-block-size: 24px; padding: 0 4px; }
    @media (pointer: coarse) { .acts button { min-inline-size: 36px; min-block-size: 36px; } }
    ${newItemStyles}
  `];

  @query('input[type="text"]') private input!: HTMLInputElement;
  /** The button to give the focus back to once its item has moved: the browser takes it away from what is moved. */
  private moved: { readonly item: string; readonly direction: 'up' | 'down' } | null = null;

  protected override render(): TemplateResult {
    const noun = nounOf(this.spec.label);
    const items = this.value;
    return html`
      <ol role="list" aria-label=${this.spec.label}>${repeat(items, (item) => item.id, (item, at) => this.item(items, item, at, noun))}</ol>
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

  /** An item that is as it was stays as it is: in a long list most are. */
  private item(items: readonly ListItem[], item: ListItem, at: number, noun: string): unknown {
    const { author = null, isMoved = false } = (this.authors?.kind === 'parts' && this.authors.parts[item.id]) || {};
    const around = [-2, -1, 1].map((step) => items[at + step]?.id);
    return guard([item.label, item.done, at, noun, JSON.stringify(author), isMoved, ...around], () => this.itemAnew(items, item, at, { noun, author, isMoved }));
  }

  private itemAnew(items: readonly ListItem[], item: ListItem, at: number, { noun, author, isMoved }: ItemLook): TemplateResult {
    return html`<li data-item=${item.id}>
      <input type="checkbox" aria-label=${item.label} .checked=${item.done} @change=${(event: Event) => this.toggle(item, event)} />
      <draft-input bare .label=${`Label of ${noun} ${at + 1}`} .value=${item.label} .author=${author}
        @commit=${(event: CommitEvent) => this.relabel(item, event.text)}></draft-input>
      ${isMoved ? html`<span class="moved" role="img" aria-label="moved">${icon('up')}</span>` : nothing}
      <span class="acts">
        <button type="button" class="plain move up" aria-label="Move up: ${item.label}" ?disabled=${at === 0}
          @click=${() => this.move(item, 'up', items[at - 2]?.id ?? null)}>↑</button>
        <button type="button" class="plain move down" aria-label="Move down: ${item.label}" ?disabled=${at === items.length - 1}
          @click=${() => this.move(item, 'down', items[at + 1]?.id ?? null)}>↓</button>
        <button type="button" class="plain" aria-label="Remove ${noun} ${item.label}" @click=${() => this.removeItem(item)}>×</button>
      </span>
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
