/** The simulated relay with connections that deliver only when a test says so: frames wait at both ends until then. */
import { SimulatedRelay, type SimulatedRelayOptions } from '../../shared/simulation/simulated-relay.ts';
import { SimulatedTransport } from './simulated-transport.ts';

export class HandDeliveredRelay {
  readonly relay: SimulatedRelay;
  private readonly accepted: SimulatedTransport[] = [];

  constructor(options?: SimulatedRelayOptions) {
    this.relay = new SimulatedRelay(options);
  }

  get summary(): SimulatedRelay['summary'] {
    return this.relay.summary;
  }

  get repeatedCount(): number {
    return this.relay.repeatedCount;
  }

  /** The relay's ends of all open connections. */
  get ends(): readonly SimulatedTransport[] {
    return this.accepted.filter((end) => end.isOpen);
  }

  connect(replicaEnd: SimulatedTransport): void {
    const end = new SimulatedTransport();
    this.accepted.push(end);
    this.relay.accept(end);
    end.connect(replicaEnd);
  }
}
