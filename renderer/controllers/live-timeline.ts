/**
 * The timeline of a live room, made anew after changes, while somebody looks at it. One at a time: the next
 * begins at the earliest a second after the last one began, and not before twice the time has passed that
 * this one took. Once more some time after the last change, as replicas note later whom they reach.
 */
import {
  noTimeline,
  type Arrow,
  type Mark,
  type Timeline,
} from '../../shared/analysis/space-time/timeline.ts';
import type { RoomView } from '../../shared/control/room-view.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { roomSegment } from '../../shared/protocol/room-name.ts';
import type { FromTimeline, ToTimeline } from './timeline-service.ts';

/** What changes together is looked at together, in milliseconds. */
const gatherMs = 120;
const restMsMin = 1_000;
const restShare = 2;
const lateNotesMs = 2_500;

/** Who reads the history. */
export interface TimelineLine {
  send(message: ToTimeline): void;
  close(): void;
}

export interface LiveTimelineOptions {
  readonly openLine: (received: (message: FromTimeline) => void) => TimelineLine;
  readonly clock: Pick<Clock, 'nowMs' | 'wallMs' | 'after'>;
  /** "http://127.0.0.1:1234" */
  readonly origin: string;
  /** Called after each new timeline. */
  readonly changed: () => void;
}

export class LiveTimeline {
  found: Timeline = noTimeline;
  /** Why the last attempt failed. */
  trouble: string | null = null;
  private readonly line: TimelineLine;
  private room: RoomView | null = null;
  private isWatched = false;
  /** Whether something changed after the last question. */
  private isOutdated = false;
  private isAsked = false;
  private askedMs = -Infinity;
  private restMs = restMsMin;
  private readonly cancels = new Map<'next' | 'late', () => void>();
  private coming: {
    readonly head: Omit<Timeline, 'marks' | 'arrows'>;
    readonly marks: Mark[];
    readonly arrows: Arrow[];
    readonly counts: readonly [number, number];
  } | null = null;

  constructor(private readonly options: LiveTimelineOptions) {
    this.line = options.openLine((message) => this.receive(message));
  }

  /** The room as the server sees it now: something of it has changed. */
  follow(room: RoomView): void {
    this.room = room;
    this.outdate();
    this.after('late', lateNotesMs, () => this.outdate());
  }

  /** Whether somebody looks at it. */
  watch(isWatched: boolean): void {
    this.isWatched = isWatched;
    if (isWatched && this.isOutdated) this.schedule();
  }

  close(): void {
    for (const cancel of this.cancels.values()) cancel();
    this.cancels.clear();
    this.line.close();
  }

  private outdate(): void {
    this.isOutdated = true;
    this.schedule();
  }

  private schedule(): void {
    if (this.isAsked || !this.isWatched || this.cancels.has('next')) return;
    const waitMs = Math.max(gatherMs, this.askedMs + this.restMs - this.options.clock.nowMs());
    this.after('next', waitMs, () => this.ask());
  }

  private after(what: 'next' | 'late', delayMs: number, action: () => void): void {
    this.cancels.get(what)?.();
    this.cancels.set(
      what,
      this.options.clock.after(delayMs, () => {
        this.cancels.delete(what);
        action();
      }),
    );
  }

  private ask(): void {
    const {
      room,
      options: { clock, origin },
    } = this;
    if (!room || !this.isWatched) return;
    this.isOutdated = false;
    this.isAsked = true;
    this.askedMs = clock.nowMs();
    const { enabled, siblings } = room.settings;
    const open = room.replicas.map(({ replica, clock: has }) => [replica, Object.entries(has)] as const);
    const address = `${origin}/-/api/rooms/${roomSegment(room.room)}/history`;
    this.line.send({ address, room: { open, settings: { enabled, siblings }, nowMs: clock.wallMs() } });
  }

  private receive(message: FromTimeline): void {
    switch (message.kind) {
      case 'trouble':
        return this.end(message.trouble);
      case 'timeline':
        this.coming = { head: message.head, marks: [], arrows: [], counts: [message.marks, message.arrows] };
        break;
      case 'marks':
        for (const mark of message.marks) this.coming?.marks.push(mark);
        break;
      case 'arrows':
        for (const arrow of message.arrows) this.coming?.arrows.push(arrow);
        break;
    }
    const { coming } = this;
    if (!coming || coming.marks.length < coming.counts[0] || coming.arrows.length < coming.counts[1]) return;
    this.coming = null;
    this.found = { ...coming.head, marks: coming.marks, arrows: coming.arrows };
    this.end(null);
  }

  private end(trouble: string | null): void {
    const { clock, changed } = this.options;
    this.trouble = trouble;
    this.isAsked = false;
    this.restMs = Math.max(restMsMin, restShare * (clock.nowMs() - this.askedMs));
    if (this.isOutdated) this.schedule();
    changed();
  }
}
