/**
 * One session's link in virtual time: the Transport port for both of its ends. Faults are not its own: the relay loses and delays frames itself.
 *
 * Guarantees: frames arrive whole, once, in order, a millisecond after they were sent. A cut connection loses what was under way.
 */
import { Listeners } from '../encoding/listeners.ts';
import type { Clock } from '../ports/clock.ts';
import type { Transport, TransportListener } from '../ports/transport.ts';

/** How long a frame takes, in milliseconds. */
const latencyMs = 1;

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
  /** Those that arrive at the same moment, in their order. */
  private batch: Uint8Array[] = [];
  private batchAtMs = -1;
  private connection = 0;
  underway = 0;

  constructor(private readonly clock: Clock, private readonly arrive: (frame: Uint8Array) => void) {}

  carry(frame: Uint8Array): void {
    this.underway++;
    const atMs = this.clock.nowMs() + latencyMs;
    if (atMs === this.batchAtMs) return void this.batch.push(frame);
    const { connection } = this;
    const batch = [frame];
    this.batch = batch;
    this.batchAtMs = atMs;
    this.clock.after(latencyMs, () => {
      if (this.batch === batch) this.batchAtMs = -1;
      for (const each of batch) {
        if (connection !== this.connection) return;
        this.underway--;
        this.arrive(each);
      }
    });
  }

  /** What is under way is lost. */
  clear(): void {
    this.connection++;
    this.underway = 0;
    this.batchAtMs = -1;
  }
}

export class SimulatedLink {
  readonly replicaEnd: LinkEnd;
  readonly relayEnd: LinkEnd;
  private readonly upstream: Way;
  private readonly downstream: Way;

  constructor(clock: Clock) {
    this.upstream = new Way(clock, (frame) => this.relayEnd.receive(frame));
    this.downstream = new Way(clock, (frame) => this.replicaEnd.receive(frame));
    this.replicaEnd = new LinkEnd((frame) => this.upstream.carry(frame));
    this.relayEnd = new LinkEnd((frame) => this.downstream.carry(frame));
  }

  get isOpen(): boolean {
    return this.replicaEnd.isOpen;
  }

  /** Whether frames are on their way. */
  get isBusy(): boolean {
    return this.upstream.underway + this.downstream.underway > 0;
  }

  connect(): void {
    if (this.isOpen) return;
    this.relayEnd.open();
    this.replicaEnd.open();
  }

  cut(): void {
    if (!this.isOpen) return;
    this.upstream.clear();
    this.downstream.clear();
    this.replicaEnd.close();
    this.relayEnd.close();
  }
}
