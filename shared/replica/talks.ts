/**
 * All that a replica says to others directly: the lines of the strategies that talk, and who they count as members.
 *
 * Guarantees: a list of members is stored before it counts; a strategy begins when this replica is a member, with what its last life kept; a message that
 * a strategy refuses changes nothing, and the person is told why.
 */
import type { Dot, ReplicaId } from '../clocks/dot.ts';
import { errorText } from '../encoding/error-text.ts';
import type { Edit, EditRecord, SettlementRecord, Trace } from '../history/record.ts';
import type { StoreChange } from '../ports/store.ts';
import { type Message, type MessageOf } from '../protocol/messages.ts';
import type { FieldId } from '../document/schema.ts';
import type { ConversingStrategy, ReadAnswer, TalkingId } from '../strategies/conversing.ts';
import { Conversation, type ConversationSurroundings, notMember } from './conversation.ts';
import { membersChange } from './replica-store.ts';

export interface TalksSurroundings extends Pick<ConversationSurroundings, 'self' | 'clock' | 'settle'> {
  send(message: Message): void;
  keep(change: StoreChange): Promise<void>;
  /** Whether the journal has no hole: until then nothing may be written, as it would take a missing record's name. */
  isWhole(): boolean;
  /** What this replica journalled of its own edits and their outcomes. */
  own(strategy: TalkingId): { readonly edits: readonly EditRecord[]; readonly outcomes: readonly SettlementRecord[] };
  hearReader(peer: ReplicaId, channel: 'read' | 'values', payload: Uint8Array): void;
  report(trouble: string): void;
  changed(): void;
}

export type Kept = ReadonlyMap<TalkingId, ReadonlyMap<string, Uint8Array>>;

/** How long each further member waits for those before it to settle in, and how long until it is tried again, in milliseconds. */
const settleInTurnMs = 700;

export class Talks {
  private readonly conversations: ReadonlyMap<string, Conversation>;
  private list: readonly ReplicaId[] = [];
  private present: ReadonlySet<ReplicaId> = new Set();
  private kept: Kept = new Map();
  private deferred: readonly ReplicaId[] | null = null;
  private someoneWaits = false;
  private cancelSettling: (() => void) | null = null;
  private isOver = false;

  constructor(strategies: readonly ConversingStrategy[], private readonly around: TalksSurroundings) {
    this.conversations = new Map(strategies.map((strategy) => [strategy.id, new Conversation(strategy, {
      self: around.self,
      clock: around.clock,
      members: () => this.list,
      reaches: (member) => this.present.has(member),
      transmit: (peer, channel, payload) => around.send({ kind: 'direct', peer, channel, roster: this.list.length, payload }),
      keep: (change) => around.keep(change),
      settle: (id, dot, settlement) => around.settle(id, dot, settlement),
    })]));
  }

  /** The members that this replica counts, in the order in which they became members. */
  get members(): readonly ReplicaId[] {
    return this.list;
  }

  talks(strategy: string): strategy is TalkingId {
    return this.conversations.has(strategy);
  }

  /** Goes on where an earlier life of this replica ended. */
  restore(members: readonly ReplicaId[], kept: Kept): void {
    this.kept = kept;
    this.count(members);
  }

  perform(strategy: TalkingId, edit: Edit): Trace {
    return this.conversations.get(strategy)!.perform(edit);
  }

  /** Asks a strategy for a value, as it reads. */
  read(strategy: TalkingId, field: FieldId, callback: (answer: ReadAnswer) => void): void {
    const conversation = this.conversations.get(strategy)!;
    if (conversation.isMember) conversation.strategy.read(field, callback);
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
    for (const conversation of this.conversations.values()) conversation.stored(dots);
  }

  onRoster({ members, present, waiting }: MessageOf<'roster'>): void {
    this.present = new Set(present);
    this.someoneWaits = waiting;
    if (this.list.some((member) => !members.includes(member))) this.around.send({ kind: 'settled-in', members: this.list });
    else if (members.length > this.list.length) void this.around.keep(membersChange(members)).then(() => this.count(members), () => undefined);
    this.settleInLater();
    this.around.changed();
  }

  onDirect({ peer, channel, roster, payload }: MessageOf<'direct'>): void {
    const conversation = this.conversations.get(channel);
    try {
      if (channel === 'read' || channel === 'values') this.around.hearReader(peer, channel, payload);
      // Who counts other members must not decide anything with us; the relay tells both of us who they are.
      else if (roster === this.list.length) conversation?.hear(peer, payload);
    } catch (error) {
      this.around.report(`A message of ${peer} was refused: ${errorText(error)}`);
    }
  }

  /** The connection is gone: nobody can be reached. */
  onClosed(): void {
    this.present = new Set();
    this.cancelSettling?.();
    this.cancelSettling = null;
  }

  stop(): void {
    this.isOver = true;
    this.onClosed();
    for (const conversation of this.conversations.values()) conversation.stop();
  }

  /** What was missing in the journal may be there now. */
  goOn(): void {
    if (this.deferred) this.count(this.deferred);
  }

  private count(members: readonly ReplicaId[]): void {
    if (this.isOver || members.length <= this.list.length) return;
    this.deferred = this.around.isWhole() ? null : members;
    if (this.deferred) return;
    this.list = members;
    if (members.includes(this.around.self)) for (const conversation of this.conversations.values()) this.begin(conversation);
    this.settleInLater();
    this.around.changed();
  }

  private begin(conversation: Conversation): void {
    const { id } = conversation.strategy;
    const { edits, outcomes } = this.around.own(id);
    try {
      conversation.begin(this.kept.get(id) ?? new Map<string, Uint8Array>(), edits, outcomes);
    } catch (error) {
      this.around.report(`${id} cannot go on with what was stored here: ${errorText(error)}`);
    }
  }

  /** One after the other, so that they do not all ask for the same at once. */
  private settleInLater(): void {
    if (!this.someoneWaits || this.cancelSettling || !this.list.includes(this.around.self)) return;
    const rank = this.list.filter((member) => member === this.around.self || this.present.has(member)).indexOf(this.around.self);
    this.settleInAfter(rank * settleInTurnMs);
  }

  private settleInAfter(delayMs: number): void {
    this.cancelSettling = this.around.clock.after(delayMs, () => {
      if (this.isOver || !this.someoneWaits) return void (this.cancelSettling = null);
      const members = this.list;
      void Promise.all([...this.conversations.values()].map((each) => each.settledIn())).then((answers) => {
        if (this.isOver || this.cancelSettling === null) return;
        if (!answers.every(Boolean) || members !== this.list) return this.settleInAfter(settleInTurnMs);
        this.cancelSettling = null;
        this.around.send({ kind: 'settled-in', members });
      });
    });
  }
}
