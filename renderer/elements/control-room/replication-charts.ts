/** Divergence and replication lag over time, under one strategy: how many fields differ, and how far each replica is behind. Only while in sight: the lab makes them anew for each look. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ReplicationSeries } from '../../../shared/analysis/replication/replication-series.ts';
import type { RoomView } from '../../../shared/control/room-view.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import { strategyNames } from '../../../shared/strategies/registry.ts';
import { SeriesFeed } from '../../controllers/series-feed.ts';
import { panelStyles } from '../../styles/panel-styles.ts';
import { replicaColour } from '../../styles/replica-colour.ts';
import { replicaDot } from '../parts/replica-dot.ts';
import './line-chart.ts';
import type { Chart } from './line-chart.ts';
import { divergenceSentence, lagSentence, peakWords } from './replication-words.ts';

@customElement('replication-charts')
export class ReplicationCharts extends LitElement {
  static override styles = [panelStyles, css`
    :host { display: block; min-block-size: 0; }
    .panel { gap: 2px; padding-block: 6px; }
    section { flex: 1; display: flex; flex-direction: column; min-block-size: 0; }
    header { display: flex; align-items: center; gap: var(--s2); flex: none; min-block-size: 24px; white-space: nowrap; }
    header .quiet { font-size: var(--t1); min-inline-size: 0; overflow: hidden; text-overflow: ellipsis; }
    header .end { display: flex; gap: 2px; align-items: center; margin-inline-start: auto; flex: none; }
    select { min-block-size: max(24px, var(--control)); padding: 0 var(--s4) 0 var(--s1); border-color: transparent; background-color: transparent; background-position: right 8px center, right 4px center; font-size: var(--t1); color: var(--ink-2); }
    select:hover { background-color: var(--sunk); }
    line-chart { flex: 1; }
    .none { margin: auto; color: var(--ink-3); font-size: var(--t1); }
  `];

  @property({ attribute: false }) room!: RoomView;
  @property({ attribute: false }) ask!: (strategy: StrategyId) => Promise<ReplicationSeries>;
  /** The moment that is shown, in milliseconds since the Unix epoch; null: now. */
  @property({ attribute: false }) momentMs: number | null = null;
  @state() private series: ReplicationSeries | null = null;
  @state() private chosen: StrategyId | null = null;
  @state() private isInSight = false;
  private feed: SeriesFeed | null = null;
  private readonly sight = new IntersectionObserver(([entry]) => {
    this.isInSight = entry!.isIntersecting;
    this.feed?.seen();
  }, { rootMargin: '400px' });

  override connectedCallback(): void {
    super.connectedCallback();
    this.feed = new SeriesFeed({
      ask: (strategy) => this.ask(strategy),
      clock: { nowMs: () => performance.now(), after: afterMs },
      isVisible: () => this.isInSight && document.visibilityState === 'visible',
      received: (series) => (this.series = series),
    });
    this.sight.observe(this);
    document.addEventListener('visibilitychange', this.seen);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.feed?.stop();
    this.sight.disconnect();
    document.removeEventListener('visibilitychange', this.seen);
  }

  private get strategy(): StrategyId {
    const { enabled, columns } = this.room.settings;
    return this.chosen && enabled.includes(this.chosen) ? this.chosen : columns[0]!;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('room') || changed.has('chosen')) this.feed?.want(this.strategy);
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.isInSight) return nothing;
    const series = this.series?.strategy === this.strategy && this.series.fields.length > 0 ? this.series : null;
    const replicas = series?.behind.map(({ replica }) => replica) ?? [];
    return html`<div class="panel">
      <section aria-label="Divergence">
        <header><h2>Divergence</h2><span class="quiet">fields that differ</span>${this.strategyMenu()}</header>
        ${series ? html`<line-chart .chart=${divergenceChart(series, this.momentMs)}></line-chart>` : html`<p class="none">Drawn as soon as people edit.</p>`}
      </section>
      <section aria-label="Replication lag">
        <header><h2>Replication lag</h2><span class="quiet">seconds behind</span><span class="end">${replicas.map((name) => replicaDot(name))}</span></header>
        ${series ? html`<line-chart .chart=${lagChart(series, this.momentMs)}></line-chart>` : nothing}
      </section>
    </div>`;
  }

  private strategyMenu(): TemplateResult {
    const { enabled } = this.room.settings;
    return html`<select class="end" aria-label="Divergence and lag under" @change=${(event: Event) => (this.chosen = (event.target as HTMLSelectElement).value as StrategyId)}>
      ${enabled.map((id) => html`<option value=${id} ?selected=${id === this.strategy}>${strategyNames[id]}</option>`)}</select>`;
  }

  private readonly seen = (): void => this.feed?.seen();
}

function afterMs(delayMs: number, callback: () => void): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}

function divergenceChart(series: ReplicationSeries, momentMs: number | null): Chart {
  const { fields, fieldsMax } = series;
  return { ...timeOf(series), momentMs, lines: [{ values: fields, colour: 'var(--ink)' }], isStepped: true, topMin: 1, peak: fieldsMax > 0 ? `${fieldsMax}` : '', words: `Divergence: ${divergenceSentence(series)}` };
}

function lagChart(series: ReplicationSeries, momentMs: number | null): Chart {
  const msMax = series.behind.reduce((most, each) => Math.max(most, each.msMax), 0);
  const lines = series.behind.map(({ replica, ms }) => ({ values: ms, colour: replicaColour(replica).fill }));
  return { ...timeOf(series), momentMs, lines, isStepped: false, topMin: 1_000, peak: msMax > 0 ? peakWords(msMax) : '', words: `Replication lag: ${lagSentence(series)}` };
}

function timeOf({ fromMs, untilMs, cuts }: ReplicationSeries): Pick<Chart, 'fromMs' | 'untilMs' | 'cuts'> {
  return { fromMs, untilMs, cuts };
}

declare global {
  interface HTMLElementTagNameMap {
    'replication-charts': ReplicationCharts;
  }
}
