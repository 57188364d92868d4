/**
 * One session's link while it has faults: frames wait here between socket and room, or are lost.
 *
 * Guarantees: what arrives does so in the order that LinkDirection gives; after `close` nothing does. Frames that are under way when the faults change
 * arrive at once, in order, or are lost if the line is cut.
 */
import { isFaultless } from '../../network/link.ts';
import type { Clock } from '../../ports/clock.ts';
import { EventQueue } from '../../network/event-queue.ts';
import type { LinkDirection } from '../../network/link-faults.ts';

/** Longest sleep in milliseconds: timers cannot count as far as a slow line can reach. */
const sleepMsMax = 60_000;

export interface SessionLinkOptions {
  /** The clock's time must not run backwards. */
  readonly clock: Clock;
  readonly upstream: LinkDirection;
  readonly downstream: LinkDirection;
  /** Most bytes that may wait each way. */
  readonly bufferedBytesMax: number;
  /** Called when a frame was lost, or overtaken by a later one. */
  readonly disturbed: () => void;
  /** Called when more waits than may. */
  readonly overflowed: (waitingBytes: number) => void;
}

export class SessionLink {
  readonly upstream: LinkQueue;
  readonly downstream: LinkQueue;

  constructor({ upstream, downstream, ...options }: SessionLinkOptions) {
    this.upstream = new LinkQueue(upstream, options);
    this.downstream = new LinkQueue(downstream, options);
  }

  /** Whether nothing at all passes, pings included. */
  get isDead(): boolean {
    return this.upstream.isCut && this.downstream.isCut;
  }

  /** Loses what is under way, and all that comes. */
  close(): void {
    this.upstream.close();
    this.downstream.close();
  }
}

/** One way of a link: the frames that are under way, in the order in which they arrive. */
export class LinkQueue {
  private readonly queue = new EventQueue();
  private waitingBytes = 0;
  private latestMs = -Infinity;
  private cancelNext: (() => void) | null = null;
  private dropped = 0;
  private isClosed = false;

  constructor(private readonly way: LinkDirection, private readonly options: Omit<SessionLinkOptions, 'upstream' | 'downstream'>) {}

  get isCut(): boolean {
    return this.way.faults.cut;
  }

  get isFaultless(): boolean {
    return isFaultless(this.way.faults);
  }

  /** Takes a frame of so many bytes; `deliver` is called when it arrives, which may be now, never, or twice. */
  carry(frameBytes: number, deliver: () => void): void {
    if (this.isClosed) return;
    const nowMs = this.options.clock.nowMs();
    const times = this.way.arrivals(frameBytes, nowMs);
    if (times.length === 0) this.options.disturbed();
    for (const atMs of times) {
      if (atMs < this.latestMs) this.options.disturbed();
      this.latestMs = Math.max(this.latestMs, atMs);
      if (atMs <= nowMs && this.queue.nextMs === null) deliver();
      else this.enqueue(atMs, frameBytes, deliver);
    }
  }

  /** All that is under way arrives now. */
  flush(): void {
    this.deliverUntil(Infinity);
  }

  /** Loses all that is under way. */
  drop(): void {
    if (this.queue.nextMs !== null) this.options.disturbed();
    this.dropped++;
    this.cancelNext?.();
    this.cancelNext = null;
    while (this.queue.nextUntil(Infinity));
    this.waitingBytes = 0;
  }

  close(): void {
    this.isClosed = true;
    this.drop();
  }

  private enqueue(atMs: number, frameBytes: number, deliver: () => void): void {
    if (this.isClosed) return;
    this.waitingBytes += frameBytes;
    this.queue.add(atMs, () => {
      this.waitingBytes -= frameBytes;
      deliver();
    });
    if (this.waitingBytes > this.options.bufferedBytesMax) this.options.overflowed(this.waitingBytes);
    else this.arm();
  }

  private deliverUntil(endMs: number): void {
    const { dropped } = this;
    this.cancelNext?.();
    this.cancelNext = null;
    for (let next = this.queue.nextUntil(endMs); next; next = this.queue.nextUntil(endMs)) {
      next.run();
      // What arrived may have ended the session.
      if (dropped !== this.dropped) return;
    }
    this.arm();
  }

  private arm(): void {
    this.cancelNext?.();
    this.cancelNext = null;
    const { clock } = this.options;
    const { nextMs } = this.queue;
    if (nextMs !== null) this.cancelNext = clock.after(Math.min(sleepMsMax, Math.max(0, nextMs - clock.nowMs())), () => this.deliverUntil(clock.nowMs()));
  }
}
