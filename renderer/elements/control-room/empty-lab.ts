/** What stands in an empty lab beside the map: three steps that can be pressed; the next one is the primary button. Gives way when the first edits have met. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { RoomView } from '../../../shared/control/room-view.ts';
import type { CatalogueEntry } from '../../platform/lab-client.ts';
import { panelStyles } from '../../styles/panel-styles.ts';
import { icon, type IconName } from '../parts/icon.ts';
import { type FirstStep, firstSteps } from './first-steps.ts';

/** Sent from the card to the control room. */
export class StepEvent extends Event {
  constructor(
    readonly step: FirstStep,
    /** The replicas that the step is about. */
    readonly replicas: readonly string[],
  ) {
    super('step');
  }
}

/** Sent when a scenario is chosen here. */
export class WatchEvent extends Event {
  constructor(readonly scenario: string) {
    super('watch');
  }
}

/** Short ones that show most, if the catalogue has them. */
const toWatch = ['last-seat', 'shared-note', 'shopping-cart'];

@customElement('empty-lab')
export class EmptyLab extends LitElement {
  static override styles = [panelStyles, css`
    :host { display: block; }
    .panel { justify-content: center; gap: var(--s5); padding: var(--s6) clamp(16px, 5vw, 64px); overflow: auto; }
    .panel > * { flex: none; }
    h2 { font-size: var(--t5); line-height: 1.15; letter-spacing: -0.02em; text-wrap: balance; }
    ol { display: grid; gap: var(--s3); }
    li { display: grid; grid-template-columns: 32px minmax(0, 1fr) auto; gap: 2px var(--s3); align-items: center; padding: 12px 0; border-block-start: 1px solid var(--hair); }
    .number { grid-row: span 2; align-self: start; font-size: var(--t4); font-weight: 600; color: var(--ink-3); }
    b { font-size: var(--t3); font-weight: 600; color: var(--ink); }
    li p { grid-column: 2; }
    li .btn { grid-column: 3; grid-row: 1 / span 2; min-block-size: max(32px, var(--control)); }
    .or { display: flex; flex-wrap: wrap; gap: var(--s2); align-items: center; color: var(--ink-3); }
    code { padding: 3px 6px; border-radius: 4px; background: var(--sunk); color: var(--ink-2); font: var(--t1) var(--mono); overflow-wrap: anywhere; user-select: all; }
    @media (max-width: 68.7488em) { .panel { padding: var(--s4); gap: var(--s2); } h2 { font-size: var(--t4); } ol { gap: 0; } li { padding: 6px 0; } }
    @media (max-width: 37.4988em) { li { grid-template-columns: 24px minmax(0, 1fr); } li .btn { grid-column: 2; grid-row: auto; justify-self: start; } }
  `];

  @property({ attribute: false }) room!: RoomView;
  @property({ attribute: false }) catalogue: readonly CatalogueEntry[] = [];
  /** Where any y-websocket client can join. */
  @property({ attribute: false }) address = '';

  /** A step that is done cannot be pressed again: the keyboard goes on to the next one. */
  private hasFocus = false;

  protected override updated(): void {
    const { activeElement } = this.shadowRoot!;
    const isLost = this.hasFocus && (!activeElement || activeElement.matches(':disabled')) && document.hasFocus();
    if (isLost) this.renderRoot.querySelector<HTMLElement>('.primary')?.focus();
  }

  protected override render(): TemplateResult {
    const { next, apart, other } = firstSteps(this.room);
    const both = apart !== null && other !== null ? [apart, other] : [];
    const scenarios = toWatch.flatMap((name) => this.catalogue.filter((entry) => entry.name === name));
    return html`<section class="panel" aria-label="First steps">
      <h2>See what merging does to edits that never met.</h2>
      <ol>
        ${apart === null
          ? this.step(1, { step: 'open', isNext: true, title: 'Open two replicas', text: 'Each is a window with a copy of one document.', button: 'Add a replica', icon: 'plus', about: [] })
          : this.step(1, { step: 'cut', isNext: next === 'cut', isDone: next !== 'cut', title: 'Cut a replica off', text: 'Its window goes on working; nothing gets in or out.', button: `Cut ${apart} off`, icon: 'cut', about: [apart] })}
        ${this.step(2, { step: 'edit', isNext: next === 'edit', isLocked: both.length === 0, title: 'Edit on both sides', text: both.length === 0 ? 'Change the same title in two windows.' : `Change the same title in the windows of ${apart!} and ${other!}.`, button: 'Show them', about: both })}
        ${this.step(3, { step: 'rejoin', isNext: next === 'rejoin', isLocked: next === 'cut' || next === 'open', title: 'Rejoin, and look', text: 'Every window shows what each way of merging kept, lost or refused.', button: 'Rejoin', icon: 'rejoin', about: both.slice(0, 1) })}
      </ol>
      ${scenarios.length === 0 ? nothing : html`<p class="or">Or watch one: ${scenarios.map(({ name, title }) => html`<button type="button" class="btn" @click=${() => this.dispatchEvent(new WatchEvent(name))}>${icon('play')} ${title}</button>`)}</p>`}
      <p class="or">Your own Yjs app can join: <code>${this.address}</code></p>
    </section>`;
  }

  /** A button that is disabled loses the keyboard without anything else getting it. */
  private readonly blurred = ({ currentTarget, relatedTarget }: FocusEvent): void => {
    if (relatedTarget !== null || !(currentTarget as HTMLElement).matches(':disabled')) this.hasFocus = false;
  };

  private step(number: number, card: Card): TemplateResult {
    return html`<li><span class="number" aria-hidden="true">${number}</span><b>${card.title}</b><p>${card.text}</p>
      <button type="button" class="btn ${card.isNext ? 'primary' : ''}" ?disabled=${(card.isLocked ?? false) || (card.isDone ?? false)}
        @focus=${() => (this.hasFocus = true)} @blur=${this.blurred} @click=${() => this.dispatchEvent(new StepEvent(card.step, card.about))}>${card.isDone ? icon('check') : card.icon ? icon(card.icon) : nothing} ${card.isDone ? 'Done' : card.button}</button></li>`;
  }
}

interface Card {
  readonly step: FirstStep;
  readonly isNext: boolean;
  readonly isDone?: boolean;
  /** What comes before has to be done first. */
  readonly isLocked?: boolean;
  readonly title: string;
  readonly text: string;
  readonly button: string;
  readonly icon?: IconName;
  readonly about: readonly string[];
}

declare global {
  interface HTMLElementTagNameMap {
    'empty-lab': EmptyLab;
  }
}
