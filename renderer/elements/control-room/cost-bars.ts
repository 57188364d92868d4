/** What it cost: one bar for each strategy, all equally long, in actions; a sentence; the rules that were broken. *Numbers* turns it into the full table. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { type BarKind, barSegments, barWords, brokenRuleTexts, costSentence } from '../../../shared/analysis/cost-sentences.ts';
import { counted } from '../../../shared/analysis/phrases.ts';
import type { StrategyFigures } from '../../../shared/analysis/strategy-figures.ts';
import { strategyNames } from '../../../shared/strategies/registry.ts';
import { panelStyles } from '../../styles/panel-styles.ts';
import { icon } from '../parts/icon.ts';
import { costBarsStyles } from './cost-bars-styles.ts';
import './totals-table.ts';

const key: readonly { readonly kind: BarKind; readonly word: string }[] = [
  { kind: 'kept', word: 'kept' }, { kind: 'superseded', word: 'superseded' }, { kind: 'turn', word: 'to resolve' }, { kind: 'lost', word: 'lost' },
  { kind: 'resurrected', word: 'came back' }, { kind: 'refused', word: 'refused' }, { kind: 'unknown', word: 'unknown' }, { kind: 'pending', word: 'not yet everywhere' },
];

@customElement('cost-bars')
export class CostBars extends LitElement {
  static override styles = [panelStyles, costBarsStyles];

  @property({ attribute: false }) totals: readonly StrategyFigures[] = [];
  /** Whether the full table stands in place of the bars. Pressing *Numbers* sends `numbers`. */
  @property({ type: Boolean }) numbers = false;
  /** Whether an earlier moment is shown: the bars are still of the whole run. */
  @property({ type: Boolean }) isPast = false;

  protected override render(): TemplateResult {
    return html`<section class="panel" aria-label="What it cost">
      <header><h2>What it cost</h2><span class="quiet">${this.isPast ? 'in the whole run' : actionWords(this.totals)}</span>
        <button type="button" class="btn plain end" aria-pressed=${this.numbers ? 'true' : 'false'} @click=${() => this.dispatchEvent(new Event('numbers'))}>Numbers</button></header>
      <div class="body ${this.numbers ? '' : 'tall'}" tabindex=${this.numbers ? '0' : nothing}>${this.numbers ? html`<totals-table .totals=${this.totals}></totals-table>` : this.bars()}</div>
      ${this.numbers ? nothing : keyOf(this.totals)}
    </section>`;
  }

  private bars(): TemplateResult {
    return html`<table aria-label="Scorecard">
      <thead class="unseen"><tr><th scope="col">strategy</th><th scope="col">what became of the edits</th></tr></thead>
      <tbody>${this.totals.map((totals) => html`<tr><th scope="row">${strategyNames[totals.strategy]}</th><td>${bar(totals)}
        <p><span>${costSentence(totals)}</span>${brokenRuleTexts(totals).map((rule) => html`<span class="badge">${icon('warn')} ${rule}</span>`)}</p></td></tr>`)}</tbody>
    </table>`;
  }
}

/** What the bars show, and nothing else: all of it has to fit. */
function keyOf(totals: readonly StrategyFigures[]): TemplateResult {
  const kinds = new Set(totals.flatMap((each) => barSegments(each).map(({ kind }) => kind)));
  return html`<p class="key" aria-hidden="true">${key.filter(({ kind }) => kinds.has(kind)).map(({ kind, word }) => html`<span><i class=${kind}></i>${word}</span>`)}</p>`;
}

function bar(totals: StrategyFigures): TemplateResult {
  const segments = barSegments(totals);
  const least = totals.actions * 0.03;
  return html`<div class="bar" role="img" aria-label=${barWords(totals)}>${segments.map(({ kind, count, words }) => html`<span class=${kind} style="--v: ${count}" title=${words}>${count >= least ? count : ''}</span>`)}</div>`;
}

/** "no edits yet", "16 edits so far", "16 edits since the start": those too that met nothing, which strategies may have refused all the same. */
export function actionWords(totals: readonly StrategyFigures[]): string {
  const actions = totals.reduce((most, each) => Math.max(most, each.actions), 0);
  if (actions === 0) return 'no edits yet; it counts what the relay has';
  return `${counted(actions, 'edit')}${totals.some(({ pending }) => pending > 0) ? ' so far' : ' since the start'}`;
}

declare global {
  interface HTMLElementTagNameMap {
    'cost-bars': CostBars;
  }
}
