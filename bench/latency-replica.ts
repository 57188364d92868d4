/** A replica as a window has it (replica, journal, outbox, strategies, the y-websocket provider with its socket), with a store in memory, that times its own edits. */
import WebSocket from 'ws';
import * as Y from 'yjs';
import { RelayConnection } from '../renderer/providers/relay-connection.ts';
import { systemClock } from '../server/relay/system-clock.ts';
import { dotKey } from '../shared/clocks/dot.ts';
import type { Intent } from '../shared/document/intent.ts';
import { labSchema } from '../shared/document/schema.ts';
import { isOutcome, type Settlement } from '../shared/history/record.ts';
import { Replica } from '../shared/replica/replica.ts';
import { MemoryStore } from '../test/support/memory-store.ts';
import { SeededRandom } from '../shared/network/seeded-random.ts';
import { type CoordinatedId, defaultStrategySettings } from '../shared/strategies/registry.ts';
import { StrategySet } from '../shared/strategies/strategy-set.ts';
import { YjsStrategy } from '../shared/strategies/yjs/yjs-strategy.ts';
import { randomIntent } from '../test/support/random-intent.ts';

/** How an edit ended, and how long that took. */
export interface TimedEdit {
  readonly ms: number;
  readonly outcome: Settlement['outcome'];
}

/** A replica here or in another process. */
export interface LatencyReplica {
  members(): Promise<number>;
  /** Makes a random edit of a random field, and waits until its outcome stands in the journal here. */
  edit(strategy: CoordinatedId, seed: number): Promise<TimedEdit>;
  close(): Promise<void>;
}

/** Three of five must read and write. */
const settings = { ...defaultStrategySettings, quorum: { ...defaultStrategySettings.quorum, r: 3, w: 3 } };
const room = 'bench';
const outcomeWithinMs = 10_000;

/** `server`: ws://HOST:PORT */
export async function openLatencyReplica(name: string, server: string): Promise<LatencyReplica> {
  const doc = new Y.Doc();
  const strategies = new StrategySet(labSchema, new YjsStrategy(labSchema, doc));
  strategies.configure(settings);
  const transport = new RelayConnection({ server, room, name, doc, WebSocket: WebSocket as unknown as typeof globalThis.WebSocket });
  const store = new MemoryStore();
  const replica = await Replica.open({ id: name, instance: `bench-${name}`, schema: labSchema, strategies: strategies.answering, coordinated: strategies.coordinated, clock: systemClock, store, transport });
  transport.isOnline = true;
  return {
    members: () => Promise.resolve(replica.members.length),
    edit: (strategy, seed) => timedEdit(replica, strategy, seed),
    async close() {
      await replica.close();
      transport.close();
      doc.destroy();
      await store.close();
    },
  };
}

async function timedEdit(replica: Replica, strategy: CoordinatedId, seed: number): Promise<TimedEdit> {
  const random = new SeededRandom(seed);
  const field = random.pick(labSchema);
  const intent = randomIntent(random, field, replica.value(strategy, field.id));
  const started = performance.now();
  const outcome = await outcomeOf(replica, strategy, field.id, intent);
  return { ms: performance.now() - started, outcome };
}

function outcomeOf(replica: Replica, strategy: CoordinatedId, field: string, intent: Intent): Promise<Settlement['outcome']> {
  return new Promise((resolve, reject) => {
    const giveUp = setTimeout(() => reject(new Error(`an edit of ${field} under ${strategy} had no outcome within ${outcomeWithinMs} ms`)), outcomeWithinMs);
    const end = (outcome: Settlement['outcome']): void => {
      clearTimeout(giveUp);
      stop();
      resolve(outcome);
    };
    let looked = replica.records.length;
    let key = '';
    const stop = replica.onEvent(() => {
      for (; looked < replica.records.length; looked++) {
        const record = replica.records[looked]!;
        if (isOutcome(record) && record.strategy === strategy && dotKey(record.settles) === key) return end(record.settlement.outcome);
      }
    });
    // A splice would wait for a pause in typing; this one stands for what was gathered in one.
    const { dot, traces } = replica.perform(field, intent, { only: [strategy], ...(intent.kind === 'splice' ? { gathers: 1 } : {}) });
    key = dotKey(dot);
    if (traces[strategy]?.outcome === 'refused') end('refused');
  });
}
