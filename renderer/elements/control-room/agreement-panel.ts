/** Agreement: under which strategies replicas show different states, and who shows what; else one sentence. By digests, so without the values. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { listOf } from '../../../shared/analysis/phrases.ts';
import type { RoomView } from '../../../shared/control/room-view.ts';
import { strategyNames } from '../../../shared/strategies/registry.ts';
import { panelStyles } from '../../styles/panel-styles.ts';
import { icon } from '../parts/icon.ts';
import { replicaDot } from '../parts/replica-dot.ts';
import { timeText } from '../parts/time-text.ts';
import { differingGroups, digestGroups } from './lab-view.ts';

@customElement('agreement-panel')
export class AgreementPanel extends LitElement {
  static override styles = [panelStyles, css`
    :host { display: block; }
    .body { flex: 1; min-block-size: 0; overflow: auto; }
    .yes { display: flex; gap: 6px; align-items: baseline; color: var(--ink-2); }
    table { inline-size: 100%; border-collapse: collapse; font-size: var(--t1); }
    th, td { padding: 2px var(--s2) 2px 0; text-align: start; font-weight: 400; border-block-start: 1px solid var(--hair); }
    tr:first-child > * { border-block-start: 0; }
    th { inline-size: 60%; color: var(--ink); }
    td div { display: flex; flex-wrap: wrap; gap: 2px var(--s2); align-items: center; }
    .same { display: inline-flex; gap: 2px; padding: 2px; border-radius: 10px; background: var(--sunk); }
    .unlike { color: var(--ink-3); }
    @media (max-width: 68.7488em) { .panel { padding: 6px 10px 8px; } }
  `];

  @property({ attribute: false }) room!: RoomView;
  /** The earlier moment that is shown, and the fields of which not all had the same edits then; null: now. */
  @property({ attribute: false }) past: { readonly atMs: number; readonly unlike: readonly string[] } | null = null;

  protected override render(): TemplateResult {
    const { past } = this;
    if (past) {
      return html`<section class="panel" aria-label="Agreement"><header><h2>Agreement</h2></header><div class="body"><p class="yes">${pastWords(past)}</p></div></section>`;
    }
    const all = digestGroups(this.room).length;
    const rows = differingGroups(this.room);
    const differing = rows.reduce((sum, { strategies }) => sum + strategies.length, 0);
    const { length } = this.room.replicas;
    return html`<section class="panel" aria-label="Agreement">
      <header><h2>Agreement</h2>${differing > 0 ? html`<span class="quiet">replicas differ under ${differing} of ${all}</span>` : ''}</header>
      <div class="body">${differing === 0 ? html`<p class="yes">${agreement(length)}</p>` : html`<table aria-label="Who shows the same">${rows.map(({ strategies, groups }) => html`<tr>
        <th scope="row">${strategies.length > 1 && strategies.length === all ? 'every strategy' : strategies.map((id) => strategyNames[id]).join(', ')}</th><td><div>${groups.map((replicas, at) => html`${at > 0 ? html`<span class="unlike" aria-label="unlike">≠</span>` : ''}<span class="same">${replicas.map((name) => replicaDot(name))}</span>`)}</div></td></tr>`)}</table>`}</div>
    </section>`;
  }
}

function agreement(replicas: number): TemplateResult {
  if (replicas < 2) return html`${replicas === 0 ? 'No replica is open.' : 'One replica: nothing to compare.'}`;
  return html`${icon('check')} <span>${replicas === 2 ? 'Both' : `All ${replicas}`} replicas show the same under every strategy.</span>`;
}

function pastWords({ atMs, unlike }: { readonly atMs: number; readonly unlike: readonly string[] }): string {
  return `At ${timeText(atMs)} ${unlike.length === 0 ? 'all replicas had the same edits.' : `not all had the same edits of ${listOf(unlike)}.`}`;
}

declare global {
  interface HTMLElementTagNameMap {
    'agreement-panel': AgreementPanel;
  }
}
