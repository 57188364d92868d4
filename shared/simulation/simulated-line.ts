/**
 * A network of Lines without a network: messages between copies of a coordinated strategy wait in virtual time, and are lost, repeated, overtaken and cut
 * off as the simulation says. Copies crash and come back with what they kept.
 *
 * Guarantees: the same seed and the same calls give the same run. Bytes kept under any keys become durable in the order given; a crash keeps a
 * prefix of those under way. `reaches` is a hint that lags behind, and knows nothing of one-way cuts and losses.
 */
import type { Dot, ReplicaId } from '../clocks/dot.ts';
import type { Clock } from '../ports/clock.ts';
import type { CoordinatedStrategy, MemberNetwork, Settlement } from '../strategies/coordinated-strategy.ts';
import { EventQueue } from '../network/event-queue.ts';
import type { SeededRandom } from '../network/seeded-random.ts';
import { VirtualClock } from './virtual-clock.ts';

/** What happens to messages on their way. Times in milliseconds, chances from 0 to 1. */
export interface SimulatedLinks {
  delayMsMin: number;
  delayMsMax: number;
  lossChance: number;
  duplicateChance: number;
}

/** How long bytes take to become durable, at most, in milliseconds. */
const diskMsMax = 2;
/** How long it takes until `reaches` has heard of a change, in milliseconds. */
const hintLagMs = 150;

interface Copy<Strategy> {
  readonly name: ReplicaId;
  readonly disk: Map<string, Uint8Array>;
  strategy: Strategy;
  line: SimulatedLine | null;
}

export class SimulatedLines<Strategy extends CoordinatedStrategy = CoordinatedStrategy> {
  readonly clock = new VirtualClock();
  readonly links: SimulatedLinks = { delayMsMin: 1, delayMsMax: 12, lossChance: 0, duplicateChance: 0 };
  /** Told of every outcome. */
  onSettle: (at: ReplicaId, dot: Dot, settlement: Settlement) => void = () => undefined;
  private readonly copies = new Map<ReplicaId, Copy<Strategy>>();
  private readonly events = new EventQueue();
  private cut = new Set<string>();
  private hinted = new Set<string>();

  constructor(readonly names: readonly ReplicaId[], private readonly random: SeededRandom, private readonly make: (name: ReplicaId) => Strategy, private readonly wrap: (line: MemberNetwork) => MemberNetwork = (line) => line) {
    for (const name of names) this.copies.set(name, { name, disk: new Map(), strategy: make(name), line: null });
    for (const name of names) this.open(this.copy(name));
  }

  at(name: ReplicaId): Strategy {
    return this.copy(name).strategy;
  }

  isUp(name: ReplicaId): boolean {
    return this.copy(name).line !== null;
  }

  /** Ends a copy's life: what it had not kept is gone, and nothing reaches it. */
  crash(name: ReplicaId): void {
    const copy = this.copy(name);
    copy.line?.stop();
    copy.line = null;
    this.hintLater();
  }

  /** Begins a new life with what was kept. */
  restart(name: ReplicaId): void {
    const copy = this.copy(name);
    if (copy.line) throw new Error(`${name} is up`);
    copy.strategy = this.make(name);
    this.open(copy);
    this.hintLater();
  }

  /** Lets only the members of each group talk to one another. One-way cuts end. */
  islands(...groups: readonly (readonly ReplicaId[])[]): void {
    this.cut = new Set(this.names.flatMap((from) => this.names.filter((to) => !groups.some((group) => group.includes(from) && group.includes(to))).map((to) => `${from}>${to}`)));
    this.hintLater();
  }

  cutOneWay(from: ReplicaId, to: ReplicaId): void {
    this.cut.add(`${from}>${to}`);
    this.hintLater();
  }

  /** All links as good as new, all copies up. */
  heal(): void {
    this.cut = new Set();
    Object.assign(this.links, { lossChance: 0, duplicateChance: 0, delayMsMin: 1, delayMsMax: 12 });
    for (const name of this.names) if (!this.isUp(name)) this.restart(name);
    this.hintLater();
  }

  /** Lets so much time pass, in milliseconds. */
  async run(ms: number): Promise<void> {
    const endMs = this.clock.nowMs() + ms;
    await microtasks();
    for (;;) {
      const event = this.events.nextUntil(endMs);
      if (!event) break;
      this.clock.advance(event.atMs - this.clock.nowMs());
      event.run();
      await microtasks();
    }
    this.clock.advance(endMs - this.clock.nowMs());
  }

  /** Lets time pass until something is true, at most so many milliseconds; tells whether it is. */
  async runUntil(condition: () => boolean, msMax: number): Promise<boolean> {
    for (let leftMs = msMax; leftMs > 0 && !condition(); leftMs -= 20) await this.run(20);
    return condition();
  }

  /** Hands a message from one copy to another, as it came from the wire at that time. */
  transmit(from: ReplicaId, to: ReplicaId, message: Uint8Array): void {
    const { random, links } = this;
    for (let times = random.chance(links.duplicateChance) ? 2 : 1; times > 0; times--) {
      if (random.chance(links.lossChance)) continue;
      this.later(links.delayMsMin + random.below(links.delayMsMax - links.delayMsMin + 1), () => {
        const copy = this.copies.get(to);
        if (copy?.line && !this.cut.has(`${from}>${to}`)) copy.strategy.receiveFrom(from, message.slice());
      });
    }
  }

  later(delayMs: number, run: () => void): void {
    this.events.add(this.clock.nowMs() + Math.max(0, delayMs), run);
  }

  diskMs(): number {
    return this.random.below(diskMsMax + 1);
  }

  reaches(from: ReplicaId, to: ReplicaId): boolean {
    return !this.hinted.has(`${from}>${to}`);
  }

  private open(copy: Copy<Strategy>): void {
    copy.line = new SimulatedLine(copy.name, this, copy.disk);
    copy.strategy.join(this.wrap(copy.line), new Map([...copy.disk].map(([key, bytes]) => [key, bytes.slice()])));
  }

  /** What copies know of the network: cuts both ways and crashes, a little later. */
  private hintLater(): void {
    this.later(hintLagMs, () => {
      const apart = (from: ReplicaId, to: ReplicaId): boolean => !this.isUp(to) || (this.cut.has(`${from}>${to}`) && this.cut.has(`${to}>${from}`));
      this.hinted = new Set(this.names.flatMap((from) => this.names.filter((to) => to !== from && apart(from, to)).map((to) => `${from}>${to}`)));
    });
  }

  private copy(name: ReplicaId): Copy<Strategy> {
    const copy = this.copies.get(name);
    if (!copy) throw new RangeError(`there is no replica "${name}"`);
    return copy;
  }
}

/** One life of one copy's end. */
class SimulatedLine implements MemberNetwork {
  readonly clock: Clock;
  private alive = true;
  private diskFreeMs = 0;

  constructor(readonly self: ReplicaId, private readonly network: SimulatedLines, private readonly disk: Map<string, Uint8Array>) {
    this.clock = {
      nowMs: () => network.clock.nowMs(),
      wallMs: () => network.clock.wallMs(),
      after: (delayMs, callback) => {
        let waits = true;
        network.later(delayMs, () => {
          if (waits && this.alive) callback();
        });
        return () => void (waits = false);
      },
    };
  }

  stop(): void {
    this.alive = false;
  }

  members(): readonly ReplicaId[] {
    return this.network.names;
  }

  send(to: ReplicaId, message: Uint8Array): void {
    // A copy, as a wire makes one: the sender may use its buffer again.
    if (this.alive) this.network.transmit(this.self, to, message.slice());
  }

  reaches(member: ReplicaId): boolean {
    return this.network.reaches(this.self, member);
  }

  reportOutcome(dot: Dot, settlement: Settlement): void {
    if (this.alive) this.network.onSettle(this.self, dot, settlement);
  }

  persist(key: string, bytes: Uint8Array): Promise<void> {
    const copy = bytes.slice();
    const nowMs = this.network.clock.nowMs();
    this.diskFreeMs = Math.max(this.diskFreeMs, nowMs + this.network.diskMs());
    return new Promise((resolve) => {
      this.network.later(this.diskFreeMs - nowMs, () => {
        if (!this.alive) return;
        this.disk.set(key, copy);
        resolve();
      });
    });
  }
}

/** Lets promises that are resolved be heard, before time goes on. */
async function microtasks(): Promise<void> {
  for (let left = 5; left > 0; left--) await Promise.resolve();
}
