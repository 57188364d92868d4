/**
 * However what was done is delivered, the end is the same: reordered, repeated, in batches, in pieces, with restarts in between. A newcomer who gets the
 * records and the document of a random run in any such way shows what those who were there show.
 */
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { labSchema } from '../../shared/document/schema.ts';
import { encodeMessage } from '../../shared/protocol/codec.ts';
import { Replica } from '../../shared/replica/replica.ts';
import { RandomRuns } from '../../shared/scenarios/random-runs.ts';
import type { ScenarioRun } from '../../shared/scenarios/run-scenario.ts';
import { MemoryStore } from '../support/memory-store.ts';
import { SeededRandom } from '../../shared/network/seeded-random.ts';
import { SimulatedLink } from '../../shared/simulation/simulated-link.ts';
import { VirtualClock } from '../../shared/simulation/virtual-clock.ts';
import type { Strategy } from '../../shared/strategies/strategy.ts';
import { LastWriterWins } from '../../shared/strategies/last-writer-wins/last-writer-wins.ts';
import { Siblings } from '../../shared/strategies/siblings/siblings.ts';
import { YjsStrategy } from '../../shared/strategies/yjs/yjs-strategy.ts';
import { runTemplateOf } from '../support/random-run-template.ts';
import { repeatWith, seedsOf } from '../support/run-counts.ts';

const answering = ['crdt', 'last-writer-wins', 'siblings'] as const;

/** A newcomer with a disk, whose program ends and begins again. */
class Newcomer {
  private readonly entries = new Map<string, Uint8Array>();
  private document: Uint8Array | null = null;
  private readonly delivered: Uint8Array[] = [];
  private readonly clock = new VirtualClock();
  private link = new SimulatedLink(this.clock);
  private crdt!: YjsStrategy;
  private replica!: Replica;
  strategies: readonly Strategy[] = [];

  constructor(private readonly run: ScenarioRun) {}

  async open(): Promise<void> {
    const { siblings } = this.run.scenario.settings;
    this.link = new SimulatedLink(this.clock);
    this.crdt = new YjsStrategy(labSchema, new Y.Doc());
    if (this.document) this.crdt.receive(this.document);
    this.strategies = [this.crdt, new LastWriterWins(labSchema), new Siblings(labSchema, siblings)];
    this.replica = await Replica.open({ id: 'N', instance: 'n', schema: labSchema, strategies: this.strategies, clock: this.clock, store: new MemoryStore(this.entries), transport: this.link.replicaEnd });
    this.link.connect();
  }

  async restart(): Promise<void> {
    this.document = Y.encodeStateAsUpdate(this.crdt.doc);
    this.link.cut();
    await this.replica.close();
    await this.open();
    // What waited for others was not stored: a relay sends again what a replica says it lacks.
    if (this.delivered.length > 0) this.takeRecords(this.delivered.splice(0));
  }

  takeRecords(records: readonly Uint8Array[]): void {
    this.delivered.push(...records);
    this.link.relayEnd.send(encodeMessage({ kind: 'records', records }));
    while (this.link.isBusy) this.clock.advance(1);
  }

  takeUpdate(update: Uint8Array): void {
    this.crdt.receive(update);
  }
}

/** Pieces of a document that overlap, and that are the whole of it together. */
function piecesOf(doc: Y.Doc, random: SeededRandom): Uint8Array[] {
  const state = [...Y.decodeStateVector(Y.encodeStateVector(doc))];
  const partial = Array.from({ length: 4 }, () => {
    const vector = new Map(state.map(([client, clock]) => [client, random.below(clock + 1)]));
    return Y.encodeStateAsUpdate(doc, encodedVector(vector));
  });
  return [...partial, Y.encodeStateAsUpdate(doc)];
}

function encodedVector(vector: ReadonlyMap<number, number>): Uint8Array {
  // As Yjs writes it: how many, then client and clock of each, highest client first.
  const numbers = [vector.size, ...[...vector].sort(([a], [b]) => b - a).flat()];
  return Uint8Array.from(numbers.flatMap(varUint));
}

function varUint(number: number): number[] {
  return number < 128 ? [number] : [128 | (number % 128), ...varUint(Math.floor(number / 128))];
}

function shuffled<Item>(items: readonly Item[], random: SeededRandom): Item[] {
  return items.map((item) => ({ item, key: random.uint32() })).sort((a, b) => a.key - b.key).map(({ item }) => item);
}

/** Everything some times, in any order, in batches of any size. */
function deliveriesOf(run: ScenarioRun, random: SeededRandom): (Uint8Array | readonly Uint8Array[])[] {
  const records = run.room.relay.records();
  const repeated = shuffled([...records, ...records.filter(() => random.chance(0.3))], random);
  const batches: Uint8Array[][] = [];
  while (repeated.length > 0) batches.push(repeated.splice(0, 1 + random.below(random.chance(0.2) ? 60 : 6)));
  return shuffled<Uint8Array | readonly Uint8Array[]>([...batches, ...piecesOf(run.document, random), ...piecesOf(run.document, random).slice(0, 2)], random);
}

test('[ALL1] [ALL2] [ALL3] delivered in any order, repeated, in batches, in pieces and with restarts: the same digests', { timeout: 600_000, tags: ['runs'] }, async () => {
  const seeds = seedsOf('metamorphic');
  let edits = 0;
  for (const seed of seeds) {
    const random = new SeededRandom(seed ^ 0x9e3779b9);
    const { run } = await new RandomRuns({ ...runTemplateOf(seed), strategies: [...answering] }, { edits: 40, faults: 6, verdicts: false }).run(seed);
    edits += run.ledger.rows.length;
    const newcomer = new Newcomer(run);
    await newcomer.open();
    for (const delivery of deliveriesOf(run, random)) {
      if (delivery instanceof Uint8Array) newcomer.takeUpdate(delivery);
      else newcomer.takeRecords(delivery);
      if (random.chance(0.05)) await newcomer.restart();
    }
    const there = run.room.replicas[0]!.replica;
    for (const strategy of newcomer.strategies) expect(strategy.digest(), `${strategy.id}; ${repeatWith('metamorphic', seed)}`).toBe(there.strategy(strategy.id).digest());
  }
  expect(edits).toBeGreaterThan(seeds.length * 20);
});
