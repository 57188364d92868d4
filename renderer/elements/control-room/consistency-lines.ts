/** Consistency: for each strategy a line of promises, weak to strong: a dot at the strongest that held, a cross at the first that broke. The chosen row tells why. */
import { css, html, LitElement, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { StrategyFigures } from '../../../shared/analysis/strategy-figures.ts';
import type { RoomView } from '../../../shared/control/room-view.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import { strategyNames } from '../../../shared/strategies/registry.ts';
import { panelStyles } from '../../styles/panel-styles.ts';
import { icon } from '../parts/icon.ts';
import { answeredCount, answeredHeading, answeredWords, type ConsistencyLine, consistencyLine, steps } from './consistency-view.ts';

/** Where the marks stand, in percent of the line. */
const places = { eventual: 3, session: 22, causal: 47, sequential: 72, linearizable: 97 } as const;

const labels = [['eventual', 'low'], ['session', 'high'], ['causal', 'low'], ['sequential', 'high'], ['linearizable', 'low']] as const;

@customElement('consistency-lines')
export class ConsistencyLines extends LitElement {
  static override styles = [panelStyles, css`
    :host { display: block; }
    .grid { margin-inline: -4px; padding-inline: 4px; flex: 1; min-block-size: 0; container-type: inline-size; display: grid; align-content: space-evenly; overflow: auto; }
    .row { display: grid; grid-template-columns: 8.4em minmax(0, 1fr); column-gap: var(--s2); align-items: center; }
    .both { display: flex; align-items: center; position: relative; }
    .both .row { flex: 1; min-inline-size: 0; }
    .count { flex: none; inline-size: 5em; text-align: end; font-size: var(--t1); font-variant-numeric: tabular-nums; white-space: nowrap; color: var(--ink); }
    .count.zero { color: var(--ink-3); }
    .heading { align-self: end; color: var(--ink-3); line-height: 1.2; white-space: normal; }
    .axis { position: relative; grid-column: 2; block-size: 1.9rem; font-size: var(--t1); color: var(--ink-3); }
    .axis span { position: absolute; inset-block-end: 1px; translate: -50% 0; white-space: nowrap; }
    .axis .high { inset-block-end: 0.95rem; }
    .answered .axis .session, .answered .axis .sequential { display: none; }
    .answered .axis .causal { display: inline; inset-block-end: 0.95rem; }
    .axis span:first-child { translate: -14% 0; }
    .axis span:last-child { translate: -92% 0; }
    .name { min-inline-size: 0; overflow: hidden; text-overflow: ellipsis; color: var(--ink); font-weight: 500; white-space: nowrap; }
    button { min-block-size: max(24px, var(--control)); margin-inline: -4px; padding: 0 4px; border: 0; border-radius: 4px; background: none; text-align: start; cursor: pointer; }
    button:hover { background: var(--sunk); }
    button[aria-pressed='true'] { background: var(--sunk); }
    svg.line { inline-size: 100%; block-size: 22px; overflow: visible; }
    .tick { stroke: var(--line); }
    .held { stroke: var(--ink); stroke-width: 2.5; }
    .rest { stroke: var(--line); stroke-dasharray: 2 3; }
    .unknown { stroke: var(--edge); stroke-width: 2.5; stroke-dasharray: 4 4; }
    .mark { fill: var(--ink); }
    .hollow { fill: var(--surface); stroke: var(--edge); stroke-width: 1.5; stroke-dasharray: 2 2; }
    .broken { stroke: var(--lost-fill); stroke-width: 2; fill: none; stroke-linecap: round; }
    .witness { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 6; overflow: hidden; flex: none; margin-block-start: var(--s1); padding-block-start: 6px; border-block-start: 1px solid var(--hair); font-size: var(--t1); line-height: 1.35; }
    .witness svg { color: var(--lost); }
    .other { align-self: start; font-size: var(--t1); color: var(--ink-2); text-decoration: underline; text-decoration-color: var(--line); text-underline-offset: 3px; }
    .none { flex: 1; display: grid; place-items: center; color: var(--ink-3); }
    /* Too narrow for names side by side: a line each. */
    @container (max-width: 18.75rem) {
      .axis { block-size: 2.8rem; }
      .axis :is(.session, .sequential) { display: none; }
      .axis .causal.causal { inset-block-end: 0.95rem; }
      .axis .linearizable { inset-block-end: 1.85rem; }
    }
    @media (max-height: 49.9988em) { .witness { -webkit-line-clamp: 4; } }
    @media (max-width: 68.7488em) {
      .panel { padding: 6px 10px 8px; }
      .witness { display: block; }
      /* The page scrolls: a strategy's line takes the whole width below its name, so that each promise is named above its tick. */
      @container (max-width: 18.75rem) {
        .row { grid-template-columns: minmax(0, 1fr); }
        .row .name { margin-inline-end: 5em; line-height: 1.3; }
        .axis { grid-column: 1; block-size: 2rem; }
        .axis .causal.causal, .axis .linearizable { inset-block-end: 1px; }
        .count { position: absolute; inset-block-start: 2px; inset-inline-end: 0; pointer-events: none; }
        .heading { inset-block-start: 0; inline-size: auto; white-space: nowrap; }
      }
    }
  `];

  @property({ attribute: false }) room!: RoomView;
  @state() private chosen: StrategyId | null = null;
  /** Which of the chosen strategy's witnesses is told. */
  @state() private told = 0;

  protected override render(): TemplateResult {
    const lines = this.room.totals.map((figures) => ({ figures, strategy: figures.strategy, line: lineOf(this.room, figures.strategy) }));
    const heading = answeredHeading(this.room.totals);
    const shown = lines.find(({ strategy }) => strategy === this.chosen) ?? lines.find(({ line }) => line?.broken) ?? lines.find(({ line }) => line) ?? null;
    return html`<section class="panel" aria-label="Consistency">
      <header><h2>Consistency</h2><span class="quiet">strongest promise that held</span></header>
      ${shown?.line ? html`<div class="grid ${heading === null ? '' : 'answered'}">
        <div class="both" aria-hidden="true"><div class="row"><div class="axis">${labels.map(([name, height]) => html`<span class="${height} ${name}" style="inset-inline-start: ${places[name]}%">${name}</span>`)}</div></div>
          ${heading === null ? nothing : html`<span class="count heading">${heading}</span>`}</div>
        ${lines.map(({ figures, strategy, line }) => this.row(figures, line, strategy === shown.strategy, heading !== null))}
      </div>
      ${this.witness(shown.line, strategyNames[shown.strategy])}`
    : html`<p class="none">Judged as soon as people edit and read.</p>`}
    </section>`;
  }

  private choose(strategy: StrategyId): void {
    this.chosen = strategy;
    this.told = 0;
  }

  /** One witness at a time; of stronger promises that broke in another way, on demand. */
  private witness({ sentence, others, broken, eventual }: ConsistencyLine, name: string): TemplateResult {
    const told = [sentence, ...others.map((each) => each.sentence)];
    const at = this.told % told.length;
    const first = eventual === 'broken' ? 'eventual' : broken === 'session' ? 'the session guarantees' : broken;
    const next = others[at]?.promise ?? first;
    return html`<p class="witness" role="status" title=${told[at]!}>${broken || eventual === 'broken' ? icon('cross') : nothing} <b>${name}.</b> <span>${told[at]}</span></p>
      ${others.length === 0 ? nothing : html`<button type="button" class="other" @click=${() => (this.told = at + 1)}>Why not ${next}?</button>`}`;
  }

  private row({ strategy, whileCut }: StrategyFigures, line: ConsistencyLine | null, isChosen: boolean, hasCount: boolean): TemplateResult {
    const name = strategyNames[strategy];
    const count = whileCut ? html`${answeredCount(whileCut)}<span class="unseen">${answeredWords(whileCut)}</span>` : nothing;
    return html`<div class="both"><button type="button" class="row" aria-pressed=${isChosen ? 'true' : 'false'} aria-label="${name}: ${line?.words ?? 'not judged yet'}" title=${line?.sentence ?? 'not judged yet'}
      @click=${() => this.choose(strategy)}><span class="name">${name}</span>${line ? drawing(line) : html`<span class="quiet">not judged yet</span>`}</button>
      ${hasCount ? html`<span class="count ${whileCut?.answered === 0 ? 'zero' : ''}">${count}</span>` : nothing}</div>`;
  }
}

function lineOf({ verdicts }: RoomView, strategy: StrategyId): ConsistencyLine | null {
  const judged = verdicts[strategy];
  return judged ? consistencyLine(judged) : null;
}

function drawing(line: ConsistencyLine): TemplateResult {
  const reached = line.strongest ? places[line.strongest] : places.session;
  return html`<svg class="line" aria-hidden="true">
    <line class="rest" x1="${places.session}%" x2="${places.linearizable}%" y1="11" y2="11"/>
    ${steps.map((step) => svg`<line class="tick" x1="${places[step]}%" x2="${places[step]}%" y1="7" y2="15"/>`)}
    ${line.strongest ? svg`<line class="held" x1="${places.session}%" x2="${reached}%" y1="11" y2="11"/>` : nothing}
    ${line.steps.map(({ step, state }, at) => (state === 'unknown' ? unknownStretch(at === 0 ? places.session - 6 : places[steps[at - 1]!], places[step]) : nothing))}
    ${mark(places.eventual, line.eventual)}
    ${line.strongest ? mark(places[line.strongest], 'holds') : nothing}
    ${line.broken ? mark(places[line.broken], 'broken') : nothing}
  </svg>`;
}

function unknownStretch(from: number, to: number): SVGTemplateResult {
  return svg`<line class="unknown" x1="${from}%" x2="${to}%" y1="11" y2="11"/>`;
}

function mark(at: number, state: 'holds' | 'broken' | 'unknown'): SVGTemplateResult {
  if (state === 'broken') return svg`<svg x="${at}%" y="11" overflow="visible"><path class="broken" d="m-4-4 8 8m0-8-8 8"/></svg>`;
  return svg`<circle class=${state === 'holds' ? 'mark' : 'hollow'} cx="${at}%" cy="11" r="5"/>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'consistency-lines': ConsistencyLines;
  }
}
