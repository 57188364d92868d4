/**
 * The space-time diagram of a timeline, live or of a saved history: lanes, events, messages, bands and
 * seams on a canvas; a card for the event that was chosen; the same events as a list. Design: 6-windows,
 * "Space-time".
 */
import { html, LitElement, nothing, type PropertyValues, svg, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { counted } from '../../../shared/analysis/phrases.ts';
import { isDecidedBy, laterMarks, nearestInstant } from '../../../shared/analysis/space-time/at-moment.ts';
import { type Cone, coneOf } from '../../../shared/analysis/space-time/cones.ts';
import { isLost, matching } from '../../../shared/analysis/space-time/finding.ts';
import { noTimeline, type Timeline } from '../../../shared/analysis/space-time/timeline.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import { strategyNames } from '../../../shared/strategies/registry.ts';
import { panelStyles } from '../../styles/panel-styles.ts';
import { knowReplicas } from '../../styles/replica-colour.ts';
import { icon } from '../parts/icon.ts';
import { MomentEvent } from '../parts/moment-event.ts';
import { timeText } from '../parts/time-text.ts';
import { eventCard } from './event-card.ts';
import './event-list.ts';
import type { EventList, PlaceEvent } from './event-list.ts';
import { dotted, hollow, markStates } from './scene.ts';
import { SpaceTimeCanvas } from './space-time-canvas.ts';
import { spaceTimeStyles } from './space-time-styles.ts';
import { kindNames, kinds, strikePath, symbolPaths } from './symbols.ts';

@customElement('space-time-diagram')
export class SpaceTimeDiagram extends LitElement {
  static override styles = [panelStyles, spaceTimeStyles];

  @property({ attribute: false }) timeline: Timeline = noTimeline;
  /** Whether dots and clocks are told without being asked for. */
  @property({ type: Boolean }) clocks = false;
  /** The earlier moment that all windows show; null: now. */
  @property({ attribute: false }) momentMs: number | null = null;
  /** What stands where there is no event. */
  @property() trouble = '';
  @state() private strategy: StrategyId | null = null;
  /** Whether a person chose it. */
  private isChosen = false;
  @state() private chosenKey: string | null = null;
  @state() private currentKey: string | null = null;
  @state() private hovered: number | null = null;
  @state() private listed = false;
  @state() private words = '';
  @state() private isAtEnd = true;
  @query('canvas') private surface!: HTMLCanvasElement;
  @query('.plot') private plot!: HTMLElement;
  @query('event-list') private list!: EventList;
  private canvas: SpaceTimeCanvas | null = null;
  private chosen: number | null = null;
  private current: number | null = null;
  private found: readonly number[] | null = null;
  private cone: Cone | null = null;
  private states = new Uint8Array();
  private foundFlags: Uint8Array | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.canvas?.disconnect();
    this.canvas = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Its old canvas was let go when it was taken out.
    if (this.hasUpdated) this.requestUpdate();
  }

  protected override willUpdate(changed: PropertyValues): void {
    const { timeline } = this;
    const isNew = changed.has('timeline');
    if (isNew) {
      knowReplicas(timeline.lanes);
      this.isChosen &&= this.strategy !== null && timeline.strategies.includes(this.strategy);
      // Losses come late: until a person has chosen, the choice goes by them.
      if (!this.isChosen) this.strategy = defaultStrategy(timeline);
      this.hovered = null;
    }
    if (isNew || changed.has('chosenKey')) {
      this.chosen = placeOf(timeline, this.chosenKey);
      this.cone = this.chosen === null ? null : coneOf(timeline, timeline.marks[this.chosen]!);
    }
    if (isNew || changed.has('currentKey')) this.current = placeOf(timeline, this.currentKey);
    if (isNew || changed.has('strategy') || changed.has('momentMs'))
      this.states = markStates(timeline, this.strategy, this.momentMs) as Uint8Array<ArrayBuffer>;
    if (isNew || changed.has('words')) {
      this.found = matching(timeline, this.words);
      this.foundFlags = this.found && Uint8Array.from({ length: timeline.marks.length });
      for (const place of this.found ?? []) this.foundFlags![place] = 1;
    }
  }

  private readonly chooseStrategy = (event: Event): void => {
    this.strategy = (event.target as HTMLSelectElement).value as StrategyId;
    this.isChosen = true;
  };

  protected override render(): TemplateResult {
    const { timeline, strategy, found } = this;
    return html`<figure class="panel" aria-label="Space-time diagram">
      <header><h2>Space-time</h2><span class="quiet">${this.momentMs === null ? 'one lane a replica; drag the line to go back in time' : `${counted(laterMarks(timeline, this.momentMs), 'event')} happened after this line`}</span>
        <div class="end">
          <span class="count" role="status">${found ? `${found.length} found` : ''}</span>
          <input type="search" aria-label="Find" placeholder="Find" title="A field, a replica, or an edit such as A:3" .value=${this.words}
            @input=${(event: InputEvent) => (this.words = (event.target as HTMLInputElement).value)} @keydown=${this.pressedInFind}>
          <button type="button" class="btn plain" aria-pressed=${this.listed ? 'true' : 'false'} @click=${() => (this.listed = !this.listed)}>List</button>
          <label>lost under <select aria-label="Lost under" @change=${this.chooseStrategy}>
            ${timeline.strategies.map((each) => html`<option value=${each} ?selected=${each === strategy}>${strategyNames[each]}</option>`)}</select></label>
        </div></header>
      <div class="plot ${this.listed ? 'listed' : ''}"><canvas aria-hidden="true"></canvas>
        ${timeline.marks.length === 0 ? html`<p class="none">${this.trouble || 'Edits will stand here, each on the lane of who made it.'}</p>` : nothing}
        ${this.slider()}
        ${this.card()}
        <p class="unseen" aria-live="polite">${this.cone === null ? '' : coneWords(this.cone)}</p>
        <event-list @focusin=${() => this.requestUpdate()} @focusout=${() => this.requestUpdate()} .timeline=${timeline} .strategy=${strategy} .found=${found} .current=${this.current} .chosen=${this.chosen} ?open=${this.listed}
          @current=${(event: PlaceEvent) => this.goTo(event.place)} @choose=${(event: PlaceEvent) => this.choose(event.place)} @dismiss=${this.dismiss}></event-list>
      </div>
      ${this.foot()}
    </figure>`;
  }

  protected override updated(): void {
    this.canvas ??= new SpaceTimeCanvas(this.surface, {
      hovered: (place) => (this.hovered = place),
      clicked: (place) => this.clicked(place),
      moved: () => this.moved(),
    });
    const { states, cone, chosen, current, hovered, foundFlags: found } = this;
    const focused = this.list.matches(':focus-within') ? current : null;
    const { momentMs } = this;
    this.canvas.show(this.timeline, { states, cone, chosen, current: focused, hovered, found, momentMs, timeText });
    this.placeCard();
    this.placeSlider();
  }

  /** The line of the moment that is shown: dragged, or moved by the arrow keys from event to event. */
  private slider(): TemplateResult | typeof nothing {
    const { timeline, momentMs } = this;
    if (timeline.marks.length === 0 || this.listed) return nothing;
    const { fromMs, toMs } = timeline;
    return html`<div class="moment" role="slider" tabindex="0" aria-label="Point in time" aria-valuemin="0" aria-valuemax=${Math.round(toMs - fromMs)}
      aria-valuenow=${Math.round((momentMs ?? toMs) - fromMs)} aria-valuetext=${momentMs === null ? 'now' : timeText(momentMs)} title="Drag to look at an earlier moment"
      @keydown=${this.pressedOnSlider} @pointerdown=${this.grabbed} @pointermove=${this.dragged}></div>`;
  }

  private placeSlider(): void {
    const slider = this.renderRoot.querySelector<HTMLElement>('.moment');
    const x = this.canvas?.xOf(this.momentMs ?? this.timeline.toMs) ?? null;
    if (!slider) return;
    slider.style.visibility = x === null || x < 0 || x > this.plot.clientWidth ? 'hidden' : '';
    if (x !== null) slider.style.translate = `${Math.round(x - slider.offsetWidth / 2)}px 0`;
  }

  private readonly grabbed = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  };

  private readonly dragged = (event: PointerEvent): void => {
    const slider = event.currentTarget as HTMLElement;
    if (!slider.hasPointerCapture(event.pointerId)) return;
    const atMs = this.canvas?.msAt(event.clientX - this.plot.getBoundingClientRect().left) ?? null;
    if (atMs !== null) this.showMoment(atMs);
  };

  private readonly pressedOnSlider = (event: KeyboardEvent): void => {
    const { timeline, momentMs } = this;
    const atMs = momentMs ?? timeline.toMs;
    if (event.key === 'ArrowLeft') this.showMoment(nearestInstant(timeline, atMs, -1) ?? timeline.fromMs);
    else if (event.key === 'ArrowRight') this.showMoment(nearestInstant(timeline, atMs, 1));
    else if (event.key === 'Home') this.showMoment(timeline.fromMs);
    else if (event.key === 'End') this.showMoment(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** At its end the line is now. */
  private showMoment(atMs: number | null): void {
    const { fromMs, toMs } = this.timeline;
    const moment = atMs === null || atMs >= toMs ? null : Math.max(fromMs, Math.round(atMs));
    if (moment === this.momentMs) return;
    this.dispatchEvent(new MomentEvent(moment));
    this.canvas?.revealMoment(moment ?? toMs);
  }

  private card(): TemplateResult | typeof nothing {
    const { timeline, strategy, chosen, hovered } = this;
    const place = hovered ?? chosen;
    const mark = place === null || this.listed ? undefined : timeline.marks[place];
    if (!mark) return nothing;
    const cone = place === chosen && this.cone ? this.cone : coneOf(timeline, mark);
    return eventCard({
      timeline,
      mark,
      strategy,
      isDecided: this.momentMs === null || isDecidedBy(mark, this.momentMs),
      cone,
      isSticky: place === chosen,
      hasClocks: this.clocks,
      toggleClocks: () => (this.clocks = !this.clocks),
    });
  }

  private foot(): TemplateResult {
    const button = (name: string, text: TemplateResult | string, press: () => void) =>
      html`<button type="button" class="btn plain icon" aria-label=${name} title=${name} @click=${press}>${text}</button>`;
    return html`<footer><p class="key" aria-hidden="true">
        ${kinds.map((kind) => html`<span><svg viewBox="-7 -7 14 14">${svg`<path d=${symbolPaths[kind]}></path>`}</svg>${kindNames[kind]}</span>`)}
        ${this.states.includes(hollow) ? html`<span class="hollow"><svg viewBox="-7 -7 14 14"><circle r="4.5"></circle></svg>refused</span>` : nothing}
        ${this.states.includes(dotted) ? html`<span class="waiting"><svg viewBox="-7 -7 14 14"><circle r="4.5"></circle></svg>has not come through</span>` : nothing}
        ${this.strategy === null ? nothing : html`<span class="lost"><svg viewBox="-7 -7 14 14"><circle r="4.5"></circle>${svg`<path class="strike" d=${strikePath}></path>`}</svg>lost under ${strategyNames[this.strategy]}</span>`}</p>
      ${
        this.listed
          ? nothing
          : html`<div class="moves">
        ${this.isAtEnd ? nothing : html`<button type="button" class="btn plain" @click=${() => this.canvas?.showEnd()}>Latest</button>`}
        ${button('Zoom out', '−', () => this.canvas?.zoomBy(1 / 1.6))}${button('Zoom in', icon('plus'), () => this.canvas?.zoomBy(1.6))}</div>`
      }
    </footer>`;
  }

  private goTo(place: number): void {
    this.currentKey = this.timeline.marks[place]?.key ?? null;
    this.canvas?.reveal(place);
  }

  private choose(place: number): void {
    this.goTo(place);
    const { key } = this.timeline.marks[place]!;
    this.chosenKey = key;
  }

  private clicked(place: number | null): void {
    if (place === null) {
      this.chosenKey = null;
      return;
    }
    this.choose(place);
    void this.updateComplete.then(() => this.list.focusCurrent());
  }

  private readonly dismiss = (event: Event): void => {
    if (this.chosenKey === null) return;
    this.chosenKey = null;
    event.preventDefault();
  };

  /** Enter: the next of what was found, with Shift the one before. */
  private readonly pressedInFind = (event: KeyboardEvent): void => {
    const { found, chosen } = this;
    if (event.key === 'Escape' && (this.words !== '' || this.chosenKey !== null)) {
      this.words = '';
      this.chosenKey = null;
      event.preventDefault();
    }
    if (event.key !== 'Enter' || !found || found.length === 0) return;
    const at = chosen === null ? -1 : found.indexOf(chosen);
    const next = event.shiftKey ? (at <= 0 ? found.length - 1 : at - 1) : (at + 1) % found.length;
    this.choose(found[next]!);
  };

  private moved(): void {
    this.isAtEnd = this.canvas?.isAtEnd ?? true;
    this.placeCard();
    this.placeSlider();
  }

  /** Beside its event, inside of the plot. */
  private placeCard(): void {
    const card = this.renderRoot.querySelector<HTMLElement>('.card');
    const place = this.hovered ?? this.chosen;
    const at = place === null ? null : (this.canvas?.placeOf(place) ?? null);
    if (!card || !at) return;
    const { clientWidth, clientHeight, scrollTop } = this.plot;
    const isOut = at.right < 0 || at.left > clientWidth;
    const left = Math.max(8, Math.min(at.left + 14, clientWidth - card.offsetWidth - 8));
    const above = at.y - card.offsetHeight - 16;
    const top =
      above >= scrollTop + 2 ? above : Math.min(at.y + 16, scrollTop + clientHeight - card.offsetHeight - 2);
    card.style.translate = `${Math.round(left)}px ${Math.round(top)}px`;
    card.style.visibility = isOut ? 'hidden' : '';
  }
}

/** The one under which people know losses; else the first under which something was lost. */
function defaultStrategy(timeline: Timeline): StrategyId | null {
  const { strategies, marks } = timeline;
  if (strategies.includes('last-writer-wins')) return 'last-writer-wins';
  return (
    strategies.find((strategy) => marks.some((mark) => isLost(timeline, mark, strategy))) ??
    strategies[0] ??
    null
  );
}

/** For those who do not see the lines. */
function coneWords({ hadSeen, seenBy, concurrent }: Cone): string {
  return `Had seen ${hadSeen}, seen by ${seenBy}, concurrent ${concurrent}.`;
}

function placeOf({ marks }: Timeline, key: string | null): number | null {
  const place = key === null ? -1 : marks.findIndex((mark) => mark.key === key);
  return place < 0 ? null : place;
}

declare global {
  interface HTMLElementTagNameMap {
    'space-time-diagram': SpaceTimeDiagram;
  }
}
