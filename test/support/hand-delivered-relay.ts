/** The relay's room with connections that deliver only when a test says so: frames wait at both ends until then. Its time is its own. */
import { plainCodec } from '../../shared/protocol/codec.ts';
import { SeededRandom } from '../../shared/network/seeded-random.ts';
import { SimulatedRelay } from '../../shared/simulation/simulated-relay.ts';
import { promisesKept } from '../../shared/simulation/simulated-room.ts';
import { VirtualClock } from '../../shared/simulation/virtual-clock.ts';
import { SimulatedTransport } from './simulated-transport.ts';

/** Longer than anything that the room waits for where no frame is lost, in milliseconds. */
const idleMs = 500;

export class HandDeliveredRelay {
  /** How many records came in that it had already. Where no frame was lost or repeated, nothing should ever be sent twice. */
  repeatedCount = 0;
  private readonly clock = new VirtualClock();
  private readonly troubles: string[] = [];
  private readonly relay: SimulatedRelay;
  private readonly accepted: SimulatedTransport[] = [];

  constructor(seed = 1) {
    this.relay = new SimulatedRelay({ clock: this.clock, random: new SeededRandom(seed), report: (line) => void this.troubles.push(line) });
  }

  get summary(): SimulatedRelay['summary'] {
    return this.relay.summary;
  }

  /** The room's ends of all open connections. */
  get ends(): readonly SimulatedTransport[] {
    return this.accepted.filter((end) => end.isOpen);
  }

  connect(replicaEnd: SimulatedTransport): void {
    const end = new SimulatedTransport();
    this.accepted.push(end);
    end.listen({ opened: () => undefined, received: (frame) => this.count(frame), closed: () => undefined });
    this.relay.accept(end, `connection ${this.accepted.length}`);
    end.connect(replicaEnd);
  }

  /** Delivers all that is under way between the room and these ends, until nothing is; tells whether something was. */
  async settle(...ends: readonly SimulatedTransport[]): Promise<boolean> {
    for (let wasBusy = false; ; wasBusy = true) {
      await this.idle();
      let delivered = 0;
      for (const end of [...this.ends, ...ends]) while (end.deliver()) delivered++;
      if (this.troubles.length > 0) throw new Error(this.troubles.join('; '));
      if (delivered === 0) return wasBusy;
    }
  }

  /** Begins the room's next life, with nothing in it. */
  async empty(): Promise<void> {
    let isEmpty = false;
    void this.relay.empty().then(() => (isEmpty = true));
    while (!isEmpty) await this.idle();
  }

  /** Lets it do all that it waits for. */
  async idle(): Promise<void> {
    const endMs = this.clock.nowMs() + idleMs;
    await promisesKept();
    while (this.clock.advanceToNext(endMs)) await promisesKept();
  }

  private count(frame: Uint8Array): void {
    const message = plainCodec.decode(frame);
    if (message.kind !== 'records') return;
    this.repeatedCount += message.records.filter((bytes) => this.summary.includes(plainCodec.decodeRecord(bytes).dot)).length;
  }
}
