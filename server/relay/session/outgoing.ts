/**
 * What goes out to the sessions of a relay: many frames to many sockets with few writes.
 *
 * Guarantees: each session gets its frames whole, once and in order; at once (at the end of this turn of the event loop) when nothing went out for a while,
 * else a few milliseconds later, together with all that came meanwhile: so long that writing takes a fifth of the time. Sessions that are to get the same
 * frames share the same bytes.
 */
import type { RelayMeter } from '../relay-meter.ts';
import { webSocketBytes } from './web-socket-bytes.ts';

/** Someone who gets frames. */
export interface Receiver {
  /** Takes bytes that are whole WebSocket frames. */
  write(bytes: Uint8Array): void;
}

export interface OutgoingOptions {
  /** Milliseconds, never running backwards. */
  readonly nowMs: () => number;
  readonly meter: RelayMeter;
  /** Shortest time between two writes to a session, in milliseconds; default 5. */
  readonly windowMs?: number;
}

/** How much of the time may go into writing, before frames wait longer for company; and how long they wait at most, in milliseconds. */
const writingShare = 0.2;
const windowMsMax = 25;

export class Outgoing {
  private waiting = new Map<Receiver, Uint8Array[]>();
  private nextAtMs = -Infinity;
  private isScheduled = false;
  /** When edits were sent since the last flush. */
  private editsAtMs: number[] = [];

  constructor(private readonly options: OutgoingOptions) {}

  /** The frame must not change any more. */
  send(receiver: Receiver, frame: Uint8Array): void {
    const frames = this.waiting.get(receiver);
    if (frames) frames.push(frame);
    else this.waiting.set(receiver, [frame]);
    if (!this.isScheduled) this.schedule();
  }

  /** Edits have been sent just now; so many deliveries are to be made of them. */
  noteEdits(deliveries: number): void {
    if (deliveries === 0) return;
    this.options.meter.deliveries += deliveries;
    this.editsAtMs.push(this.options.nowMs());
  }

  /** How many frames wait to be written. */
  get waitingFrames(): number {
    let count = 0;
    for (const frames of this.waiting.values()) count += frames.length;
    return count;
  }

  /** Writes now what waits for one. */
  flushTo(receiver: Receiver): void {
    const frames = this.waiting.get(receiver);
    if (!frames) return;
    this.waiting.delete(receiver);
    this.write(receiver, frames, webSocketBytes(frames));
  }

  /** What waits for one is not to be sent. */
  forget(receiver: Receiver): void {
    this.waiting.delete(receiver);
  }

  private schedule(): void {
    this.isScheduled = true;
    const leftMs = this.nextAtMs - this.options.nowMs();
    if (leftMs > 0) setTimeout(() => this.flush(), leftMs);
    else setImmediate(() => this.flush());
  }

  private flush(): void {
    this.isScheduled = false;
    const { nowMs, windowMs = 5 } = this.options;
    const startedMs = nowMs();
    const { waiting } = this;
    this.waiting = new Map();
    let last: { readonly frames: readonly Uint8Array[]; readonly bytes: readonly Uint8Array[] } | null = null;
    for (const [receiver, frames] of waiting) {
      if (!last || !areSame(last.frames, frames)) last = { frames, bytes: webSocketBytes(frames) };
      this.write(receiver, frames, last.bytes);
    }
    const doneMs = nowMs();
    this.nextAtMs = startedMs + Math.max(windowMs, Math.min(windowMsMax, (doneMs - startedMs) / writingShare));
    for (const atMs of this.editsAtMs) this.options.meter.lag.add(doneMs - atMs);
    this.editsAtMs = [];
  }

  private write(receiver: Receiver, frames: readonly Uint8Array[], bytes: readonly Uint8Array[]): void {
    const { meter } = this.options;
    meter.framesSent += frames.length;
    for (const each of bytes) {
      meter.bytesSent += each.length;
      receiver.write(each);
    }
  }
}

function areSame(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && a.every((frame, i) => frame === b[i]);
}
