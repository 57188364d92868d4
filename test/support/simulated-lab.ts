/** Replicas as in the windows (replica, journal, outbox, strategies), with a simulated relay, a memory store each and a virtual clock. */
import * as Y from 'yjs';
import { type Ledger, ledgerOf } from '../../shared/analysis/ledger.ts';
import type { VersionVector } from '../../shared/clocks/version-vector.ts';
import type { EditOptions } from '../../shared/history/record.ts';
import type { Intent } from '../../shared/document/intent.ts';
import { labSchema, type Schema } from '../../shared/document/schema.ts';
import type { StoreChange } from '../../shared/ports/store.ts';
import { Replica } from '../../shared/replica/replica.ts';
import { MemoryStore } from './memory-store.ts';
import type { SeededRandom } from '../../shared/network/seeded-random.ts';
import { SimulatedTransport } from './simulated-transport.ts';
import { VirtualClock } from '../../shared/simulation/virtual-clock.ts';
import { Consensus } from '../../shared/strategies/consensus/consensus.ts';
import { coordinatedIds } from '../../shared/strategies/registry.ts';
import { LastWriterWins } from '../../shared/strategies/last-writer-wins/last-writer-wins.ts';
import { Quorum } from '../../shared/strategies/quorum/quorum.ts';
import { defaultQuorumSettings, type QuorumSettings } from '../../shared/strategies/quorum/settings.ts';
import { Siblings } from '../../shared/strategies/siblings/siblings.ts';
import { defaultSingleLeaderSettings, type SingleLeaderSettings } from '../../shared/strategies/single-leader/settings.ts';
import { SingleLeader } from '../../shared/strategies/single-leader/single-leader.ts';
import { YjsStrategy } from '../../shared/strategies/yjs/yjs-strategy.ts';
import { HandDeliveredRelay } from './hand-delivered-relay.ts';
import { randomIntent } from './random-intent.ts';
import type { LastWriterWinsSettings } from '../../shared/strategies/last-writer-wins/settings.ts';
import type { SiblingsSettings } from '../../shared/strategies/siblings/settings.ts';

export interface TalkingSettings {
  readonly quorum: QuorumSettings;
  readonly leader?: SingleLeaderSettings;
}

/** A disk that may refuse to write for a while. */
export class FailingStore extends MemoryStore {
  failing = false;

  override write(changes: readonly StoreChange[]): Promise<void> {
    return this.failing ? Promise.reject(new Error('the disk is full')) : super.write(changes);
  }
}

export interface SimulatedReplica {
  readonly name: string;
  replica: Replica;
  crdt: YjsStrategy;
  lastWriterWins: LastWriterWins;
  siblings: Siblings;
  /** The coordinated ones. */
  quorum: Quorum;
  consensus: Consensus;
  leader: SingleLeader;
  transport: SimulatedTransport;
  store: FailingStore;
  /** What the replica's disk holds: it outlives the replica. */
  readonly disk: Map<string, Uint8Array>;
  /** What the Y.Doc's own store holds: it may be behind the journal, as a real one is after a crash. */
  storedDocument: Uint8Array;
  life: number;
}

export class SimulatedLab {
  readonly clock = new VirtualClock();
  readonly relay = new HandDeliveredRelay();
  /** The relay's copy of the Y.Doc. */
  readonly hub = new Y.Doc();
  readonly replicas: SimulatedReplica[] = [];

  private constructor(readonly schema: Schema, private readonly settings: LastWriterWinsSettings, /** null: without the siblings strategy. */
    private readonly siblingsSettings: SiblingsSettings | null | undefined,
    private readonly clientIds: (name: string, life: number) => number,
    /** null: without the coordinated strategies. */
    private readonly coordinated: TalkingSettings | null) {}

  static async start(names: readonly string[], options: { schema?: Schema; settings?: LastWriterWinsSettings; siblings?: SiblingsSettings | null; clientIds?: (name: string, life: number) => number; coordinated?: TalkingSettings | null } = {}): Promise<SimulatedLab> {
    const clientIds = options.clientIds ?? ((name, life) => 1000 + name.charCodeAt(0) * 100 + life);
    const lab = new SimulatedLab(options.schema ?? labSchema, options.settings ?? { granularity: 'field', clock: 'wall' }, options.siblings, clientIds, options.coordinated ?? null);
    for (const name of names) {
      const each: SimulatedReplica = { name, life: 0, storedDocument: Y.encodeStateAsUpdate(new Y.Doc()), ...(await lab.open(name, new Map(), 0)) };
      lab.replicas.push(each);
    }
    return lab;
  }

  at(name: string): SimulatedReplica {
    const found = this.replicas.find((each) => each.name === name);
    if (!found) throw new RangeError(`no replica ${name}`);
    return found;
  }

  /** An edit; the virtual clock moves on by a millisecond first. */
  edit(name: string, field: string, intent: Intent, options: EditOptions = {}): void {
    this.clock.advance(1);
    this.at(name).replica.perform(field, intent, options);
  }

  online(name: string): void {
    const each = this.at(name);
    if (!each.transport.isOpen) this.relay.connect(each.transport);
    this.exchangeDocument(each);
  }

  offline(name: string): void {
    this.at(name).transport.cut();
  }

  /** Delivers all that is under way, to everybody, until nothing is. */
  async settle(): Promise<void> {
    for (let busy = true; busy; ) {
      for (const each of this.replicas) await each.replica.stored();
      busy = await this.relay.settle(...this.replicas.map((each) => each.transport));
    }
    for (let round = 0; round < 2; round++) for (const each of this.replicas) if (each.transport.isOpen) this.exchangeDocument(each);
  }

  /** Lets time pass, and delivers everything as it comes, until something is true; throws when it is not after so long, in milliseconds of virtual time. */
  async runUntil(condition: () => boolean, what: string, msMax = 120_000): Promise<void> {
    for (let leftMs = msMax; leftMs > 0; leftMs -= 20) {
      await this.settle();
      if (condition()) return;
      this.clock.advance(20);
    }
    throw new Error(`${what}, still not after ${msMax} ms`);
  }

  /** Brings everybody online and settles, until nothing waits for an answer and all show the same. */
  async heal(): Promise<void> {
    for (const each of this.replicas) this.online(each.name);
    await this.settle();
    if (!this.coordinated) return;
    for (const each of this.replicas) each.replica.endPause();
    await this.runUntil(() => this.isAnswered() && this.isEqual(), 'all is answered and all show the same');
  }

  private isAnswered(): boolean {
    return this.replicas.every(({ replica }) => coordinatedIds.every((strategy) => replica.openEdits(strategy).length === 0));
  }

  private isEqual(): boolean {
    return coordinatedIds.every((strategy) => new Set(this.replicas.map(({ replica }) => replica.strategy(strategy).digest())).size === 1) && new Set(this.replicas.map(({ replica }) => replica.clock.toString())).size === 1;
  }

  /** The replica's process ends without a word and starts again from its disk, offline. */
  async crash(name: string): Promise<void> {
    const each = this.at(name);
    each.transport.cut();
    each.life++;
    // What its timers would have done is not done: it is dead.
    void each.replica.close();
    // A copy: whatever the dead process had not yet written must not reach the disk after its death.
    Object.assign(each, await this.open(name, new Map(each.disk), each.life, each.storedDocument));
  }

  get everywhere(): VersionVector {
    return this.replicas.map((each) => each.replica.clock).reduce((all, clock) => all.meet(clock));
  }

  /** The ledger as this replica sees it. */
  ledger(name: string): Ledger {
    const { replica, crdt, lastWriterWins, siblings } = this.at(name);
    return ledgerOf({ schema: this.schema, records: replica.records, crdt: crdt.doc, lastWriterWins, ...(this.siblingsSettings === null ? {} : { siblings }), everywhere: this.everywhere });
  }

  /** One random step: mostly an edit, now and then a fault or a delivery. */
  async randomStep(random: SeededRandom): Promise<void> {
    const each = random.pick(this.replicas);
    // Often at the same millisecond, so that timestamps tie.
    this.clock.advance(random.chance(0.3) ? 0 : random.below(50));
    if (random.chance(0.05)) each.storedDocument = Y.encodeStateAsUpdate(each.crdt.doc);
    if (random.chance(0.08)) return void (each.transport.isOpen ? this.offline(each.name) : this.online(each.name));
    if (random.chance(0.01)) return this.crash(each.name);
    if (random.chance(0.02)) return void (each.replica.skewMs = (random.below(7) - 3) * 60_000);
    if (random.chance(0.15)) return this.deliverSome(random);
    if (this.coordinated && random.chance(0.6)) await this.deliverSome(random);
    if (this.coordinated && random.chance(0.02)) each.leader.promote();
    const field = random.pick(this.schema);
    const waiting = each.siblings.waiting(field.id);
    if (waiting.length > 0 && random.chance(0.5)) {
      const chosen = random.pick(waiting);
      return void each.replica.perform(field.id, { kind: 'resolve', value: chosen.value, keeps: [chosen.key] }, { only: ['siblings'] });
    }
    const column = random.pick(this.coordinated ? (['crdt', 'last-writer-wins', 'consensus', 'quorum', 'single-leader'] as const) : (['crdt', 'last-writer-wins'] as const));
    each.replica.perform(field.id, randomIntent(random, field, each.replica.value(column, field.id)));
  }

  private async deliverSome(random: SeededRandom): Promise<void> {
    for (const each of this.replicas) await each.replica.stored();
    await this.relay.idle();
    const ends = [...this.relay.ends, ...this.replicas.map((each) => each.transport)].filter((end) => end.arrivingCount > 0);
    if (ends.length > 0) for (let left = random.below(25); left >= 0; left--) random.pick(ends).deliver();
    const each = random.pick(this.replicas);
    if (each.transport.isOpen) this.exchangeDocument(each);
  }

  private exchangeDocument({ crdt }: SimulatedReplica): void {
    Y.applyUpdate(this.hub, crdt.delta(Y.encodeStateVector(this.hub)));
    crdt.receive(Y.encodeStateAsUpdate(this.hub, crdt.summary()));
  }

  private async open(name: string, disk: Map<string, Uint8Array>, life: number, document?: Uint8Array): Promise<Pick<SimulatedReplica, 'replica' | 'crdt' | 'lastWriterWins' | 'siblings' | 'quorum' | 'consensus' | 'leader' | 'transport' | 'store' | 'disk'>> {
    const doc = new Y.Doc();
    doc.clientID = this.clientIds(name, life);
    const crdt = new YjsStrategy(this.schema, doc);
    if (document) crdt.receive(document);
    const lastWriterWins = new LastWriterWins(this.schema, this.settings);
    const siblings = new Siblings(this.schema, this.siblingsSettings ?? undefined);
    const transport = new SimulatedTransport();
    const store = new FailingStore(disk);
    const quorum = new Quorum(this.schema, this.coordinated?.quorum ?? defaultQuorumSettings);
    const consensus = new Consensus(this.schema);
    const leader = new SingleLeader(this.schema, this.coordinated?.leader ?? defaultSingleLeaderSettings);
    const coordinated = this.coordinated ? [quorum, consensus, leader] : [];
    const replica = await Replica.open({ coordinated, id: name, instance: `instance-${name}`, schema: this.schema, strategies: [crdt, lastWriterWins, ...(this.siblingsSettings === null ? [] : [siblings])], clock: this.clock, store, transport });
    return { replica, crdt, lastWriterWins, siblings, quorum, consensus, leader, transport, store, disk };
  }
}
