/** What a person was told when they read at some replica: one row a field, one column a strategy; what differs from this window is marked. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { FieldSpec } from '../../../shared/document/schema.ts';
import { valueText } from '../../../shared/document/value-text.ts';
import type { Seen, StrategyId } from '../../../shared/history/record.ts';
import { strategyNames } from '../../../shared/strategies/registry.ts';
import type { ReplicaModel } from '../../controllers/replica-model.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import { SessionElement } from '../parts/session-element.ts';

@customElement('read-panel')
export class ReadPanel extends SessionElement {
  static override styles = [controlStyles, css`
    :host { display: block; }
    section { padding: var(--space-half) var(--space); border-block-end: 1px solid var(--line); background: var(--surface-sunk); }
    .title { display: flex; align-items: center; gap: var(--space); }
    .title button { margin-inline-start: auto; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; font-size: var(--type-small); }
    th, td { padding: 2px var(--space); text-align: start; border-block-start: 1px solid var(--line); max-width: 16rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    td.other { font-weight: 700; box-shadow: inset 3px 0 0 var(--accent); }
  `];

  protected override render(): TemplateResult | typeof nothing {
    const { session } = this;
    const read = session?.lastRead;
    if (!session || !read) return nothing;
    return html`<section aria-label="Read from ${read.at}">
      <div class="title"><h2>Read from ${read.at}${read.at === session.name ? ' (here)' : ''}</h2>
        <span class="quiet small" role="status">${words(session, read.seen, read.problem)}</span>
        <button type="button" class="plain" aria-label="Close what was read" @click=${() => session.forgetRead()}>×</button></div>
      ${read.seen ? html`<div class="scroll">${table(session, read.seen)}</div>` : nothing}
    </section>`;
  }
}

function words(session: ReplicaModel, seen: readonly Seen[] | null, problem: string | null): string {
  if (problem !== null) return problem;
  if (!seen) return 'asking…';
  const took = seen.reduce((most, { tookMs }) => Math.max(most, tookMs), 0);
  const silent = session.settings.enabled.filter((strategy) => !seen.some((each) => each.strategy === strategy));
  return `answered in ${took} ms${silent.length > 0 ? `; no answer under ${silent.map((strategy) => strategyNames[strategy]).join(', ')}` : ''}; bold: not what this window shows`;
}

function table(session: ReplicaModel, seen: readonly Seen[]): TemplateResult {
  const strategies = session.runningStrategies.filter((strategy) => seen.some((each) => each.strategy === strategy));
  return html`<table><thead><tr><th></th>${strategies.map((strategy) => html`<th scope="col">${strategyNames[strategy]}</th>`)}</tr></thead>
    <tbody>${session.schema.map((spec) => html`<tr><th scope="row">${spec.label}</th>${strategies.map((strategy) => cell(session, spec, strategy, seen))}</tr>`)}</tbody></table>`;
}

function cell(session: ReplicaModel, spec: FieldSpec, strategy: StrategyId, seen: readonly Seen[]): TemplateResult {
  const found = seen.find((each) => each.strategy === strategy && each.field === spec.id);
  if (!found) return html`<td class="quiet">no answer</td>`;
  const differs = JSON.stringify(found.value) !== JSON.stringify(session.value(strategy, spec.id));
  return html`<td class=${differs ? 'other' : ''}>${valueText(found.value)}</td>`;
}
