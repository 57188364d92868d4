/** What the comments of library/index.ts promise, with nothing but what the library exports. */
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import * as Y from 'yjs';
import {
  checkScenario,
  defaultSiblingsSettings,
  defaultStrategySettings,
  finalReads,
  historyVerdicts,
  labSchema,
  MemoryStore,
  parseHistory,
  presetOf,
  RandomRuns,
  readScenario,
  Replica,
  reportHtml,
  reviewOf,
  roomLedger,
  runScenario,
  type Shower,
  SimulatedRoom,
  strategyIds,
  StrategySet,
  systemClock,
  toJsonLines,
  withPreset,
  wrongOf,
  YjsStrategy,
} from '../../library/index.ts';
import { RelayConnection } from '../../library/websocket.ts';
import { startLab } from '../support/lab.ts';
import { until } from '../support/until.ts';

/** A room in which A and B were apart, each sold two of three seats, and met again. */
async function healedRoom(settings = defaultStrategySettings): Promise<SimulatedRoom> {
  const document = { schema: labSchema, strategies: strategyIds, settings };
  const room = await SimulatedRoom.open({ ...document, replicas: ['A', 'B', 'C'], seed: 1 });
  room.islands([['A'], ['B', 'C']]);
  for (const name of ['A', 'B']) {
    room.at(name).replica.perform('seats', { kind: 'reserve', amount: 2 });
  }
  await room.quiet();
  await room.heal();
  expect(await room.converged(30_000)).toBe(true);
  return room;
}

test('a ledger and a review of a simulated room', async () => {
  const room = await healedRoom();
  const judged = { enabled: strategyIds, siblings: defaultSiblingsSettings };
  const { document } = room.relay;
  const ledger = roomLedger(labSchema, room.records(), document, room.everywhere, judged);
  const kept = Object.fromEntries(ledger.totals.map((totals) => [totals.strategy, totals.kept]));
  // B and C are a majority of three; the leader is A.
  const asking = { quorum: 1, consensus: 1 };
  expect(kept).toMatchObject({ crdt: 2, 'last-writer-wins': 1, siblings: 0, ...asking });
  const sentences = reviewOf(ledger, labSchema, 'A', strategyIds).map(({ sentence }) => sentence);
  expect(sentences.join('\n')).toContain('under Last writer wins');
});

test('a history as JSON Lines comes back with the same records', async () => {
  const room = await healedRoom();
  const text = toJsonLines(labSchema, strategyIds, room.records());
  const history = parseHistory(text.trimEnd().split('\n'));
  expect(toJsonLines(labSchema, strategyIds, history.records)).toBe(text);
  expect(() => parseHistory(['{}'])).toThrow(expect.objectContaining({ line: 1 }));
});

test('a preset sets how strategies behave', async () => {
  const room = await healedRoom(withPreset(defaultStrategySettings, presetOf('cassandra')));
  const showers = room.replicas.map(({ id, replica }): Shower => ({
    replica: id,
    digest: (strategy) => replica.strategy(strategy).digest(),
    value: (strategy, field) => replica.value(strategy, field),
  }));
  const events = finalReads(labSchema, ['quorum'], room.clock.wallMs(), showers);
  const history = { schema: labSchema, records: room.records(), events };
  const { quorum } = historyVerdicts(history, ['quorum']);
  expect(quorum?.levels.linearizable.verdict).toBe('broken');
  expect(() => presetOf('nothing')).toThrow(/^there is no preset "nothing"; there are /);
});

const fields = { votes: { type: 'counter', label: 'Votes', initial: 0 } } as const;

test('a scenario and random runs of a document; a report of a run', async () => {
  const steps = [{ at: 'A', increment: 'votes' }];
  const text = JSON.stringify({ title: 'Votes', lookAt: '', fields, replicas: ['A', 'B'], steps });
  const scenario = readScenario(text, 'votes.json');
  const { outcome, run } = await checkScenario(scenario);
  expect(outcome).toBe('holds');
  expect((await runScenario(scenario)).records).toHaveLength(run.records.length);
  const figures = { scorecard: run.figures, result: null, facts: [], again: [] };
  const html = reportHtml({ ...run, ...scenario, ...figures });
  expect(html).toContain('<h1>Votes</h1>');
  expect(() => readScenario('title: 1', 'votes.yaml')).toThrow(/^votes\.yaml:1: /);
  const template = { title: 'Votes', lookAt: '', fields, replicas: ['A', 'B'], expect: {} };
  expect(wrongOf(await new RandomRuns(template, { edits: 20, faults: 3 }).run(7))).toEqual([]);
});

test('two replicas in Node meet at a relay by WebSocket', async () => {
  const lab = await startLab();
  const server = lab.url.replace('http', 'ws');
  const ends: (() => Promise<void>)[] = [];
  const open = async (id: string): Promise<Replica> => {
    const doc = new Y.Doc();
    const strategies = new StrategySet(labSchema, new YjsStrategy(labSchema, doc));
    const sockets = { WebSocket: WebSocket as unknown as typeof globalThis.WebSocket };
    const transport = new RelayConnection({ server, room: 'trip', name: id, doc, ...sockets });
    const ports = { clock: systemClock, store: new MemoryStore(), transport };
    const { answering, coordinated } = strategies;
    const copies = { schema: labSchema, strategies: answering, coordinated };
    const replica = await Replica.open({ id, instance: `disk-of-${id}`, ...copies, ...ports });
    transport.isOnline = true;
    ends.push(() => (transport.close(), replica.close()));
    return replica;
  };
  try {
    const [a, b] = [await open('A'), await open('B')];
    await until(() => a.members.length === 2 && b.members.length === 2, 'both to be members');
    a.perform('votes', { kind: 'increment', by: 1 });
    b.perform('votes', { kind: 'increment', by: 2 });
    for (const strategy of ['crdt', 'consensus'] as const) {
      const agree = (): boolean => [a, b].every((each) => each.value(strategy, 'votes') === 3);
      await until(agree, `3 votes under ${strategy}`);
    }
  } finally {
    for (const end of ends) await end();
    await lab.stop();
  }
});
