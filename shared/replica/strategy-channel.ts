/**
 * One strategy's line to its copies at other replicas, over the relay.
 *
 * Guarantees: nothing goes out before the edits that it may be about are stored here, so that no life of this replica gives their names to others;
 * what comes from somebody who counts other members is not heard; an outcome that was told already is not told again; after `stop` it is silent.
 * Does not guarantee that a message arrives: the strategies ask again.
 */
import { type Dot, dotKey, type DotKey, type ReplicaId } from '../clocks/dot.ts';
import type { Edit, EditRecord, OutcomeRecord, Settlement, Trace } from '../history/record.ts';
import type { Clock } from '../ports/clock.ts';
import type { StoreChange } from '../ports/store.ts';
import type { CoordinatedStrategy, MemberNetwork } from '../strategies/coordinated-strategy.ts';
import { keepChange } from './replica-store.ts';
import type { CoordinatedId } from '../strategies/registry.ts';

export interface StrategyChannelOptions {
  readonly self: ReplicaId;
  readonly clock: Clock;
  members(): readonly ReplicaId[];
  reaches(member: ReplicaId): boolean;
  transmit(to: ReplicaId, strategy: CoordinatedId, payload: Uint8Array): void;
  keep(change: StoreChange): Promise<void>;
  /** Writes the outcome of an edit into the journal. */
  settle(strategy: CoordinatedId, dot: Dot, settlement: Settlement): void;
}

export const notMember = 'this replica is not a member yet: it has to reach the relay first';

export class StrategyChannel implements MemberNetwork {
  readonly self: ReplicaId;
  readonly clock: Clock;
  private isAlive = true;
  private hasBegun = false;
  private hasJoined = false;
  /** Edits that the strategy has, and the store not yet, in the order in which they were made: with the number of each. */
  private readonly unstored = new Map<DotKey, number>();
  private performed = 0;
  /** Messages that may be about edits up to this number. */
  private readonly waiting: { readonly upTo: number; readonly send: () => void }[] = [];
  /** The last outcome of each edit that this replica told. */
  private readonly told = new Map<DotKey, string>();

  constructor(readonly strategy: CoordinatedStrategy, private readonly options: StrategyChannelOptions) {
    this.self = options.self;
    this.clock = {
      nowMs: () => options.clock.nowMs(),
      wallMs: () => options.clock.wallMs(),
      after: (delayMs, callback) => options.clock.after(delayMs, () => {
        if (this.isAlive) callback();
      }),
    };
  }

  get isMember(): boolean {
    return this.hasJoined;
  }

  /** Begins to exchange messages, once. Throws what the strategy throws at what an earlier life kept: then it stays silent. `kept` is what an earlier life kept, `own` this replica's edits, `outcomes` the outcomes that it has told. */
  begin(kept: ReadonlyMap<string, Uint8Array>, own: readonly EditRecord[], outcomes: readonly OutcomeRecord[]): void {
    if (this.hasBegun) return;
    this.hasBegun = true;
    for (const { settles, settlement } of outcomes) this.told.set(dotKey(settles), JSON.stringify(settlement));
    this.strategy.join(this, kept);
    this.hasJoined = true;
    const open = new Set(this.strategy.openEdits().map(dotKey));
    for (const { dot, traces } of own) {
      if (traces[this.strategy.id]?.outcome !== 'pending' || open.has(dotKey(dot)) || this.isAnswered(dot)) continue;
      this.reportOutcome(dot, { outcome: 'refused', reason: 'this replica was closed before it sent the edit' });
    }
  }

  perform(edit: Edit): Trace {
    if (!this.hasJoined) return { outcome: 'refused', reason: notMember };
    const { trace } = this.strategy.perform(edit);
    if (trace.outcome === 'pending') this.unstored.set(dotKey(edit.dot), ++this.performed);
    return trace;
  }

  /** These edits are stored now. What waits for them goes out, whatever was made since: who types on and on is heard all the same. */
  stored(dots: readonly Dot[]): void {
    for (const dot of dots) this.unstored.delete(dotKey(dot));
    const [firstUnstored] = this.unstored.values();
    const ready = this.waiting.findIndex(({ upTo }) => firstUnstored !== undefined && upTo >= firstUnstored);
    for (const { send } of this.waiting.splice(0, ready < 0 ? this.waiting.length : ready)) send();
  }

  hear(from: ReplicaId, payload: Uint8Array): void {
    if (this.hasJoined && this.isAlive) this.strategy.receiveFrom(from, payload);
  }

  /** Whether what the former members decided is held by enough of the present ones. */
  confirmCaughtUp(): Promise<boolean> {
    return this.hasJoined ? new Promise((resolve) => this.strategy.confirmCaughtUp(resolve)) : Promise.resolve(false);
  }

  stop(): void {
    this.isAlive = false;
  }

  members(): readonly ReplicaId[] {
    return this.options.members();
  }

  send(to: ReplicaId, message: Uint8Array): void {
    if (this.unstored.size > 0) this.waiting.push({ upTo: this.performed, send: () => this.transmit(to, message) });
    else this.transmit(to, message);
  }

  reaches(member: ReplicaId): boolean {
    return this.options.reaches(member);
  }

  reportOutcome(dot: Dot, settlement: Settlement): void {
    const outcome = JSON.stringify(settlement);
    if (!this.isAlive || this.told.get(dotKey(dot)) === outcome) return;
    // A new life of the copy does not know what the last one had heard; the journal does.
    if (settlement.outcome === 'unknown' && this.isAnswered(dot)) return;
    this.told.set(dotKey(dot), outcome);
    this.options.settle(this.strategy.id, dot, settlement);
  }

  persist(key: string, bytes: Uint8Array): Promise<void> {
    // After its end nothing is kept and nothing goes on.
    if (!this.isAlive) return new Promise(() => undefined);
    return this.options.keep(keepChange(this.strategy.id, key, bytes));
  }

  private transmit(to: ReplicaId, message: Uint8Array): void {
    if (this.isAlive) this.options.transmit(to, this.strategy.id, message);
  }

  private isAnswered(dot: Dot): boolean {
    const told = this.told.get(dotKey(dot));
    return told !== undefined && (JSON.parse(told) as Settlement).outcome !== 'unknown';
  }
}
