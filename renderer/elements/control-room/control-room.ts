/** The first window: the relay, every replica with its state, and what each strategy has cost so far. */
import '../../platform/older-browsers.ts';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { unlikeFields } from '../../../shared/analysis/space-time/at-moment.ts';
import { noTimeline } from '../../../shared/analysis/space-time/timeline.ts';
import type { ControlMessage } from '../../../shared/control/control-message.ts';
import type { RoomView } from '../../../shared/control/room-view.ts';
import { errorText } from '../../../shared/encoding/error-text.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import { type Link, noFaults } from '../../../shared/network/link.ts';
import { presetScenario } from '../../../shared/scenarios/scenario-names.ts';
import { readFile } from '../../controllers/read-file.ts';
import type { SavedHistory } from '../../controllers/saved-history.ts';
import type { CatalogueEntry } from '../../platform/lab-client.ts';
import type { TimelineEvent } from '../diagram/live-space-time.ts';
import { followColorScheme } from '../../styles/color-scheme.ts';
import { inkStyles } from '../../styles/ink-styles.ts';
import { panelStyles } from '../../styles/panel-styles.ts';
import './agreement-panel.ts';
import './consistency-lines.ts';
import { roomStyles } from './control-room-styles.ts';
import './cost-bars.ts';
import './empty-lab.ts';
import type { StepEvent, WatchEvent } from './empty-lab.ts';
import { hasBegun } from './first-steps.ts';
import type { LabControls } from './lab-controls.ts';
import './lab-map.ts';
import type { MapEvent, MapWish } from './lab-map.ts';
import { knowReplicas } from '../../styles/replica-colour.ts';
import { nextFreeName, windowName } from './lab-view.ts';
import type { LinkEvent } from './link-dialog.ts';
import { apartBy, type Islands, linkOf, mapGroups, movedIslands, rejoinedIslands } from './map-view.ts';
import { pastRoom } from './past-room.ts';
import type { PresetEvent } from './preset-menu.ts';
import './replication-charts.ts';
import { roomHint } from './room-hint.ts';
import type { ScenarioEvent, ScenarioPanel } from './scenario-panel.ts';
import './scenario-panel.ts';
import type { StageEvent } from './stage-menu.ts';
import type { FileEvent, RelaySwitchEvent, TopBar } from './top-bar.ts';
import './top-bar.ts';
import { icon } from '../parts/icon.ts';
import { KeptFocus } from '../parts/kept-focus.ts';
import type { MomentEvent } from '../parts/moment-event.ts';
import { timeText } from '../parts/time-text.ts';
import type { WordsDialog } from '../parts/words-dialog.ts';
import '../parts/words-dialog.ts';

type LabMessage = Extract<ControlMessage, { kind: 'lab' }>;

@customElement('control-room')
export class ControlRoom extends LitElement {
  static override styles = [panelStyles, inkStyles, roomStyles];

  @query('scenario-panel') private scenarios!: ScenarioPanel | null;
  @query('top-bar') private top!: TopBar;
  @query('words-dialog') private words!: WordsDialog;
  @property({ attribute: false }) lab: LabControls | null = null;
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
  /** The earlier moment that all windows show; null: now. */
  @state() private momentMs: number | null = null;
  private timeline = noTimeline;
  /** A saved history that is shown in the place of the live room. */
  @state() private saved: SavedHistory | null = null;
  private sendFrame = 0;
  /** Moments that this page has said, and not been told yet. */
  private sent: (number | null)[] = [];
  private stopListening: (() => void) | null = null;
  protected readonly keptFocus = new KeptFocus(this);
  private diagram: Promise<unknown> | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    followColorScheme();
    addEventListener('keydown', this.pressedKey);
    addEventListener('dragover', this.draggedOver);
    addEventListener('drop', this.droppedFile);
    this.follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.pressedKey);
    removeEventListener('dragover', this.draggedOver);
    removeEventListener('drop', this.droppedFile);
    this.stopListening?.();
    this.stopListening = null;
  }

  protected override willUpdate(changed: Map<PropertyKey, LabMessage | null | undefined>): void {
    if (changed.has('lab')) this.follow();
    // A scenario that came as a file stays in the list.
    if (changed.has('lab') || (changed.has('view') && changed.get('view')?.room.scenario?.name !== this.view?.room.scenario?.name)) void this.attempt(async () => void (this.catalogue = (await this.lab?.catalogue()) ?? []));
  }

  protected override render(): TemplateResult {
    const { lab, view } = this;
    if (!lab) return html`<p class="starting">${this.failure || 'Rejoin is starting…'}</p>`;
    if (this.saved) return html`<saved-room .saved=${this.saved} @report=${() => this.attempt(() => lab.saveReportOf(this.saved!))} @close=${() => this.showSaved(null)}></saved-room>`;
    return html`
      <top-bar .room=${view?.room ?? null} .relayOnline=${view?.relayOnline ?? true} .hasScenario=${view !== null && this.hasScenario(view.room)} ?present=${this.present}
        @relay=${this.switchRelay} @stage=${this.chooseColumns} @preset=${this.choosePreset} @show-scenario=${this.showScenario} @add=${this.addReplica}
        @present=${() => this.setPresent(!this.present)} @start-over=${() => this.attempt(() => lab.emptyRoom())} @words=${() => this.words.show()} @report=${() => this.attempt(() => lab.saveReport())} @file=${(event: FileEvent) => this.openFile(event.file)}></top-bar>
      <words-dialog></words-dialog>
      <div class="bars">
        ${this.reachable ? nothing : html`<p class="trouble" role="alert">The server at ${lab.server.origin} cannot be reached. Trying again…${view ? ' What you see is the last that it said.' : ''}</p>`}
        ${this.problem ? html`<p class="trouble" role="alert">${this.problem}</p>` : nothing}
        ${this.pastBar(view)}
        ${view && (this.momentMs === null || view.room.scenario) ? html`<scenario-panel .catalogue=${this.catalogue} .scenario=${view.room.scenario} .windows=${view.room.replicas.map(({ replica }) => replica)}
          .hasEdits=${view.room.totals.some(({ actions }) => actions > 0)} .hint=${roomHint(view.room, view.relayOnline)} .momentMs=${this.momentMs}
          @scenario=${this.steer} @moment=${this.lookAt}></scenario-panel>` : nothing}
      </div>
      ${view ? this.room(view, lab) : html`<main class="waiting"><p class="starting">Waiting for the server…</p></main>`}`;
  }

  /** Opens a scenario or a saved history. */
  private async openFile(file: File): Promise<void> {
    const { lab } = this;
    if (!lab) return;
    await this.attempt(async () => {
      const { kind, text } = await readFile(file);
      if (kind === 'history') await this.openHistory(file.name, text, lab);
      else await lab.chooseScenarioText(text);
    });
  }

  private async openHistory(name: string, text: string, lab: LabControls): Promise<void> {
    await import('./saved-room.ts');
    this.showSaved(await lab.openHistory(name, text).catch((error: unknown) => Promise.reject(new Error(`${name}: ${errorText(error)}`))));
  }

  /** Null: back to the live room. */
  private showSaved(saved: SavedHistory | null): void {
    this.saved?.close();
    this.saved = saved;
    this.setPresent(false);
  }

  private readonly draggedOver = (event: DragEvent): void => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  };

  private readonly droppedFile = (event: DragEvent): void => {
    const [file] = event.dataTransfer?.files ?? [];
    if (!file) return;
    event.preventDefault();
    void this.openFile(file);
  };

  /** Which moment is shown; a scenario's own line says it where one is on stage. */
  private pastBar(view: LabMessage | null): TemplateResult | typeof nothing {
    const { momentMs } = this;
    if (momentMs === null || !view || view.room.scenario) return nothing;
    return html`<section aria-label="Moment shown"><div class="past ink" role="note" aria-label="The past">${icon('wait')}<p>All windows show ${timeText(momentMs)}. Nothing can be edited.</p>
      <button type="button" class="btn" @click=${() => this.showMoment(null)}>Back to now</button></div></section>`;
  }

  private room({ room, relayOnline }: LabMessage, lab: LabControls): TemplateResult {
    const isEmpty = !hasBegun(room) && !this.present;
    const kind = isEmpty ? 'empty' : this.present ? 'present' : this.numbers ? 'numbers' : '';
    const address = `${lab.server.origin.replace(/^http/, 'ws')}/${room.room}`;
    const { momentMs } = this;
    const isPast = momentMs !== null;
    const shown = isPast ? pastRoom(room, this.timeline, momentMs) : { room, relayOnline };
    return html`<main class="${kind} ${room.scenario ? 'told' : ''} ${this.reachable ? '' : 'stale'}">
      <lab-map .room=${shown.room} .relayOnline=${shown.relayOnline} ?isPast=${isPast} ?inert=${isPast} .lit=${isEmpty ? this.lit : []} @map=${this.changeNetwork} @link=${this.setLink}></lab-map>
      ${isEmpty
        ? html`<empty-lab .room=${room} .catalogue=${this.catalogue} .address=${address} @step=${this.takeStep} @watch=${(event: WatchEvent) => this.scenarios?.propose(event.scenario)}></empty-lab>`
        : html`<cost-bars .totals=${room.totals} ?isPast=${isPast} ?numbers=${this.numbers} @numbers=${() => (this.numbers = !this.numbers)}></cost-bars>`}
      ${isEmpty ? nothing : this.spaceTime(room, lab)}
      ${isEmpty || this.present ? nothing : html`<consistency-lines .room=${room}></consistency-lines><div class="agree"><agreement-panel .room=${room} .past=${isPast ? { atMs: momentMs, unlike: unlikeFields(this.timeline, momentMs) } : null}></agreement-panel>
        <replication-charts .room=${room} .momentMs=${momentMs} .ask=${(strategy: StrategyId) => lab.replicationSeries(strategy)}></replication-charts></div>`}
    </main>`;
  }

  /** Its script is loaded with the first edits. */
  private spaceTime(room: RoomView, { timelines }: LabControls): TemplateResult {
    this.diagram ??= import('../diagram/live-space-time.ts').catch((error: unknown) => void (this.problem = errorText(error)));
    return html`<live-space-time .source=${timelines} .room=${room} .momentMs=${this.momentMs} @moment=${this.lookAt} @timeline=${this.timelineCame}></live-space-time>`;
  }

  private follow(): void {
    this.stopListening?.();
    this.stopListening = this.lab?.channel.listen({
      received: (message) => this.received(message),
      closed: () => this.lost(),
    }) ?? null;
  }

  /** Who comes back while nobody looks at the past is told nothing of it. */
  private lost(): void {
    this.reachable = false;
    this.momentMs = null;
    this.sent = [];
  }

  private readonly timelineCame = ({ timeline }: TimelineEvent): void => {
    this.timeline = timeline;
    if (this.momentMs !== null) this.requestUpdate();
  };

  private readonly lookAt = ({ atMs }: MomentEvent): void => this.showMoment(atMs);

  /** All windows follow, once a frame at most. */
  private showMoment(atMs: number | null): void {
    this.momentMs = atMs;
    this.sendFrame ||= requestAnimationFrame(() => {
      this.sendFrame = 0;
      if (this.lab?.channel.send({ kind: 'moment', atMs: this.momentMs })) this.sent.push(this.momentMs);
    });
  }

  /** What this page said itself comes back a moment later, not always all of it. */
  private told(atMs: number | null): void {
    const at = this.sent.indexOf(atMs);
    this.sent = at < 0 ? [] : this.sent.slice(at + 1);
    if (at < 0 && this.sendFrame === 0) this.momentMs = atMs;
  }

  private received(message: ControlMessage): void {
    if (message.kind !== 'lab') return message.kind === 'moment' ? this.told(message.atMs) : undefined;
    [this.reachable, this.view] = [true, message];
    knowReplicas([...message.room.replicas.map(({ replica }) => replica), ...(message.room.scenario?.replicas ?? [])]);
    for (const status of message.room.replicas) this.opening.delete(windowName(status.replica));
  }

  private async switchRelay({ online }: RelaySwitchEvent): Promise<void> {
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
    if (preset) this.scenarios?.propose(presetScenario(preset));
  }

  private async steer({ wish }: ScenarioEvent): Promise<void> {
    const { lab } = this;
    if (!lab) return;
    if (wish.wish === 'open') for (const name of wish.replicas) await this.open(name);
    else await this.attempt(() => (wish.wish === 'choose' ? lab.chooseScenario(wish.name) : lab.steerScenario(wish.wish, wish.wish === 'play' ? wish.speed : undefined)));
  }

  private async changeNetwork({ detail }: MapEvent): Promise<void> {
    const { lab, view } = this;
    if (lab && view) await this.attempt(() => this.carryOut(detail, lab, view.room));
  }

  private async carryOut(wish: MapWish, lab: LabControls, room: RoomView): Promise<void> {
    switch (wish.wish) {
      case 'network': return this.switchNetwork(wish.replica, wish.online);
      case 'move': return lab.putIslands(movedIslands(room, wish.replica, wish.target));
      case 'mend': return this.mend(wish.replicas, lab, room, rejoinedIslands(room, wish.replicas));
      case 'rejoin': return this.mend(mapGroups(room).filter(({ isMain }) => !isMain).flatMap(({ replicas }) => replicas), lab, room, []);
      case 'open': return void (await this.open(wish.replica));
    }
  }

  /** Takes away whatever keeps these replicas apart; other faults of their links stay. */
  private async mend(replicas: readonly string[], lab: LabControls, room: RoomView, islands: Islands): Promise<void> {
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

  /** Space, ← and → for the scenario, Alt+N for the relay, Esc leaves Present; none of them while somebody types or presses something else. */
  private readonly pressedKey = (event: KeyboardEvent): void => {
    if (this.saved) return;
    const [target] = event.composedPath();
    const isFree = !(target instanceof HTMLElement) || target === document.body;
    if (event.key === 'Escape' && this.present && !event.defaultPrevented) this.setPresent(false);
    else if (event.altKey && event.code === 'KeyN' && this.view) void this.attempt(() => this.lab?.setRelayOnline(!this.view?.relayOnline));
    else if (isFree && event.key === ' ') this.scenarios?.press('play');
    else if (isFree && event.key === 'ArrowRight') this.scenarios?.press('step');
    else if (isFree && event.key === 'ArrowLeft') this.scenarios?.press('back');
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
      this.problem = errorText(error);
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
