/** The control room of a saved history: the same panels as of a live room, at a moment of the history or at its end. No relay is asked. */
import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { unlikeFields } from '../../../shared/analysis/space-time/at-moment.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import type { SavedHistory } from '../../controllers/saved-history.ts';
import { panelStyles } from '../../styles/panel-styles.ts';
import { knowReplicas } from '../../styles/replica-colour.ts';
import '../diagram/space-time-diagram.ts';
import type { MomentEvent } from '../parts/moment-event.ts';
import './agreement-panel.ts';
import './consistency-lines.ts';
import { roomStyles } from './control-room-styles.ts';
import './cost-bars.ts';
import './lab-map.ts';
import { pastRoom } from './past-room.ts';
import './replication-charts.ts';
import type { ViewEvent } from './saved-bar.ts';
import './saved-bar.ts';
import './saved-replica.ts';

/** Sends `report` and `close`. */
@customElement('saved-room')
export class SavedRoom extends LitElement {
  static override styles = [panelStyles, roomStyles, css`
    :host { grid-template: auto minmax(0, 1fr) / minmax(0, 1fr); }
    space-time-diagram { grid-area: st; }
    saved-replica { grid-area: cost-start / cost-start / cons-end / cons-end; }
    @media (max-width: 68.7488em) { saved-replica { grid-area: cost; } }
  `];

  @property({ attribute: false }) saved!: SavedHistory;
  /** Null: the end of the history. */
  @state() private momentMs: number | null = null;
  /** Whose window is shown. */
  @state() private viewed: string | null = null;
  @state() private numbers = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('saved')) return;
    knowReplicas(this.saved.content.timeline.lanes);
    this.momentMs = null;
    this.viewed = null;
  }

  protected override render(): TemplateResult {
    const { saved, momentMs, viewed } = this;
    const { room, timeline } = saved.content;
    const atMs = momentMs ?? timeline.toMs;
    const then = pastRoom(room, timeline, atMs);
    return html`<saved-bar .name=${saved.name} .replicas=${timeline.lanes} .viewed=${viewed} .momentMs=${momentMs} @view=${({ replica }: ViewEvent) => (this.viewed = replica)}
        @report=${this.passOn} @close=${this.passOn}></saved-bar>
      <main class=${this.numbers && viewed === null ? 'numbers' : ''}><lab-map .room=${then.room} .relayOnline=${then.relayOnline} isPast inert></lab-map>
      ${viewed === null
        ? html`<cost-bars .totals=${room.totals} isPast ?numbers=${this.numbers} @numbers=${() => (this.numbers = !this.numbers)}></cost-bars><consistency-lines .room=${room}></consistency-lines>`
        : html`<saved-replica .saved=${saved} .schema=${room.settings.schema ?? []} .replica=${viewed} .atMs=${atMs}></saved-replica>`}
      <space-time-diagram .timeline=${timeline} .momentMs=${momentMs} @moment=${({ atMs: moment }: MomentEvent) => (this.momentMs = moment)}></space-time-diagram>
      <div class="agree"><agreement-panel .room=${room} .past=${{ atMs, unlike: unlikeFields(timeline, atMs) }}></agreement-panel>
        <replication-charts .room=${room} .momentMs=${momentMs} .ask=${(strategy: StrategyId) => saved.replicationSeries(strategy)}></replication-charts></div></main>`;
  }

  private readonly passOn = ({ type }: Event): void => void this.dispatchEvent(new Event(type));
}

declare global {
  interface HTMLElementTagNameMap {
    'saved-room': SavedRoom;
  }
}
