/** The first window: the relay, every replica with its state, and what each strategy has cost so far. */
import '../../platform/older-browsers.ts';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { ControlMessage, RoomView, SettingsChange } from '../../../shared/protocol/control.ts';
import { type Link, noFaults } from '../../../shared/protocol/link.ts';
import { presetScenario } from '../../../shared/scenarios/scenario-names.ts';
import type { ControlChannel } from '../../controllers/control-channel.ts';
import type { Host } from '../../platform/host.ts';
import type { CatalogueEntry } from '../../platform/lab-client.ts';
import type { ServerAddress } from '../../platform/server-address.ts';
import { followColorScheme } from '../../styles/color-scheme.ts';
import { panelStyles } from '../../styles/panel-styles.ts';
import './agreement-panel.ts';
import './consistency-lines.ts';
import { roomStyles } from './control-room-styles.ts';
import './cost-bars.ts';
import './empty-lab.ts';
import type { StepEvent, WatchEvent } from './empty-lab.ts';
import { hasBegun } from './first-steps.ts';
import './lab-map.ts';
import type { MapEvent, MapWish } from './lab-map.ts';
import { nextFreeName, windowName } from './lab-view.ts';
import type { LinkEvent } from './link-dialog.ts';
import { apartBy, type Islands, linkOf, mapGroups, movedIslands, rejoinedIslands } from './map-view.ts';
import type { PresetEvent } from './preset-menu.ts';
import { roomHint } from './room-hint.ts';
import type { ScenarioEvent, ScenarioPanel } from './scenario-panel.ts';
import './scenario-panel.ts';
import type { StageEvent } from './stage-menu.ts';
import type { RelayEvent, TopBar } from './top-bar.ts';
import './top-bar.ts';

/** What the control room works with; made by the page's entry. */
export interface Lab {
  readonly server: ServerAddress;
  readonly channel: ControlChannel;
  readonly host: Host;
  /** Switches the relay; rejects with a sentence when the server does not do it. */
  setRelayOnline(online: boolean): Promise<void>;
  /** Changes some of the room's settings; rejects with a sentence when the server refuses them. */
  putSettings(change: SettingsChange): Promise<void>;
  /** Divides the room; no lists: makes it whole. */
  putIslands(lists: Islands): Promise<void>;
  putLink(name: string, link: Omit<Link, 'seed'>): Promise<void>;
  /** Throws away all edits, for everybody. */
  emptyRoom(): Promise<void>;
  /** The scenarios that there are. */
  catalogue(): Promise<readonly CatalogueEntry[]>;
  chooseScenario(name: string | null): Promise<void>;
  steerScenario(how: 'play' | 'pause' | 'step'): Promise<void>;
}

type LabMessage = Extract<ControlMessage, { kind: 'lab' }>;

@customElement('control-room')
export class ControlRoom extends LitElement {
  static override styles = [panelStyles, roomStyles];

  @query('scenario-panel') private scenarios!: ScenarioPanel;
  @query('top-bar') private top!: TopBar;
  @property({ attribute: false }) lab: Lab | null = null;
  @state() private view: LabMessage | null = null;
  @state() private reachable = true;
  @state() private catalogue: readonly CatalogueEntry[] = [];
  /** Why the page could not start, when it could not. */
  @property({ attribute: false }) failure = '';
  @state() private problem = '';
  @state() private present = false;
  @state() private numbers = false;
  /** Replicas whose controls a step of the empty lab's card points at. */
  @state() private lit: readonly string[] = [];
  /** Replicas whose window was asked for and has not reported yet, so that a quick second click takes the next letter. */
  private readonly opening = new Set<string>();
  private stopListening: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    followColorScheme();
    addEventListener('keydown', this.pressedKey);
    this.follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.pressedKey);
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
      <top-bar .room=${view?.room ?? null} .relayOnline=${view?.relayOnline ?? true} .hasScenario=${view !== null && this.hasScenario(view.room)} ?present=${this.present}
        @relay=${this.switchRelay} @stage=${this.chooseColumns} @preset=${this.choosePreset} @show-scenario=${this.showScenario} @add=${this.addReplica}
        @present=${() => this.setPresent(!this.present)} @start-over=${() => this.attempt(() => lab.emptyRoom())}></top-bar>
      <div class="bars">
        ${this.reachable ? nothing : html`<p class="trouble" role="alert">The server at ${lab.server.origin} cannot be reached. Trying again…${view ? ' What you see is the last that it said.' : ''}</p>`}
        ${this.problem ? html`<p class="trouble" role="alert">${this.problem}</p>` : nothing}
        ${view ? html`<scenario-panel .catalogue=${this.catalogue} .scenario=${view.room.scenario} .windows=${view.room.replicas.map(({ replica }) => replica)}
          .hasEdits=${view.room.totals.some(({ actions }) => actions > 0)} .hint=${roomHint(view.room, view.relayOnline)} @scenario=${this.steer}></scenario-panel>` : nothing}
      </div>
      ${view ? this.room(view, lab) : html`<main class="waiting"><p class="starting">Waiting for the server…</p></main>`}`;
  }

  private room({ room, relayOnline }: LabMessage, lab: Lab): TemplateResult {
    const isEmpty = !hasBegun(room) && !this.present;
    const kind = isEmpty ? 'empty' : this.present ? 'present' : this.numbers ? 'numbers' : '';
    const address = `${lab.server.origin.replace(/^http/, 'ws')}/${room.room}`;
    return html`<main class="${kind} ${this.reachable ? '' : 'stale'}">
      <lab-map .room=${room} .relayOnline=${relayOnline} .lit=${isEmpty ? this.lit : []} @map=${this.changeNetwork} @link=${this.setLink}></lab-map>
      ${isEmpty
        ? html`<empty-lab .room=${room} .catalogue=${this.catalogue} .address=${address} @step=${this.takeStep} @watch=${(event: WatchEvent) => this.scenarios.propose(event.scenario)}></empty-lab>`
        : html`<cost-bars .totals=${room.totals} ?numbers=${this.numbers} @numbers=${() => (this.numbers = !this.numbers)}></cost-bars>`}
      ${isEmpty || this.present ? nothing : html`<consistency-lines .room=${room}></consistency-lines><agreement-panel .room=${room}></agreement-panel>`}
    </main>`;
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

  private async switchRelay({ online }: RelayEvent): Promise<void> {
    await this.attempt(() => this.lab?.setRelayOnline(online));
  }

  private async choosePreset(event: PresetEvent): Promise<void> {
    await this.attempt(() => this.lab?.putSettings({ preset: event.preset === '' ? null : event.preset }));
  }

  private async chooseColumns({ columns }: StageEvent): Promise<void> {
    const chosen = await this.attempt(() => this.lab?.putSettings({ columns }));
    // What was ticked was refused: show what holds.
    if (!chosen) this.top.showColumnsAgain();
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

  private async changeNetwork({ detail }: MapEvent): Promise<void> {
    const { lab, view } = this;
    if (lab && view) await this.attempt(() => this.carryOut(detail, lab, view.room));
  }

  private async carryOut(wish: MapWish, lab: Lab, room: RoomView): Promise<void> {
    switch (wish.wish) {
      case 'network': return this.switchNetwork(wish.replica, wish.online);
      case 'move': return lab.putIslands(movedIslands(room, wish.replica, wish.target));
      case 'mend': return this.mend(wish.replicas, lab, room, rejoinedIslands(room, wish.replicas));
      case 'rejoin': return this.mend(mapGroups(room).filter(({ isMain }) => !isMain).flatMap(({ replicas }) => replicas), lab, room, []);
      case 'open': return void (await this.open(wish.replica));
    }
  }

  /** Takes away whatever keeps these replicas apart; other faults of their links stay. */
  private async mend(replicas: readonly string[], lab: Lab, room: RoomView, islands: Islands): Promise<void> {
    for (const replica of replicas) {
      const { upstream, downstream } = linkOf(replica, room);
      const passing = (faults: Link['upstream']): Link['upstream'] => (faults.cut || faults.dropRate === 1 ? noFaults : faults);
      if (apartBy(replica, room) === 'network') this.switchNetwork(replica, true);
      else if (apartBy(replica, room) === 'link') await lab.putLink(replica, { online: true, upstream: passing(upstream), downstream: passing(downstream) });
    }
    if (JSON.stringify(islands) !== JSON.stringify(room.islands)) await lab.putIslands(islands);
  }

  private async setLink({ replica, link }: LinkEvent): Promise<void> {
    await this.attempt(() => this.lab?.putLink(replica, link));
  }

  private switchNetwork(replica: string, online: boolean): void {
    const sent = this.lab?.channel.send({ kind: 'network', replica, online });
    // The switch shows what the replica reports; if it was not even asked, back to that now.
    if (!sent && this.view) this.view = { ...this.view, room: { ...this.view.room, replicas: this.view.room.replicas.map((status) => ({ ...status })) } };
  }

  /** A step of the empty lab's card: it is done, or its controls are pointed at. */
  private async takeStep({ step, replicas }: StepEvent): Promise<void> {
    this.lit = replicas;
    const [first] = replicas;
    if (step === 'open') await this.addReplica();
    if (step === 'cut' && first !== undefined) this.switchNetwork(first, false);
    const { lab, view } = this;
    if (step === 'rejoin' && lab && view) await this.attempt(() => this.carryOut({ wish: 'rejoin' }, lab, view.room));
  }

  private setPresent(present: boolean): void {
    this.present = present;
    document.documentElement.classList.toggle('present', present);
  }

  /** Space and → for the scenario, Alt+N for the relay, Esc leaves Present; none of them while somebody types or presses something else. */
  private readonly pressedKey = (event: KeyboardEvent): void => {
    const [target] = event.composedPath();
    const isFree = !(target instanceof HTMLElement) || target === document.body;
    if (event.key === 'Escape' && this.present && !event.defaultPrevented) this.setPresent(false);
    else if (event.altKey && event.code === 'KeyN' && this.view) void this.attempt(() => this.lab?.setRelayOnline(!this.view?.relayOnline));
    else if (isFree && event.key === ' ') this.scenarios.press('play');
    else if (isFree && event.key === 'ArrowRight') this.scenarios.press('step');
    else return;
    event.preventDefault();
  };

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

declare global {
  interface HTMLElementTagNameMap {
    'control-room': ControlRoom;
  }
}
