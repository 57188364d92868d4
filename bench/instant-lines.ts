/**
 * A network of Lines that takes no time of its own: messages wait in one queue, bytes are kept at once, and the clock is moved on by a millisecond an edit,
 * or when nothing else is left to do. So what is measured is what the strategies do, and nothing else but a queue.
 */
import { type Dot, dotKey, type DotKey, type ReplicaId } from '../shared/clocks/dot.ts';
import type { Edit } from '../shared/history/record.ts';
import { VirtualClock } from '../shared/simulation/virtual-clock.ts';
import type { CoordinatedStrategy, MemberNetwork, Settlement } from '../shared/strategies/coordinated-strategy.ts';

interface Message {
  readonly from: ReplicaId;
  readonly to: ReplicaId;
  readonly bytes: Uint8Array;
}

/** How often promises are let go on with nothing in the queue before it counts as idle; the longest chain is far shorter. */
const idleTurns = 40;
/** Virtual milliseconds after which somebody waits for what never comes. */
const patienceMs = 60_000;

export class InstantLines {
  readonly clock = new VirtualClock();
  /** How long a message takes, in virtual milliseconds. */
  delayMs = 0;
  /** Sent so far, those to nobody included. */
  sent = { messages: 0, bytes: 0 };
  /** Told of each message that is delivered. */
  onDelivery: (message: Message) => void = () => undefined;
  private readonly copies = new Map<ReplicaId, CoordinatedStrategy>();
  private readonly queue: Message[] = [];
  private readonly ends = new Map<DotKey, Settlement>();
  private apart: ReplicaId | null = null;

  constructor(readonly names: readonly ReplicaId[], make: () => CoordinatedStrategy) {
    for (const name of names) this.copies.set(name, make());
    for (const [name, copy] of this.copies) copy.join(this.line(name), new Map());
  }

  at(name: ReplicaId): CoordinatedStrategy {
    return this.copies.get(name)!;
  }

  /** Of how many edits an outcome was told that nobody waited for. */
  get outcomes(): number {
    return this.ends.size;
  }

  /** Nothing reaches this copy or comes from it; null: all talk to all. */
  cutOff(name: ReplicaId | null): void {
    this.apart = name;
  }

  /** Carries out an edit at its author's copy and waits for its outcome. Throws if it is not accepted. */
  async accepted(edit: Edit): Promise<Settlement> {
    this.clock.advance(1);
    const key = dotKey(edit.dot);
    const { trace } = this.at(edit.dot.replica).perform(edit);
    if (trace.outcome === 'refused') throw new Error(`${key} was refused: ${trace.reason}`);
    await this.until(() => this.ends.has(key));
    const end = this.ends.get(key)!;
    this.ends.delete(key);
    if (end.outcome !== 'accepted') throw new Error(`${key} was ${end.outcome}: ${end.reason}`);
    return end;
  }

  /** Delivers until it is so; time passes only while nothing is under way. */
  async until(done: () => boolean): Promise<void> {
    const endMs = this.clock.nowMs() + patienceMs;
    for (let idle = 0; !done(); ) {
      idle = this.deliver() ? 0 : idle + 1;
      await Promise.resolve();
      if (idle < idleTurns) continue;
      if (this.clock.nowMs() > endMs) throw new Error(`nothing came of it within ${patienceMs} ms`);
      this.clock.advance(1);
      idle = 0;
    }
  }

  /** Delivers until nothing is under way; time stands still. */
  async quiet(): Promise<void> {
    for (let idle = 0; idle < idleTurns; await Promise.resolve()) idle = this.deliver() ? 0 : idle + 1;
  }

  private deliver(): boolean {
    const message = this.queue.shift();
    if (!message) {
      // What falls due now, such as what was put off by 0 ms.
      this.clock.advance(0);
      return this.queue.length > 0;
    }
    if (message.from === this.apart || message.to === this.apart) return true;
    this.onDelivery(message);
    this.at(message.to).receiveFrom(message.from, message.bytes);
    return true;
  }

  private line(self: ReplicaId): MemberNetwork {
    return {
      self,
      clock: this.clock,
      members: () => this.names,
      reaches: (member) => self !== this.apart && member !== this.apart,
      persist: () => Promise.resolve(),
      reportOutcome: (dot: Dot, settlement) => void this.ends.set(dotKey(dot), settlement),
      send: (to, bytes) => {
        this.sent.messages++;
        this.sent.bytes += bytes.length;
        const message = { from: self, to, bytes };
        if (this.delayMs === 0) this.queue.push(message);
        else this.clock.after(this.delayMs, () => void this.queue.push(message));
      },
    };
  }
}

/** A copy that hears what others said to it in an earlier run; what it says goes nowhere. */
export function deafEnded(copy: CoordinatedStrategy, self: ReplicaId, names: readonly ReplicaId[]): CoordinatedStrategy {
  copy.join({
    self,
    clock: new VirtualClock(),
    members: () => names,
    reaches: () => true,
    persist: () => Promise.resolve(),
    reportOutcome: () => undefined,
    send: () => undefined,
  }, new Map());
  return copy;
}
