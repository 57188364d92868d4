/** The first window: the relay, every replica with its state, and what each strategy has cost so far. */
import '../../platform/older-browsers.ts';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ControlMessage, RoomView, SettingsChange } from '../../../shared/protocol/control.ts';
import { presetScenario } from '../../../shared/scenarios/scenario-names.ts';
import { strategyNames } from '../../../shared/strategies/names.ts';
import type { ControlChannel } from '../../controllers/control-channel.ts';
import { reachOf } from '../../controllers/reach.ts';
import { type Host, replicaPath } from '../../platform/host.ts';
import type { CatalogueEntry } from '../../platform/lab-client.ts';
import type { ServerAddress } from '../../platform/server-address.ts';
import { followColorScheme } from '../../styles/color-scheme.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import { replicaColour } from '../../styles/replica-colour.ts';
import { roomStyles } from './control-room-styles.ts';
import type { LabSwitch } from '../parts/lab-switch.ts';
import '../parts/lab-switch.ts';
import { closedReplicas, convergenceWords, type DigestGroup, digestGroups, nextFreeName, sortedReplicas, windowName } from './lab-view.ts';
import type { PresetEvent } from './preset-menu.ts';
import './preset-menu.ts';
import type { NetworkEvent } from './replica-card.ts';
import './replica-card.ts';
import type { ScenarioEvent, ScenarioPanel } from './scenario-panel.ts';
import './scenario-panel.ts';
import type { StageEvent, StageMenu } from './stage-menu.ts';
import './stage-menu.ts';
import './totals-table.ts';
import './verdict-bar.ts';

/** What the control room works with; made by the page's entry. */
export interface Lab {
  readonly server: ServerAddress;
  readonly channel: ControlChannel;
  readonly host: Host;
  /** Switches the relay; rejects with a sentence when the server does not do it. */
  setRelayOnline(online: boolean): Promise<void>;
  /** Changes some of the room's settings; rejects with a sentence when the server refuses them. */
  putSettings(change: SettingsChange): Promise<void>;
  /** The scenarios that there are. */
  catalogue(): Promise<readonly CatalogueEntry[]>;
  chooseScenario(name: string | null): Promise<void>;
  steerScenario(how: 'play' | 'pause' | 'step'): Promise<void>;
}

type LabMessage = Extract<ControlMessage, { kind: 'lab' }>;

@customElement('control-room')
export class ControlRoom extends LitElement {
  static override styles = [controlStyles, roomStyles];

  @query('scenario-panel') private scenarios!: ScenarioPanel;
  @query('stage-menu') private stage!: StageMenu;
  @property({ attribute: false }) lab: Lab | null = null;
  @state() private view: LabMessage | null = null;
  @state() private reachable = true;
  @state() private catalogue: readonly CatalogueEntry[] = [];
  /** Why the page could not start, when it could not. */
  @property({ attribute: false }) failure = '';
  @state() private problem = '';
  /** Replicas whose window was asked for and has not reported yet, so that a quick second click takes the next letter. */
  private readonly opening = new Set<string>();
  private stopListening: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    followColorScheme();
    this.follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stopListening?.();
    this.stopListening = null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('lab')) this.follow();
    if (changed.has('lab')) void this.attempt(async () => void (this.catalogue = (await this.lab?.catalogue()) ?? []));
  }

  protected override render(): TemplateResult {
    const { lab, view } = this;
    if (!lab) return html`<p class="starting">${this.failure || 'Rejoin is starting…'}</p>`;
    return html`
      <header>
        <h1>Rejoin</h1>
        ${view ? html`<lab-switch size="s" .checked=${live(view.relayOnline)} @change=${this.switchRelay}>Relay</lab-switch>
          <p class="relay ${view.relayOnline ? 'on' : 'off'}" role="status">${relayWords(view.relayOnline, view.room)}</p>` : nothing}
        <button type="button" class="primary" ?disabled=${!view} @click=${this.addReplica}>Add replica</button>
      </header>
      ${this.reachable ? nothing : html`<p class="trouble" role="alert">The server at ${lab.server.origin} cannot be reached. Trying again…${view ? ' What you see is the last that it said.' : ''}</p>`}
      ${this.problem ? html`<p class="trouble" role="alert">${this.problem}</p>` : nothing}
      <main class=${this.reachable ? '' : 'stale'}>
        <p class="steps"><span class="step">1</span> Cut a replica's network. <span class="step">2</span> Edit in its window and in another one.
          <span class="step">3</span> Switch it on again and read what each way of merging did.</p>
        ${view ? this.room(view, lab) : html`<p class="quiet">Waiting for the server…</p>`}
      </main>`;
  }

  private room(view: LabMessage, lab: Lab): TemplateResult {
    const { room } = view;
    const convergence = digestGroups(room);
    const closed = closedReplicas(room);
    const others = room.sessions.filter((session) => !session.replica);
    return html`
      <section aria-label="Replicas">
        ${room.replicas.length === 0 ? html`<p class="quiet none">No replica window is open. Add one to begin.</p>` : nothing}
        <div class="cards">${repeat(sortedReplicas(room), (status) => status.replica, (status) => html`
          <replica-card .status=${status} .reach=${reachOf(status.replica, view)} .convergence=${convergence} @network=${this.switchNetwork}></replica-card>`)}</div>
        ${closed.length === 0 ? nothing : html`<p class="line">Closed, with their edits kept: ${closed.map((name) => this.closedReplica(name, lab))}</p>`}
        ${others.length === 0 ? nothing : html`<p class="line">Other y-websocket clients: ${others.map((session) => html`<span class="chip noted">${session.name}</span> `)}</p>`}
      </section>
      ${convergence.length === 0 ? nothing : html`<section aria-label="Convergence"><h2>Do the replicas agree?</h2>
        <ul role="list">${convergence.map(({ strategy, groups }) => html`<li><b>${strategyNames[strategy]}:</b>
          ${verdict(groups)} <span class="quiet">${convergenceWords(groups)}</span></li>`)}</ul>
      </section>`}
      <section aria-label="Scenario"><scenario-panel .catalogue=${this.catalogue} .scenario=${room.scenario} .windows=${room.replicas.map(({ replica }) => replica)}
        .hasEdits=${room.totals.some(({ actions }) => actions > 0)} @scenario=${this.steer}></scenario-panel></section>
      <section aria-label="Columns on stage"><stage-menu .columns=${room.settings.columns} .enabled=${room.settings.enabled} @stage=${this.chooseColumns}></stage-menu></section>
      <section aria-label="Preset"><preset-menu .preset=${room.settings.preset} .hasScenario=${this.hasScenario(room)} @preset=${this.choosePreset} @show-scenario=${this.showScenario}></preset-menu></section>
      <section aria-label="Scorecard"><totals-table .totals=${room.totals}></totals-table></section>
      <section aria-label="Verdicts"><h2>How consistent was it?</h2>
        <p class="quiet">Judged by what people did and read, strongest first: ✓ holds, ✗ is broken, ? nobody can tell yet. Press one to see why.</p>
        <div class="verdicts">${room.totals.map(({ strategy }) => html`<verdict-bar .strategyName=${strategyNames[strategy]} .verdicts=${room.verdicts[strategy] ?? null}></verdict-bar>`)}</div>
      </section>
      <p class="quiet small foot">Room “${room.room}” · document ${room.documentBytes.toLocaleString('en')} bytes · any y-websocket client can join at
        <span class="mono">${lab.server.origin.replace(/^http/, 'ws')}/${room.room}</span></p>`;
  }

  private closedReplica(name: string, lab: Lab): TemplateResult {
    const open = (event: Event): void => {
      event.preventDefault();
      void this.open(name);
    };
    return html`<a href=${replicaPath(name, lab.server.room)} @click=${open}><span class="dot" style="background: ${replicaColour(name).fill}"></span>Open ${name}</a> `;
  }

  private follow(): void {
    this.stopListening?.();
    this.stopListening = this.lab?.channel.listen({
      received: (message) => this.received(message),
      closed: () => (this.reachable = false),
    }) ?? null;
  }

  private received(message: ControlMessage): void {
    if (message.kind !== 'lab') return;
    this.reachable = true;
    this.view = message;
    for (const status of message.room.replicas) this.opening.delete(windowName(status.replica));
  }

  private async switchRelay(event: Event): Promise<void> {
    await this.attempt(() => this.lab?.setRelayOnline((event.target as LabSwitch).checked));
  }

  private async choosePreset(event: PresetEvent): Promise<void> {
    await this.attempt(() => this.lab?.putSettings({ preset: event.preset === '' ? null : event.preset }));
  }

  private async chooseColumns({ columns }: StageEvent): Promise<void> {
    const chosen = await this.attempt(() => this.lab?.putSettings({ columns }));
    // What was ticked was refused: show what holds.
    if (!chosen) this.stage.requestUpdate();
  }

  /** Whether there is a scenario of the preset that can be put on stage now. */
  private hasScenario({ settings: { preset }, scenario }: RoomView): boolean {
    const wanted = presetScenario(preset ?? '');
    return this.catalogue.some(({ name }) => name === wanted) && (scenario?.name !== wanted || scenario.state === 'over');
  }

  /** Puts the scenario of the preset on stage, and shows where it is played. */
  private showScenario(): void {
    const preset = this.view?.room.settings.preset;
    if (preset) this.scenarios.propose(presetScenario(preset));
  }

  private async steer({ wish }: ScenarioEvent): Promise<void> {
    const { lab } = this;
    if (!lab) return;
    if (wish.wish === 'open') for (const name of wish.replicas) await this.open(name);
    else await this.attempt(() => (wish.wish === 'choose' ? lab.chooseScenario(wish.name) : lab.steerScenario(wish.wish)));
  }

  private switchNetwork(event: NetworkEvent): void {
    const sent = this.lab?.channel.send({ kind: 'network', replica: event.replica, online: event.online });
    // The switch shows what the replica reports; if it was not even asked, back to that now.
    if (!sent && this.view) this.view = { ...this.view, room: { ...this.view.room, replicas: this.view.room.replicas.map((status) => ({ ...status })) } };
  }

  private async addReplica(): Promise<void> {
    if (this.view) await this.open(nextFreeName(this.view.room, this.opening));
  }

  private async open(name: string): Promise<void> {
    this.opening.add(name);
    const opened = await this.attempt(() => this.lab?.host.openReplica(name));
    if (!opened) this.opening.delete(name);
  }

  private async attempt(action: () => Promise<void> | undefined): Promise<boolean> {
    try {
      this.problem = '';
      await action();
      return true;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
      return false;
    } finally {
      this.requestUpdate();
    }
  }
}

function verdict(groups: readonly DigestGroup[]): TemplateResult | typeof nothing {
  if (groups.length > 1) return html`<span class="chip waiting">differs</span>`;
  return (groups[0]?.replicas.length ?? 0) > 1 ? html`<span class="chip kept">same state</span>` : nothing;
}

function relayWords(online: boolean, room: RoomView): string {
  if (!online) return 'Off: every replica works on by itself';
  const connected = room.sessions.length;
  return `On: ${connected} ${connected === 1 ? 'session' : 'sessions'} connected`;
}

declare global {
  interface HTMLElementTagNameMap {
    'control-room': ControlRoom;
  }
}
