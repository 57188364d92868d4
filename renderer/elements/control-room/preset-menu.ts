/** "Behave like Cassandra": sets the room's strategies as a named system has them by default, says in plain words what that means, and leads to the scenario that shows it. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { strategyNames } from '../../../shared/strategies/names.ts';
import { type Preset, presets, presetWords } from '../../../shared/strategies/presets.ts';
import { controlStyles } from '../../styles/control-styles.ts';

/** Sent from the menu to the control room: set the room to this preset. */
export class PresetEvent extends Event {
  constructor(readonly preset: string) {
    super('preset');
  }
}

@customElement('preset-menu')
export class PresetMenu extends LitElement {
  static override styles = [controlStyles, css`
    :host { display: block; }
    .choice { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-half) var(--space); }
    label { font-weight: 600; }
    dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px var(--space-2); margin: var(--space-half) 0 0; padding: var(--space); background: var(--surface); border: 1px solid var(--line); }
    dt { color: var(--text-quiet); }
    dd { margin: 0; }
    /* Not a link: the desktop's windows open no others. */
    .address { user-select: all; overflow-wrap: anywhere; }
    @media (max-width: 559.98px) { dl { grid-template-columns: minmax(0, 1fr); } dd { padding-block-end: var(--space-half); } }
  `];

  /** Whether there is a scenario that shows what the preset's sentence says. Pressing its button sends `show-scenario`. */
  @property({ attribute: false }) hasScenario = false;
  /** The preset that the room has now. */
  @property({ attribute: false }) preset: string | null = null;

  protected override render(): TemplateResult {
    const preset = presets.find(({ id }) => id === this.preset);
    return html`<div class="choice">
        <label for="preset">Preset</label>
        <select id="preset" .value=${live(this.preset ?? '')} @change=${this.chosen}>
          <option value="">${this.preset === null ? 'behave like…' : 'none'}</option>
          ${presets.map(({ id, name, pacelc }) => html`<option value=${id} ?selected=${id === this.preset}>${name} (${pacelc})</option>`)}
        </select>
        <span class="quiet">${preset ? 'these are its defaults; whatever is changed in Settings ends the preset' : 'sets its columns to what a named system does by default, and puts them on stage'}</span>
      </div>
      ${preset ? details(preset, this.hasScenario ? this.scenarioButton() : nothing) : nothing}`;
  }

  private scenarioButton(): TemplateResult {
    return html`<button type="button" @click=${() => this.dispatchEvent(new Event('show-scenario'))}>Play the scenario that shows it</button>`;
  }

  private chosen(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    this.dispatchEvent(new PresetEvent(value));
  }
}

function details(preset: Preset, scenario: TemplateResult | typeof nothing): TemplateResult {
  const columns = [preset.strategy, ...(preset.also ?? [])].map((strategy) => strategyNames[strategy]).join(', also ');
  return html`<dl>
    <dt>${preset.name}</dt><dd>${preset.sentence} ${scenario}</dd>
    ${preset.notTrue ? html`<dt>Often taught wrongly</dt><dd>${preset.notTrue}</dd>` : nothing}
    ${preset.note ? html`<dt>Here</dt><dd>${preset.note}</dd>` : nothing}
    <dt>Look at</dt><dd>the column ${columns} <span class="quiet">(${presetWords(preset)})</span></dd>
    <dt>PACELC ${preset.pacelc}</dt><dd class="quiet">${pacelcWords(preset.pacelc)} Source: ${preset.source.title}, <span class="address">${preset.source.url}</span></dd>
  </dl>`;
}

function pacelcWords(pacelc: Preset['pacelc']): string {
  const [partition, otherwise] = pacelc.split('/');
  return `In a partition it keeps ${partition === 'PA' ? 'available' : 'consistent'}; otherwise it prefers ${otherwise === 'EL' ? 'low latency' : 'consistency'}.`;
}

declare global {
  interface HTMLElementTagNameMap {
    'preset-menu': PresetMenu;
  }
}
