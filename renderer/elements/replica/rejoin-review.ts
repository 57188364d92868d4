/** What became of everybody's edits after rejoining: totals, then every edit that did not simply survive, newest first. */
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Disposition } from '../../../shared/analysis/ledger.ts';
import { listOf } from '../../../shared/analysis/phrases.ts';
import type { PutBack } from '../../../shared/analysis/put-back.ts';
import type { ReviewEntry } from '../../../shared/analysis/review.ts';
import type { FieldId } from '../../../shared/document/schema.ts';
import type { StrategyTotals } from '../../../shared/protocol/control.ts';
import { strategyNames } from '../../../shared/strategies/names.ts';
import { isCutOff } from '../../controllers/reach.ts';
import type { ReplicaSession } from '../../controllers/replica-session.ts';
import type { Survival } from '../../controllers/survival.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import { replicaColour } from '../../styles/replica-colour.ts';
import { reviewStyles } from './rejoin-review-styles.ts';
import { SessionElement } from '../parts/session-element.ts';
import { valueText } from '../parts/value-text.ts';

const entriesShownMax = 100;
/** A window lower than this has no room for review and fields together, in pixels. */
const lowMax = 560;

/** Sent from the review to the window: bring this field into view. */
export class ShowFieldEvent extends Event {
  constructor(readonly field: FieldId) {
    super('show-field');
  }
}

@customElement('rejoin-review')
export class RejoinReview extends SessionElement {
  static override styles = [controlStyles, reviewStyles];

  @state() private all = false;
  @state() private folded = false;
  /** What was copied, or has to be selected by hand. */
  @state() private copied = '';
  /** Whether this window has been offline and is in sync again. */
  private rejoined = false;
  private wasOffline = false;
  private entriesBefore = 0;
  private foldedOffline = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const { session } = this;
    if (!session) return;
    if (!session.online) this.wasOffline = true;
    else if (this.wasOffline && session.status.connection === 'synced') {
      // Now they want to read it.
      if (!this.rejoined || this.foldedOffline) this.folded = innerHeight < lowMax;
      this.rejoined = true;
      this.foldedOffline = false;
    }
    // News opens what the person had folded away: it is what they came for. While cut off they are editing, and what is refused stands beside the fields.
    if (session.review.length > this.entriesBefore && this.entriesBefore === 0) {
      // In a low window it would hide the fields, which tell what was lost by themselves.
      this.folded = !session.online || innerHeight < lowMax;
      this.foldedOffline = !session.online;
    }
    this.entriesBefore = session.review.length;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { session } = this;
    if (!session) return nothing;
    const { review } = session;
    const started = review.length > 0 || session.concurrentActions > 0 || this.rejoined;
    return html`<section aria-label="After rejoining">
      <div class="summary">
        <div class="words"><h2>After rejoining</h2> ${started ? totalsLine(session) : nothing}</div>
        ${review.length > 0 ? html`<button type="button" class="plain fold" aria-expanded=${!this.folded} @click=${() => (this.folded = !this.folded)}>
          ${this.folded ? `Show ${review.length} ▴` : 'Hide ▾'}</button>` : nothing}
      </div>
      ${isWaiting(session) ? waitingLine(session) : started ? nothing : invitation(session)}
      ${started && review.length === 0 ? survivalLine(session.survival) : nothing}
      ${review.length > 0 && !this.folded ? this.entries(review) : nothing}
      <p class="copied" role="status">${this.copied}</p>
    </section>`;
  }

  private entries(review: readonly ReviewEntry[]): TemplateResult {
    const shown = this.all ? review : review.slice(0, entriesShownMax);
    return html`<div class="entries"><ol role="list" aria-label="Edits that did not simply survive">
        ${repeat(shown, (entry) => entry.key, (entry, at) => this.entry(entry, at))}
      </ol>
      ${shown.length < review.length ? html`<button type="button" class="more" @click=${() => (this.all = true)}>Show all ${review.length}</button>` : nothing}
    </div>`;
  }

  private entry(entry: ReviewEntry, at: number): TemplateResult {
    return html`<li>
      <p class="sentence" id="sentence-${at}"><strong>${entry.label}:</strong> ${entry.sentence}</p>
      <p class="facts">
        ${entry.fates.map((fate) => html`<span class="chip ${chipKind(fate.disposition)}">${strategyNames[fate.strategy]}: ${fate.text}</span>`)}
        ${entry.clocks.map((clock) => html`<span class="mono quiet clock" style="border-color: ${replicaColour(clock).fill}">${clock}</span>`)}
      </p>
      ${entry.putBack ? previews(entry.putBack, at) : nothing}
      <p class="actions">
        <button type="button" aria-describedby="sentence-${at}" @click=${() => this.dispatchEvent(new ShowFieldEvent(entry.field))}>Show</button>
        ${entry.putBack && entry.putBack.columns.length > 0 ? html`<button type="button" class="accent" aria-describedby="sentence-${at} preview-${at}" @click=${this.putBack(entry)}>Put back</button>` : nothing}
        ${entry.putBack?.copy ? html`<button type="button" aria-describedby="sentence-${at} preview-${at}" @click=${this.copy(entry.putBack.copy)}>Copy text</button>` : nothing}
      </p>
    </li>`;
  }

  private readonly copy = (text: string) => async (): Promise<void> => {
    try {
      // Pages over plain HTTP have no clipboard, and desktop windows may not write to it.
      if (!isSecureContext) throw new Error('there is no clipboard here');
      await navigator.clipboard.writeText(text);
      this.copied = `Copied: ${text}`;
    } catch {
      this.copied = `Select this text and copy it: ${text}`;
    }
  };

  /** The button goes with what is put back: the keyboard moves on to the next one, else to the one before, else to what the entry has left. */
  private putBack(entry: ReviewEntry): (event: Event) => void {
    return ({ currentTarget }) => {
      const buttons = [...this.renderRoot.querySelectorAll<HTMLButtonElement>('.actions .accent')];
      const at = buttons.indexOf(currentTarget as HTMLButtonElement);
      const next = buttons[at + 1] ?? buttons[at - 1] ?? (currentTarget as Element).previousElementSibling;
      this.session?.putBack(entry);
      (next as HTMLElement | null)?.focus();
    };
  }
}

/** What each column would show, before anybody puts it back; and where the text around the lost one is gone. */
function previews({ columns, copy }: PutBack, at: number): TemplateResult {
  const same = new Set(columns.map(({ before, after }) => JSON.stringify([before, after]))).size === 1;
  const told = same ? columns.slice(0, 1) : columns;
  return html`<p class="preview" id="preview-${at}">
    ${told.map(({ strategy, before, after }) => html`<span>Put back${same ? '' : ` under ${strategyNames[strategy]}`}: ${valueText(before)} → <b>${valueText(after)}</b></span>`)}
    ${copy ? html`<span>The text around it is another one now: copy what was lost and paste it where it belongs.</span>` : nothing}
  </p>`;
}

/** Whether this window has edits that somebody who is not reached has not seen. */
function isWaiting({ online, reach, status }: ReplicaSession): boolean {
  return (!online || isCutOff(reach)) && status.waiting > 0;
}

function waitingLine({ status: { waiting }, others, peers, online }: ReplicaSession): TemplateResult {
  const absent = others.filter((other) => !peers.includes(other));
  const them = absent.length === 0 ? 'what others do meanwhile' : `what ${listOf(absent)} ${absent.length === 1 ? 'does' : 'do'} meanwhile`;
  return html`<p class="invitation"><b>Waiting</b> ${counted(waiting, 'edit waits', 'edits wait')} in this window. ${waiting === 1 ? 'It meets' : 'They meet'} ${them} once ${online ? 'the partition is over' : 'the network is back'}.</p>`;
}

function invitation(session: ReplicaSession): TemplateResult {
  return session.online
    ? html`<p class="invitation"><span class="step">1</span> Cut this window off with the <b>Network</b> switch, then edit here and in another window.<br />
        <span class="step">2</span> Switch it on again: here you will read what each way of merging did to every edit.</p>`
    : html`<p class="invitation"><span class="step">1</span> This window is cut off. Edit a field here, and the same field in another window.<br />
        <span class="step">2</span> Then switch <b>Network</b> on: here you will read what each way of merging did to every edit.</p>`;
}

const survivalMarks: Readonly<Record<Survival['kind'], readonly [mark: string, chip: string]>> = { survived: ['✓', 'kept'], 'so far': ['◔', 'noted'], 'not all': ['✕', 'lost'] };

function survivalLine({ kind, sentence }: Survival): TemplateResult {
  const [mark, chip] = survivalMarks[kind];
  return html`<p class="survived"><span class="chip ${chip}" aria-hidden="true">${mark}</span> ${sentence}</p>`;
}

function totalsLine(session: ReplicaSession): TemplateResult {
  return html`<p class="totals" aria-live="polite">
    <span>${counted(session.concurrentActions, 'concurrent edit', 'concurrent edits')}.</span>
    ${session.totals.filter((totals) => session.strategies.includes(totals.strategy)).map((totals) => html`
      <span class="strategy">${outcome(totals)}</span>`)}
  </p>`;
}

function outcome(totals: StrategyTotals): TemplateResult {
  const parts: TemplateResult[] = [html`<span class="whole"><b>${strategyNames[totals.strategy]}</b> kept ${totals.kept}</span>`];
  if (totals.lost > 0) parts.push(html`<span class="chip lost">lost ${totals.lost}</span>`);
  if (totals.charactersLost > 0) parts.push(html`<span class="chip lost">${totals.charactersLost} of ${totals.charactersTyped} characters lost</span>`);
  if (totals.toResolve > 0) parts.push(html`<span class="chip waiting">${totals.toResolve} to resolve</span>`);
  if (totals.resurrected > 0) parts.push(html`<span class="chip waiting">came back ${totals.resurrected}</span>`);
  if (totals.refused > 0) parts.push(html`<span class="chip waiting">refused ${totals.refused}</span>`);
  if (totals.pending > 0) parts.push(html`<span class="chip">pending ${totals.pending}</span>`);
  if (totals.unknown > 0) parts.push(html`<span class="chip waiting">unknown ${totals.unknown}</span>`);
  if (totals.oversold > 0) parts.push(html`<span class="chip lost">oversold ${totals.oversold}</span>`);
  return html`${parts.map((part, at) => html`${at > 0 ? ' ' : ''}${part}`)}`;
}

function chipKind(disposition: Disposition): string {
  switch (disposition) {
    case 'visible': return 'kept';
    case 'lost': return 'lost';
    case 'superseded': return 'noted';
    default: return 'waiting';
  }
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
