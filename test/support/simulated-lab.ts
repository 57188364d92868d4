/** Replicas as in the windows (replica, journal, outbox, strategies), with a simulated relay, a memory store each and a virtual clock. */
import * as Y from 'yjs';
import { type Ledger, ledgerOf } from '../../shared/analysis/ledger.ts';
import type { VersionVector } from '../../shared/clocks/version-vector.ts';
import type { Intent } from '../../shared/document/intent.ts';
import { labSchema, type Schema } from '../../shared/document/schema.ts';
import { Replica } from '../../shared/replica/replica.ts';
import { MemoryStore } from '../../shared/simulation/memory-store.ts';
import type { SeededRandom } from '../../shared/simulation/seeded-random.ts';
import { SimulatedRelay } from '../../shared/simulation/simulated-relay.ts';
import { SimulatedTransport } from '../../shared/simulation/simulated-transport.ts';
import { VirtualClock } from '../../shared/simulation/virtual-clock.ts';
import { LastWriterWins, type LastWriterWinsSettings } from '../../shared/strategies/last-writer-wins/last-writer-wins.ts';
import { Siblings, type SiblingsSettings } from '../../shared/strategies/siblings/siblings.ts';
import { YjsStrategy } from '../../shared/strategies/yjs/yjs-strategy.ts';
import { randomIntent } from './random-intent.ts';

export interface SimulatedReplica {
  readonly name: string;
  replica: Replica;
  crdt: YjsStrategy;
  lastWriterWins: LastWriterWins;
  siblings: Siblings;
  transport: SimulatedTransport;
  /** What the replica's disk holds: it outlives the replica. */
  readonly disk: Map<string, Uint8Array>;
  /** What the Y.Doc's own store holds: it may be behind the journal, as a real one is after a crash. */
  storedDocument: Uint8Array;
  life: number;
}

export class SimulatedLab {
  readonly clock = new VirtualClock();
  readonly relay = new SimulatedRelay();
  /** The relay's copy of the Y.Doc. */
  readonly hub = new Y.Doc();
  readonly replicas: SimulatedReplica[] = [];

  private constructor(readonly schema: Schema, private readonly settings: LastWriterWinsSettings, /** null: without the siblings strategy. */
    private readonly siblingsSettings: SiblingsSettings | null | undefined,
    private readonly clientIds: (name: string, life: number) => number) {}

  static async start(names: readonly string[], options: { schema?: Schema; settings?: LastWriterWinsSettings; siblings?: SiblingsSettings | null; clientIds?: (name: string, life: number) => number } = {}): Promise<SimulatedLab> {
    const clientIds = options.clientIds ?? ((name, life) => 1000 + name.charCodeAt(0) * 100 + life);
    const lab = new SimulatedLab(options.schema ?? labSchema, options.settings ?? { granularity: 'field', clock: 'wall' }, options.siblings, clientIds);
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
  edit(name: string, field: string, intent: Intent): void {
    this.clock.advance(1);
    this.at(name).replica.perform(field, intent);
  }

  online(name: string): void {
    const each = this.at(name);
    if (!each.transport.isOpen) this.relay.accept(each.transport);
    this.exchangeDocument(each);
  }

  offline(name: string): void {
    this.at(name).transport.cut();
  }

  /** Delivers all that is under way, to everybody, until nothing is. */
  async settle(): Promise<void> {
    for (let busy = true; busy; ) {
      for (const each of this.replicas) await each.replica.stored();
      busy = false;
      for (const end of [...this.relay.ends, ...this.replicas.map((each) => each.transport)]) while (end.deliver()) busy = true;
    }
    for (let round = 0; round < 2; round++) for (const each of this.replicas) if (each.transport.isOpen) this.exchangeDocument(each);
  }

  /** Brings everybody online and settles. */
  async heal(): Promise<void> {
    for (const each of this.replicas) this.online(each.name);
    await this.settle();
  }

  /** The replica's process ends without a word and starts again from its disk, offline. */
  async crash(name: string): Promise<void> {
    const each = this.at(name);
    each.transport.cut();
    each.life++;
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
    const field = random.pick(this.schema);
    const waiting = each.siblings.waiting(field.id);
    if (waiting.length > 0 && random.chance(0.5)) {
      const chosen = random.pick(waiting);
      return void each.replica.perform(field.id, { kind: 'resolve', value: chosen.value, keeps: [chosen.key] }, { only: ['siblings'] });
    }
    const column = random.pick(['crdt', 'last-writer-wins'] as const);
    each.replica.perform(field.id, randomIntent(random, field, each.replica.value(column, field.id)));
  }

  private async deliverSome(random: SeededRandom): Promise<void> {
    for (const each of this.replicas) await each.replica.stored();
    const ends = [...this.relay.ends, ...this.replicas.map((each) => each.transport)].filter((end) => end.arrivingCount > 0);
    if (ends.length > 0) for (let left = random.below(10); left >= 0; left--) random.pick(ends).deliver();
    const each = random.pick(this.replicas);
    if (each.transport.isOpen) this.exchangeDocument(each);
  }

  private exchangeDocument({ crdt }: SimulatedReplica): void {
    Y.applyUpdate(this.hub, crdt.delta(Y.encodeStateVector(this.hub)));
    crdt.receive(Y.encodeStateAsUpdate(this.hub, crdt.summary()));
  }

  private async open(name: string, disk: Map<string, Uint8Array>, life: number, document?: Uint8Array): Promise<Pick<SimulatedReplica, 'replica' | 'crdt' | 'lastWriterWins' | 'siblings' | 'transport' | 'disk'>> {
    const doc = new Y.Doc();
    doc.clientID = this.clientIds(name, life);
    const crdt = new YjsStrategy(this.schema, doc);
    if (document) crdt.receive(document);
    const lastWriterWins = new LastWriterWins(this.schema, this.settings);
    const siblings = new Siblings(this.schema, this.siblingsSettings ?? undefined);
    const transport = new SimulatedTransport();
    const replica = await Replica.open({ id: name, instance: `instance-${name}`, schema: this.schema, strategies: [crdt, lastWriterWins, ...(this.siblingsSettings === null ? [] : [siblings])], clock: this.clock, store: new MemoryStore(disk), transport });
    return { replica, crdt, lastWriterWins, siblings, transport, disk };
  }
}
