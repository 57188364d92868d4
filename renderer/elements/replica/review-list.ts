/**
 * The sentences of the review, with filters. Of thousands only what is near the part in view is in the page: rows stand in blocks, and a block that is far
 * away is a gap as high as the block was, or is guessed to be.
 */
import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ReviewItem } from '../../../shared/analysis/review-item.ts';
import { fieldOf, type FieldId } from '../../../shared/document/schema.ts';
import type { ReplicaModel } from '../../controllers/replica-model.ts';
import { panelStyles } from '../../styles/panel-styles.ts';
import { icon } from '../parts/icon.ts';
import { SessionElement } from '../parts/session-element.ts';
import { reviewListStyles } from './review-list-styles.ts';
import { filterCounts, filterNames, isIn, rejoinWords, type ReviewFilter, type ReviewRow, rowsOf } from './review-rows.ts';
import { reviewSentence } from './review-sentence.ts';

/** Sent from the review to the window: bring this field into view. */
export class ShowFieldEvent extends Event {
  constructor(readonly field: FieldId) {
    super('show-field', { bubbles: true, composed: true });
  }
}

/** Sent from the list to the review: show these. */
export class FilterEvent extends Event {
  constructor(readonly filter: ReviewFilter) {
    super('filter-chosen');
  }
}

const rowsInBlock = 24;
/** What a row is guessed to be high, and how far from the part in view blocks are made, in pixels. */
const rowHeight = 44;
const nearby = 600;

interface Counted {
  readonly counts: ReadonlyMap<ReviewFilter, number>;
  /** What *Put all back* would take. */
  readonly adding: readonly ReviewItem[];
}

@customElement('review-list')
export class ReviewList extends SessionElement {
  static override styles = [panelStyles, reviewListStyles];

  @property({ attribute: false }) items: readonly ReviewItem[] = [];
  @property({ type: Boolean }) clocks = false;
  @property({ attribute: false }) filter: ReviewFilter = 'all';
  /** The blocks that are in the page. */
  @state() private near: readonly [from: number, to: number] = [0, 0];
  /** What was copied, or has to be selected by hand. */
  @state() private copied = '';
  /** The key of the sentence that the keyboard is on. */
  private current: string | null = null;
  private rows: readonly ReviewRow[] = [];
  private heights: number[] = [];
  private frame = 0;
  private rowsFor: readonly unknown[] = [];
  private countedFor: readonly unknown[] = [];
  private measuredFor: readonly unknown[] = [];
  private lastCounted: Counted = { counts: new Map(), adding: [] };

  override connectedCallback(): void {
    super.connectedCallback();
    // Its own scrolling is not heard outside the element that it stands in; where a window is low, the page scrolls.
    this.addEventListener('scroll', this.moved, { passive: true });
    addEventListener('scroll', this.moved, { passive: true });
    addEventListener('resize', this.moved);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('scroll', this.moved);
    removeEventListener('scroll', this.moved);
    removeEventListener('resize', this.moved);
    cancelAnimationFrame(this.frame);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const { session, items, filter } = this;
    if (!session) return;
    const rowsFor = [items, filter, session.rejoins.length > 0];
    if (rowsFor.every((each, at) => each === this.rowsFor[at])) return;
    if (filter !== this.rowsFor[1]) this.heights = [];
    this.rowsFor = rowsFor;
    this.rows = rowsOf(items, filter, session.rejoins.length > 0);
  }

  protected override render(): TemplateResult {
    const { session } = this;
    if (!session) return html``;
    const blocks = Math.ceil(this.rows.length / rowsInBlock);
    return html`${this.filters()}
      <p class="copied" role="status">${this.copied}</p>
      <div class="rows">${Array.from({ length: blocks }, (_, at) => this.block(at))}</div>`;
  }

  protected override updated(): void {
    const measuredFor = [this.rows, this.near, this.clocks, this.session?.answers.done.size];
    if (measuredFor.every((each, at) => each === this.measuredFor[at])) return;
    this.measuredFor = measuredFor;
    this.moved();
  }

  /** Moves the keyboard to the next sentence, or the one before. */
  async move(step: 1 | -1): Promise<void> {
    const places = this.rows.flatMap((row, at) => (row.kind === 'item' ? [at] : []));
    const now = this.rows.findIndex((row) => row.kind === 'item' && row.item.key === this.current);
    const next = now < 0 ? places[0] : step === 1 ? places.find((at) => at > now) : places.filter((at) => at < now).at(-1);
    if (next !== undefined) await this.focusRow(next);
  }

  /** Brings the field of the sentence that the keyboard is on into view. */
  showFocused(): boolean {
    const item = this.items.find(({ key }) => key === this.focusedRow()?.dataset['key']);
    if (!item || this.shadowRoot?.activeElement?.localName !== 'li') return false;
    this.dispatchEvent(new ShowFieldEvent(item.field));
    return true;
  }

  /** What a key does about the sentence that the keyboard is on: "p", "1", "2", "3". */
  act(key: string): boolean {
    const row = this.focusedRow();
    const button = row?.querySelector<HTMLButtonElement>(`.act[data-key="${CSS.escape(key)}"]`);
    button?.click();
    return button !== undefined && button !== null;
  }

  private filters(): TemplateResult {
    const { session, items, filter } = this;
    const { counts, adding } = this.counted(session!, items, filter);
    return html`<div class="filters">
      <div role="group" aria-label="Show">${[...counts].map(([each, count]) => html`
        <button type="button" class="btn" aria-pressed=${filter === each} @click=${() => this.choose(each)}>
          ${filterNames[each]} ${count}</button>`)}</div>
      ${adding.length === 0 ? '' : html`<button type="button" class="btn all" @click=${() => this.putAllBack(adding)}>${icon('back')}
        ${adding.length === 1 ? 'Put 1 back' : `Put all ${adding.length} back`}</button>`}
    </div>`;
  }

  /** Made anew only where something has changed: a window is shown again after each letter that is typed. */
  private counted({ answers }: ReplicaModel, items: readonly ReviewItem[], filter: ReviewFilter): Counted {
    const countedFor = [items, filter, answers.done.size];
    if (countedFor.some((each, at) => each !== this.countedFor[at])) {
      this.countedFor = countedFor;
      const isLeft = (item: ReviewItem): boolean => item.adds && isIn(filter, item) && !answers.isDone(item);
      this.lastCounted = { counts: filterCounts(items, (item) => answers.isDone(item)), adding: items.filter(isLeft) };
    }
    return this.lastCounted;
  }

  private choose(filter: ReviewFilter): void {
    this.dispatchEvent(new FilterEvent(filter));
    this.near = [0, 0];
    this.scrollTop = 0;
  }

  private async putAllBack(items: readonly ReviewItem[]): Promise<void> {
    await this.session?.answers.putAllBack(items, () => new Promise((resolve) => void requestAnimationFrame(() => resolve())));
    // The button is gone: the keyboard goes on at the filters.
    await this.updateComplete;
    if (!this.shadowRoot?.activeElement) this.renderRoot.querySelector<HTMLElement>('.filters [aria-pressed="true"]')?.focus();
  }

  private block(at: number): TemplateResult {
    const rows = this.rows.slice(at * rowsInBlock, (at + 1) * rowsInBlock);
    if (!this.isNear(at) && !rows.some((row) => row.kind === 'item' && row.item.key === this.current)) {
      return html`<div class="block" data-at=${at} style="block-size: ${this.heights[at] ?? rows.length * rowHeight}px"></div>`;
    }
    const shown = repeat(sections(rows), ([first]) => keyOf(first!), (section) => this.section(section));
    return html`<div class="block" data-at=${at}>${shown}</div>`;
  }

  private isNear(at: number): boolean {
    return at >= this.near[0] && at <= this.near[1];
  }

  private section(rows: readonly ReviewRow[]): TemplateResult {
    const [first] = rows;
    const { rejoins, name } = this.session!;
    if (first!.kind === 'rejoin') return html`<h3 class="rj">${rejoinWords(rejoins[first!.rejoin ?? -1], name)}</h3>`;
    if (first!.kind === 'field') return this.heading(first!.field);
    const items = rows.flatMap((row) => (row.kind === 'item' ? [row.item] : []));
    return html`<ul role="list">${repeat(items, ({ key }) => key, (item) => reviewSentence(item, {
      session: this.session!, clocks: this.clocks, copy: this.copy, acting: this.acting, show: this.show,
    }))}</ul>`;
  }

  private heading(field: FieldId): TemplateResult {
    const { label, type } = fieldOf(this.session!.schema, field);
    const show = (): void => void this.dispatchEvent(new ShowFieldEvent(field));
    return html`<h3 class="fd"><button type="button" aria-description="shows this field" @click=${show}>${label}</button>
      <span class="q">${type}</span></h3>`;
  }

  private readonly show = (item: ReviewItem): void => {
    // Who selects words of it wants to copy them.
    if (getSelection()?.isCollapsed === false) return;
    this.current = item.key;
    this.dispatchEvent(new ShowFieldEvent(item.field));
  };

  /** The button goes with what it does: the keyboard moves on to the same button of the next sentence, else to the sentence itself. */
  private readonly acting = ({ currentTarget }: Event, item: ReviewItem): void => {
    const pressed = currentTarget as HTMLButtonElement;
    const isByKeys = this.focusedRow() !== null && this.shadowRoot?.activeElement !== pressed;
    this.current = item.key;
    if (isByKeys || pressed.textContent === 'Copy text') return;
    const all = [...this.renderRoot.querySelectorAll<HTMLButtonElement>('.act')];
    const alike = all.filter(({ textContent }) => textContent === pressed.textContent);
    const at = alike.indexOf(pressed);
    (alike[at + 1] ?? alike[at - 1] ?? pressed.closest<HTMLElement>('li'))?.focus();
  };

  private readonly copy = async (text: string): Promise<void> => {
    try {
      // Pages over plain HTTP have no clipboard, and desktop windows may not write to it.
      if (!isSecureContext) throw new Error('there is no clipboard here');
      await navigator.clipboard.writeText(text);
      this.copied = `Copied: ${text}`;
    } catch {
      this.copied = `Select this text and copy it: ${text}`;
    }
  };

  private focusedRow(): HTMLElement | null {
    return this.shadowRoot?.activeElement?.closest<HTMLElement>('li') ?? null;
  }

  private async focusRow(at: number): Promise<void> {
    const row = this.rows[at];
    if (row?.kind !== 'item') return;
    this.current = row.item.key;
    this.requestUpdate();
    await this.updateComplete;
    const found = this.renderRoot.querySelector<HTMLElement>(`li[data-key="${CSS.escape(row.item.key)}"]`);
    found?.focus({ preventScroll: true });
    found?.scrollIntoView({ block: 'nearest' });
  }

  private blocks(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('.block')];
  }

  /** At most once a frame. */
  private readonly moved = (): void => {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.findNear();
    });
  };

  /** At the beginning of a frame the page is laid out: measuring costs nothing then. */
  private findNear(): void {
    for (const block of this.blocks()) if (block.childElementCount > 0) this.heights[Number(block.dataset['at'])] = block.offsetHeight;
    const near = this.blocks().flatMap((block, at) => {
      const { top, bottom } = block.getBoundingClientRect();
      return bottom > -nearby && top < innerHeight + nearby ? [at] : [];
    });
    const [from, to] = [near[0] ?? 0, near.at(-1) ?? 0];
    if (from !== this.near[0] || to !== this.near[1]) this.near = [from, to];
  }
}

/** Of a section, by its first row. */
function keyOf(row: ReviewRow): string {
  switch (row.kind) {
    case 'rejoin': return `rejoin ${row.rejoin}`;
    case 'field': return `field ${row.rejoin} ${row.field}`;
    case 'item': return `list ${row.item.rejoin} ${row.item.field}`;
  }
}

/** Headings by themselves; items that follow each other together, as one list. */
function sections(rows: readonly ReviewRow[]): ReviewRow[][] {
  const found: ReviewRow[][] = [];
  for (const row of rows) {
    const last = found.at(-1);
    if (row.kind === 'item' && last?.[0]?.kind === 'item') last.push(row);
    else found.push([row]);
  }
  return found;
}

