/**
 * The map: the relay, every replica with its network switch, its link, and who is on which island. Replicas are moved between islands by dragging, by the
 * keyboard (Enter, arrows, Enter; Esc puts them back) and by the menu of the same key. Has no data of its own: it shows what the server said, and asks for changes.
 */
import { html, LitElement, nothing, type PropertyValues, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { RoomView } from '../../../shared/control/room-view.ts';
import { reachOf } from '../../controllers/reach.ts';
import { statusTextOf } from '../../controllers/status-text.ts';
import { panelStyles } from '../../styles/panel-styles.ts';
import { replicaColour } from '../../styles/replica-colour.ts';
import { icon } from '../parts/icon.ts';
import type { LabSwitch } from '../parts/lab-switch.ts';
import '../parts/lab-switch.ts';
import { colourStyle } from '../parts/replica-dot.ts';
import { skewText } from '../parts/skew-text.ts';
import { typeScale } from '../parts/type-scale.ts';
import { labMapStyles } from './lab-map-styles.ts';
import { clockWords, closedReplicas, sortedReplicas } from './lab-view.ts';
import './link-dialog.ts';
import { linkLabels } from './link-labels.ts';
import { type MapLayout, mapLayout, type MapNode, type Point } from './map-layout.ts';
import { apartBy, heldForWords, linkOf, linkWords, mapGroups, mapWords, mendName, movedIslands, moveTargets, type MoveTarget, shortStatus, targetWords } from './map-view.ts';
import { showTraffic, stopTraffic } from './map-traffic.ts';
import { ReplicaDrag } from './replica-drag.ts';

/** What a person wants of the network. */
export type MapWish =
  | { readonly wish: 'network'; readonly replica: string; readonly online: boolean }
  | { readonly wish: 'move'; readonly replica: string; readonly target: MoveTarget }
  | { readonly wish: 'mend'; readonly replicas: readonly string[] }
  | { readonly wish: 'rejoin' }
  | { readonly wish: 'open'; readonly replica: string };

/** Sent from the map to the control room. */
export class MapEvent extends Event {
  constructor(readonly detail: MapWish) {
    super('map');
  }
}

/** A replica that is being moved by the keyboard or the menu, and where it would go. */
interface Move {
  readonly replica: string;
  readonly at: number;
}

@customElement('lab-map')
export class LabMap extends LitElement {
  static override styles = [panelStyles, labMapStyles];

  @property({ attribute: false }) room!: RoomView;
  @property({ attribute: false }) relayOnline = true;
  /** Whether the room is shown as it was: nothing can be pressed. */
  @property({ type: Boolean, reflect: true }) isPast = false;
  /** Replicas whose controls are shown off: a step of the empty lab's card is about them. */
  @property({ attribute: false }) lit: readonly string[] = [];
  @query('.scroll') private box!: HTMLElement;
  @query('svg.links') private drawing!: SVGSVGElement;
  @state() private size: { readonly width: number; readonly height: number } = { width: 0, height: 0 };
  @state() private move: Move | null = null;
  @state() private linkShown: string | null = null;
  private readonly drag = new ReplicaDrag(this, (replica, target) => this.dropped(replica, target));
  private readonly observer = new ResizeObserver(() => this.measure());
  private layout: MapLayout | null = null;
  /** Where relay and replicas stood when the map was drawn last. */
  private places = '';

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer.disconnect();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.observer.observe(this.box);
  }

  protected override firstUpdated(): void {
    this.observer.observe(this.box);
    this.measure();
  }

  protected override willUpdate(): void {
    const isThere = (name: string): boolean => this.room.replicas.some(({ replica }) => replica === name);
    if (this.move && !isThere(this.move.replica)) this.move = null;
    if (this.linkShown !== null && !isThere(this.linkShown)) this.linkShown = null;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const before = changed.get('room') as RoomView | undefined;
    const places = JSON.stringify([this.layout?.relay, this.layout?.nodes.map(({ replica, x, y }) => [replica, x, y])]);
    if (places !== this.places) stopTraffic(this.drawing);
    this.places = places;
    if (before && this.layout && !matchMedia('(prefers-reduced-motion: reduce)').matches) showTraffic(this.drawing, before, this.room, this.layout);
  }

  protected override render(): TemplateResult {
    const { room, relayOnline, size } = this;
    const shown = this.previewed();
    const scale = size.width === 0 ? 1 : typeScale();
    const layout = mapLayout(mapGroups(shown), size.width, size.height, scale);
    this.layout = layout;
    const labels = this.labels(layout, scale);
    const isApart = layout.hulls.length > 0;
    const others = room.sessions.filter((session) => !session.replica);
    const closed = this.isPast ? [] : closedReplicas(room);
    return html`<section class="panel" aria-label="Map">
      <header><h2>Map</h2><span class="quiet">${this.isPast ? 'as it was then' : mapWords(room, relayOnline)}</span>
        ${isApart && !this.isPast ? html`<button type="button" class="btn plain end" @click=${() => this.mend({ wish: 'rejoin' }, layout.gaps[0]?.replicas ?? [])}>Rejoin all</button>` : nothing}</header>
      <div class="scroll ${layout.heightMin > size.height + 1 ? 'full' : ''}">
      <div class="box ${layout.isCompact ? 'compact' : ''}" style="min-block-size: ${layout.heightMin}px; --ground: var(--${isApart ? 'sunk' : 'surface'})">
        ${isApart ? hatch(layout) : nothing}
        <svg class="links" aria-hidden="true">
          ${layout.hulls.map(({ x, y, width, height, replicas }) => svg`<rect class="hull ${this.drag.isOver(replicas) ? 'target' : ''}" x=${x} y=${y} width=${width} height=${height} rx="10"/>`)}
          ${layout.nodes.map((node) => this.line(node, layout.relay))}
        </svg>
        <div class="relay ${relayOnline ? '' : 'off'}" style=${place(layout.relay)}>${relayOnline ? 'Relay' : html`Relay<br />off`}</div>
        ${repeat(layout.nodes, ({ replica }) => replica, (node) => this.linkButton(node, labels.get(node.replica) ?? between(node, layout.relay)))}
        ${layout.gaps.map(({ replicas, x, y }) => html`<button type="button" class="mend" style=${place({ x, y })} aria-label=${mendName(replicas)} title=${mendName(replicas)}
          @click=${() => this.mend({ wish: 'mend', replicas }, replicas)}>${icon('cross')}</button>`)}
        ${this.held(layout)}
        ${repeat(sortedReplicas(room), ({ replica }) => replica, ({ replica }) => this.node(layout.nodes.find((node) => node.replica === replica)!))}
        ${this.drag.isOn && !isApart ? html`<div class="zone ${this.drag.isOver(null) ? 'target' : ''}">an island of its own</div>` : nothing}
        ${room.replicas.length === 0 ? html`<p class="none">No replica window is open.</p>` : nothing}
        ${this.moveMenu(layout)}${this.linkDialog(layout)}
        <p class="unseen" role="status">${this.moveWords()}</p>
      </div></div>
      ${closed.length + others.length === 0 ? nothing : html`<p class="also">
        ${closed.length === 0 ? nothing : html`<span>Closed, edits kept: ${closed.map((replica) => html`<button type="button" @click=${() => this.wish({ wish: 'open', replica })}>Open ${replica}</button> `)}</span>`}
        ${others.length === 0 ? nothing : html`<span>Other clients: ${others.map(({ name }) => name).join(', ')}</span>`}</p>`}
    </section>`;
  }

  /** The room as it would be with the move that is under way. */
  private previewed(): RoomView {
    const { room, move } = this;
    const chosen = move ? moveTargets(room, move.replica)[move.at] : undefined;
    return move && chosen && !chosen.isHere ? { ...room, islands: movedIslands(room, move.replica, chosen.target) } : room;
  }

  private line({ replica, x, y }: MapNode, relay: Point): SVGTemplateResult {
    const isCut = !this.relayOnline || apartBy(replica, this.room) !== null;
    return svg`<line class="link ${isCut ? 'cut' : ''}" x1=${relay.x} y1=${relay.y} x2=${x} y2=${y}/>
      <line class="hit" x1=${relay.x} y1=${relay.y} x2=${x} y2=${y} @click=${() => (this.linkShown = replica)}/>`;
  }

  /** Where the words of faulty links stand. */
  private labels(layout: MapLayout, scale: number): ReadonlyMap<string, Point> {
    const words = new Map(layout.nodes.map(({ replica }) => [replica, linkWords(linkOf(replica, this.room))] as const).filter(([, text]) => text !== ''));
    const taken = heldForWords(this.room) === null || !this.relayOnline ? [] : [{ x: heldEnd(layout) - 90 * scale, y: layout.relay.y - 50, width: 90 * scale, height: 24 }];
    return linkLabels(layout, words, { width: this.size.width, scale, taken });
  }

  private linkButton({ replica }: MapNode, at: Point): TemplateResult {
    const words = linkWords(linkOf(replica, this.room));
    return html`<button type="button" class="pill ${words === '' ? 'sound' : ''}" style=${place(at)} aria-haspopup="dialog" aria-label="Link of replica ${replica}${words === '' ? '' : `: ${words}`}"
      @click=${() => (this.linkShown = replica)}>${words === '' ? icon('more') : words}</button>`;
  }

  private node(node: MapNode): TemplateResult {
    const { room } = this;
    const { replica, isFlipped } = node;
    const status = room.replicas.find((each) => each.replica === replica)!;
    const isOff = apartBy(replica, room) === 'network' || apartBy(replica, room) === 'link';
    const at = this.drag.place(replica) ?? node;
    const full = `${statusTextOf(status, reachOf(replica, { relayOnline: this.relayOnline, room }))}, edits here ${clockWords(status)}${status.skewMs === 0 ? '' : `, clock ${skewText(status.skewMs)}`}`;
    // Whether all was saved then, nobody noted.
    const words = this.isPast && status.waiting === 0 ? '' : shortStatus(status, apartBy(replica, room) !== null);
    const classes = ['node', isOff ? 'off' : '', isFlipped ? 'flipped' : '', this.lit.includes(replica) ? 'lit' : '', this.drag.place(replica) ? 'dragged' : ''].join(' ');
    return html`<div class=${classes} style="${place(at)}; ${colourStyle(replica)}">
      <button type="button" class="disc ${replicaColour(replica).isRing ? 'ring' : ''} ${replica.length > 2 ? 'long' : ''}" aria-label="Replica ${replica}, drag to an island" title="Replica ${replica}: ${full}"
        aria-describedby="about-${replica}" aria-haspopup="true" aria-expanded=${this.move?.replica === replica ? 'true' : 'false'}
        @pointerdown=${(event: PointerEvent) => this.drag.press(event, replica, this.box, () => this.layout)} @click=${() => this.pressed(replica)}
        @keydown=${(event: KeyboardEvent) => this.pressedKey(event, replica)} @focusout=${this.left}>${replica}</button>
      <div class="meta">
        ${isFlipped ? this.networkSwitch(replica, status.online) : nothing}
        <span class="words">${words === 'all saved' ? words : html`<b>${words}</b>`}</span>
        ${isFlipped ? nothing : this.networkSwitch(replica, status.online)}
      </div>
      <span class="unseen" id="about-${replica}">Replica ${replica}: ${full}</span>
    </div>`;
  }

  private networkSwitch(replica: string, online: boolean): TemplateResult {
    return html`<lab-switch size="xs" .checked=${live(online)} @change=${(event: Event) => this.wish({ wish: 'network', replica, online: (event.target as LabSwitch).checked })}><span class="unseen">Network of replica ${replica}</span></lab-switch>`;
  }

  private held(layout: MapLayout): TemplateResult | typeof nothing {
    const words = heldForWords(this.room);
    if (words === null || !this.relayOnline) return nothing;
    return html`<div class="pill strong" style="inset-inline-end: calc(100% - ${heldEnd(layout)}px); inset-block-start: ${layout.relay.y - 38}px; translate: 0 -50%"><span class="unseen">The relay keeps</span>${icon('wait')} ${words}</div>`;
  }

  private moveMenu({ nodes }: MapLayout): TemplateResult | typeof nothing {
    const { move, size } = this;
    const node = nodes.find(({ replica }) => replica === move?.replica);
    if (!move || !node) return nothing;
    const isRight = node.x > size.width * 0.55;
    const style = `${isRight ? `inset-inline-end: ${size.width - node.x + 26}px` : `inset-inline-start: ${node.x + 26}px`}; inset-block-start: ${Math.max(0, Math.min(node.y - 20, size.height - 110))}px`;
    const targets = moveTargets(this.room, move.replica);
    return html`<div class="pop move" role="group" aria-label="Move replica ${move.replica}" style=${style} @focusout=${this.left}>
      <h3>Replica ${move.replica}</h3>
      ${targets.length === 0 ? html`<p>There is nobody to part from yet.</p>` : targets.map(({ target, isHere }, at) => html`<button type="button" class="btn" tabindex="-1" aria-current=${at === move.at ? 'true' : 'false'}
        @click=${() => this.commit(at)}>${targetWords(target)}${isHere ? ' (now)' : ''}</button>`)}
    </div>`;
  }

  private linkDialog({ nodes, relay }: MapLayout): TemplateResult | typeof nothing {
    const node = nodes.find(({ replica }) => replica === this.linkShown);
    if (!node) return nothing;
    const x = Math.max(4, Math.min((relay.x + node.x) / 2 + 12, innerWidth - 300));
    return html`${keyed(node.replica, html`<link-dialog class="dialog" style="inset-inline-start: ${x}px; inset-block-start: 0" .replica=${node.replica} .link=${linkOf(node.replica, this.room)}
      @closed=${() => this.closeLink(node.replica)} @left=${() => (this.linkShown = null)}></link-dialog>`)}`;
  }

  private closeLink(replica: string): void {
    this.linkShown = null;
    this.renderRoot.querySelector<HTMLElement>(`button[aria-label^='Link of replica ${CSS.escape(replica)}']`)?.focus();
  }

  private pressed(replica: string): void {
    if (this.drag.wasDragged()) return;
    if (this.move?.replica === replica) return this.commit(this.move.at);
    this.move = { replica, at: Math.max(0, moveTargets(this.room, replica).findIndex(({ isHere }) => isHere)) };
  }

  private pressedKey(event: KeyboardEvent, replica: string): void {
    if (this.move?.replica !== replica) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') {
      event.stopPropagation();
      this.move = null;
    }
    if (step === undefined) return;
    event.preventDefault();
    const { move } = this;
    const count = moveTargets(this.room, replica).length;
    if (move && count > 0) this.move = { replica, at: (move.at + step + count) % count };
  }

  private readonly left = (event: FocusEvent): void => {
    const next = event.relatedTarget;
    if (!(next instanceof Element) || !next.closest('.move, [aria-expanded="true"]')) this.move = null;
  };

  private commit(at: number): void {
    const { move } = this;
    this.move = null;
    const chosen = move ? moveTargets(this.room, move.replica)[at] : undefined;
    if (move && chosen && !chosen.isHere) this.wish({ wish: 'move', replica: move.replica, target: chosen.target });
  }

  private dropped(replica: string, onto: readonly string[] | null): void {
    if (onto?.includes(replica)) return;
    if (onto === null) return this.wish({ wish: 'move', replica, target: 'alone' });
    const apart = apartBy(replica, this.room);
    if (apart === 'network' || apart === 'link') this.wish({ wish: 'mend', replicas: [replica] });
    if (onto.length > 0) this.wish({ wish: 'move', replica, target: { with: onto } });
  }

  private moveWords(): string {
    const chosen = this.move ? moveTargets(this.room, this.move.replica)[this.move.at] : undefined;
    return this.move && chosen ? `${this.move.replica} ${targetWords(chosen.target)}${chosen.isHere ? ', as now' : ''}. Arrows choose, Enter moves it, Escape puts it back.` : '';
  }

  private measure(): void {
    const { clientWidth: width, clientHeight: height } = this.box;
    if (width !== this.size.width || height !== this.size.height) this.size = { width, height };
  }

  /** The button goes with the gap: the keyboard goes on at a replica that comes back. */
  private mend(wish: MapWish, [replica]: readonly string[]): void {
    this.wish(wish);
    const disc = [...this.renderRoot.querySelectorAll<HTMLElement>('.disc')].find(({ textContent }) => textContent === replica);
    disc?.focus();
  }

  private wish(wish: MapWish): void {
    this.dispatchEvent(new MapEvent(wish));
  }
}

function place({ x, y }: Point): string {
  return `left: ${x}px; top: ${y}px`;
}

function between(node: Point, relay: Point): Point {
  return { x: (node.x + relay.x) / 2, y: (node.y + relay.y) / 2 };
}

/** Where what the relay keeps ends at the right. */
function heldEnd({ relay, hulls }: MapLayout): number {
  return hulls[0] ? hulls[0].x + hulls[0].width - 4 : relay.x + 60;
}

/** What lies between the hulls. */
function hatch({ hulls }: MapLayout): TemplateResult {
  const [first, ...others] = hulls;
  const { x: left, y: top } = first!;
  const right = others.reduce((most, { x, width }) => Math.max(most, x + width), left);
  const bottom = hulls.reduce((most, { y, height }) => Math.max(most, y + height), top);
  return html`<div class="hatch" style="left: ${left + 10}px; top: ${top}px; width: ${right - left - 20}px; height: ${bottom - top}px"></div>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'lab-map': LabMap;
  }
}
