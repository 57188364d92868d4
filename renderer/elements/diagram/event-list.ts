/**
 * The events of the diagram as a list: for screen readers and the keyboard always, for the eye when it is
 * asked for. Only a part of a long list is there at a time.
 *
 * Sends `current` (the keyboard went to another event), `choose` (Enter) and `dismiss` (Esc).
 */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { type Direction, neighbourOf } from '../../../shared/analysis/space-time/finding.ts';
import { noTimeline, type Timeline } from '../../../shared/analysis/space-time/timeline.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import { panelStyles } from '../../styles/panel-styles.ts';
import { icon } from '../parts/icon.ts';
import { timeText } from '../parts/time-text.ts';
import { replicaDot } from '../parts/replica-dot.ts';
import { markFateText, spokenText, whatText } from './event-words.ts';

/** So many rows are there before and after the current one, or what is in sight. */
const around = 25;

const directions: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

export class PlaceEvent extends Event {
  constructor(
    type: 'current' | 'choose',
    readonly place: number,
  ) {
    super(type);
  }
}

@customElement('event-list')
export class EventList extends LitElement {
  static override styles = [
    panelStyles,
    css`
    :host { display: block; }
    :host(:not([open])) { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
    :host([open]) { overflow: auto; block-size: 100%; }
    li { block-size: var(--row); }
    button {
      display: grid; grid-template-columns: 4.5em auto minmax(0, 1.2fr) minmax(0, 1.4fr); gap: var(--s2); align-items: center; inline-size: 100%; block-size: 100%; position: relative;
      padding: 0 var(--s2); border: 0; border-radius: 4px; background: none; text-align: start; white-space: nowrap; cursor: pointer;
    }
    :host(:not([open])) button { inline-size: 1px; padding: 0; }
    button:hover, button[aria-pressed='true'] { background: var(--sunk); }
    button span { overflow: hidden; text-overflow: ellipsis; }
    button .who-cell { overflow: visible; }
    .what { color: var(--ink); }
    .fate { color: var(--ink-3); }
    .fate.lost { color: var(--lost); }
    :focus-visible { outline-offset: -2px; }
    ol { --row: max(26px, var(--control)); }
    @media (max-width: 599.98px) { button { grid-template-columns: auto minmax(0, 1fr); } .time, .fate { display: none; } }
  `,
  ];

  @property({ attribute: false }) timeline: Timeline = noTimeline;
  @property({ attribute: false }) strategy: StrategyId | null = null;
  /** Places of the events to list; null: all. */
  @property({ attribute: false }) found: readonly number[] | null = null;
  @property({ type: Number }) current: number | null = null;
  @property({ type: Number }) chosen: number | null = null;
  /** Whether it is in sight. */
  @property({ type: Boolean, reflect: true }) open = false;
  /** The first row in sight. */
  @state() private top = 0;

  protected override render(): TemplateResult {
    const count = this.found?.length ?? this.timeline.marks.length;
    const [from, to] = this.rows(count);
    const rows = Array.from({ length: to - from }, (_, row) => from + row);
    return html`<ol aria-label="Events" @keydown=${this.pressedKey} style="padding-block: calc(${from} * var(--row)) calc(${count - to} * var(--row))">
      ${rows.map((row) => this.row(this.found?.[row] ?? row, row, count))}</ol>`;
  }

  protected override firstUpdated(): void {
    this.addEventListener('scroll', () => (this.top = Math.floor(this.scrollTop / this.rowHeight)));
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('open') && this.open && this.current !== null)
      this.scrollTop = (this.rowOf(this.current) - 3) * this.rowHeight;
  }

  /** Puts the keyboard on the current event. */
  async focusCurrent(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('button[tabindex="0"]')?.focus();
  }

  /** The event that Tab leads to. */
  private get reached(): number {
    const wanted = this.current ?? this.chosen;
    if (wanted !== null && (!this.found || this.found.includes(wanted))) return wanted;
    return this.found?.[0] ?? this.timeline.marks.length - 1;
  }

  private rows(count: number): readonly [number, number] {
    const middle = this.open ? this.top + around / 2 : this.rowOf(this.reached);
    const from = Math.max(0, Math.min(Math.floor(middle) - around, count - 2 * around));
    return [from, Math.min(count, from + 2 * around + 1)];
  }

  private rowOf(place: number): number {
    return this.found ? Math.max(0, this.found.indexOf(place)) : place;
  }

  private get rowHeight(): number {
    return this.renderRoot.querySelector('li')?.offsetHeight || 26;
  }

  private row(place: number, row: number, count: number): TemplateResult {
    const { timeline, strategy } = this;
    const mark = timeline.marks[place];
    if (!mark) return html`${nothing}`;
    const said = markFateText(timeline, mark, strategy);
    const isLost = said.startsWith('Lost');
    return html`<li aria-setsize=${count} aria-posinset=${row + 1}><button type="button" data-place=${place} tabindex=${place === this.reached ? '0' : '-1'}
      aria-pressed=${place === this.chosen ? 'true' : 'false'} @click=${() => this.dispatchEvent(new PlaceEvent('choose', place))} @focus=${() => this.goTo(place)}>
      <span class="unseen">${spokenText(timeline, mark, strategy)}</span>
      ${
        this.open
          ? html`<span class="time" aria-hidden="true">${timeText(mark.fromMs)}</span><span class="who-cell" aria-hidden="true">${replicaDot(timeline.lanes[mark.lane]!)}</span>
        <span class="what" aria-hidden="true">${whatText(mark)}</span><span class="fate ${isLost ? 'lost' : ''}" aria-hidden="true">${isLost ? icon('cross') : nothing} ${said}</span>`
          : nothing
      }</button></li>`;
  }

  private goTo(place: number): void {
    if (place === this.current) return;
    // At once, so that the keyboard finds its row.
    this.current = place;
    this.dispatchEvent(new PlaceEvent('current', place));
  }

  private readonly pressedKey = (event: KeyboardEvent): void => {
    const to = this.targetOf(event.key);
    // Where a card was closed, Esc has done its work.
    if (event.key === 'Escape' && !this.dispatchEvent(new Event('dismiss', { cancelable: true })))
      event.preventDefault();
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (to === null) return;
    this.goTo(to);
    if (this.open) this.scrollToRow(this.rowOf(to));
    void this.focusCurrent();
  };

  /** Where a key leads to; null: nowhere further; undefined: it is none of ours. */
  private targetOf(key: string): number | null | undefined {
    const { timeline, reached } = this;
    const last = (this.found?.length ?? timeline.marks.length) - 1;
    const direction = directions[key];
    if (key === 'Home' || key === 'End')
      return this.found?.[key === 'Home' ? 0 : last] ?? (key === 'Home' ? 0 : last);
    if (direction === undefined || !timeline.marks[reached]) return undefined;
    if (!this.open || direction === 'left' || direction === 'right')
      return this.found ? this.besideFound(reached, direction) : neighbourOf(timeline, reached, direction);
    const row = this.rowOf(reached) + (direction === 'up' ? -1 : 1);
    return row < 0 || row > last ? null : (this.found?.[row] ?? row);
  }

  private besideFound(place: number, direction: Direction): number | null {
    const step = direction === 'left' || direction === 'up' ? -1 : 1;
    return this.found?.[this.rowOf(place) + step] ?? null;
  }

  private scrollToRow(row: number): void {
    const { rowHeight } = this;
    if (row * rowHeight < this.scrollTop) this.scrollTop = row * rowHeight;
    else if ((row + 1) * rowHeight > this.scrollTop + this.clientHeight)
      this.scrollTop = (row + 1) * rowHeight - this.clientHeight;
    this.top = Math.floor(this.scrollTop / rowHeight);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'event-list': EventList;
  }
}
