/**
 * The document under each strategy: a table with fields down and strategies across, or cards. Performs what the field controls ask for. Under a field whose
 * siblings wait where the person does not see them it says what an edit does there.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { classMap } from 'lit/directives/class-map.js';
import type { FieldId, FieldSpec } from '../../../shared/document/schema.ts';
import { valueText } from '../../../shared/document/value-text.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import { strategyNames } from '../../../shared/strategies/registry.ts';
import type { ReplicaModel } from '../../controllers/replica-model.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import '../fields/counter-field.ts';
import type { IntentEvent } from '../fields/field-control.ts';
import '../fields/list-field.ts';
import '../fields/register-field.ts';
import '../fields/set-field.ts';
import '../fields/stock-field.ts';
import '../fields/text-field.ts';
import type { TouchingWords } from '../fields/text-runs.ts';
import { focusWithin } from '../parts/focus-within.ts';
import { icon } from '../parts/icon.ts';
import { SessionElement } from '../parts/session-element.ts';
import { typeScale } from '../parts/type-scale.ts';
import { columnVerdict, metHead, metLines, rejoinAnnouncement, shownRejoin } from './column-verdict.ts';
import { columnVerdictStyles } from './column-verdict-styles.ts';
import { gridStyles } from '../fields/field-grid-styles.ts';
import { type GridLayout, gridLayout } from '../fields/grid-layout.ts';
import { cardPlaces, type GridPlaces, tablePlaces } from '../fields/grid-places.ts';
import { hiddenSiblings } from './hidden-siblings.ts';
import './sibling-choice.ts';
import { StageController } from './stage-controller.ts';
import { retriedWaiting, statusLines, touchingIn } from './status-lines.ts';
import { isUnchanged } from './unchanged.ts';

const highlightMs = 2500;
/** Such a word is smaller in the rail, so that most stand there whole. */
const longWord = /\S{9}/;

@customElement('field-grid')
export class FieldGrid extends SessionElement {
  static override styles = [controlStyles, gridStyles, columnVerdictStyles];

  @state() private highlighted: FieldId | null = null;
  /** The field that the person was in last. */
  @state() private focused: FieldId | null = null;
  private focusedNext: FieldId | null = null;
  private isPressed = false;
  /** Whether unchanged fields stand in one line: where all fields would not be in sight after a rejoin. */
  @state() private folds = false;
  readonly stage = new StageController(this, rejoinAnnouncement);
  private layout: GridLayout | null = null;
  private foldsFor: number | null = null;
  private frame = 0;
  private seenRejoin: number | null = null;
  /** As observed: to ask the element itself would lay the page out in the middle of each update. */
  private seenWidth: number | null = null;
  /** As long as no size has changed: larger letters change sizes, too. */
  private scale: number | null = null;
  private readonly observer = new ResizeObserver(([entry]) => {
    this.seenWidth = entry!.contentRect.width;
    this.resized();
  });
  private highlightTimer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer.observe(this);
    addEventListener('resize', this.resized);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer.disconnect();
    removeEventListener('resize', this.resized);
    clearTimeout(this.highlightTimer);
    cancelAnimationFrame(this.frame);
  }

  /** Brings a field into view and marks its row for a moment. */
  async show(field: FieldId): Promise<void> {
    this.folds = false;
    this.highlighted = field;
    clearTimeout(this.highlightTimer);
    this.highlightTimer = setTimeout(() => (this.highlighted = null), highlightMs);
    await this.updateComplete;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.renderRoot.querySelector(`.cell[data-field="${CSS.escape(field)}"]`)?.scrollIntoView({ block: 'center', behavior: still ? 'auto' : 'smooth' });
  }

  protected override render(): TemplateResult | typeof nothing {
    const { session } = this;
    if (!session) return nothing;
    this.layout = this.currentLayout(session);
    this.foldAnew(session);
    return this.grid(session, this.layout);
  }

  protected override updated(): void {
    if (this.folds) this.foldsFor = null;
    if (this.foldsFor === null) return;
    // At the beginning of a frame the page is laid out: measuring costs nothing then.
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.foldIfHigh());
  }

  /** What has met must be in sight: fields where nothing did make room for it. */
  private foldIfHigh(): void {
    const pane = this.parentElement;
    if (this.foldsFor !== null && pane && pane.scrollHeight > pane.clientHeight + 1 && this.unchanged.length > 1) this.folds = true;
    this.foldsFor = null;
  }

  /** Each rejoin is looked at once. */
  private foldAnew(session: ReplicaModel): void {
    const rejoin = shownRejoin(session) ? session.rejoins.length : null;
    if (rejoin === null) this.folds = false;
    if (rejoin === this.seenRejoin) return;
    this.seenRejoin = rejoin;
    this.folds = false;
    this.foldsFor = rejoin;
  }

  private get unchanged(): FieldSpec[] {
    const { session } = this;
    return session ? session.schema.filter((spec) => isUnchanged(session, spec)) : [];
  }

  private currentLayout(session: ReplicaModel): GridLayout {
    const scale = (this.scale ??= typeScale());
    const fieldsWidth = Math.round(this.seenWidth ?? this.clientWidth) || innerWidth;
    return gridLayout({ width: innerWidth / scale, height: innerHeight / scale, fieldsWidth: fieldsWidth / scale }, session.strategies.length);
  }

  private readonly resized = (): void => {
    const { session } = this;
    this.scale = null;
    if (session && JSON.stringify(this.currentLayout(session)) !== JSON.stringify(this.layout)) this.requestUpdate();
  };

  private grid(session: ReplicaModel, layout: GridLayout): TemplateResult {
    const folded = this.folds ? this.unchanged : [];
    const fields = session.schema.filter((spec) => !folded.includes(spec));
    const noted = fields.filter((spec) => spec.id === this.focused && hiddenSiblings(session, spec) !== null);
    const hasMet = layout.hasMet && shownRejoin(session) !== undefined;
    const counts = { fields: fields.length, strategies: session.strategies.length, notedAt: noted.map((spec) => fields.indexOf(spec)) };
    const places = layout.kind === 'table' ? tablePlaces(counts, hasMet) : cardPlaces(counts, layout.cardColumns);
    const isNarrow = layout.kind === 'table' && !layout.hasMet;
    const classes = classMap({ grid: true, [layout.kind]: true, [layout.words]: true, [layout.height]: layout.height !== 'full', narrow: isNarrow, many: session.strategies.length > 2 });
    const columns = layout.kind === 'table'
      ? `${layout.rail / 16}rem ${hasMet ? `${layout.met / 16}rem ` : ''}repeat(${session.strategies.length}, minmax(0, 1fr))`
      : `repeat(${layout.cardColumns}, minmax(0, 1fr))`;
    return html`<div class=${classes} style="grid-template-columns: ${columns}" @intent=${this.perform} @focusin=${this.noticeFocus} @focusout=${this.noticeLeave} @pointerdown=${this.pressed}>
      <div class="corner" style=${places.corner}></div>
      ${hasMet && layout.kind === 'table' ? html`<div class="corner sides" style=${places.metHead}>${metHead(session)}</div>` : nothing}
      <div class="rails">${fields.map((spec, at) => railOf(session, spec, at, { places, hasMet, showSiblings: () => this.showSiblings(spec.id) }))}</div>
      ${session.strategies.map((strategy, column) => this.column(session, strategy, column, fields, places))}
      ${noted.map((spec) => this.note(session, spec, places.note(fields.indexOf(spec))))}
      ${folded.length > 0 ? this.fold(session, folded, places.fold) : nothing}
    </div>
    <p class="unseen" role="log" aria-live="polite">${this.stage.announcement}</p>`;
  }

  private column(session: ReplicaModel, strategy: StrategyId, column: number, fields: readonly FieldSpec[], places: GridPlaces): TemplateResult {
    const isBrief = this.layout!.kind === 'cards' || !this.layout!.hasMet || this.layout!.height !== 'full';
    const isLast = column === session.strategies.length - 1;
    return html`<section aria-label=${strategyNames[strategy]}>
      <div class="head" style=${places.head(column)}><h2>${strategyNames[strategy]}</h2>${about(session, strategy)}${columnVerdict(session, strategy, isBrief)}</div>
      ${fields.map((spec, at) => this.cell(session, strategy, spec, places.cell(at, column), { first: at === 0, last: isLast }))}
    </section>`;
  }

  private cell(session: ReplicaModel, strategy: StrategyId, spec: FieldSpec, place: string, ends: { readonly first: boolean; readonly last: boolean }): TemplateResult {
    const asking = session.standing(strategy, spec.id).pending - retriedWaiting({ session, strategy, spec });
    const isOff = !session.settings.enabled.includes(strategy);
    const classes = classMap({ cell: true, [spec.type]: true, off: isOff, look: isLookedAt(session, spec.id), highlighted: this.highlighted === spec.id, ...ends });
    return html`<div class=${classes} style=${place} data-field=${spec.id} data-strategy=${strategy}>
      <span class="strategy" aria-hidden="true">${strategyNames[strategy]}</span>
      <div class="control">${isOff ? readOnly(session, strategy, spec) : this.control(session, strategy, spec)}</div>
      <div class="lines" aria-live=${session.phase === 'apart' ? 'polite' : 'off'}>
        ${asking > 0 ? html`<p class="st">${icon('wait')} <span>${asking} asking</span></p>` : nothing}
        ${isOff ? nothing : statusLines({ session, strategy, spec, isBrief: this.layout!.words === 'brief' })}
      </div>
    </div>`;
  }

  private control(session: ReplicaModel, strategy: StrategyId, spec: FieldSpec): TemplateResult {
    if (strategy !== 'siblings' || session.siblings(spec.id).length < 2) return control(session, strategy, spec);
    return html`<sibling-choice .session=${session} .spec=${spec} @resolved=${this.resolved}></sibling-choice>`;
  }

  /** The note on a field stands there while the person is in the field. */
  private noticeFocus(event: Event): void {
    const field = (event.target as Element).closest<HTMLElement>('[data-field]')?.dataset['field'];
    if (field === undefined) return;
    this.focusedNext = field;
    if (!this.isPressed) this.focused = field;
  }

  private noticeLeave({ currentTarget, relatedTarget }: FocusEvent): void {
    // Nowhere, as after a click on the ground or in another window, is not elsewhere.
    if (!(relatedTarget instanceof Node) || (currentTarget as Element).contains(relatedTarget)) return;
    this.focusedNext = null;
    if (!this.isPressed) this.focused = null;
  }

  /** A note that goes moves all rows below it: not before the pointer is released, or the click falls onto another row. */
  private readonly pressed = (): void => {
    this.isPressed = true;
    const released = (): void => {
      removeEventListener('pointerup', released, true);
      removeEventListener('pointercancel', released, true);
      // The click comes right after the release.
      setTimeout(() => {
        this.isPressed = false;
        this.focused = this.focusedNext;
      });
    };
    addEventListener('pointerup', released, true);
    addEventListener('pointercancel', released, true);
  };

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
  private note(session: ReplicaModel, spec: FieldSpec, place: string): TemplateResult {
    return html`<p class="note" role="note" style=${place}><span>${hiddenSiblings(session, spec)}</span> <button type="button" @click=${() => this.showSiblings(spec.id)}>Show Siblings</button></p>`;
  }

  /** Shows the column, and the keyboard goes on at the choice. */
  private async showSiblings(field: FieldId): Promise<void> {
    if (!this.session?.strategies.includes('siblings')) this.session?.showStrategy('siblings', true);
    this.requestUpdate();
    await this.updateComplete;
    const cell = this.renderRoot.querySelector(`section[aria-label="${strategyNames.siblings}"] [data-field="${CSS.escape(field)}"]`);
    if (!cell) return;
    await focusWithin(cell);
    await this.show(field);
  }

  /** Fields where nothing met, in one line. */
  private fold(session: ReplicaModel, folded: readonly FieldSpec[], place: string): TemplateResult {
    const strategy = session.strategies[0]!;
    return html`<button type="button" class="fold" style=${place} aria-expanded="false" @click=${() => this.unfold(folded[0]!.id)}>
      ${icon('right')} ${folded.map((spec) => html`<span><b>${spec.label}</b> ${shortened(valueText(session.value(strategy, spec.id)))}</span>`)}
      <span class="end">unchanged, the same in every column</span></button>`;
  }

  /** The keyboard goes on in the first field that came back. */
  private async unfold(field: FieldId): Promise<void> {
    this.folds = false;
    await this.updateComplete;
    const cell = this.renderRoot.querySelector(`.cell[data-field="${CSS.escape(field)}"]`);
    if (cell) await focusWithin(cell);
  }
}

interface RailOptions {
  readonly places: GridPlaces;
  readonly hasMet: boolean;
  readonly showSiblings: () => void;
}

/** A field's name, what waits of it, and what met in it. */
function railOf(session: ReplicaModel, spec: FieldSpec, at: number, { places, hasMet, showSiblings }: RailOptions): TemplateResult {
  const siblings = hiddenSiblings(session, spec);
  const waiting = session.waitingIn[spec.id] ?? 0;
  const isApart = session.phase === 'apart' && waiting > 0;
  const first = at === 0 ? 'first' : '';
  return html`<div class="rail ${first}" style=${places.rail(at)} data-field=${spec.id}><h2 class=${longWord.test(spec.label) ? 'long' : ''} title=${spec.label}>${spec.label}${siblings === null ? nothing : html`&nbsp;<button type="button" class="siblings" aria-label="Siblings of ${spec.label} wait" aria-description=${siblings} title=${siblings} @click=${showSiblings}>${icon('fork')}</button>`}</h2>${isApart ? html`<small class="waits">${icon('wait')} ${waiting}<span class="word"> waiting</span></small>` : html`<small>${spec.type}</small>`}</div>
    ${hasMet ? html`<div class="met ${first}" style=${places.met(at)} data-field=${spec.id}>${metLines(session, spec.id)}</div>` : nothing}`;
}

/** What a strategy's head says of it, and what can be done there. */
function about(session: ReplicaModel, strategy: StrategyId): TemplateResult | typeof nothing {
  if (!session.settings.enabled.includes(strategy)) return html`<p class="about off">Off: edits do not reach it. Turn it on in Settings (⋯).</p>`;
  const note = session.note(strategy);
  if (note === '') return nothing;
  const follows = strategy === 'single-leader' && session.leader !== null && session.leader !== session.name;
  return html`<p class="about"><span>${note}</span>${follows ? html` <button type="button" aria-label="Promote ${session.name}" @click=${() => session.promote()}>Promote<span class="whom"> ${session.name}</span></button>` : nothing}</p>`;
}

/** Whether the step of a scenario that people look at changes it. */
function isLookedAt({ scenario }: ReplicaModel, field: FieldId): boolean {
  if (!scenario || scenario.begun === 0 || scenario.state === 'over') return false;
  return scenario.steps[scenario.begun - 1]!.fields.includes(field);
}

/** What a column that is off had last. */
function readOnly(session: ReplicaModel, strategy: StrategyId, spec: FieldSpec): TemplateResult {
  return html`<output aria-label=${spec.label}>${valueText(session.value(strategy, spec.id))}</output>`;
}

function control(session: ReplicaModel, strategy: StrategyId, spec: FieldSpec): TemplateResult {
  switch (spec.type) {
    case 'register': return html`<register-field .session=${session} .strategy=${strategy} .spec=${spec}></register-field>`;
    case 'text': return html`<text-field .session=${session} .strategy=${strategy} .spec=${spec} .touching=${touchingWords(session, strategy, spec)}></text-field>`;
    case 'counter': return html`<counter-field .session=${session} .strategy=${strategy} .spec=${spec}></counter-field>`;
    case 'set': return html`<set-field .session=${session} .strategy=${strategy} .spec=${spec}></set-field>`;
    case 'list': return html`<list-field .session=${session} .strategy=${strategy} .spec=${spec}></list-field>`;
    case 'stock': return html`<stock-field .session=${session} .strategy=${strategy} .spec=${spec}></stock-field>`;
  }
}

function touchingWords(session: ReplicaModel, strategy: StrategyId, spec: FieldSpec): readonly TouchingWords[] {
  return touchingIn({ session, strategy, spec }).flatMap(({ turn }) => (turn?.kind === 'touching' ? [turn] : []));
}

function shortened(text: string): string {
  return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}
