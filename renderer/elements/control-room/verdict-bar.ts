/**
 * One strategy's consistency levels in a row, strongest first: which hold, which are broken, which nobody can tell. Pressing one tells why, below.
 * Has no data of its own.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Verdict } from '../../../shared/analysis/verdicts/verdict.ts';
import { type Level, levels, type Verdicts } from '../../../shared/analysis/verdicts/verdicts.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import { verdictBarStyles } from './verdict-bar-styles.ts';

const names: Readonly<Record<Level, { readonly label: string; readonly means: string }>> = {
  linearizable: { label: 'Linearizable', means: 'everything seems to have happened at one moment between its click and its answer' },
  sequential: { label: 'Sequential', means: 'one order of everything explains all answers and keeps each person\'s own order' },
  causal: { label: 'Causal', means: 'nobody saw an effect without its cause' },
  'read-your-writes': { label: 'Read your writes', means: 'nobody missed what they had written themselves' },
  'monotonic-reads': { label: 'Monotonic reads', means: 'nobody read an older value after a newer one' },
  'monotonic-writes': { label: 'Monotonic writes', means: 'each person\'s writes count in the order in which they were made' },
  'writes-follow-reads': { label: 'Writes follow reads', means: 'nobody saw an answer without what it answers' },
  eventual: { label: 'Eventual', means: 'once everything was delivered, all replicas showed the same' },
};

const states: Readonly<Record<Verdict['verdict'], { readonly mark: string; readonly words: string }>> = {
  holds: { mark: '✓', words: 'holds' },
  broken: { mark: '✗', words: 'is broken' },
  unknown: { mark: '?', words: 'is unknown' },
};

/** More names in one line are hard to read. */
const eventsMax = 8;

@customElement('verdict-bar')
export class VerdictBar extends LitElement {
  static override styles = [controlStyles, verdictBarStyles];

  /** null: not judged yet. */
  @property({ attribute: false }) verdicts: Verdicts | null = null;
  @property({ attribute: false }) strategyName = '';
  @state() private open: Level | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    // The same bar may be given to another strategy.
    if (changed.has('strategyName')) this.open = null;
  }

  protected override render(): TemplateResult {
    const { verdicts, open } = this;
    return html`<div class="bar" @keydown=${this.pressedKey}>
      <h3>${this.strategyName}</h3>
      ${verdicts ? html`<ul role="list" aria-label="Consistency of ${this.strategyName}">${levels.map((level) => this.level(level, verdicts.levels[level]))}</ul>` : html`<p class="quiet">not judged yet</p>`}
      <div id="detail" class="detail" role="status" ?hidden=${!verdicts || open === null}>${verdicts && open !== null ? detail(open, verdicts.levels[open]) : nothing}</div>
    </div>`;
  }

  private level(level: Level, { verdict }: Verdict): TemplateResult {
    const { label, means } = names[level];
    const { mark, words } = states[verdict];
    return html`<li><button type="button" class=${verdict} title="${label}: ${means}" aria-label="${this.strategyName}: ${label.toLowerCase()} ${words}"
      aria-expanded=${this.open === level ? 'true' : 'false'} aria-controls="detail" @click=${() => (this.open = this.open === level ? null : level)}>
      <span class="mark" aria-hidden="true">${mark}</span><span class="label">${label}</span></button></li>`;
  }

  private readonly pressedKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || this.open === null) return;
    // What the bar stands in must not close too.
    event.stopPropagation();
    this.open = null;
  };
}

function detail(level: Level, verdict: Verdict): TemplateResult {
  const { label, means } = names[level];
  switch (verdict.verdict) {
    case 'holds': return html`<b>${label} holds</b> in all that was seen so far: ${means}.`;
    case 'unknown': return html`<b>${label} is unknown.</b> ${verdict.reason}`;
    case 'broken': return html`<b>${label} is broken.</b> ${verdict.witness.sentence} <span class="quiet">Events: ${eventNames(verdict.witness.operations)}</span>`;
  }
}

/** "A:4, C:2, B now": a read of one field is named after its event, and what a replica shows now after the replica. */
export function eventNames(operations: readonly string[]): string {
  const events = [...new Set(operations.map((id) => {
    const [first, second] = id.split('/');
    return first === 'now' ? `${second ?? ''} now` : first!;
  }))];
  const more = events.length - eventsMax;
  return more > 1 ? `${events.slice(0, eventsMax).join(', ')} and ${more} more` : events.join(', ');
}

declare global {
  interface HTMLElementTagNameMap {
    'verdict-bar': VerdictBar;
  }
}
