/** "Behave like Cassandra": sets the room's strategies as a named system has them by default, says in plain words what that means, and leads to the scenario that shows it. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { strategyNames } from '../../../shared/strategies/registry.ts';
import { type Preset, presets, presetWords } from '../../../shared/strategies/presets.ts';
import { panelStyles } from '../../styles/panel-styles.ts';
import { icon } from '../parts/icon.ts';
import { Popover } from '../parts/popover.ts';

/** Sent from the menu to the control room: set the room to this preset. */
export class PresetEvent extends Event {
  constructor(readonly preset: string) {
    super('preset', { bubbles: true, composed: true });
  }
}

@customElement('preset-menu')
export class PresetMenu extends LitElement {
  static override styles = [panelStyles, css`
    :host { display: flex; position: relative; gap: var(--s1); min-inline-size: 0; }
    select { max-inline-size: 11rem; }
    .pop { inset-block-start: calc(100% + 4px); inset-inline-end: 0; inline-size: min(34rem, calc(100vw - 24px)); white-space: normal; }
    :host([inline]) { flex-wrap: wrap; }
    :host([inline]) .pop { position: static; inline-size: 100%; padding: var(--s2) 0 0; border: 0; box-shadow: none; }
    dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px var(--s4); }
    dt { color: var(--ink-3); }
    /* Not a link: the desktop's windows open no others. */
    .address { user-select: all; overflow-wrap: anywhere; }
    @media (max-width: 37.4988em) { dl { grid-template-columns: minmax(0, 1fr); } dd { padding-block-end: var(--s1); } }
  `];

  /** Whether there is a scenario that shows what the preset's sentence says. Pressing its button sends `show-scenario`. */
  @property({ attribute: false }) hasScenario = false;
  /** The preset that the room has now. */
  @property({ attribute: false }) preset: string | null = null;

  /** What the preset means stands below without a button. */
  @property({ type: Boolean, reflect: true }) inline = false;
  private readonly menu = new Popover(this, '.about');

  protected override render(): TemplateResult {
    const preset = presets.find(({ id }) => id === this.preset);
    const isShown = this.inline || this.menu.isOpen;
    return html`<label class="unseen" for="preset">Preset</label>
      <select id="preset" .value=${live(this.preset ?? '')} @change=${this.chosen} title="Sets the columns to what a named system does by default, and puts them on stage">
        <option value="">${this.preset === null ? 'Behave like…' : 'none'}</option>
        ${presets.map(({ id, name, pacelc }) => html`<option value=${id} ?selected=${id === this.preset}>${name} (${pacelc})</option>`)}
      </select>
      ${preset && !this.inline ? html`<button type="button" class="btn icon about" aria-label="About ${preset.name}" aria-expanded=${isShown ? 'true' : 'false'} @click=${this.menu.toggle}>${icon('ask')}</button>` : nothing}
      ${preset && isShown ? html`<div class="pop">${details(preset, this.hasScenario ? this.scenarioButton() : nothing)}</div>` : nothing}`;
  }

  private scenarioButton(): TemplateResult {
    return html`<button type="button" class="btn" @click=${this.showScenario}>Play the scenario that shows it</button>`;
  }

  private chosen(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    this.dispatchEvent(new PresetEvent(value));
    this.menu.set(value !== '');
  }

  private readonly showScenario = (): void => {
    this.menu.set(false);
    this.dispatchEvent(new Event('show-scenario', { bubbles: true, composed: true }));
  };
}

function details(preset: Preset, scenario: TemplateResult | typeof nothing): TemplateResult {
  const columns = [preset.strategy, ...(preset.also ?? [])].map((strategy) => strategyNames[strategy]).join(', also ');
  return html`<dl>
    <dt>${preset.name}</dt><dd>${preset.sentence} ${scenario}</dd>
    ${preset.notTrue ? html`<dt>Often taught wrongly</dt><dd>${preset.notTrue}</dd>` : nothing}
    ${preset.note ? html`<dt>Here</dt><dd>${preset.note}</dd>` : nothing}
    <dt>Look at</dt><dd>the column ${columns} <span class="quiet">(${presetWords(preset)})</span></dd>
    <dt>PACELC ${preset.pacelc}</dt><dd class="quiet">${pacelcWords(preset.pacelc)} Source: ${preset.source.title}, <span class="address">${preset.source.url}</span>. Whatever is changed in Settings ends the preset.</dd>
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
