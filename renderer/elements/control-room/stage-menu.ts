/** Which columns are on stage: chosen here for all windows of the room at once. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { type StrategyId, strategyIds } from '../../../shared/history/record.ts';
import { strategyNames } from '../../../shared/strategies/names.ts';
import { controlStyles } from '../../styles/control-styles.ts';

/** Sent from the menu to the control room: put these columns on stage. */
export class StageEvent extends Event {
  constructor(readonly columns: readonly StrategyId[]) {
    super('stage');
  }
}

@customElement('stage-menu')
export class StageMenu extends LitElement {
  static override styles = [controlStyles, css`
    :host { display: block; }
    fieldset { display: flex; flex-wrap: wrap; align-items: center; gap: 0 var(--space-2); margin: 0; padding: 0; border: 0; min-width: 0; }
    legend { float: inline-start; padding: 0; font-weight: 600; }
    label { display: inline-flex; align-items: center; gap: var(--space-half); min-height: 24px; }
  `];

  @property({ attribute: false }) columns: readonly StrategyId[] = [];
  /** The strategies that run: a column of another one only shows what it had. */
  @property({ attribute: false }) enabled: readonly StrategyId[] = [];

  protected override render(): TemplateResult {
    return html`<fieldset aria-describedby="help">
      <legend>Columns on stage</legend>
      ${strategyIds.map((strategy) => this.choice(strategy))}
      <span id="help" class="quiet small">in all windows; each window can show and hide columns of its own (⋯)</span>
    </fieldset>`;
  }

  private choice(strategy: StrategyId): TemplateResult {
    const isOn = this.columns.includes(strategy);
    return html`<label><input type="checkbox" .checked=${live(isOn)} ?disabled=${isOn && this.columns.length === 1} @change=${() => this.turn(strategy, !isOn)} />
      ${strategyNames[strategy]}${this.enabled.includes(strategy) ? '' : html` <span class="quiet small">off</span>`}</label>`;
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
