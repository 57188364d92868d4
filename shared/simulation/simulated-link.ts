/**
 * One session's link in virtual time: the Transport port for both of its ends, with what link faults do to the frames between them.
 *
 * Guarantees: without faults, frames arrive whole, once, in order, about a millisecond after they were sent. A cut connection loses what was under way.
 * What was sent before faults changed keeps its fate.
 */
import { Listeners } from '../encoding/listeners.ts';
import { isFaultless, type LinkFaults, noFaults } from '../network/link.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { Transport, TransportListener } from '../ports/transport.ts';
import { LinkDirection } from '../network/link-faults.ts';

/** How long a frame takes on a good link, in milliseconds. */
const goodLatencyMs = 1;

class LinkEnd implements Transport {
  private readonly listeners = new Listeners<TransportListener>();
  isOpen = false;

  /** `carry` hands a frame to the other end. */
  constructor(private readonly carry: (frame: Uint8Array) => void) {}

  send(frame: Uint8Array): void {
    if (this.isOpen) this.carry(frame);
  }

  listen(listener: TransportListener): () => void {
    const remove = this.listeners.add(listener);
    if (this.isOpen) listener.opened();
    return remove;
  }

  open(): void {
    this.isOpen = true;
    this.listeners.callEach((listener) => listener.opened());
  }

  receive(frame: Uint8Array): void {
    this.listeners.callEach((listener) => listener.received(frame));
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.listeners.callEach((listener) => listener.closed());
  }
}

/** Frames on their way in one direction. */
class Way {
  private readonly direction: LinkDirection;
  /** Frames that arrive at the same moment, in their order. */
  private batch: Uint8Array[] = [];
  private batchAtMs = -1;
  underway = 0;

  constructor(private readonly clock: Clock, random: Random, private readonly arrive: (frame: Uint8Array) => void) {
    this.direction = new LinkDirection(random);
  }

  set faults(faults: LinkFaults) {
    this.direction.faults = faults;
  }

  carry(frame: Uint8Array, isCurrent: () => boolean): void {
    const now = this.clock.nowMs();
    for (const atMs of this.direction.arrivals(frame.length, now)) this.schedule(frame, Math.ceil(atMs) + goodLatencyMs, isCurrent);
  }

  /** What is under way is lost. */
  clear(): void {
    this.underway = 0;
    this.batchAtMs = -1;
  }

  private schedule(frame: Uint8Array, atMs: number, isCurrent: () => boolean): void {
    this.underway++;
    if (atMs === this.batchAtMs) return void this.batch.push(frame);
    const batch = [frame];
    this.batch = batch;
    this.batchAtMs = atMs;
    this.clock.after(atMs - this.clock.nowMs(), () => {
      if (this.batch === batch) this.batchAtMs = -1;
      for (const each of batch) {
        if (!isCurrent()) return;
        this.underway--;
        this.arrive(each);
      }
    });
  }
}

export class SimulatedLink {
  readonly replicaEnd: LinkEnd;
  readonly relayEnd: LinkEnd;
  private readonly upstream: Way;
  private readonly downstream: Way;
  private connection = 0;
  /** Whether this connection has had faults: what was sent then may be lost. */
  wasFaulty = false;
  private isFaulty = false;

  constructor(clock: Clock, random: Random) {
    this.upstream = new Way(clock, random, (frame) => this.relayEnd.receive(frame));
    this.downstream = new Way(clock, random, (frame) => this.replicaEnd.receive(frame));
    this.replicaEnd = new LinkEnd((frame) => this.upstream.carry(frame, this.isCurrent()));
    this.relayEnd = new LinkEnd((frame) => this.downstream.carry(frame, this.isCurrent()));
  }

  get isOpen(): boolean {
    return this.replicaEnd.isOpen;
  }

  /** Whether frames are on their way. */
  get isBusy(): boolean {
    return this.upstream.underway + this.downstream.underway > 0;
  }

  setFaults(upstream: LinkFaults = noFaults, downstream: LinkFaults = noFaults): void {
    this.upstream.faults = upstream;
    this.downstream.faults = downstream;
    this.wasFaulty ||= !isFaultless(upstream) || !isFaultless(downstream);
    this.isFaulty = !isFaultless(upstream) || !isFaultless(downstream);
  }

  connect(): void {
    if (this.isOpen) return;
    this.wasFaulty = this.isFaulty;
    this.relayEnd.open();
    this.replicaEnd.open();
  }

  cut(): void {
    if (!this.isOpen) return;
    this.connection++;
    this.upstream.clear();
    this.downstream.clear();
    this.replicaEnd.close();
    this.relayEnd.close();
  }

  private isCurrent(): () => boolean {
    const { connection } = this;
    return () => connection === this.connection;
  }
}
