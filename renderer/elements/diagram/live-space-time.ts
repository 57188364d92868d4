/** The space-time diagram of a live room: reads its history while somebody looks at it. */
import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { noTimeline, type Timeline } from '../../../shared/analysis/space-time/timeline.ts';
import type { RoomView } from '../../../shared/control/room-view.ts';
import { LiveTimeline, type LiveTimelineOptions } from '../../controllers/live-timeline.ts';
import './space-time-diagram.ts';

export type TimelineSource = Omit<LiveTimelineOptions, 'changed'>;

/** Sent where the timeline is another one. */
export class TimelineEvent extends Event {
  constructor(readonly timeline: Timeline) {
    super('timeline');
  }
}

@customElement('live-space-time')
export class LiveSpaceTime extends LitElement {
  static override styles = css`:host { display: block; } space-time-diagram { block-size: 100%; }`;

  @property({ attribute: false }) source: TimelineSource | null = null;
  @property({ attribute: false }) room: RoomView | null = null;
  /** The earlier moment that all windows show; null: now. */
  @property({ attribute: false }) momentMs: number | null = null;
  private live: LiveTimeline | null = null;
  private isInSight = false;
  private readonly observer = new IntersectionObserver((entries) => {
    this.isInSight = entries.at(-1)!.isIntersecting;
    this.watch();
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer.observe(this);
    document.addEventListener('visibilitychange', this.watch);
    if (this.hasUpdated) this.requestUpdate('source');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer.disconnect();
    document.removeEventListener('visibilitychange', this.watch);
    this.live?.close();
    this.live = null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('source')) this.open();
    if (this.room && (changed.has('room') || changed.has('source'))) this.live?.follow(this.room);
  }

  protected override render(): TemplateResult {
    const { found = noTimeline, trouble = null } = this.live ?? {};
    return html`<space-time-diagram .timeline=${found} .momentMs=${this.momentMs} .trouble=${trouble ?? ''}></space-time-diagram>`;
  }

  private open(): void {
    this.live?.close();
    this.live = this.source && new LiveTimeline({ ...this.source, changed: () => this.changed() });
    this.watch();
  }

  private changed(): void {
    this.requestUpdate();
    if (this.live) this.dispatchEvent(new TimelineEvent(this.live.found));
  }

  private readonly watch = (): void =>
    this.live?.watch(this.isInSight && document.visibilityState === 'visible');
}

declare global {
  interface HTMLElementTagNameMap {
    'live-space-time': LiveSpaceTime;
  }
}
