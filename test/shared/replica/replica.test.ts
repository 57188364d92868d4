import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import type { Intent } from '../../../shared/document/intent.ts';
import { labSchema } from '../../../shared/document/schema.ts';
import { encodeRecord } from '../../../shared/history/record-codec.ts';
import { decodeMessage, encodeMessage } from '../../../shared/protocol/codec.ts';
import { type Message, protocolVersion } from '../../../shared/protocol/messages.ts';
import type { Store, StoreChange, StoreEntry } from '../../../shared/ports/store.ts';
import { Replica } from '../../../shared/replica/replica.ts';
import type { ReplicaEvent } from '../../../shared/replica/replica-options.ts';
import { MemoryStore } from '../../support/memory-store.ts';
import { SimulatedTransport } from '../../support/simulated-transport.ts';
import { VirtualClock } from '../../../shared/simulation/virtual-clock.ts';
import { LastWriterWins } from '../../../shared/strategies/last-writer-wins/last-writer-wins.ts';
import { YjsStrategy } from '../../../shared/strategies/yjs/yjs-strategy.ts';
import { HandDeliveredRelay } from '../../support/hand-delivered-relay.ts';

const plusOne = { kind: 'increment', by: 1 } as const;

/** A store whose writes wait until they are let go, or fail. */
class HeldStore implements Store {
  failing = false;
  readonly inner = new MemoryStore();
  private readonly held: (() => void)[] = [];

  read(prefix: string): AsyncIterable<StoreEntry> {
    return this.inner.read(prefix);
  }

  async write(changes: readonly StoreChange[]): Promise<void> {
    await new Promise<void>((resolve) => this.held.push(resolve));
    if (this.failing) throw new Error('the disk is full');
    await this.inner.write(changes);
  }

  async letGo(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet++) {
      for (const resolve of this.held.splice(0)) resolve();
      await Promise.resolve();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async close(): Promise<void> {}
}

async function replicaOn(store: Store, id = 'A') {
  const transport = new SimulatedTransport();
  const events: ReplicaEvent[] = [];
  const strategies = [new YjsStrategy(labSchema, new Y.Doc()), new LastWriterWins(labSchema)];
  const replica = await Replica.open({ id, instance: 'i', schema: labSchema, strategies, clock: new VirtualClock(), store, transport });
  replica.onEvent((event) => events.push(event));
  return { replica, transport, events, troubles: () => events.flatMap((event) => (event.kind === 'trouble' ? [event.trouble] : [])) };
}

describe('a replica', () => {
  test('sends an edit only when it is stored, and counts it as waiting until the relay has confirmed it', async () => {
    const store = new HeldStore();
    const relay = new HandDeliveredRelay();
    const { replica, transport } = await replicaOn(store);
    relay.connect(transport);
    await relay.settle(transport);
    replica.perform('votes', plusOne);
    await relay.settle(transport);
    expect([relay.summary.toString(), replica.waiting, replica.value('crdt', 'votes')]).toEqual(['{}', 1, 1]);
    await store.letGo();
    await relay.settle(transport);
    expect([relay.summary.toString(), replica.waiting]).toEqual(['{A:1}', 0]);
  });

  test('tells of a store that fails, sends the edit all the same, and stores it with the next one', async () => {
    const store = new HeldStore();
    const relay = new HandDeliveredRelay();
    const { replica, transport, troubles } = await replicaOn(store);
    relay.connect(transport);
    await relay.settle(transport);
    await store.letGo();
    store.failing = true;
    replica.perform('votes', plusOne);
    await store.letGo();
    await relay.settle(transport);
    expect([troubles(), relay.summary.toString()]).toEqual([['Edits are not saved on this device: the disk is full'], '{A:1}']);
    store.failing = false;
    replica.perform('votes', plusOne);
    await store.letGo();
    expect(troubles().at(-1)).toBe(null);
    const again = await replicaOn(store.inner);
    expect(again.replica.clock.toString()).toBe('{A:2}');
  });

  test('refuses a malformed intent and a wrong field with one clear line, having done nothing', async () => {
    const { replica } = await replicaOn(new MemoryStore());
    expect(() => replica.perform('votes', { kind: 'set', value: 7 })).toThrow('a counter takes increment, not "set"');
    expect(() => replica.perform('seats', { kind: 'reserve', amount: -1 })).toThrow('amount is a whole number from 1 to 1000000, not -1');
    expect(() => replica.perform('colour', plusOne)).toThrow('there is no field "colour"; the document has title, notes, votes, tags, tasks, seats');
    expect(() => (replica.skewMs = 0.5)).toThrow('a clock skew is a whole number of milliseconds, not 0.5');
    expect(replica.clock.toString()).toBe('{}');
  });

  test('finds its edits again after a restart, waiting ones as waiting', async () => {
    const disk = new Map<string, Uint8Array>();
    const first = await replicaOn(new MemoryStore(disk));
    first.replica.perform('votes', plusOne);
    first.replica.perform('title', { kind: 'set', value: 'Rome' });
    await first.replica.close();
    const again = await replicaOn(new MemoryStore(disk));
    expect([again.replica.waiting, again.replica.value('last-writer-wins', 'title'), again.replica.value('crdt', 'title')]).toEqual([2, 'Rome', 'Rome']);
  });

  test('a damaged record is reported; no edit takes its name, and the relay brings it back', async () => {
    const disk = new Map<string, Uint8Array>();
    const relay = new HandDeliveredRelay();
    const first = await replicaOn(new MemoryStore(disk));
    relay.connect(first.transport);
    await relay.settle(first.transport);
    for (let i = 0; i < 3; i++) first.replica.perform('votes', plusOne);
    await first.replica.stored();
    await relay.settle(first.transport);
    await first.replica.close();
    first.transport.cut();
    disk.set('journal/A/0000000002', Uint8Array.of(1, 2, 3));
    const { replica, transport } = await replicaOn(new MemoryStore(disk));
    expect(replica.damage).toEqual([expect.stringMatching(/^journal\/A\/0000000002: not a record: /)]);
    expect(() => replica.perform('votes', plusOne)).toThrow('Replica A cannot be edited: a stored edit is damaged. Switch the network on, so that the relay can bring it back.');
    relay.connect(transport);
    await relay.settle(transport);
    replica.perform('votes', plusOne);
    expect([replica.clock.toString(), replica.value('last-writer-wins', 'votes')]).toEqual(['{A:4}', 4]);
  });

  test('what came from others is stored many at a time, and found again after a restart; a damaged entry comes again from the relay', async () => {
    const disk = new Map<string, Uint8Array>();
    const relay = new HandDeliveredRelay();
    const writer = await replicaOn(new MemoryStore(), 'B');
    for (let i = 0; i < 300; i++) writer.replica.perform('votes', plusOne);
    await writer.replica.stored();
    const first = await replicaOn(new MemoryStore(disk));
    for (const { transport } of [writer, first]) relay.connect(transport);
    await relay.settle(writer.transport, first.transport);
    expect(first.replica.clock.toString()).toBe('{B:300}');
    first.replica.perform('votes', plusOne);
    await first.replica.close();
    first.transport.cut();
    expect([...disk.keys()].filter((key) => key.startsWith('journal/')).sort()).toEqual(['journal/A/0000000001', 'journal/B/0000000001', 'journal/B/0000000129', 'journal/B/0000000257']);
    const again = await replicaOn(new MemoryStore(disk));
    expect([again.replica.damage, again.replica.clock.toString(), again.replica.value('last-writer-wins', 'votes')]).toEqual([[], '{A:1 B:300}', 300]);
    disk.set('journal/B/0000000001', disk.get('journal/B/0000000001')!.slice(0, -1));
    const { replica, transport } = await replicaOn(new MemoryStore(disk));
    expect([replica.damage, replica.clock.get('B')]).toEqual([[expect.stringMatching(/^journal\/B\/0000000001: not a journal entry: /)], 0]);
    relay.connect(transport);
    await relay.settle(transport);
    expect([replica.clock.toString(), replica.value('last-writer-wins', 'votes')]).toEqual(['{A:1 B:300}', 300]);
    await replica.close();
    expect((await replicaOn(new MemoryStore(disk))).replica.clock.toString()).toBe('{A:1 B:300}');
  });

  test('a relay that lost its folder gets everything again; the edits count as waiting until it has them', async () => {
    const { replica, transport } = await replicaOn(new MemoryStore());
    const old = new HandDeliveredRelay(1);
    old.connect(transport);
    await old.settle(transport);
    replica.perform('votes', plusOne);
    await replica.stored();
    await old.settle(transport);
    expect(replica.waiting).toBe(0);
    transport.cut();
    const fresh = new HandDeliveredRelay(2);
    fresh.connect(transport);
    await fresh.settle(transport);
    expect([fresh.summary.toString(), replica.waiting]).toEqual(['{A:1}', 0]);
  });

  test('a room that was emptied on purpose meanwhile is told, and nothing of the old life is sent', async () => {
    const { replica, transport, events } = await replicaOn(new MemoryStore());
    const relay = new HandDeliveredRelay();
    relay.connect(transport);
    await relay.settle(transport);
    transport.cut();
    replica.perform('votes', plusOne);
    await replica.stored();
    await relay.empty();
    relay.connect(transport);
    await relay.settle(transport);
    expect([events.at(-1)?.kind, relay.summary.toString()]).toEqual(['emptied', '{}']);
  });

  test('a peer\'s record whose intent does not fit the document keeps its place and changes nothing', async () => {
    const relay = new HandDeliveredRelay();
    const { replica, transport } = await replicaOn(new MemoryStore(), 'B');
    const peer = new SimulatedTransport();
    for (const end of [transport, peer]) relay.connect(end);
    const write = (counter: number, replaces: string, intent: object): Uint8Array => {
      const traces = { 'last-writer-wins': { outcome: 'accepted', details: [0, { votes: replaces }] } } as const;
      return encodeRecord({ dot: { replica: 'A', counter }, context: VersionVector.of([['A', counter - 1]]), field: 'votes', intent: intent as Intent, wallMs: counter, hybrid: { ms: counter, counter: 0 }, traces });
    };
    peer.send(encodeMessage({ kind: 'hello', version: protocolVersion, replica: 'A', instance: 'peer', summary: VersionVector.of([['A', 2]]) }));
    peer.send(encodeMessage({ kind: 'records', records: [write(1, '', { kind: 'increment', by: 'many' }), write(2, 'A:1', plusOne)] }));
    await relay.settle(transport, peer);
    expect([replica.clock.toString(), replica.value('last-writer-wins', 'votes')]).toEqual(['{A:2}', 1]);
  });

  test('asked again, says hello with all that it has, and stays in touch meanwhile', async () => {
    const { replica, transport } = await replicaOn(new MemoryStore());
    const relayEnd = new SimulatedTransport();
    const said: Message[] = [];
    relayEnd.listen({ opened: () => {}, received: (frame) => said.push(decodeMessage(frame)), closed: () => {} });
    relayEnd.connect(transport);
    relayEnd.send(encodeMessage({ kind: 'welcome', version: 1, epoch: 'e', discarded: [], summary: VersionVector.empty }));
    while (transport.deliver());
    replica.perform('votes', plusOne);
    await replica.stored();
    relayEnd.send(encodeMessage({ kind: 'again' }));
    while (transport.deliver());
    while (relayEnd.deliver());
    expect(said.map(({ kind }) => kind)).toEqual(['hello', 'records', 'hello']);
    expect(said[2]).toMatchObject({ kind: 'hello', replica: 'A', instance: 'i', summary: VersionVector.of([['A', 1]]) });
    expect(replica.isSynced).toBe(true);
    // What came of the record is not known: the relay says that it has nothing, and gets it once more.
    relayEnd.send(encodeMessage({ kind: 'welcome', version: 1, epoch: 'e', discarded: [], summary: VersionVector.empty }));
    while (transport.deliver());
    while (relayEnd.deliver());
    expect(said.at(-1)?.kind).toBe('records');
  });
});
