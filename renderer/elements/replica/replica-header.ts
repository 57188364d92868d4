/** Who this replica is, whether it is connected, whom it sees and what it has seen. */
import '@awesome.me/webawesome/dist/components/dropdown/dropdown.js';
import type WaDropdownItem from '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import '@awesome.me/webawesome/dist/components/tooltip/tooltip.js';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { strategyNames } from '../../../shared/strategies/names.ts';
import type { ReplicaSession } from '../../controllers/replica-session.ts';
import { statusKindOf } from '../../controllers/status-text.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import { whoStyles } from '../../styles/who-styles.ts';
import type { LabSwitch } from '../parts/lab-switch.ts';
import '../parts/lab-switch.ts';
import { colourStyle, replicaDot } from '../parts/replica-dot.ts';
import { headerStyles } from './replica-header-styles.ts';
import { SessionElement } from '../parts/session-element.ts';
import { skewText } from '../parts/skew-text.ts';
import { statusMark } from '../parts/status-mark.ts';

@customElement('replica-header')
export class ReplicaHeader extends SessionElement {
  static override styles = [controlStyles, whoStyles, headerStyles];

  protected override render(): TemplateResult | typeof nothing {
    const { session } = this;
    if (!session) return nothing;
    const kind = statusKindOf(session.status, session.reach);
    return html`<header class=${session.online ? kind : 'offline'} style=${colourStyle(session.name)}>
      <h1><span class="self" aria-hidden="true">${replicaDot(session.name)}</span><span>Replica ${session.name}</span></h1>
      <lab-switch size="s" .checked=${live(session.online)} @change=${this.switched}>Network</lab-switch>
      <p class="status ${kind}" role="status">${statusMark(kind)}<span>${session.statusText}</span></p>
      ${kind === 'cut' || kind === 'offline' ? html`<span class="hatched"></span>` : nothing}
      ${peers(session)}
      ${clock(session)}
      <wa-dropdown placement="bottom-end" @wa-select=${this.chosen}>
        <button slot="trigger" type="button" class="plain menu" aria-label="Menu">⋯</button>
        <wa-dropdown-item value="settings">Settings</wa-dropdown-item>
        ${session.readable.map((replica) => html`<wa-dropdown-item value="read/${replica}">Read from ${replica}${replica === session.name ? ' (here)' : ''}</wa-dropdown-item>`)}
        ${session.runningStrategies.map((strategy) => html`<wa-dropdown-item type="checkbox" value=${strategy} .checked=${live(session.strategies.includes(strategy))}>Column ${strategyNames[strategy]}</wa-dropdown-item>`)}
      </wa-dropdown>
    </header>`;
  }

  private switched(event: Event): void {
    this.session?.setOnline((event.target as LabSwitch).checked);
    this.requestUpdate();
  }

  private chosen(event: CustomEvent<{ item: Element }>): void {
    const { value } = event.detail.item as WaDropdownItem;
    const strategy = this.session?.runningStrategies.find((each) => each === value);
    if (strategy) this.session?.showStrategy(strategy, !this.session.strategies.includes(strategy));
    else if (value?.startsWith('read/')) void this.session?.readFrom(value.slice('read/'.length));
    else this.dispatchEvent(new Event('settings'));
  }
}

/** Who is reached, and who of the open windows is not. */
function peers(session: ReplicaSession): TemplateResult {
  const { peers: reached, others } = session;
  const absent = others.filter((other) => !reached.includes(other));
  if (reached.length + absent.length === 0) return html`<p class="peers nobody quiet">alone</p>`;
  return html`<p class="peers">
    ${reached.length > 0 ? html`<span class="quiet">with</span> ${reached.map((peer) => replicaDot(peer))}` : nothing}
    ${absent.length > 0 ? html`<span class="quiet">without</span> ${absent.map((peer) => replicaDot(peer, false))}` : nothing}
  </p>`;
}

function clock(session: ReplicaSession): TemplateResult {
  const skewed = session.skewMs !== 0;
  return html`<p class="clock">
      <span class="quiet word">clock</span>
      <span id="clock" class="mono" role="note" tabindex="0" aria-labelledby="clock">${session.clockText}</span>
      ${skewed ? html`<span class="chip waiting skew" title="This replica's wall clock is wrong on purpose."><span class="word">wall clock</span> ${skewText(session.skewMs)}</span>` : nothing}
    </p>
    <wa-tooltip for="clock">A version vector counts, for each replica, how many of its edits this window has seen.</wa-tooltip>`;
}
