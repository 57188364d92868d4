/** Who this replica is, whether it is connected, whom it sees and what it has seen. */
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { ReplicaModel } from '../../controllers/replica-model.ts';
import { statusKindOf } from '../../controllers/status-text.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import { whoStyles } from '../../styles/who-styles.ts';
import type { LabSwitch } from '../parts/lab-switch.ts';
import '../parts/lab-switch.ts';
import { icon } from '../parts/icon.ts';
import { colourStyle, replicaDot } from '../parts/replica-dot.ts';
import { headerStyles } from './replica-header-styles.ts';
import { SessionElement } from '../parts/session-element.ts';
import { skewText } from '../parts/skew-text.ts';
import { statusMark } from '../parts/status-mark.ts';
import './window-menu.ts';

@customElement('replica-header')
export class ReplicaHeader extends SessionElement {
  static override styles = [controlStyles, whoStyles, headerStyles];

  /** Whether dots and clocks are shown: nobody needs them who has not asked. */
  @property({ type: Boolean }) clocks = false;

  protected override render(): TemplateResult | typeof nothing {
    const { session } = this;
    if (!session) return nothing;
    const kind = statusKindOf(session.status, session.reach);
    return html`<header class=${session.online ? kind : 'offline'} style=${colourStyle(session.name)}>
      <h1><span class="self" aria-hidden="true">${replicaDot(session.name)}</span><span>Replica ${session.name}</span></h1>
      <lab-switch size="s" .checked=${live(session.online)} @change=${this.switched}>Network</lab-switch>
      <p class="status ${kind}" role="status">${statusMark(kind)}<span>${session.past.isShown ? `Live: ${lowered(session.statusText)}` : session.statusText}</span></p>
      ${kind === 'cut' || kind === 'offline' ? html`<span class="hatched"></span>` : nothing}
      ${peers(session)}
      ${this.clocks || session.skewMs !== 0 ? clock(session, this.clocks) : nothing}
      <button type="button" class="plain clocks" aria-label="Show clocks" aria-pressed=${this.clocks} @click=${() => this.dispatchEvent(new Event('clocks'))}>${icon('wait')}</button>
      <window-menu .session=${session} @settings=${this.passOn} @words=${this.passOn}></window-menu>
    </header>`;
  }

  private switched(event: Event): void {
    this.session?.setOnline((event.target as LabSwitch).checked);
    this.requestUpdate();
  }

  private passOn({ type }: Event): void {
    this.dispatchEvent(new Event(type));
  }
}

/** "synced, all saved", after a colon. */
function lowered(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

/** Who is reached, and who of the open windows is not. */
function peers(session: ReplicaModel): TemplateResult {
  const { peers: reached, others } = session;
  const absent = others.filter((other) => !reached.includes(other));
  if (reached.length + absent.length === 0) return html`<p class="peers nobody quiet">alone</p>`;
  return html`<p class="peers">
    ${reached.length > 0 ? html`<span class="quiet">with</span> ${reached.map((peer) => replicaDot(peer))}` : nothing}
    ${absent.length > 0 ? html`<span class="quiet">without</span> ${absent.map((peer) => replicaDot(peer, false))}` : nothing}
  </p>`;
}

function clock(session: ReplicaModel, shown: boolean): TemplateResult {
  const skewed = session.skewMs !== 0;
  return html`<p class="clock">
      ${shown ? html`<span class="quiet word">clock</span>
      <span class="tipped"><span id="clock" class="mono" role="note" tabindex="0" aria-labelledby="clock" aria-describedby="clock-tip">${session.clockText}</span>
      <span id="clock-tip" class="tip" role="tooltip">A version vector counts, for each replica, how many of its edits this window has seen.</span></span>` : nothing}
      ${skewed ? html`<span class="chip waiting skew" title="This replica's wall clock is wrong on purpose."><span class="word">wall clock</span> ${skewText(session.skewMs)}</span>` : nothing}
    </p>`;
}
