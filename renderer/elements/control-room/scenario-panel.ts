/** Scenarios in the control room: choose, play, pause, step; each step says what happens and what to look at; in the end whether what was expected came true. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { isLifeOf } from '../../../shared/clocks/dot.ts';
import type { ScenarioView } from '../../../shared/protocol/control.ts';
import { presetShownBy } from '../../../shared/scenarios/scenario-names.ts';
import type { CatalogueEntry } from '../../platform/lab-client.ts';
import { controlStyles } from '../../styles/control-styles.ts';

/** What a person wants of the room's scenario. */
export type ScenarioWish =
  /** null: back to the lab's own document. */
  | { readonly wish: 'choose'; readonly name: string | null }
  | { readonly wish: 'play' | 'pause' | 'step' }
  | { readonly wish: 'open'; readonly replicas: readonly string[] };

/** Sent from the panel to the control room. */
export class ScenarioEvent extends Event {
  constructor(readonly wish: ScenarioWish) {
    super('scenario');
  }
}

/** Stands for a scenario that came as a text, and has no name to choose it by. */
const ofText = ':text';

function nameOf(scenario: ScenarioView | null): string {
  return scenario ? (scenario.name ?? ofText) : '';
}

function option(value: string, title: string, chosen: string): TemplateResult {
  return html`<option value=${value} ?selected=${value === chosen}>${title}</option>`;
}

const marks = { holds: '✓', broken: '✗', unknown: '?' } as const;

@customElement('scenario-panel')
export class ScenarioPanel extends LitElement {
  static override styles = [controlStyles, css`
    :host { display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--space); }
    .choice { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-half) var(--space); }
    label { font-weight: 600; }
    select { min-width: 0; max-width: 100%; }
    .say { font-size: var(--type-large, 1.125rem); min-height: 1.4em; }
    ol { display: grid; gap: 2px; border: 1px solid var(--line); background: var(--surface); padding: var(--space-half); max-height: 14rem; overflow: auto; }
    li { display: grid; grid-template-columns: 1.5em minmax(0, 14rem) minmax(0, 1fr); gap: var(--space); padding: 2px var(--space-half); border-radius: var(--radius); overflow-wrap: anywhere; }
    li.now { background: var(--surface-sunk); outline: 1px solid var(--accent); }
    li.done { color: var(--text-quiet); }
    .judgements { display: grid; gap: 2px; }
    .judgements p { display: grid; grid-template-columns: 1.5em minmax(0, 1fr); overflow-wrap: anywhere; }
    .broken { color: var(--on-lost); }
    .confirm { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space); padding: var(--space-half) var(--space); background: var(--offline); color: var(--on-offline); border-radius: var(--radius); }
    @media (max-width: 699.98px) { li { grid-template-columns: 1.5em minmax(0, 1fr); } li .told { grid-column: 2; } }
  `];

  @property({ attribute: false }) catalogue: readonly CatalogueEntry[] = [];
  @property({ attribute: false }) scenario: ScenarioView | null = null;
  /** Whether the room has edits that choosing a scenario would throw away. */
  @property({ attribute: false }) hasEdits = false;
  /** The replicas that have a window. */
  @property({ attribute: false }) windows: readonly string[] = [];
  /** What was chosen and is not confirmed yet; '' is the lab's own document, null nothing. */
  @state() private chosen: string | null = null;

  protected override render(): TemplateResult {
    const { scenario } = this;
    const name = this.chosen ?? nameOf(scenario);
    const entry = this.catalogue.find((each) => each.name === name);
    const ofPresets = this.catalogue.filter((each) => presetShownBy(each.name) !== null);
    const ofCatalogue = this.catalogue.filter((each) => !ofPresets.includes(each));
    return html`<div class="choice">
        <label for="scenario">Scenario</label>
        <select id="scenario" .value=${live(name)} @change=${this.choose}>
          <option value="">none: the lab’s own document</option>
          ${scenario && !this.catalogue.some((each) => each.name === scenario.name) ? option(nameOf(scenario), scenario.title, name) : nothing}
          ${ofCatalogue.map((each) => option(each.name, each.title, name))}
          ${ofPresets.length === 0 ? nothing : html`<optgroup label="What presets do">${ofPresets.map((each) => option(each.name, each.title, name))}</optgroup>`}
        </select>
        ${scenario && this.chosen === null ? this.controls(scenario) : nothing}
      </div>
      ${this.chosen === null ? nothing : html`<div class="confirm" role="group" aria-label="Change the room’s document?">
        <span>${this.chosen === '' ? 'Back to the lab’s own document.' : `“${entry?.title ?? this.chosen}” has a document of its own.`} All that is in the room is thrown away.</span>
        <button type="button" class="danger" @click=${this.confirm}>Yes, empty the room</button>
        <button type="button" @click=${this.forget}>Cancel</button>
      </div>`}
      ${entry && entry.lookAt ? html`<p>${entry.lookAt}</p>` : scenario?.lookAt ? html`<p>${scenario.lookAt}</p>` : nothing}
      ${scenario && this.chosen === null ? this.play(scenario) : nothing}`;
  }

  private controls({ state, replicas }: ScenarioView): TemplateResult {
    if (state === 'over') return this.scenario?.name === null ? html`` : html`<button type="button" @click=${() => this.again()}>Play it again</button>`;
    const missing = replicas.filter((replica) => !this.windows.some((each) => isLifeOf(replica, each)));
    if (missing.length > 0) return html`<button type="button" class="primary" @click=${() => this.tell({ wish: 'open', replicas: missing })}>Open ${missing.join(', ')}</button>`;
    return html`<button type="button" class="primary" ?disabled=${state === 'playing' || state === 'judging'} @click=${() => this.tell({ wish: 'play' })}>Play scenario</button>
      <button type="button" ?disabled=${state !== 'playing'} @click=${() => this.tell({ wish: 'pause' })}>Pause</button>
      <button type="button" ?disabled=${state !== 'paused'} @click=${() => this.tell({ wish: 'step' })}>Step</button>`;
  }

  private play(scenario: ScenarioView): TemplateResult {
    const { steps, begun, done, state, trouble, judgements } = scenario;
    const told = steps.slice(0, begun).reduce((last, { say }) => say ?? last, '');
    return html`<p class="say" role="status">${trouble ? `${trouble[0]!.toUpperCase()}${trouble.slice(1)}` : state === 'judging' ? 'Looking at what came of it…' : told}</p>
      ${steps.length === 0 ? nothing : html`<ol>${steps.map((step, at) => html`<li class=${at === begun - 1 && state !== 'over' ? 'now' : at < done ? 'done' : ''} aria-current=${at === begun - 1 && state !== 'over' ? 'step' : nothing}>
        <span>${at < done ? '✓' : at + 1}</span><span>${step.does}</span><span class="told">${step.say ?? ''}</span></li>`)}</ol>`}
      ${judgements.length === 0 ? nothing : judged(judgements)}`;
  }

  /** Chooses a scenario for the person, as if they had picked it in the list: they are asked before anything is thrown away. */
  propose(name: string): void {
    if (this.scenario?.name === name && this.scenario.state === 'over') this.again();
    else this.pick(name);
    this.scrollIntoView({ block: 'nearest' });
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
    this.dispatchEvent(new ScenarioEvent(wish));
  }
}

/** What came true is one line, unless somebody wants to read all of it; what did not stands there. */
function judged(judgements: ScenarioView['judgements']): TemplateResult {
  const held = judgements.filter(({ outcome }) => outcome === 'holds');
  const others = judgements.filter(({ outcome }) => outcome !== 'holds');
  const lines = (some: ScenarioView['judgements']): TemplateResult[] => some.map(({ outcome, sentence }) => html`<p class=${outcome}><span>${marks[outcome]}</span><span>${sentence}</span></p>`);
  return html`<div class="judgements" role="group" aria-label="What was expected">
    ${lines(others)}
    <details><summary><b>${held.length} of ${judgements.length} expectations hold</b></summary>${lines(held)}</details>
  </div>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'scenario-panel': ScenarioPanel;
  }
}
