/**
 * What goes out to the sessions of a relay: many frames to many sockets with few writes.
 *
 * Guarantees: each session gets its frames whole, once and in order; at once (at the end of this turn of the event loop) when nothing went out for a while,
 * else a few milliseconds later, together with all that came meanwhile. Sessions that are to get the same frames share the same bytes.
 */
import { webSocketBytes } from './web-socket-bytes.ts';

/** Someone who gets frames. */
export interface Receiver {
  /** Takes bytes that are whole WebSocket frames. */
  write(bytes: Uint8Array): void;
}

export interface OutgoingOptions {
  /** Milliseconds, never running backwards. */
  readonly nowMs: () => number;
  /** Shortest time between two writes to a session, in milliseconds; default 5. */
  readonly windowMs?: number;
}

export class Outgoing {
  private waiting = new Map<Receiver, Uint8Array[]>();
  private flushedAtMs = -Infinity;
  private isScheduled = false;

  constructor(private readonly options: OutgoingOptions) {}

  /** The frame must not change any more. */
  send(receiver: Receiver, frame: Uint8Array): void {
    const frames = this.waiting.get(receiver);
    if (frames) frames.push(frame);
    else this.waiting.set(receiver, [frame]);
    if (!this.isScheduled) this.schedule();
  }

  /** Writes now what waits for one. */
  flushTo(receiver: Receiver): void {
    const frames = this.waiting.get(receiver);
    if (!frames) return;
    this.waiting.delete(receiver);
    for (const bytes of webSocketBytes(frames)) receiver.write(bytes);
  }

  /** What waits for one is not to be sent. */
  forget(receiver: Receiver): void {
    this.waiting.delete(receiver);
  }

  private schedule(): void {
    this.isScheduled = true;
    const { nowMs, windowMs = 5 } = this.options;
    const leftMs = this.flushedAtMs + windowMs - nowMs();
    if (leftMs > 0) setTimeout(() => this.flush(), leftMs);
    else setImmediate(() => this.flush());
  }

  private flush(): void {
    this.isScheduled = false;
    this.flushedAtMs = this.options.nowMs();
    const { waiting } = this;
    this.waiting = new Map();
    let last: { readonly frames: readonly Uint8Array[]; readonly bytes: readonly Uint8Array[] } | null = null;
    for (const [receiver, frames] of waiting) {
      if (!last || !areSame(last.frames, frames)) last = { frames, bytes: webSocketBytes(frames) };
      for (const each of last.bytes) receiver.write(each);
    }
  }
}

function areSame(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && a.every((frame, i) => frame === b[i]);
}
