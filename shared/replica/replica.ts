/**
 * A replica: takes a person's intents, carries them out under every strategy at once, journals them, and exchanges journals with its peers
 * through the relay.
 *
 * Guarantees: an edit is sent only after it is stored here, so that a crash never lets a dot be used twice; what the relay has is never sent
 * again; records take effect in causal order. Does not carry the Y.Doc: its provider does. `perform` never waits for store or network.
 */
import type { Dot, ReplicaId } from '../clocks/dot.ts';
import { type VersionVector } from '../clocks/version-vector.ts';
import { type Intent, parseIntent, type TextIntent } from '../document/intent.ts';
import { fieldOf, type FieldId, type FieldValue, type Schema } from '../document/schema.ts';
import { errorText } from '../encoding/error-text.ts';
import { Listeners } from '../encoding/listeners.ts';
import { type EditOptions, type EditRecord, type JournalRecord, type OutcomeRecord, type ReadRecord, type Seen, type StrategyId, type Trace } from '../history/record.ts';
import type { StoreChange } from '../ports/store.ts';
import { type FrameCodec, plainCodec } from '../protocol/codec.ts';
import { type MessageOf, protocolVersion } from '../protocol/messages.ts';
import { isDiscarded } from '../protocol/room-life.ts';
import { recordFrames } from '../protocol/record-frames.ts';
import type { ReadAnswer } from '../strategies/coordinated-strategy.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { type EditAside, EventStamps } from './event-stamps.ts';
import { Journal } from './journal.ts';
import { type NewestEdit, OpenEdits } from './open-edits.ts';
import { Outbox } from './outbox.ts';
import type { ReplicaEvent, ReplicaOptions } from './replica-options.ts';
import { RemoteReads } from './remote-reads.ts';
import { ReplicaMessaging } from './replica-messaging.ts';
import { notGathered, TextBatches } from './text-batches.ts';
import { TypingRun } from './typing-run.ts';
import { carryChange, dropCarryChange, epochChange, loadReplica, recordChanges, savedChange } from './replica-store.ts';

export class Replica {
  readonly id: ReplicaId;
  readonly schema: Schema;
  private readonly codec: FrameCodec;
  private readonly strategies: ReadonlyMap<StrategyId, Strategy>;
  private readonly journal: Journal;
  private readonly stamps: EventStamps;
  private readonly listeners = new Listeners<(event: ReplicaEvent) => void>();
  private readonly outbox: Outbox;
  private readonly messaging: ReplicaMessaging;
  private readonly batches: TextBatches;
  private readonly typing: TypingRun;
  private readonly remoteReads: RemoteReads;
  private enabled: ReadonlySet<StrategyId>;
  private carrying: { dot: Dot; strategy: StrategyId }[] = [];
  private epoch: string | null = null;
  private welcomed = false;
  private isOver = false;
  private readonly open: OpenEdits;
  private stopListening: () => void = () => {};

  private constructor(private readonly options: ReplicaOptions) {
    this.id = options.id;
    this.schema = options.schema;
    this.codec = options.codec ?? plainCodec;
    const coordinated = options.coordinated ?? [];
    this.strategies = new Map([...options.strategies, ...coordinated].map((strategy) => [strategy.id, strategy]));
    this.enabled = new Set(this.strategies.keys());
    this.stamps = new EventStamps(options.id, options.clock);
    this.journal = new Journal(options.schema);
    this.open = new OpenEdits(options.id);
    this.outbox = new Outbox(options.store, options.clock, (records) => this.sendStored(records), (trouble) => this.tell({ kind: 'trouble', trouble }));
    this.messaging = new ReplicaMessaging(coordinated, {
      self: options.id,
      clock: options.clock,
      send: (message) => void (this.welcomed && options.transport.send(this.codec.encode(message))),
      keep: (change) => this.outbox.keep(change),
      settle: (strategy, settles, settlement) => this.write<OutcomeRecord>({ ...this.stamps.next(this.clock), settles, strategy, settlement }),
      hearReader: (peer, channel, payload) => this.remoteReads.hear(peer, channel, payload),
      isWhole: () => !this.journal.hasHole(this.id),
      own: (strategy) => this.journal.ownUnder(strategy, this.id),
      report: (trouble) => this.tell({ kind: 'trouble', trouble }),
      changed: () => this.tell({ kind: 'changed' }),
    });
    this.remoteReads = new RemoteReads({
      self: options.id,
      schema: options.schema,
      clock: options.clock,
      strategies: () => [...this.enabled],
      had: () => this.clock,
      read: (strategy, field, callback) => this.read(strategy, field, callback),
      reaches: (peer) => this.messaging.reaches(peer),
      send: (peer, channel, payload) => options.transport.send(this.codec.encode({ kind: 'direct', peer, channel, roster: this.members.length, payload })),
      note: (read) => this.write<ReadRecord>({ ...this.stamps.next(this.clock), ...read }),
    });
    this.typing = new TypingRun(options.clock);
    this.batches = new TextBatches(options.clock, (field, splice, gathers) => this.performGathered(field, splice, gathers));
  }

  /** Loads what the store has and starts to listen to the transport. Rejects when the store cannot be read. */
  static async open(options: ReplicaOptions): Promise<Replica> {
    const replica = new Replica(options);
    await replica.restore();
    replica.open.beginAnew();
    for (const strategy of replica.strategies.values()) strategy.onChange((fields) => replica.typing.fieldsMoved(strategy.id, fields));
    replica.stopListening = options.transport.listen({
      opened: () => {
        replica.welcomed = false;
        replica.sayHello();
      },
      received: (frame) => replica.receive(frame),
      closed: () => replica.onClosed(),
    });
    return replica;
  }

  get clock(): VersionVector {
    return this.journal.clock;
  }

  /** One line for each stored entry that could not be read when it was opened. */
  damage: readonly string[] = [];

  get records(): readonly JournalRecord[] {
    return this.journal.records;
  }

  /** How many own actions the relay has not confirmed in whole. */
  get waiting(): number {
    return this.journal.actionsLackedBy(this.outbox.saved, this.id);
  }

  /** Whether journals have been compared with the relay on this connection. */
  get isSynced(): boolean {
    return this.welcomed;
  }

  /** What the relay has confirmed as stored. */
  get saved(): VersionVector {
    return this.outbox.saved;
  }

  /** How far the wall clock is off, in milliseconds; positive is ahead. */
  get skewMs(): number {
    return this.stamps.skewMs;
  }

  set skewMs(skewMs: number) {
    this.stamps.skewMs = skewMs;
  }

  /** How far the device's clock was measured to be behind true time, in milliseconds: edits are stamped with it, and keep their wall times. */
  set clockOffsetMs(offsetMs: number) { this.stamps.offsetMs = offsetMs; }

  strategy(id: StrategyId): Strategy {
    const strategy = this.strategies.get(id);
    if (!strategy) throw new RangeError(`the strategy ${id} is not enabled here; ${[...this.strategies.keys()].join(', ')} are`);
    return strategy;
  }

  value(strategy: StrategyId, field: FieldId): FieldValue {
    return this.strategy(strategy).value(field);
  }

  /** Carries out edits from now on only under these; the others stay as they are. Those that do not run here are left out. */
  enable(strategies: readonly StrategyId[]): void {
    this.enabled = new Set(strategies.filter((id) => this.strategies.has(id)));
  }

  /** Who holds copies of the coordinated strategies, in the order in which they became members. */
  get members(): readonly ReplicaId[] {
    return this.messaging.members;
  }

  /**
   * Carries out a person's intent under all enabled strategies, or only some. What they type goes to the coordinated strategies when they pause. Throws a
   * TypeError or RangeError, having done nothing, if it is malformed; an Error while a damaged edit is missing, as a new one would take its name.
   */
  perform(fieldId: FieldId, input: Intent, options: EditOptions = {}): EditRecord {
    const intent = parseIntent(fieldOf(this.schema, fieldId).type, input);
    this.mustBeWhole();
    const { only, gathers, restores } = options;
    const meant = (only ?? [...this.enabled]).map((id) => this.strategy(id).id);
    const aside = this.typing.asideOf(fieldId, intent, options);
    // What was gathered before goes out first: nothing that is gathered spans two actions.
    if (!gathers && !aside?.continues) this.batches.flush();
    const later: StrategyId[] = intent.kind === 'splice' && !gathers && !restores ? meant.filter((id) => this.messaging.coordinates(id)) : [];
    const isGathered = later.length > 0 && later.length < meant.length;
    const now = isGathered ? meant.filter((id) => !later.includes(id)) : meant;
    const isForAll = only === undefined && (now.length === this.strategies.size || later.length === meant.length);
    const record = this.carryOut(fieldId, intent, now, isForAll ? aside : { ...aside, only: now });
    this.typing.editMade(fieldId, intent, options);
    if (isGathered) this.batches.add(fieldId, intent as TextIntent);
    return record;
  }

  /** The replicas that can be reached through the relay now, this one included. */
  get reachable(): readonly ReplicaId[] {
    return this.messaging.reachable;
  }

  /** What was typed in a field and waits for a pause, or is under way, under a coordinated strategy: in the order in which it was typed. */
  openIntents(strategy: StrategyId, field: FieldId): readonly EditRecord['intent'][] {
    const open = this.openEdits(strategy).filter((record) => record.field === field).map(({ intent }) => intent);
    const typing = this.messaging.coordinates(strategy) && this.enabled.has(strategy) ? this.batches.waiting(field) : null;
    return typing ? [...open, typing] : open;
  }

  /** How many actions those are. */
  openActions(strategy: StrategyId, field: FieldId): number {
    return this.open.openIn(strategy, field, this.enabled.has(strategy) && this.batches.waiting(field) !== null);
  }

  /** The own edits whose answer has not come yet, under a coordinated strategy. */
  openEdits = (strategy: StrategyId): readonly EditRecord[] => this.open.under(strategy);

  /** How many own actions wait for a first answer of a coordinated strategy, what waits for a pause in typing included. */
  unanswered(strategy: StrategyId): number {
    return this.open.unansweredUnder(strategy, this.enabled.has(strategy) ? this.batches.waitingFields : []);
  }

  /** Sends what waits for a pause in typing now: the window is about to be hidden or closed. */
  endPause(): void {
    this.batches.flush();
  }

  /** Asks a strategy for a field's value, as that strategy reads: a coordinated one asks the copies that it must. */
  read(strategy: StrategyId, field: FieldId, callback: (answer: ReadAnswer) => void): void {
    if (this.messaging.coordinates(strategy)) this.messaging.read(strategy, field, callback);
    else callback({ outcome: 'read', value: this.value(strategy, field), last: this.strategy(strategy).lastEdit?.(field) ?? null });
  }

  /** Reads all fields at a replica, this one or another, as its strategies read, and notes what was told. Rejects with one sentence when there is no answer. */
  async readFrom(peer: ReplicaId): Promise<readonly Seen[]> {
    this.mustBeWhole();
    return this.remoteReads.readFrom(peer);
  }

  /** How the newest own edit of a field stands under a strategy, of those that were made since this replica was opened. */
  newestEdit(strategy: StrategyId, field: FieldId): NewestEdit | null {
    return this.open.newestOf(strategy, field);
  }

  /** Says that all carried deltas up to this own counter are safe elsewhere, so that they need not be kept here. */
  releaseCarried(counter: number): void {
    const safe = this.carrying.filter(({ dot }) => dot.counter <= counter);
    if (safe.length === 0) return;
    this.carrying = this.carrying.filter(({ dot }) => dot.counter > counter);
    this.outbox.writeLater(safe.map(({ dot, strategy }) => dropCarryChange(dot, strategy)));
  }

  onEvent(listener: (event: ReplicaEvent) => void): () => void {
    return this.listeners.add(listener);
  }

  /** Resolves when all that was done so far is stored (or refused by the store). */
  stored(): Promise<void> {
    return this.outbox.settled();
  }

  /** Stops listening and waits until all is stored. The transport and the store stay open: they belong to whoever made them. */
  async close(): Promise<void> {
    this.stopListening();
    this.batches.close();
    this.messaging.stop();
    await this.stored();
  }

  private mustBeWhole(): void {
    if (this.journal.hasHole(this.id)) throw new Error(`Replica ${this.id} cannot be edited: a stored edit is damaged. Switch the network on, so that the relay can bring it back.`);
  }

  private carryOut(field: FieldId, intent: Intent, meant: readonly StrategyId[], aside: EditAside | null): EditRecord {
    const edit = this.stamps.edit(this.clock, field, intent, aside);
    const changes: StoreChange[] = [];
    const traces: Partial<Record<StrategyId, Trace>> = {};
    for (const id of meant) {
      const { trace, carry } = this.messaging.coordinates(id) ? { trace: this.messaging.perform(id, edit) } : this.strategy(id).perform(edit);
      traces[id] = trace;
      if (!carry) continue;
      changes.push(carryChange(edit.dot, id, carry));
      this.carrying.push({ dot: edit.dot, strategy: id });
    }
    const record: EditRecord = { ...edit, traces };
    this.write(record, changes);
    return record;
  }

  private performGathered(field: FieldId, splice: TextIntent, gathers: number): void {
    const only = [...this.enabled].filter((id) => this.messaging.coordinates(id));
    try {
      if (only.length > 0) this.perform(field, splice, { only, gathers });
    } catch (error) {
      this.tell({ kind: 'trouble', trouble: errorText(error) });
    }
  }

  /** An own record: to the journal, the strategies, the store, and from there to the relay. */
  private write<Written extends JournalRecord>(record: Written, changes: readonly StoreChange[] = []): void {
    this.journal.add([record]);
    this.open.note(record);
    // Those too that it was not meant for: later edits name it in their contexts.
    for (const strategy of this.strategies.values()) strategy.take?.(record);
    this.outbox.store(record, changes);
    this.tell({ kind: 'changed' });
  }

  private async restore(): Promise<void> {
    const stored = await loadReplica(this.options.store, this.codec);
    this.epoch = stored.epoch;
    this.outbox.saved = stored.saved;
    for (const { counter, strategy, delta } of stored.carried) {
      this.strategies.get(strategy)?.receive(delta);
      this.carrying.push({ dot: { replica: this.id, counter }, strategy });
    }
    this.takeEffect(this.journal.add(stored.records));
    this.damage = stored.damaged;
    this.messaging.restore(stored.members, stored.kept);
    for (const { field, intent } of notGathered(this.journal.of(this.id), (id) => this.messaging.coordinates(id))) this.batches.add(field, intent);
  }

  private sayHello(): void {
    this.options.transport.send(this.codec.encode({ kind: 'hello', version: protocolVersion, replica: this.id, instance: this.options.instance, summary: this.clock }));
  }

  private receive(frame: Uint8Array): void {
    if (this.isOver) return;
    const message = this.codec.decode(frame);
    if (message.kind === 'welcome') this.onWelcome(message);
    if (message.kind === 'saved') this.onSaved(message.summary);
    if (message.kind === 'records') this.onRecords(message.records);
    if (message.kind === 'roster') this.messaging.onRoster(message);
    if (message.kind === 'direct') this.messaging.onDirect(message);
    // Not as after a new connection: what is under way may still arrive, and goes on.
    if (message.kind === 'again') this.sayHello();
  }

  private onClosed(): void {
    this.welcomed = false;
    this.messaging.onClosed();
    this.tell({ kind: 'changed' });
  }

  private onWelcome(message: MessageOf<'welcome'>): void {
    if (this.epoch !== null && isDiscarded(this.epoch, message.epoch, message.discarded)) return this.end();
    if (this.epoch !== message.epoch) this.outbox.writeLater([epochChange(message.epoch)]);
    this.epoch = message.epoch;
    // Nothing that the relay no longer has is saved: it may have lost its folder. What else it has counts when it says "saved".
    this.outbox.saved = this.outbox.saved.meet(message.summary);
    this.welcomed = true;
    this.sendRecords(this.journal.lackedBy(message.summary).filter((record) => this.outbox.isStored(record)));
    this.tell({ kind: 'changed' });
  }

  /** The room's life that this replica belongs to is over: nothing of it may reach the new one, nor the other way round. */
  private end(): void {
    this.isOver = true;
    this.batches.close();
    this.messaging.stop();
    this.tell({ kind: 'emptied' });
  }

  private onSaved(summary: VersionVector): void {
    this.outbox.saved = this.outbox.saved.merge(summary);
    this.outbox.writeLater([savedChange(this.outbox.saved)]);
    this.tell({ kind: 'changed' });
  }

  private onRecords(encoded: readonly Uint8Array[]): void {
    const bytesOf = new Map(encoded.map((bytes) => [this.codec.decodeRecord(bytes), bytes]));
    const fresh = this.journal.add([...bytesOf.keys()]);
    if (fresh.length === 0) return;
    this.takeEffect(fresh);
    this.outbox.writeLater(recordChanges(fresh, bytesOf));
    this.messaging.goOn();
    this.tell({ kind: 'changed' });
  }

  private takeEffect(records: readonly JournalRecord[]): void {
    for (const record of records) {
      this.stamps.observe(record.hybrid);
      this.open.note(record);
      for (const strategy of this.strategies.values()) {
        try {
          strategy.take?.(record);
        } catch (error) {
          this.tell({ kind: 'trouble', trouble: `${record.dot.replica}:${record.dot.counter} cannot be taken: ${errorText(error)}` });
        }
      }
    }
  }

  private sendStored(records: readonly JournalRecord[]): void {
    if (this.welcomed) this.sendRecords(records);
    this.messaging.stored(records.map(({ dot }) => dot));
    this.tell({ kind: 'changed' });
  }

  private sendRecords(records: readonly JournalRecord[]): void {
    for (const frame of recordFrames(records.map((record) => this.codec.encodeRecord(record)), this.codec.encode)) this.options.transport.send(frame);
  }

  private tell(event: ReplicaEvent): void {
    this.listeners.callEach((listener) => listener(event));
  }
}
