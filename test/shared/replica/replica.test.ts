import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import type { Intent } from '../../../shared/document/intent.ts';
import { labSchema } from '../../../shared/document/schema.ts';
import { encodeRecord } from '../../../shared/history/record-codec.ts';
import { decodeMessage, encodeMessage } from '../../../shared/protocol/codec.ts';
import { type Message, protocolVersion } from '../../../shared/protocol/messages.ts';
import type { Store, StoreChange, StoreEntry } from '../../../shared/ports/store.ts';
import type { TransportListener } from '../../../shared/ports/transport.ts';
import { Replica } from '../../../shared/replica/replica.ts';
import type { ReplicaEvent } from '../../../shared/replica/replica-options.ts';
import { MemoryStore } from '../../support/memory-store.ts';
import { SeededRandom } from '../../../shared/network/seeded-random.ts';
import { SimulatedLink } from '../../../shared/simulation/simulated-link.ts';
import { SimulatedRelay } from '../../../shared/simulation/simulated-relay.ts';
import { promisesKept } from '../../../shared/simulation/simulated-room.ts';
import { VirtualClock } from '../../../shared/simulation/virtual-clock.ts';
import { LastWriterWins } from '../../../shared/strategies/last-writer-wins/last-writer-wins.ts';
import { YjsStrategy } from '../../../shared/strategies/yjs/yjs-strategy.ts';

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

/** A relay's room, and the time of the links that lead to it: it passes only in `settle`. */
class RelayByHand {
  private readonly relay: SimulatedRelay;
  /** Ends the listening at each link. */
  private readonly links = new Map<SimulatedLink, () => void>();

  constructor(seed = 1, readonly clock = new VirtualClock()) {
    const report = (trouble: string): never => {
      throw new Error(trouble);
    };
    this.relay = new SimulatedRelay({ clock, random: new SeededRandom(seed), report });
  }

  get summary(): string {
    return this.relay.summary.toString();
  }

  /** Opens a link of its clock, and has the other end of it. */
  connect(link: SimulatedLink, name = 'A'): void {
    const { relayEnd } = link;
    if (!this.links.has(link)) {
      const listen = (listener: TransportListener): (() => void) => {
        const stop = relayEnd.listen(listener);
        this.links.set(link, stop);
        return stop;
      };
      const send = (frame: Uint8Array): void => relayEnd.send(frame);
      this.relay.accept({ isOpen: false, send, listen }, name);
    }
    link.connect();
  }

  /** Has nothing to do with a link any more. */
  leave(link: SimulatedLink): void {
    link.cut();
    this.links.get(link)?.();
    this.links.delete(link);
  }

  /** Lets all that is under way arrive, and the room do what it waits for. */
  async settle(): Promise<void> {
    // Longer than anything that it waits for where no frame is lost.
    const endMs = this.clock.nowMs() + 500;
    await promisesKept();
    while (this.clock.advanceToNext(endMs)) await promisesKept();
  }

  /** Begins the room's next life, with nothing in it. */
  async empty(): Promise<void> {
    let isEmpty = false;
    void this.relay.empty().then(() => (isEmpty = true));
    while (!isEmpty) await this.settle();
  }
}

/** A replica, offline; the clock is that of its link, and of the relay that this leads to. */
async function replicaOn(store: Store, { id = 'A', clock = new VirtualClock() } = {}) {
  const link = new SimulatedLink(clock);
  const events: ReplicaEvent[] = [];
  const strategies = [new YjsStrategy(labSchema, new Y.Doc()), new LastWriterWins(labSchema)];
  const replica = await Replica.open({ id, instance: 'i', schema: labSchema, strategies, clock: new VirtualClock(), store, transport: link.replicaEnd });
  replica.onEvent((event) => events.push(event));
  return { replica, link, events, troubles: () => events.flatMap((event) => (event.kind === 'trouble' ? [event.trouble] : [])) };
}

describe('a replica', () => {
  test('sends an edit only when it is stored, and counts it as waiting until the relay has confirmed it', async () => {
    const store = new HeldStore();
    const relay = new RelayByHand();
    const { replica, link } = await replicaOn(store, relay);
    relay.connect(link);
    await relay.settle();
    replica.perform('votes', plusOne);
    await relay.settle();
    expect([relay.summary, replica.waiting, replica.value('crdt', 'votes')]).toEqual(['{}', 1, 1]);
    await store.letGo();
    await relay.settle();
    expect([relay.summary, replica.waiting]).toEqual(['{A:1}', 0]);
  });

  test('tells of a store that fails, sends the edit all the same, and stores it with the next one', async () => {
    const store = new HeldStore();
    const relay = new RelayByHand();
    const { replica, link, troubles } = await replicaOn(store, relay);
    relay.connect(link);
    await relay.settle();
    await store.letGo();
    store.failing = true;
    replica.perform('votes', plusOne);
    await store.letGo();
    await relay.settle();
    expect([troubles(), relay.summary]).toEqual([['Edits are not saved on this device: the disk is full'], '{A:1}']);
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
    const relay = new RelayByHand();
    const first = await replicaOn(new MemoryStore(disk), relay);
    relay.connect(first.link);
    await relay.settle();
    for (let i = 0; i < 3; i++) first.replica.perform('votes', plusOne);
    await first.replica.stored();
    await relay.settle();
    await first.replica.close();
    relay.leave(first.link);
    disk.set('journal/A/0000000002', Uint8Array.of(1, 2, 3));
    const { replica, link } = await replicaOn(new MemoryStore(disk), relay);
    expect(replica.damage).toEqual([expect.stringMatching(/^journal\/A\/0000000002: not a record: /)]);
    expect(() => replica.perform('votes', plusOne)).toThrow('Replica A cannot be edited: a stored edit is damaged. Switch the network on, so that the relay can bring it back.');
    relay.connect(link);
    await relay.settle();
    replica.perform('votes', plusOne);
    expect([replica.clock.toString(), replica.value('last-writer-wins', 'votes')]).toEqual(['{A:4}', 4]);
  });

  test('what came from others is stored many at a time, and found again after a restart; a damaged entry comes again from the relay', async () => {
    const disk = new Map<string, Uint8Array>();
    const relay = new RelayByHand();
    const writer = await replicaOn(new MemoryStore(), { id: 'B', clock: relay.clock });
    for (let i = 0; i < 300; i++) writer.replica.perform('votes', plusOne);
    await writer.replica.stored();
    const first = await replicaOn(new MemoryStore(disk), relay);
    relay.connect(writer.link, 'B');
    relay.connect(first.link);
    await relay.settle();
    expect(first.replica.clock.toString()).toBe('{B:300}');
    first.replica.perform('votes', plusOne);
    await first.replica.close();
    relay.leave(first.link);
    expect([...disk.keys()].filter((key) => key.startsWith('journal/')).sort()).toEqual(['journal/A/0000000001', 'journal/B/0000000001', 'journal/B/0000000129', 'journal/B/0000000257']);
    const again = await replicaOn(new MemoryStore(disk));
    expect([again.replica.damage, again.replica.clock.toString(), again.replica.value('last-writer-wins', 'votes')]).toEqual([[], '{A:1 B:300}', 300]);
    disk.set('journal/B/0000000001', disk.get('journal/B/0000000001')!.slice(0, -1));
    const { replica, link } = await replicaOn(new MemoryStore(disk), relay);
    expect([replica.damage, replica.clock.get('B')]).toEqual([[expect.stringMatching(/^journal\/B\/0000000001: not a journal entry: /)], 0]);
    relay.connect(link);
    await relay.settle();
    expect([replica.clock.toString(), replica.value('last-writer-wins', 'votes')]).toEqual(['{A:1 B:300}', 300]);
    await replica.close();
    expect((await replicaOn(new MemoryStore(disk))).replica.clock.toString()).toBe('{A:1 B:300}');
  });

  test('a relay that lost its folder gets everything again; the edits count as waiting until it has them', async () => {
    const old = new RelayByHand(1);
    const { replica, link } = await replicaOn(new MemoryStore(), old);
    old.connect(link);
    await old.settle();
    replica.perform('votes', plusOne);
    await replica.stored();
    await old.settle();
    expect(replica.waiting).toBe(0);
    old.leave(link);
    const fresh = new RelayByHand(2, old.clock);
    fresh.connect(link);
    await fresh.settle();
    expect([fresh.summary, replica.waiting]).toEqual(['{A:1}', 0]);
  });

  test('a room that was emptied on purpose meanwhile is told, and nothing of the old life is sent', async () => {
    const relay = new RelayByHand();
    const { replica, link, events } = await replicaOn(new MemoryStore(), relay);
    relay.connect(link);
    await relay.settle();
    link.cut();
    replica.perform('votes', plusOne);
    await replica.stored();
    await relay.empty();
    relay.connect(link);
    await relay.settle();
    expect([events.at(-1)?.kind, relay.summary]).toEqual(['emptied', '{}']);
  });

  test('a peer\'s record whose intent does not fit the document keeps its place and changes nothing', async () => {
    const relay = new RelayByHand();
    const { replica, link } = await replicaOn(new MemoryStore(), { id: 'B', clock: relay.clock });
    const peerLink = new SimulatedLink(relay.clock);
    relay.connect(link, 'B');
    relay.connect(peerLink);
    const peer = peerLink.replicaEnd;
    const write = (counter: number, replaces: string, intent: object): Uint8Array => {
      const traces = { 'last-writer-wins': { outcome: 'accepted', details: [0, { votes: replaces }] } } as const;
      return encodeRecord({ dot: { replica: 'A', counter }, context: VersionVector.of([['A', counter - 1]]), field: 'votes', intent: intent as Intent, wallMs: counter, hybrid: { ms: counter, counter: 0 }, traces });
    };
    peer.send(encodeMessage({ kind: 'hello', version: protocolVersion, replica: 'A', instance: 'peer', summary: VersionVector.of([['A', 2]]) }));
    peer.send(encodeMessage({ kind: 'records', records: [write(1, '', { kind: 'increment', by: 'many' }), write(2, 'A:1', plusOne)] }));
    await relay.settle();
    expect([replica.clock.toString(), replica.value('last-writer-wins', 'votes')]).toEqual(['{A:2}', 1]);
  });

  test('asked again, says hello with all that it has, and stays in touch meanwhile', async () => {
    const clock = new VirtualClock();
    const { replica, link } = await replicaOn(new MemoryStore(), { clock });
    const { relayEnd } = link;
    const said: Message[] = [];
    relayEnd.listen({ opened: () => {}, received: (frame) => said.push(decodeMessage(frame)), closed: () => {} });
    link.connect();
    relayEnd.send(encodeMessage({ kind: 'welcome', version: 1, epoch: 'e', discarded: [], summary: VersionVector.empty }));
    clock.advance(5);
    replica.perform('votes', plusOne);
    await replica.stored();
    relayEnd.send(encodeMessage({ kind: 'again' }));
    clock.advance(5);
    expect(said.map(({ kind }) => kind)).toEqual(['hello', 'records', 'hello']);
    expect(said[2]).toMatchObject({ kind: 'hello', replica: 'A', instance: 'i', summary: VersionVector.of([['A', 1]]) });
    expect(replica.isSynced).toBe(true);
    // What came of the record is not known: the relay says that it has nothing, and gets it once more.
    relayEnd.send(encodeMessage({ kind: 'welcome', version: 1, epoch: 'e', discarded: [], summary: VersionVector.empty }));
    clock.advance(5);
    expect(said.at(-1)?.kind).toBe('records');
  });
});
