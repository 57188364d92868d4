/**
 * The document under each strategy, side by side: one column a strategy, one row a field. On narrow screens the columns are tabs.
 * Performs what the field controls ask for and shows each column's refusals beside the field. Under a field whose siblings wait where the person does not
 * see them it says what an edit does there.
 */
import '@awesome.me/webawesome/dist/components/tab/tab.js';
import '@awesome.me/webawesome/dist/components/tab-group/tab-group.js';
import '@awesome.me/webawesome/dist/components/tab-panel/tab-panel.js';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { classMap } from 'lit/directives/class-map.js';
import type { FieldId, FieldSpec } from '../../../shared/document/schema.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import { strategyNames } from '../../../shared/strategies/names.ts';
import type { EditStanding, ReplicaSession } from '../../controllers/replica-session.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import '../fields/counter-field.ts';
import type { IntentEvent } from '../fields/field-control.ts';
import { focusWithin } from '../parts/focus-within.ts';
import { gridStyles } from './field-grid-styles.ts';
import { columnVerdict, ghosts, metLines } from './merge-marks.ts';
import { mergeMarksStyles } from './merge-marks-styles.ts';
import { hiddenSiblings } from './hidden-siblings.ts';
import '../fields/list-field.ts';
import '../fields/register-field.ts';
import { SessionElement } from '../parts/session-element.ts';
import '../fields/set-field.ts';
import './sibling-choice.ts';
import '../fields/stock-field.ts';
import '../fields/text-field.ts';
import { valueText } from '../parts/value-text.ts';

const highlightMs = 2500;
/** What a window must have for columns, and each column of it, in pixels. */
const wideMin = 640;
const columnMin = 120;
/** Chrome has it since version 117. */
const hasSubgrid = CSS.supports('grid-template-rows: subgrid');

@customElement('field-grid')
export class FieldGrid extends SessionElement {
  static override styles = [controlStyles, gridStyles, mergeMarksStyles];

  @state() private highlighted: FieldId | null = null;
  private narrow = false;
  private highlightTimer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('resize', this.resized);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('resize', this.resized);
    clearTimeout(this.highlightTimer);
  }

  /** Brings a field into view and marks its row for a moment. */
  async show(field: FieldId): Promise<void> {
    this.highlighted = field;
    clearTimeout(this.highlightTimer);
    this.highlightTimer = setTimeout(() => (this.highlighted = null), highlightMs);
    await this.updateComplete;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const cells = [...this.renderRoot.querySelectorAll(`[data-field="${CSS.escape(field)}"]`)];
    cells.find((cell) => cell.checkVisibility())?.scrollIntoView({ block: 'center', behavior: still ? 'auto' : 'smooth' });
  }

  protected override render(): TemplateResult | typeof nothing {
    const { session } = this;
    if (!session) return nothing;
    this.narrow = isNarrow(session);
    const differing = new Set(session.schema.filter((spec) => differs(session, spec)).map((spec) => spec.id));
    return this.narrow ? this.tabs(session, differing) : this.columns(session, differing);
  }

  private readonly resized = (): void => {
    if (isNarrow(this.session) !== this.narrow) this.requestUpdate();
  };

  private columns(session: ReplicaSession, differing: ReadonlySet<FieldId>): TemplateResult {
    const noted = session.schema.filter((spec) => hiddenSiblings(session, spec, false) !== null);
    const shape = `--rows: ${session.schema.length + 1 + noted.length}; --columns: ${session.strategies.length}`;
    return html`<div class="grid ${session.strategies.length > 3 ? 'many' : ''}" style=${shape} @intent=${this.perform}>
      <div class="labels">
        <div class="cell head"></div>
        ${session.schema.map((spec) => html`<div class=${this.cellClass(spec)}>${labelOf(spec, differing)}${metLines(session, spec.id)}</div>${noted.includes(spec) ? gap(hasSubgrid ? nothing : this.note(session, spec)) : nothing}`)}
      </div>
      ${hasSubgrid ? noted.map((spec, at) => this.note(session, spec, `grid-row: ${session.schema.indexOf(spec) + 3 + at}`)) : nothing}
      ${session.strategies.map((strategy, at) => this.column(session, strategy, differing, `grid-column: ${at + 2}`))}
    </div>`;
  }

  private tabs(session: ReplicaSession, differing: ReadonlySet<FieldId>): TemplateResult {
    return html`<wa-tab-group without-scroll-controls active=${session.strategies[0] ?? ''} @intent=${this.perform}>
      ${session.strategies.map((strategy) => html`
        <wa-tab panel=${strategy}>${strategyNames[strategy]}${lossChip(session, strategy)}</wa-tab>
        <wa-tab-panel name=${strategy}>${this.column(session, strategy, differing)}</wa-tab-panel>`)}
    </wa-tab-group>`;
  }

  private column(session: ReplicaSession, strategy: StrategyId, differing: ReadonlySet<FieldId>, place = ''): TemplateResult {
    const off = isOff(session, strategy);
    return html`<section class="column ${off ? 'off' : ''}" style=${place} aria-label=${strategyNames[strategy]}>
      ${this.narrow ? nothing : html`<div class="cell head"><h2>${strategyNames[strategy]}</h2>${this.about(session, strategy)}${columnVerdict(session, strategy)}</div>`}
      ${this.narrow ? html`${this.about(session, strategy)}<div class="above-verdict">${columnVerdict(session, strategy)}</div>` : nothing}
      ${session.schema.map((spec) => html`${this.cell(session, strategy, spec, differing)}${!this.narrow && hiddenSiblings(session, spec, false) !== null ? gap() : nothing}`)}
    </section>`;
  }

  private cell(session: ReplicaSession, strategy: StrategyId, spec: FieldSpec, differing: ReadonlySet<FieldId>): TemplateResult {
    const { pending, newest } = session.standing(strategy, spec.id);
    return html`<div class=${this.cellClass(spec)} data-field=${spec.id}>
      ${this.narrow ? html`<div class="above">${labelOf(spec, differing)}</div>${strategy === 'siblings' || isOff(session, strategy) ? nothing : this.note(session, spec)}` : nothing}
      <div class="control">${this.control(session, strategy, spec)}</div>
      <div class="marks">${chip(pending, 'pending', 'noted')}${marks(session, strategy, spec)}</div>
      <p class="refusal" aria-live="polite">${answer(newest)}</p>
      ${ghosts(session, strategy, spec.id)}
    </div>`;
  }

  private control(session: ReplicaSession, strategy: StrategyId, spec: FieldSpec): TemplateResult {
    if (isOff(session, strategy)) return readOnly(session, strategy, spec);
    if (strategy !== 'siblings' || session.siblings(spec.id).length < 2) return control(session, strategy, spec);
    return html`<sibling-choice .session=${session} .spec=${spec} @resolved=${this.resolved}></sibling-choice>`;
  }

  private cellClass(spec: FieldSpec): ReturnType<typeof classMap> {
    return classMap({ cell: true, [spec.type]: true, highlighted: this.highlighted === spec.id });
  }

  private perform(event: IntentEvent): void {
    const { session } = this;
    if (!session) return;
    session.perform(event.field, event.intent, event.column);
    this.requestUpdate();
  }

  /** The buttons are gone with the choice: the keyboard goes on in the field that took their place. */
  private async resolved(event: Event): Promise<void> {
    const place = (event.target as Element).parentElement;
    this.requestUpdate();
    await this.updateComplete;
    if (place) await focusWithin(place);
  }

  /** What an edit of this field does in the Siblings column, where the person does not see that. */
  private note(session: ReplicaSession, spec: FieldSpec, place = ''): TemplateResult | typeof nothing {
    const sentence = hiddenSiblings(session, spec, this.narrow);
    if (sentence === null) return nothing;
    return html`<p class="note" role="note" style=${place}><span>${sentence}</span> <button type="button" @click=${() => this.showSiblings(spec.id)}>Show Siblings</button></p>`;
  }

  /** Shows the column, and the keyboard goes on at the choice. */
  private async showSiblings(field: FieldId): Promise<void> {
    if (!this.session?.strategies.includes('siblings')) this.session?.showStrategy('siblings', true);
    this.requestUpdate();
    await this.updateComplete;
    const tabs = this.renderRoot.querySelector('wa-tab-group');
    if (tabs) tabs.active = 'siblings';
    await tabs?.updateComplete;
    const cell = this.renderRoot.querySelector(`.column[aria-label="${strategyNames.siblings}"] [data-field="${CSS.escape(field)}"]`);
    if (!cell) return;
    await focusWithin(cell);
    await this.show(field);
  }

  /** What a strategy's head says of it, and what can be done there. */
  private about(session: ReplicaSession, strategy: StrategyId): TemplateResult | typeof nothing {
    if (isOff(session, strategy)) return html`<p class="about">Off: edits do not reach it. Turn it on in Settings (⋯).</p>`;
    const note = session.note(strategy);
    if (note === '') return nothing;
    const follows = strategy === 'single-leader' && session.leader !== null && session.leader !== session.name;
    return html`<p class="about">${note}${follows ? html` <button type="button" class="plain small" @click=${() => session.promote()}>Promote ${session.name}</button>` : nothing}</p>`;
  }
}

/** Room in each column for a note that goes across all of them. Without subgrid the note itself is in the first one. */
function gap(note: TemplateResult | typeof nothing = nothing): TemplateResult {
  return html`<div class="gap">${note}</div>`;
}

/** Whether edits of this room are not carried out under a strategy: its column shows what it had. */
function isOff(session: ReplicaSession, strategy: StrategyId): boolean {
  return !session.settings.enabled.includes(strategy);
}

/** Whether the columns would be too narrow to stand side by side. */
function isNarrow(session: ReplicaSession | null): boolean {
  return innerWidth < Math.max(wideMin, columnMin * (session?.strategies.length ?? 0));
}

/** Why the newest edit was not simply taken. */
function answer(newest: EditStanding['newest']): TemplateResult | string {
  if (newest?.outcome === 'refused') return html`<span aria-hidden="true">⊘</span> Refused: ${newest.reason}`;
  if (newest?.outcome === 'unknown') return html`<span aria-hidden="true">?</span> Unknown whether it happened: ${newest.reason}`;
  return '';
}

/** What a column that is off had last. */
function readOnly(session: ReplicaSession, strategy: StrategyId, spec: FieldSpec): TemplateResult {
  return html`<output aria-label=${spec.label}>${valueText(session.value(strategy, spec.id))}</output>`;
}

function control(session: ReplicaSession, strategy: StrategyId, spec: FieldSpec): TemplateResult {
  switch (spec.type) {
    case 'register': return html`<register-field .session=${session} .strategy=${strategy} .spec=${spec}></register-field>`;
    case 'text': return html`<text-field .session=${session} .strategy=${strategy} .spec=${spec}></text-field>`;
    case 'counter': return html`<counter-field .session=${session} .strategy=${strategy} .spec=${spec}></counter-field>`;
    case 'set': return html`<set-field .session=${session} .strategy=${strategy} .spec=${spec}></set-field>`;
    case 'list': return html`<list-field .session=${session} .strategy=${strategy} .spec=${spec}></list-field>`;
    case 'stock': return html`<stock-field .session=${session} .strategy=${strategy} .spec=${spec}></stock-field>`;
  }
}

function labelOf(spec: FieldSpec, differing: ReadonlySet<FieldId>): TemplateResult {
  return html`<span class="label">${spec.label}</span>${differing.has(spec.id) ? html`<span class="differs">differs</span>` : nothing}`;
}

/** How many of a field's actions were refused in this column, by the review. */
function marks(session: ReplicaSession, strategy: StrategyId, spec: FieldSpec): readonly (TemplateResult | typeof nothing)[] {
  const entries = session.review.filter((entry) => entry.field === spec.id);
  const count = (disposition: string): number => entries
    .filter((entry) => entry.fates.some((fate) => fate.strategy === strategy && fate.disposition === disposition))
    .reduce((sum, entry) => sum + entry.actions, 0);
  return [chip(count('refused'), 'refused', 'waiting')];
}

function chip(count: number, word: string, kind: string): TemplateResult | typeof nothing {
  return count > 0 ? html`<span class="chip ${kind}">${count} ${word}</span>` : nothing;
}

function lossChip(session: ReplicaSession, strategy: StrategyId): TemplateResult | typeof nothing {
  return chip(session.totals.find((each) => each.strategy === strategy)?.lost ?? 0, 'lost', 'lost');
}

function differs(session: ReplicaSession, spec: FieldSpec): boolean {
  const values = session.strategies.map((strategy) => JSON.stringify(session.draft(strategy, spec.id)));
  return values.some((value) => value !== values[0]);
}
