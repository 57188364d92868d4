/** Which columns are on stage: chosen here for all windows of the room at once. A button that says them, with the choice below it. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { type StrategyId, strategyIds } from '../../../shared/history/record.ts';
import { strategyNames } from '../../../shared/strategies/registry.ts';
import { panelStyles } from '../../styles/panel-styles.ts';
import { icon } from '../parts/icon.ts';
import { Popover } from '../parts/popover.ts';

/** Sent from the menu to the control room: put these columns on stage. */
export class StageEvent extends Event {
  constructor(readonly columns: readonly StrategyId[]) {
    super('stage', { bubbles: true, composed: true });
  }
}

@customElement('stage-menu')
export class StageMenu extends LitElement {
  static override styles = [panelStyles, css`
    :host { display: block; position: relative; min-inline-size: 0; }
    .opener { max-inline-size: 100%; }
    .opener span { min-inline-size: 0; overflow: hidden; text-overflow: ellipsis; }
    .pop { inset-block-start: calc(100% + 4px); inset-inline-end: 0; inline-size: 15rem; }
    :host([inline]) .pop { position: static; inline-size: auto; padding: 0; border: 0; box-shadow: none; }
    fieldset { display: grid; margin: 0; padding: 0; border: 0; min-inline-size: 0; }
    legend { padding: 0; font-weight: 600; color: var(--ink); }
    label { display: flex; align-items: center; gap: var(--s2); min-block-size: max(26px, var(--control)); color: var(--ink); }
    input { inline-size: 24px; block-size: 24px; margin: 0; padding: 0; accent-color: var(--ink); flex: none; }
    .help { font-size: var(--t1); }
  `];

  @property({ attribute: false }) columns: readonly StrategyId[] = [];
  /** The strategies that run: a column of another one only shows what it had. */
  @property({ attribute: false }) enabled: readonly StrategyId[] = [];
  /** The choice stands there without a button. */
  @property({ type: Boolean, reflect: true }) inline = false;
  private readonly menu = new Popover(this, '.opener');

  protected override render(): TemplateResult {
    if (this.inline) return html`<div class="pop">${this.choices()}</div>`;
    const names = this.columns.map((strategy) => strategyNames[strategy].replace(' (Yjs)', ''));
    const words = names.length > 2 ? `${names.slice(0, 1).join(', ')} and ${names.length - 1} more` : names.join(', ');
    return html`<button type="button" class="btn opener" aria-expanded=${this.menu.isOpen ? 'true' : 'false'} @click=${this.menu.toggle}><span>Columns on stage: ${words}</span> ${icon('down')}</button>
      ${this.menu.isOpen ? html`<div class="pop">${this.choices()}</div>` : ''}`;
  }

  private choices(): TemplateResult {
    return html`<fieldset aria-describedby="help">
      <legend>Columns on stage</legend>
      ${strategyIds.map((strategy) => this.choice(strategy))}
      <span id="help" class="quiet help">In all windows. Each window can show and hide columns of its own.</span>
    </fieldset>`;
  }

  private choice(strategy: StrategyId): TemplateResult {
    const isOn = this.columns.includes(strategy);
    return html`<label><input type="checkbox" .checked=${live(isOn)} ?disabled=${isOn && this.columns.length === 1} @change=${() => this.turn(strategy, !isOn)} />
      ${strategyNames[strategy]}${this.enabled.includes(strategy) ? '' : html` <span class="quiet">off</span>`}</label>`;
  }

  private turn(strategy: StrategyId, on: boolean): void {
    this.dispatchEvent(new StageEvent(strategyIds.filter((id) => (id === strategy ? on : this.columns.includes(id)))));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'stage-menu': StageMenu;
  }
}
