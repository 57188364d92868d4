/** The scorecard's table: one row per strategy; on narrow screens one column per strategy, a few of them beside each other and the rest below. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { answerPhrase, duration, lagPhrase } from '../../../shared/analysis/phrases.ts';
import type { StrategyFigures } from '../../../shared/analysis/strategy-figures.ts';
import { strategyNames } from '../../../shared/strategies/registry.ts';
import { panelStyles } from '../../styles/panel-styles.ts';

interface Cost {
  readonly name: string;
  readonly help: string;
  /** null: there is nothing to say yet. */
  readonly of: (totals: StrategyFigures) => number | null;
  /** How it is written; default: the number. */
  readonly words?: (count: number, totals: StrategyFigures) => string;
  /** Whether more than none is bad news. */
  readonly bad?: boolean;
  /** Shown only where some strategy has any. */
  readonly rare?: boolean;
}

const costs: readonly Cost[] = [
  { name: 'kept', help: 'its effect is in the final state', of: (totals) => totals.kept },
  { name: 'superseded', help: 'replaced by someone who had seen it: nobody lost anything', of: (totals) => totals.superseded },
  { name: 'lost', help: 'gone, though nobody who had seen it removed it', of: (totals) => totals.lost, bad: true },
  { name: 'to resolve', help: 'kept beside others until a person decides', of: (totals) => totals.toResolve, rare: true },
  { name: 'came back', help: 'something it removed is there again', of: (totals) => totals.resurrected, bad: true, rare: true },
  { name: 'refused', help: 'the strategy said no; nothing changed', of: (totals) => totals.refused },
  { name: 'unknown', help: 'the strategy could not say', of: (totals) => totals.unknown, rare: true },
  { name: 'pending', help: 'not yet everywhere', of: (totals) => totals.pending },
  { name: 'characters lost', help: 'of all characters typed', of: (totals) => totals.charactersLost, words: (count, totals) => (count > 0 ? `${count} of ${totals.charactersTyped}` : '0'), bad: true },
  { name: 'oversold', help: 'things of a stock that were promised beyond what there was', of: (totals) => totals.oversold, bad: true },
  { name: 'touching', help: 'places of texts where edits touch that people made without having seen each other', of: (totals) => totals.touching, rare: true },
  { name: 'stale reads', help: 'reads that returned a value older than one that had been acknowledged', of: (totals) => totals.staleReads, bad: true, rare: true },
  { name: 'reads refused', help: 'reads that were not answered, as too few replicas could be asked', of: (totals) => totals.readsRefused, bad: true, rare: true },
  { name: 'converged', help: 'whether all replicas show the same, once all are connected and nothing is under way', of: (totals) => (totals.converged === null ? null : Number(totals.converged)), words: (count) => (count > 0 ? 'yes' : 'no') },
  { name: 'answer', help: 'median time from an edit to its outcome, in milliseconds', of: (totals) => totals.latencyMs, words: answerPhrase },
  { name: 'read answer', help: 'median time from asking for a value to its answer, in milliseconds', of: (totals) => totals.readLatencyMs, words: answerPhrase, rare: true },
  { name: 'lag', help: 'true time from an edit to its arrival at each other replica: median, and the longest', of: (totals) => totals.lagMs, words: (count, totals) => lagPhrase(count, totals.lagWorstMs), rare: true },
  { name: 'diverged', help: 'for how long some field did not show the same at all replicas', of: (totals) => totals.divergedMs, words: duration, rare: true },
  { name: 'sent', help: "bytes sent for it since the relay began; last writer wins and siblings share the journal's records", of: (totals) => totals.bytesSent, words: bytes, rare: true },
];

/** A figure and its unit stay on one line. */
function unbroken(words: string): string {
  return words.replaceAll(' to ', ' to\u00a0').replaceAll(/(\d) (?=(?:ms|s|min|h|B|kB|MB)\b)/g, '$1\u00a0');
}

function bytes(count: number): string {
  if (count < 1_000) return `${count} B`;
  return count < 1_000_000 ? `${(count / 1_000).toFixed(1)} kB` : `${(count / 1_000_000).toFixed(1)} MB`;
}

/** How many strategies stand beside each other on a narrow screen. */
const narrowColumns = 3;

@customElement('totals-table')
export class TotalsTable extends LitElement {
  static override styles = [panelStyles, css`
    :host { display: block; }
    table { inline-size: 100%; block-size: 100%; border-collapse: collapse; font-size: var(--t1); }
    caption { padding: 0; text-align: start; color: var(--ink-3); }
    th, td { padding: 2px 0 2px 4px; border-block-start: 1px solid var(--hair); text-align: end; white-space: nowrap; color: var(--ink); }
    th { font-weight: 600; line-height: 1.15; }
    td { line-height: 1.25; white-space: normal; }
    thead th, .heads th { border-block-start: 0; vertical-align: bottom; color: var(--ink-3); font-weight: 400; white-space: normal; }
    tr > :first-child { padding-inline-start: 0; text-align: start; }
    tbody th[scope='row'] { font-size: var(--t2); }
    td.bad { color: var(--lost); font-weight: 700; }
    td.none { color: var(--ink-3); }
    .narrow :is(th, td) { padding-inline: 2px; white-space: normal; overflow-wrap: anywhere; }
    .narrow .heads th { overflow-wrap: break-word; padding-block-start: var(--s2); color: var(--ink); font-weight: 600; }
    .narrow th[scope='row'] { inline-size: 30%; overflow-wrap: break-word; }
  `];

  @property({ attribute: false }) totals: readonly StrategyFigures[] = [];
  @state() private narrow = false;
  private readonly media = matchMedia('(max-width: 56.2488em)');

  override connectedCallback(): void {
    super.connectedCallback();
    this.media.addEventListener('change', this.measured);
    this.measured();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.media.removeEventListener('change', this.measured);
  }

  protected override render(): TemplateResult {
    const shown = costs.filter((cost) => !cost.rare || this.totals.some((totals) => (cost.of(totals) ?? 0) > 0));
    return html`<table class=${this.narrow ? 'narrow' : ''} aria-label="Scorecard">
      <caption class="unseen">Scorecard · ${this.counted()}</caption>
      ${this.totals.length === 0 ? '' : this.narrow ? this.byCost(shown) : this.byStrategy(shown)}
    </table>`;
  }

  private readonly measured = (): void => {
    this.narrow = this.media.matches;
  };

  private counted(): string {
    const actions = this.totals.reduce((most, totals) => Math.max(most, totals.actions), 0);
    if (actions === 0) return 'no edits yet; it counts the edits that the relay has';
    return `what became of the ${actions === 1 ? 'one edit' : `${actions} edits`} that the relay has`;
  }

  private byStrategy(shown: readonly Cost[]): TemplateResult {
    return html`<thead><tr><th scope="col">strategy</th>${shown.map((cost) => html`<th scope="col" title=${cost.help}>${cost.name}</th>`)}</tr></thead>
      <tbody>${this.totals.map((totals) => html`<tr>
        <th scope="row">${strategyNames[totals.strategy]}</th>${shown.map((cost) => cell(cost, totals))}
      </tr>`)}</tbody>`;
  }

  private byCost(shown: readonly Cost[]): TemplateResult {
    return html`${inGroups(this.totals).map((group) => html`<tbody>
      <tr class="heads"><th scope="col">edits</th>${group.map((totals) => html`<th scope="col">${strategyNames[totals.strategy]}</th>`)}</tr>
      ${shown.map((cost) => html`<tr>
        <th scope="row" title=${cost.help}>${cost.name}</th>${group.map((totals) => cell(cost, totals))}
      </tr>`)}</tbody>`)}`;
  }
}

/** As many as stand beside each other on a narrow screen, and the next ones. */
function inGroups(totals: readonly StrategyFigures[]): (readonly StrategyFigures[])[] {
  return Array.from({ length: Math.ceil(totals.length / narrowColumns) }, (_, at) => totals.slice(at * narrowColumns, (at + 1) * narrowColumns));
}

function cell(cost: Cost, totals: StrategyFigures): TemplateResult {
  const count = cost.of(totals);
  if (count === null) return html`<td class="none">–</td>`;
  const kind = count === 0 && cost.name !== 'converged' ? 'none' : cost.bad ? 'bad' : '';
  return html`<td class=${kind}>${unbroken(cost.words?.(count, totals) ?? String(count))}</td>`;
}
