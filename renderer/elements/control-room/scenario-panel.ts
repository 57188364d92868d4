/** The scenario line: choose, play, pause, step; each step says what happens and what to look at; in the end whether what was expected came true. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { isLifeOf } from '../../../shared/clocks/dot.ts';
import type { ScenarioView } from '../../../shared/control/scenario-view.ts';
import { presetShownBy } from '../../../shared/scenarios/scenario-names.ts';
import type { CatalogueEntry } from '../../platform/lab-client.ts';
import { inkStyles } from '../../styles/ink-styles.ts';
import { panelStyles } from '../../styles/panel-styles.ts';
import { neighbourMoment, scenarioAt, toldOf } from '../../controllers/scenario-moments.ts';
import { icon } from '../parts/icon.ts';
import { MomentEvent } from '../parts/moment-event.ts';
import { Popover } from '../parts/popover.ts';
import { timeText } from '../parts/time-text.ts';
import { scenarioPanelStyles } from './scenario-panel-styles.ts';

/** What a person wants of the room's scenario. */
export type ScenarioWish =
  /** null: back to the lab's own document. */
  | { readonly wish: 'choose'; readonly name: string | null }
  /** `speed`: from 0.5 to 2. */
  | { readonly wish: 'play'; readonly speed: number }
  | { readonly wish: 'pause' | 'step' }
  | { readonly wish: 'open'; readonly replicas: readonly string[] };

/** Sent from the panel to the control room. */
export class ScenarioEvent extends Event {
  constructor(readonly wish: ScenarioWish) {
    super('scenario');
  }
}

/** Stands for a scenario that came as a text to a lab that was ended since, so that it cannot be chosen. */
const ofText = ':text';

function nameOf(scenario: ScenarioView | null): string {
  return scenario ? (scenario.name ?? ofText) : '';
}

function option(value: string, title: string, chosen: string): TemplateResult {
  return html`<option value=${value} ?selected=${value === chosen}>${title}</option>`;
}

const speeds = [0.5, 1, 1.5, 2];

const marks = { holds: '✓', broken: '✗', unknown: '?' } as const;

@customElement('scenario-panel')
export class ScenarioPanel extends LitElement {
  static override styles = [panelStyles, inkStyles, scenarioPanelStyles];

  @property({ attribute: false }) catalogue: readonly CatalogueEntry[] = [];
  @property({ attribute: false }) scenario: ScenarioView | null = null;
  /** Whether the room has edits that choosing a scenario would throw away. */
  @property({ attribute: false }) hasEdits = false;
  /** The replicas that have a window. */
  @property({ attribute: false }) windows: readonly string[] = [];
  /** The earlier moment that all windows show; null: now. */
  @property({ attribute: false }) momentMs: number | null = null;
  /** What is said while no scenario is on stage. */
  @property({ attribute: false }) hint = '';
  /** What was chosen and is not confirmed yet; '' is the lab's own document, null nothing. */
  @state() private chosen: string | null = null;
  @state() private speed = 1;
  /** Whether this control room asked last to play on. */
  private playsOn = false;
  private readonly steps = new Popover(this, '.steps');

  protected override render(): TemplateResult {
    const { scenario } = this;
    const name = this.chosen ?? nameOf(scenario);
    const entry = this.catalogue.find((each) => each.name === name);
    const ofPresets = this.catalogue.filter((each) => presetShownBy(each.name) !== null);
    const ofCatalogue = this.catalogue.filter((each) => !ofPresets.includes(each));
    const isPlaying = scenario !== null && this.chosen === null && (scenario.begun > 0 || this.momentMs !== null);
    return html`<section aria-label="Scenario"><div class="line ${isPlaying ? 'playing ink' : ''}">
        <label for="scenario">Scenario</label>
        <select id="scenario" .value=${live(name)} @change=${this.choose}>
          <option value="">none: this document</option>
          ${scenario && !this.catalogue.some((each) => each.name === scenario.name) ? option(nameOf(scenario), scenario.title, name) : nothing}
          ${ofCatalogue.map((each) => option(each.name, each.title, name))}
          ${ofPresets.length === 0 ? nothing : html`<optgroup label="What presets do">${ofPresets.map((each) => option(each.name, each.title, name))}</optgroup>`}
        </select>
        ${this.chosen === null ? this.controls(scenario) : nothing}
        ${this.sentence(scenario, entry)}
        ${scenario && this.chosen === null ? this.progress(scenario) : nothing}
      </div>
      ${this.chosen === null ? nothing : html`<div class="confirm" role="group" aria-label="Change the room’s document?">
        <span>${this.chosen === '' ? 'Back to the lab’s own document.' : `“${entry?.title ?? this.chosen}” has a document of its own.`} All that is in the room is thrown away.</span>
        <button type="button" class="btn danger" @click=${this.confirm}>Yes, empty the room</button>
        <button type="button" class="btn" @click=${this.forget}>Cancel</button>
      </div>`}
      ${scenario && this.chosen === null && this.steps.isOpen ? html`<div class="pop">${scenario.lookAt ? html`<p class="look">${scenario.lookAt}</p>` : nothing}${stepList(scenario)}${judged(scenario.judgements)}</div>` : nothing}</section>`;
  }

  /** Play or pause, step, and back, for the keys of the control room. */
  press(key: 'play' | 'step' | 'back'): void {
    const state = this.chosen === null ? this.scenario?.state : undefined;
    if (key === 'back') return void (state !== 'playing' && this.travel(-1));
    if (key === 'step' && this.momentMs !== null) return this.travel(1);
    if (key === 'step') return void (state === 'paused' && this.tell({ wish: 'step' }));
    if (state === 'playing') this.tell({ wish: 'pause' });
    else if (state === 'paused' && this.missing().length === 0) this.play();
  }

  private missing(): string[] {
    return (this.scenario?.replicas ?? []).filter((replica) => !this.windows.some((each) => isLifeOf(replica, each)));
  }

  /** To the moment before or after a step: all windows show it. */
  private travel(step: 1 | -1): void {
    const moment = this.scenario ? neighbourMoment(this.scenario, this.momentMs, step) : undefined;
    if (moment !== undefined) this.dispatchEvent(new MomentEvent(moment));
  }

  private backButton(scenario: ScenarioView): TemplateResult {
    const isThere = scenario.state !== 'playing' && neighbourMoment(scenario, this.momentMs, -1) !== undefined;
    return html`<button type="button" class="btn icon" aria-label="Back" title="To the moment before this step" ?disabled=${!isThere} @click=${() => this.travel(-1)}>${icon('stepBack')}</button>`;
  }

  /** While an earlier moment is shown. */
  private pastControls(scenario: ScenarioView): TemplateResult {
    return html`<span class="buttons">${this.backButton(scenario)}
      <button type="button" class="btn icon" aria-label="Step" title="To the moment after the next step" @click=${() => this.travel(1)}>${icon('step')}</button></span>
      <button type="button" class="btn" @click=${() => this.dispatchEvent(new MomentEvent(null))}>Back to now</button>`;
  }

  private controls(scenario: ScenarioView | null): TemplateResult | typeof nothing {
    const state = scenario?.state;
    if (scenario && this.momentMs !== null) return this.pastControls(scenario);
    if (scenario && state === 'over') {
      return html`${this.backButton(scenario)}${scenario.name === null ? nothing : html`<button type="button" class="btn" @click=${() => this.again()}>Play it again</button>`}`;
    }
    const missing = this.missing();
    if (missing.length > 0) return html`<button type="button" class="btn primary" @click=${() => this.tell({ wish: 'open', replicas: missing })}>Open ${missing.join(', ')}</button>`;
    const isPlaying = state === 'playing';
    return html`<span class="buttons">${scenario ? this.backButton(scenario) : nothing}
      ${isPlaying
        ? html`<button type="button" class="btn primary" aria-label="Pause scenario" @click=${() => this.tell({ wish: 'pause' })}>${icon('pause')} Pause</button>`
        : html`<button type="button" class="btn ${scenario ? 'primary' : ''}" aria-label="Play scenario" ?disabled=${!scenario || state === 'judging'} @click=${this.play}>${icon('play')} Play</button>`}
      <button type="button" class="btn icon" aria-label="Step" title="One step" ?disabled=${state !== 'paused'} @click=${() => this.tell({ wish: 'step' })}>${icon('step')}</button></span>
      ${scenario ? html`<select class="speed" aria-label="Speed" title="How fast the sentences are read" .value=${live(String(this.speed))} @change=${this.setSpeed}>
        ${speeds.map((speed) => option(String(speed), `${speed}×`, String(this.speed)))}</select>` : nothing}`;
  }

  private readonly play = (): void => this.tell({ wish: 'play', speed: this.speed });

  /** It holds at once, also while a scenario is playing. */
  private setSpeed(event: Event): void {
    this.speed = Number((event.target as HTMLSelectElement).value);
    // A single step is under way for a moment, too.
    if (this.scenario?.state === 'playing' && this.playsOn) this.play();
  }

  private sentence(scenario: ScenarioView | null, entry: CatalogueEntry | undefined): TemplateResult {
    if (!scenario || this.chosen !== null) return html`<p class="hint" title=${entry?.lookAt ?? this.hint}>${this.chosen !== null ? (entry?.lookAt ?? '') : this.hint}</p>`;
    const { steps, begun, state, trouble, lookAt } = scenarioAt(scenario, this.momentMs);
    const told = toldOf({ steps, begun });
    if (this.momentMs !== null) {
      return html`<p class="say" role="note" aria-label="The past"><b>${timeText(this.momentMs)}</b> ${told || lookAt} Nothing can be edited.</p>`;
    }
    const words = state === 'judging' ? 'Looking at what came of it…' : told || lookAt;
    if (trouble) return html`<p class="say trouble" role="status">${trouble[0]!.toUpperCase()}${trouble.slice(1)}</p>`;
    return html`<p class=${begun > 0 ? 'say' : 'hint'} role="status" title=${lookAt}>${words}</p>`;
  }

  /** The steps as dots, and in the end what came true; pressed, all of it in words. */
  private progress(scenario: ScenarioView): TemplateResult | typeof nothing {
    const { steps, begun, done, state, judgements } = scenarioAt(scenario, this.momentMs);
    const held = judgements.filter(({ outcome }) => outcome === 'holds').length;
    if (steps.length === 0 && judgements.length === 0) return nothing;
    const words = judgements.length > 0 ? `${held} of ${judgements.length} expectations hold` : `${begun} of ${steps.length}`;
    return html`<button type="button" class="btn plain steps" aria-expanded=${this.steps.isOpen ? 'true' : 'false'} @click=${this.steps.toggle}>
      ${judgements.length > 0 || steps.length > 12 ? nothing : html`<span class="dots" aria-hidden="true">${steps.map((_, at) => html`<i class=${at === begun - 1 && state !== 'over' ? 'now' : at < done ? 'on' : ''}></i>`)}</span>`}
      <span class="unseen">Steps:</span><span>${words}</span></button>`;
  }

  /** Chooses a scenario for the person, as if they had picked it in the list: they are asked before anything is thrown away. */
  propose(name: string): void {
    if (this.scenario?.name === name && this.scenario.state === 'over') this.again();
    else this.pick(name);
    this.scrollIntoView({ block: 'nearest' });
    this.renderRoot.querySelector<HTMLElement>('select')?.focus();
  }

  private choose(event: Event): void {
    this.pick((event.target as HTMLSelectElement).value);
  }

  private pick(name: string): void {
    if (name === nameOf(this.scenario)) return this.forget();
    this.chosen = name;
    if (!this.hasEdits) this.confirm();
  }

  private confirm(): void {
    const name = this.chosen;
    this.chosen = null;
    if (name !== null) this.tell({ wish: 'choose', name: name === '' ? null : name });
  }

  private forget(): void {
    this.chosen = null;
  }

  private again(): void {
    if (this.scenario?.name) this.tell({ wish: 'choose', name: this.scenario.name });
  }

  private tell(wish: ScenarioWish): void {
    this.playsOn = wish.wish === 'play';
    this.dispatchEvent(new ScenarioEvent(wish));
  }
}

function stepList({ steps, begun, done, state }: ScenarioView): TemplateResult {
  const isNow = (at: number): boolean => at === begun - 1 && state !== 'over';
  return html`<ol>${steps.map((step, at) => html`<li class=${isNow(at) ? 'now' : ''} aria-current=${isNow(at) ? 'step' : nothing}>
    <span>${at < done ? '✓' : at + 1}</span><span>${step.does}</span><span class="told">${step.say ?? ''}</span></li>`)}</ol>`;
}

/** What did not come true stands first. */
function judged(judgements: ScenarioView['judgements']): TemplateResult | typeof nothing {
  if (judgements.length === 0) return nothing;
  const sorted = [...judgements.filter(({ outcome }) => outcome !== 'holds'), ...judgements.filter(({ outcome }) => outcome === 'holds')];
  return html`<div class="judgements" role="group" aria-label="What was expected">${sorted.map(({ outcome, sentence }) => html`<p class=${outcome}><span>${marks[outcome]}</span><span>${sentence}</span></p>`)}</div>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'scenario-panel': ScenarioPanel;
  }
}
