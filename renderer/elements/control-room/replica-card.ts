/** One replica in the control room: its name, network switch, state and clock, and which state it shows under each strategy. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { StrategyId } from '../../../shared/history/record.ts';
import type { ReplicaStatus } from '../../../shared/protocol/control.ts';
import { strategyNames } from '../../../shared/strategies/names.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import { replicaColour } from '../../styles/replica-colour.ts';
import { fullReach, type Reach } from '../../controllers/reach.ts';
import { statusKindOf, statusTextOf } from '../../controllers/status-text.ts';
import { clockWords, type DigestGroup } from './lab-view.ts';
import type { LabSwitch } from '../parts/lab-switch.ts';
import '../parts/lab-switch.ts';
import { skewText } from '../parts/skew-text.ts';
import { statusMark } from '../parts/status-mark.ts';

/** Sent from a card to the control room: set this replica's network switch. */
export class NetworkEvent extends Event {
  constructor(
    readonly replica: string,
    readonly online: boolean,
  ) {
    super('network');
  }
}

@customElement('replica-card')
export class ReplicaCard extends LitElement {
  static override styles = [controlStyles, css`
    :host { display: block; }
    article {
      display: grid; gap: 6px; height: 100%; align-content: start; padding: var(--space) 12px var(--space) 12px;
      border: 1px solid var(--line); border-inline-start: 6px solid var(--colour); border-radius: var(--radius); background: var(--surface);
    }
    article.offline { background: var(--offline); border-color: var(--offline-edge); border-inline-start-color: var(--colour); }
    /* What is cut is hatched, beside the words that say so. */
    article:is(.cut, .offline)::before { content: ''; height: 8px; margin: calc(-1 * var(--space)) -12px 0 -12px; background: var(--hatch); }
    .top { display: flex; align-items: center; gap: var(--space); }
    h3 { display: flex; align-items: center; gap: var(--space); flex: 1; }
    .badge {
      min-width: 1.75rem; height: 1.75rem; padding: 0 6px; border-radius: 1rem; text-align: center; line-height: 1.75rem; font-weight: 700;
      background: var(--colour); color: var(--on-colour);
    }
    .status { display: flex; align-items: baseline; gap: 6px; font-weight: 600; }
    .cut-icon { display: block; }
    .status.synced { color: var(--on-kept); }
    .offline .status, .offline .quiet { color: var(--on-offline); }
    .offline .chip.waiting { background: transparent; border: 1px solid currentColor; }
    .line { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-half) var(--space); }
    .state { display: inline-flex; align-items: center; gap: 4px; font-size: var(--type-small); }
    .letter { min-width: 1.4em; text-align: center; font-weight: 700; border: 1px solid currentColor; }
  `];

  @property({ attribute: false }) status!: ReplicaStatus;
  @property({ attribute: false }) reach: Reach = fullReach;
  @property({ attribute: false }) convergence: readonly { readonly strategy: StrategyId; readonly groups: readonly DigestGroup[] }[] = [];

  protected override render(): TemplateResult {
    const { status } = this;
    const colour = replicaColour(status.replica);
    const off = !status.online || status.connection === 'offline';
    const kind = off ? 'offline' : statusKindOf(status, this.reach);
    return html`<article class=${kind} style="--colour: ${colour.fill}; --on-colour: ${colour.on}">
      <div class="top">
        <h3><span class="badge" aria-hidden="true">${status.replica}</span> Replica ${status.replica}</h3>
        <lab-switch size="s" .checked=${live(status.online)} @change=${this.switched}>Network<span class="unseen"> of ${status.replica}</span></lab-switch>
      </div>
      <p class="status ${kind}">${statusMark(kind)} <span>${statusTextOf(status, this.reach)}</span></p>
      <p class="line"><span class="quiet small">clock</span> <span class="mono">${clockWords(status)}</span>
        ${status.skewMs === 0 ? nothing : html`<span class="chip waiting">wall clock ${skewText(status.skewMs)}</span>`}</p>
      <p class="line">${this.convergence.map(({ strategy, groups }) => this.state(strategy, groups))}</p>
    </article>`;
  }

  private state(strategy: StrategyId, groups: readonly DigestGroup[]): TemplateResult | typeof nothing {
    const group = groups.find((each) => each.replicas.includes(this.status.replica));
    if (!group) return nothing;
    const colour = replicaStateColour(group.letter);
    return html`<span class="state"><span class="quiet">${strategyNames[strategy]}</span>
      <span class="chip letter" style="background: ${colour.background}; color: ${colour.text}"><span class="unseen">shows state </span>${group.letter}</span></span>`;
  }

  private switched(event: Event): void {
    this.dispatchEvent(new NetworkEvent(this.status.replica, (event.target as LabSwitch).checked));
  }
}

/** States have greys and quiet tints of their own, so that nobody takes them for replicas. */
export function replicaStateColour(letter: string): { readonly background: string; readonly text: string } {
  switch (letter) {
    case 'x': return { background: 'var(--noted)', text: 'var(--on-noted)' };
    case 'y': return { background: 'var(--other)', text: 'var(--on-other)' };
    case 'z': return { background: 'var(--kept)', text: 'var(--on-kept)' };
    default: return { background: 'var(--surface-sunk)', text: 'var(--text)' };
  }
}
