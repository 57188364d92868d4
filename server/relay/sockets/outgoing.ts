/**
 * What goes out to the sessions of a relay: many frames to many sockets with few writes.
 *
 * Guarantees: each session gets its frames whole, once and in order; at once (at the end of this turn of the event loop) as long as little goes out, else a
 * few milliseconds later, together with all that came meanwhile: so long that writing takes a fifth of the time. Sessions that are to get the same frames
 * share the same bytes.
 * Source: "little" is told by the generic cell rate algorithm (ITU-T I.371): each flush uses up the time that there should be until the next one, which
 * follows from how long writing took, and a few may go ahead of it.
 */
import type { RelayMeter } from '../../../shared/relay/relay-meter.ts';
import type { FrameSender, Receiver } from '../../../shared/relay/session/frame-sender.ts';
import { webSocketBytes } from './web-socket-bytes.ts';

export interface OutgoingOptions {
  /** Milliseconds, never running backwards. */
  readonly nowMs: () => number;
  readonly meter: RelayMeter;
  /** Calls back after so many milliseconds; default: setTimeout. */
  readonly after?: (callback: () => void, ms: number) => void;
  /** So long frames wait for company, in milliseconds, as long as writing takes less than a fifth of the time; default 5. */
  readonly windowMs?: number;
}

/** How much of the time may go into writing before frames wait for company at all, and before they wait longer than a window for it. */
const writingShare = { calm: 0.05, most: 0.2 } as const;
/** Writing goes on no longer than this at a time, in milliseconds. */
const flushMsMax = 20;
/** How long they wait at most, in milliseconds. */
const windowMsMax = 25;
/** So many windows may be used up ahead of time: flushes that go at once after a pause, though they follow closely on one another. */
const windowsAhead = 3;

export class Outgoing implements FrameSender {
  /**
   * For whom frames may wait. No Map, though one would be shorter: a Map that grows and is emptied again links each of its old tables to the next, and once one of them
   * is in the old generation, all that came after outlives the collections of the young one (V8's OrderedHashTable); these then take 3 to 7 ms in place of 0.5.
   */
  private receivers: Receiver[] = [];
  /** The time that flushes have used up. */
  private usedUntilMs = -Infinity;
  private isScheduled = false;
  /** When edits were sent since the last flush. */
  private editsAtMs: number[] = [];

  constructor(private readonly options: OutgoingOptions) {}

  send(receiver: Receiver, frame: Uint8Array): void {
    if (receiver.waitingFrames.length === 0) this.receivers.push(receiver);
    receiver.waitingFrames.push(frame);
    if (!this.isScheduled) this.schedule();
  }

  noteEdits(deliveries: number): void {
    if (deliveries === 0) return;
    this.options.meter.deliveries += deliveries;
    this.editsAtMs.push(this.options.nowMs());
  }

  /** How many frames wait to be written. */
  get waitingFrames(): number {
    return [...new Set(this.receivers)].reduce((sum, { waitingFrames }) => sum + waitingFrames.length, 0);
  }

  flushTo(receiver: Receiver): void {
    const frames = taken(receiver);
    if (frames.length > 0) this.write(receiver, frames, webSocketBytes(frames));
  }

  forget(receiver: Receiver): void {
    receiver.waitingFrames = [];
  }

  private schedule(): void {
    this.isScheduled = true;
    const { nowMs, windowMs = 5, after = setTimeout } = this.options;
    const leftMs = this.usedUntilMs - windowsAhead * windowMs - nowMs();
    if (leftMs > 0) after(() => this.flush(), leftMs);
    else setImmediate(() => this.flush());
  }

  private flush(): void {
    this.isScheduled = false;
    const { nowMs, windowMs = 5 } = this.options;
    const startedMs = nowMs();
    let last: { readonly frames: readonly Uint8Array[]; readonly bytes: readonly Uint8Array[] } | null = null;
    const { receivers } = this;
    let next = 0;
    while (next < receivers.length) {
      const receiver = receivers[next++]!;
      const frames = taken(receiver);
      if (frames.length === 0) continue;
      if (!last || !areSame(last.frames, frames)) last = { frames, bytes: webSocketBytes(frames) };
      this.write(receiver, frames, last.bytes);
      if (nowMs() - startedMs > flushMsMax) break;
    }
    this.receivers = receivers.slice(next);
    const doneMs = nowMs();
    const tookMs = doneMs - startedMs;
    this.usedUntilMs = Math.max(this.usedUntilMs, startedMs) + Math.max(Math.min(windowMs, tookMs / writingShare.calm), Math.min(windowMsMax, tookMs / writingShare.most));
    if (this.receivers.length > 0) {
      // The others come next; who else has something to do comes in between.
      this.isScheduled = true;
      setImmediate(() => this.flush());
      return;
    }
    for (const atMs of this.editsAtMs) this.options.meter.lag.add(doneMs - atMs);
    this.editsAtMs = [];
  }

  private write(receiver: Receiver, frames: readonly Uint8Array[], bytes: readonly Uint8Array[]): void {
    const { meter } = this.options;
    meter.framesSent += frames.length;
    for (const each of bytes) meter.bytesSent += each.length;
    receiver.write(bytes);
  }
}

/** What waits for one, which waits no more. */
function taken(receiver: Receiver): readonly Uint8Array[] {
  const { waitingFrames } = receiver;
  receiver.waitingFrames = [];
  return waitingFrames;
}

function areSame(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && a.every((frame, i) => frame === b[i]);
}
