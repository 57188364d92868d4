/**
 * A small chart over time: lines, hatching where somebody was cut off, the largest value in words, and a line at the moment that is shown. uPlot draws the lines; it
 * is loaded when the first chart is seen, so that the page itself comes no later. All colours are tokens.
 */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type uPlot from 'uplot';
import { panelStyles } from '../../styles/panel-styles.ts';

export interface ChartLine {
  /** At equal distances over the time of the chart. */
  readonly values: readonly number[];
  /** "var(--ink)" */
  readonly colour: string;
}

export interface Chart {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly cuts: readonly { readonly fromMs: number; readonly untilMs: number }[];
  readonly lines: readonly ChartLine[];
  readonly isStepped: boolean;
  /** The smallest value that fills the height. */
  readonly topMin: number;
  /** What stands at the largest value; empty where that is 0. */
  readonly peak: string;
  /** All of it in a sentence: the name of the chart for those who do not see it. */
  readonly words: string;
  /** The moment that is shown; null: now, at the right end. */
  readonly momentMs: number | null;
}

/** Of the height; the rest is for the peak's label. */
const drawnShare = 0.86;

@customElement('line-chart')
export class LineChart extends LitElement {
  static override styles = [panelStyles, css`
    :host { display: block; min-block-size: 0; }
    .chart { position: relative; block-size: 100%; border-block-end: 1px solid var(--line); }
    .cut { position: absolute; inset-block: 0; background-image: var(--hatch); min-inline-size: 1px; }
    .plot { position: absolute; inset: 0; overflow: hidden; }
    .moment { position: absolute; inset-block: 0; inline-size: 1px; background: var(--ink-3); }
    .peak { position: absolute; padding: 0 3px; background: var(--surface); color: var(--ink); font-size: var(--t1); line-height: 1.2; white-space: nowrap; }
    .u-wrap { position: relative; }
    .u-over, .u-under { position: absolute; }
    .uplot canvas { display: block; position: relative; inline-size: 100%; block-size: 100%; }
    .u-legend, .u-select, .u-axis, .u-cursor-x, .u-cursor-y { display: none; }
  `];

  @property({ attribute: false }) chart!: Chart;
  @query('.plot') private plot!: HTMLElement;
  private drawn: uPlot | null = null;
  /** What cannot be changed in a chart that is drawn. */
  private drawnKind = '';
  private readonly dark = matchMedia('(prefers-color-scheme: dark)');
  private readonly resized = new ResizeObserver(() => void this.draw());

  override connectedCallback(): void {
    super.connectedCallback();
    this.dark.addEventListener('change', this.recoloured);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.dark.removeEventListener('change', this.recoloured);
    this.resized.disconnect();
    this.clear();
  }

  protected override render(): TemplateResult {
    const { cuts, untilMs, momentMs, words } = this.chart;
    return html`<div class="chart" role="img" aria-label=${words} title=${words}>
      ${cuts.map((cut) => html`<span class="cut" style="inset-inline-start: ${this.percentOf(cut.fromMs)}%; inline-size: ${this.percentOf(cut.untilMs) - this.percentOf(cut.fromMs)}%"></span>`)}
      <div class="plot"></div>
      ${this.peakLabel()}
      <span class="moment" style="inset-inline-end: calc(${100 - this.percentOf(momentMs ?? untilMs)}% - ${momentMs === null ? 0 : 0.5}px)"></span>
    </div>`;
  }

  protected override firstUpdated(): void {
    this.resized.observe(this);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('chart')) void this.draw();
  }

  private percentOf(ms: number): number {
    const { fromMs, untilMs } = this.chart;
    return Math.max(0, Math.min(100, (100 * (ms - fromMs)) / (untilMs - fromMs)));
  }

  /** Beside its point, on the side where there is room. */
  private peakLabel(): TemplateResult | typeof nothing {
    const { lines, peak } = this.chart;
    const most = largestOf(lines);
    const line = lines.find(({ values }) => values.includes(most));
    if (peak === '' || !line || most <= 0) return nothing;
    const at = (100 * line.values.indexOf(most)) / Math.max(1, line.values.length - 1);
    const side = at > 30 ? `inset-inline-end: calc(${100 - at}% + 3px)` : `inset-inline-start: calc(${at}% + 3px)`;
    const height = (100 * drawnShare * most) / this.top;
    return html`<span class="peak" aria-hidden="true" style="${side}; inset-block-end: min(${height}%, 100% - 1.25em)">${peak}</span>`;
  }

  private get top(): number {
    return Math.max(this.chart.topMin, largestOf(this.chart.lines));
  }

  private async draw(): Promise<void> {
    const { default: UPlot } = await import('uplot');
    if (!this.isConnected || !this.plot) return;
    const [width, height] = [this.plot.clientWidth, this.plot.clientHeight];
    if (width === 0 || height === 0) return;
    const { lines, fromMs, untilMs, isStepped } = this.chart;
    const length = lines[0]?.values.length ?? 0;
    const data = [Array.from({ length }, (_, at) => fromMs + (at * (untilMs - fromMs)) / Math.max(1, length - 1)), ...lines.map(({ values }) => [...values])] as uPlot.AlignedData;
    const kind = `${isStepped} ${lines.map(({ colour }) => colour).join(' ')}`;
    if (kind !== this.drawnKind) this.clear();
    this.drawnKind = kind;
    if (!this.drawn) {
      this.drawn = new UPlot(this.optionsOf(UPlot, width, height), data, this.plot);
      return;
    }
    if (this.drawn.width !== width || this.drawn.height !== height) this.drawn.setSize({ width, height });
    this.drawn.setData(data);
  }

  private optionsOf(UPlot: typeof uPlot, width: number, height: number): uPlot.Options {
    const { lines, isStepped } = this.chart;
    // Each point stands for the time since the one before it.
    const paths = isStepped ? UPlot.paths.stepped!({ align: -1 }) : UPlot.paths.linear!();
    return {
      width, height,
      // A line at 0 stands above the axis.
      padding: [0, 0, 2, 0],
      legend: { show: false },
      cursor: { show: false },
      axes: [{ show: false }, { show: false }],
      scales: { x: { time: false, range: () => [this.chart.fromMs, this.chart.untilMs] }, y: { range: () => [0, this.top / drawnShare] } },
      series: [{}, ...lines.map(({ colour }) => ({ stroke: () => this.resolved(colour), width: 1.6, points: { show: false }, paths }))],
    };
  }

  /** A canvas knows no tokens. */
  private resolved(colour: string): string {
    return getComputedStyle(this).getPropertyValue(colour.replace(/^var\((.*)\)$/, '$1')).trim() || 'black';
  }

  private clear(): void {
    this.drawn?.destroy();
    this.drawn = null;
    this.drawnKind = '';
  }

  private readonly recoloured = (): void => this.drawn?.redraw(false);
}

function largestOf(lines: readonly ChartLine[]): number {
  return lines.reduce((most, { values }) => values.reduce((each, value) => Math.max(each, value), most), 0);
}

declare global {
  interface HTMLElementTagNameMap {
    'line-chart': LineChart;
  }
}
