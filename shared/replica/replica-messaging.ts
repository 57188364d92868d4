/**
 * All that a replica says to others directly: the lines of the coordinated strategies, and who they count as members.
 *
 * Guarantees: a list of members is stored before it counts; a strategy begins when this replica is a member, with what its last life kept; a message that
 * a strategy refuses changes nothing, and the person is told why.
 */
import type { Dot, ReplicaId } from '../clocks/dot.ts';
import { errorText } from '../encoding/error-text.ts';
import type { Edit, EditRecord, OutcomeRecord, Trace } from '../history/record.ts';
import type { StoreChange } from '../ports/store.ts';
import { type Message, type MessageOf } from '../protocol/messages.ts';
import type { FieldId } from '../document/schema.ts';
import type { CoordinatedStrategy, ReadAnswer } from '../strategies/coordinated-strategy.ts';
import { StrategyChannel, type StrategyChannelOptions, notMember } from './strategy-channel.ts';
import { membersChange } from './replica-store.ts';
import type { CoordinatedId } from '../strategies/registry.ts';

export interface ReplicaMessagingOptions extends Pick<StrategyChannelOptions, 'self' | 'clock' | 'settle'> {
  send(message: Message): void;
  keep(change: StoreChange): Promise<void>;
  /** Whether the journal has no hole: until then nothing may be written, as it would take a missing record's name. */
  isWhole(): boolean;
  /** What this replica journalled of its own edits and their outcomes. */
  own(strategy: CoordinatedId): { readonly edits: readonly EditRecord[]; readonly outcomes: readonly OutcomeRecord[] };
  hearReader(peer: ReplicaId, channel: 'read' | 'values', payload: Uint8Array): void;
  report(trouble: string): void;
  changed(): void;
}

export type Kept = ReadonlyMap<CoordinatedId, ReadonlyMap<string, Uint8Array>>;

/** How long each further member waits for those before it to catch up, and how long until it is tried again, in milliseconds. */
const catchUpTurnMs = 700;

export class ReplicaMessaging {
  private readonly strategyChannels: ReadonlyMap<string, StrategyChannel>;
  private list: readonly ReplicaId[] = [];
  private present: ReadonlySet<ReplicaId> = new Set();
  private kept: Kept = new Map();
  private deferred: readonly ReplicaId[] | null = null;
  private someoneWaits = false;
  private cancelConfirming: (() => void) | null = null;
  private isOver = false;

  constructor(strategies: readonly CoordinatedStrategy[], private readonly options: ReplicaMessagingOptions) {
    this.strategyChannels = new Map(strategies.map((strategy) => [strategy.id, new StrategyChannel(strategy, {
      self: options.self,
      clock: options.clock,
      members: () => this.list,
      reaches: (member) => this.present.has(member),
      transmit: (peer, channel, payload) => options.send({ kind: 'direct', peer, channel, roster: this.list.length, payload }),
      keep: (change) => options.keep(change),
      settle: (id, dot, settlement) => options.settle(id, dot, settlement),
    })]));
  }

  /** The members that this replica counts, in the order in which they became members. */
  get members(): readonly ReplicaId[] {
    return this.list;
  }

  coordinates(strategy: string): strategy is CoordinatedId {
    return this.strategyChannels.has(strategy);
  }

  /** Goes on where an earlier life of this replica ended. */
  restore(members: readonly ReplicaId[], kept: Kept): void {
    this.kept = kept;
    this.count(members);
  }

  perform(strategy: CoordinatedId, edit: Edit): Trace {
    return this.strategyChannels.get(strategy)!.perform(edit);
  }

  /** Asks a strategy for a value, as it reads. */
  read(strategy: CoordinatedId, field: FieldId, callback: (answer: ReadAnswer) => void): void {
    const strategyChannel = this.strategyChannels.get(strategy)!;
    if (strategyChannel.isMember) strategyChannel.strategy.read(field, callback);
    else callback({ outcome: 'refused', reason: notMember });
  }

  reaches(peer: ReplicaId): boolean {
    return this.present.has(peer);
  }

  /** Who is connected to the relay now and can be reached from here. */
  get reachable(): readonly ReplicaId[] {
    return [...this.present];
  }

  /** These edits are stored now. */
  stored(dots: readonly Dot[]): void {
    for (const strategyChannel of this.strategyChannels.values()) strategyChannel.stored(dots);
  }

  onRoster({ members, present, waiting }: MessageOf<'roster'>): void {
    this.present = new Set(present);
    this.someoneWaits = waiting;
    if (this.list.some((member) => !members.includes(member))) this.options.send({ kind: 'caught-up', members: this.list });
    else if (members.length > this.list.length) void this.options.keep(membersChange(members)).then(() => this.count(members), () => undefined);
    this.confirmCaughtUpLater();
    this.options.changed();
  }

  onDirect({ peer, channel, roster, payload }: MessageOf<'direct'>): void {
    const strategyChannel = this.strategyChannels.get(channel);
    try {
      if (channel === 'read' || channel === 'values') this.options.hearReader(peer, channel, payload);
      // Who counts other members must not decide anything with us; the relay tells both of us who they are.
      else if (roster === this.list.length) strategyChannel?.hear(peer, payload);
    } catch (error) {
      this.options.report(`A message of ${peer} was refused: ${errorText(error)}`);
    }
  }

  /** The connection is gone: nobody can be reached. */
  onClosed(): void {
    this.present = new Set();
    this.cancelConfirming?.();
    this.cancelConfirming = null;
  }

  stop(): void {
    this.isOver = true;
    this.onClosed();
    for (const strategyChannel of this.strategyChannels.values()) strategyChannel.stop();
  }

  /** What was missing in the journal may be there now. */
  goOn(): void {
    if (this.deferred) this.count(this.deferred);
  }

  private count(members: readonly ReplicaId[]): void {
    if (this.isOver || members.length <= this.list.length) return;
    this.deferred = this.options.isWhole() ? null : members;
    if (this.deferred) return;
    this.list = members;
    if (members.includes(this.options.self)) for (const strategyChannel of this.strategyChannels.values()) this.begin(strategyChannel);
    this.confirmCaughtUpLater();
    this.options.changed();
  }

  private begin(strategyChannel: StrategyChannel): void {
    const { id } = strategyChannel.strategy;
    const { edits, outcomes } = this.options.own(id);
    try {
      strategyChannel.begin(this.kept.get(id) ?? new Map<string, Uint8Array>(), edits, outcomes);
    } catch (error) {
      this.options.report(`${id} cannot go on with what was stored here: ${errorText(error)}`);
    }
  }

  /** One after the other, so that they do not all ask for the same at once. */
  private confirmCaughtUpLater(): void {
    if (!this.someoneWaits || this.cancelConfirming || !this.list.includes(this.options.self)) return;
    const rank = this.list.filter((member) => member === this.options.self || this.present.has(member)).indexOf(this.options.self);
    this.confirmCaughtUpAfter(rank * catchUpTurnMs);
  }

  private confirmCaughtUpAfter(delayMs: number): void {
    this.cancelConfirming = this.options.clock.after(delayMs, () => {
      if (this.isOver || !this.someoneWaits) return void (this.cancelConfirming = null);
      const members = this.list;
      void Promise.all([...this.strategyChannels.values()].map((each) => each.confirmCaughtUp())).then((answers) => {
        if (this.isOver || this.cancelConfirming === null) return;
        if (!answers.every(Boolean) || members !== this.list) return this.confirmCaughtUpAfter(catchUpTurnMs);
        this.cancelConfirming = null;
        this.options.send({ kind: 'caught-up', members });
      });
    });
  }
}
