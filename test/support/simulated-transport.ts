/**
 * The Transport port without a network: two ends, and frames that wait between them until the simulation delivers them.
 * A cut loses what was under way, as a broken connection does.
 */
import { Listeners } from '../../shared/encoding/listeners.ts';
import type { Transport, TransportListener } from '../../shared/ports/transport.ts';

export class SimulatedTransport implements Transport {
  private readonly listeners = new Listeners<TransportListener>();
  private readonly arriving: Uint8Array[] = [];
  private peer: SimulatedTransport | null = null;

  get isOpen(): boolean {
    return this.peer !== null;
  }

  /** How many frames wait to be delivered to this end. */
  get arrivingCount(): number {
    return this.arriving.length;
  }

  /** Joins this end with the other. */
  connect(other: SimulatedTransport): void {
    if (this.peer || other.peer) throw new Error('one of the ends is connected already');
    this.peer = other;
    other.peer = this;
    for (const end of [other, this]) end.listeners.callEach((listener) => listener.opened());
  }

  /** Breaks the connection; what was under way either way is lost. */
  cut(): void {
    const ends = this.peer ? [this, this.peer] : [];
    for (const end of ends) {
      end.peer = null;
      end.arriving.length = 0;
    }
    for (const end of ends) end.listeners.callEach((listener) => listener.closed());
  }

  send(frame: Uint8Array): void {
    // A copy, as a wire makes one: the sender may use its buffer again.
    this.peer?.arriving.push(frame.slice());
  }

  /** Delivers the frame that has waited longest; false if none does. */
  deliver(): boolean {
    const frame = this.arriving.shift();
    if (!frame) return false;
    this.listeners.callEach((listener) => listener.received(frame));
    return true;
  }

  listen(listener: TransportListener): () => void {
    const remove = this.listeners.add(listener);
    if (this.isOpen) listener.opened();
    return remove;
  }
}
