/** The document of a replica at an earlier moment, under each strategy: the fields as field-grid.ts lays them out, with nothing to press. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { classMap } from 'lit/directives/class-map.js';
import { valueText } from '../../../shared/document/value-text.ts';
import type { FieldSpec, Schema } from '../../../shared/document/schema.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import { strategyNames } from '../../../shared/strategies/registry.ts';
import type { PastTableView } from '../../controllers/window-past.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import { readOnlyStyles, readOnlyValue } from './read-only-value.ts';
import { sumStyles } from './sum-by-author.ts';
import { icon } from '../parts/icon.ts';
import { colourStyle } from '../parts/replica-dot.ts';
import { typeScale } from '../parts/type-scale.ts';
import { gridStyles } from './field-grid-styles.ts';
import { gridLayout } from './grid-layout.ts';
import { cardPlaces, type GridPlaces, tablePlaces } from './grid-places.ts';

@customElement('past-table')
export class PastTable extends LitElement {
  static override styles = [controlStyles, gridStyles, sumStyles, readOnlyStyles, css`
    .grid, .head, .corner { background: var(--page); }
    .half { display: block; padding-inline-start: 7px; box-shadow: inset 3px 0 0 var(--colour); }
    .waits { font-size: var(--t1); color: var(--turn); }
  `];

  @property({ attribute: false }) schema: Schema = [];
  @property({ attribute: false }) view: PastTableView | null = null;
  private readonly resized = (): void => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('resize', this.resized);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('resize', this.resized);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { view, schema } = this;
    if (!view) return nothing;
    const { strategies } = view;
    const scale = typeScale();
    const layout = gridLayout({ width: innerWidth / scale, height: innerHeight / scale, fieldsWidth: (this.clientWidth || innerWidth) / scale }, strategies.length);
    const counts = { fields: schema.length, strategies: strategies.length, notedAt: [] };
    const places = layout.kind === 'table' ? tablePlaces(counts, false) : cardPlaces(counts, layout.cardColumns);
    const isNarrow = layout.kind === 'table' && !layout.hasMet;
    const classes = classMap({ grid: true, [layout.kind]: true, [layout.words]: true, [layout.height]: layout.height !== 'full', narrow: isNarrow, many: strategies.length > 2 });
    const columns = layout.kind === 'table' ? `${layout.rail / 16}rem repeat(${strategies.length}, minmax(0, 1fr))` : `repeat(${layout.cardColumns}, minmax(0, 1fr))`;
    return html`<div class=${classes} style="grid-template-columns: ${columns}"><div class="corner" style=${places.corner}></div>
      <div class="rails">${schema.map((spec, at) => html`<div class="rail ${at === 0 ? 'first' : ''}" style=${places.rail(at)} data-field=${spec.id}><h2>${spec.label}</h2><small>${spec.type}</small></div>`)}</div>
      ${strategies.map((strategy, column) => this.column(view, strategy, column, places))}</div>`;
  }

  private column(view: PastTableView, strategy: StrategyId, column: number, places: GridPlaces): TemplateResult {
    const last = column === view.strategies.length - 1;
    return html`<section aria-label=${strategyNames[strategy]}><div class="head" style=${places.head(column)}><h2>${strategyNames[strategy]}</h2></div>
      ${this.schema.map((spec, at) => {
        const classes = classMap({ cell: true, [spec.type]: true, first: at === 0, last });
        return html`<div class=${classes} style=${places.cell(at, column)} data-field=${spec.id} data-strategy=${strategy}>
          <span class="strategy" aria-hidden="true">${strategyNames[strategy]}</span>${cell(view, strategy, spec)}</div>`;
      })}</section>`;
  }
}

function cell({ state, authors }: PastTableView, strategy: StrategyId, spec: FieldSpec): TemplateResult {
  const value = state.values[strategy]?.[spec.id];
  const siblings = strategy === 'siblings' ? (state.siblings[spec.id] ?? []) : [];
  if (siblings.length > 1) {
    return html`<div role="group" aria-label="${spec.label}, ${siblings.length} siblings">${siblings.map((each) => html`<span class="half read" style=${colourStyle(each.from)}>${valueText(each.value)}<span class="unseen"> by ${each.from}</span></span>`)}
      <p class="waits">${icon('fork')} waited for a choice</p></div>`;
  }
  if (value === undefined) return html`<p class="st unknown">${icon('unknown')} nobody can tell: no note of it is left</p>`;
  return readOnlyValue(spec, value, authors[strategy]?.[spec.id]);
}

declare global {
  interface HTMLElementTagNameMap {
    'past-table': PastTable;
  }
}
