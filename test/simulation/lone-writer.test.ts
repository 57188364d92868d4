/** One person who edits faster than copies answer, in a healthy network: nothing is lost or refused, and the time grows with the edits and no faster. */
import { describe, expect, test } from 'vitest';
import { dotKey, type DotKey } from '../../shared/clocks/dot.ts';
import type { Intent } from '../../shared/document/intent.ts';
import type { FieldValue, ListItem, Schema } from '../../shared/document/schema.ts';
import { isOutcome, strategyIds } from '../../shared/history/record.ts';
import { SimulatedRoom } from '../../shared/simulation/simulated-room.ts';
import type { CoordinatedStrategy, MemberNetwork } from '../../shared/strategies/coordinated-strategy.ts';
import { Consensus } from '../../shared/strategies/consensus/consensus.ts';
import { Quorum } from '../../shared/strategies/quorum/quorum.ts';
import { defaultQuorumSettings } from '../../shared/strategies/quorum/settings.ts';
import { coordinatedIds, defaultStrategySettings } from '../../shared/strategies/registry.ts';
import { countOf, noteRuns } from '../support/run-counts.ts';
import { CoordinatedRun, endOf, runSchema } from './coordinated-run.ts';

const edits = countOf('queued-edits');

const schema: Schema = [
  { id: 'votes', type: 'counter', label: 'Votes', initial: 0 },
  { id: 'notes', type: 'text', label: 'Notes', initial: '' },
  { id: 'title', type: 'register', label: 'Title', initial: '' },
  { id: 'tasks', type: 'list', label: 'Tasks', initial: [] },
  { id: 'seats', type: 'stock', label: 'Seats', initial: 1_000 },
];

interface Kind {
  readonly field: string;
  readonly intent: (at: number) => Intent;
  /** What stands there after so many edits, as one number or word. */
  readonly after: (value: FieldValue) => unknown;
  readonly expected: (edits: number) => unknown;
}

const kinds: readonly Kind[] = [
  { field: 'votes', intent: () => ({ kind: 'increment', by: 1 }), after: (value) => value, expected: (edits) => edits },
  { field: 'notes', intent: (at) => ({ kind: 'splice', index: at, removed: '', inserted: String(at % 10) }), after: (value) => (value as string).length, expected: (edits) => edits },
  { field: 'title', intent: (at) => ({ kind: 'set', value: `title ${at}` }), after: (value) => value, expected: (edits) => `title ${edits - 1}` },
  { field: 'tasks', intent: (at) => ({ kind: 'insert', after: null, label: `task ${at}` }), after: (value) => (value as readonly ListItem[]).length, expected: (edits) => edits },
  { field: 'seats', intent: () => ({ kind: 'reserve', amount: 1 }), after: (value) => value, expected: (edits) => 1_000 - edits },
];

/** What copies said of edits, but that they were accepted. */
function notAccepted(room: SimulatedRoom): string[] {
  return room.records().filter(isOutcome).flatMap(({ settles, strategy, settlement }) => (settlement.outcome === 'accepted' ? [] : [`${dotKey(settles)} ${strategy} ${settlement.outcome}`]));
}

/** The accepted edits that were not applied to the accepted one before them. */
function besideTheChain(room: SimulatedRoom): string[] {
  return coordinatedIds.flatMap((strategy) => {
    let before: DotKey | '' = '';
    return room.records().filter(isOutcome).filter((record) => record.strategy === strategy).flatMap(({ settles, settlement }) => {
      const replaces = 'details' in settlement ? (settlement.details as readonly unknown[]).at(-1) : undefined;
      const wrong = replaces === before ? [] : [`${strategy}: ${dotKey(settles)} was applied to "${String(replaces)}", not to "${before}"`];
      before = dotKey(settles);
      return wrong;
    });
  });
}

async function roomOf(...strategies: SimulatedRoom['options']['strategies']): Promise<SimulatedRoom> {
  return SimulatedRoom.open({ schema, replicas: ['A', 'B', 'C'], strategies, settings: defaultStrategySettings, seed: 1 });
}

describe('[QUO13] [CAS10] [LEAD9] a lone writer in a healthy network', () => {
  test.each(kinds.flatMap((kind) => (kind.field === 'votes' ? [0, 1, 5] : [5]).map((apartMs) => [kind.field, apartMs, kind] as const)))(
    '600 edits of %s, %d ms apart: each is accepted, and applied to the one before it', async (field, apartMs, { intent, after, expected }) => {
      const room = await roomOf(...strategyIds);
      const { replica } = room.at('B');
      for (let at = 0; at < 600; at++) {
        replica.perform(field, intent(at));
        if (apartMs > 0) await room.pass(apartMs);
      }
      expect(await room.quiet()).toBe(true);
      expect(notAccepted(room)).toEqual([]);
      expect(besideTheChain(room)).toEqual([]);
      for (const strategy of strategyIds) expect(room.replicas.map((each) => after(each.replica.value(strategy, field))), strategy).toEqual(Array(3).fill(expected(600)));
    },
  );

  test('[QUO13] [CAS10] edits and reads in turns, all at once: each read has what was written before it, and nothing that was written after it', async () => {
    for (const strategy of [new Quorum(runSchema), new Consensus(runSchema)]) {
      const run = new CoordinatedRun<CoordinatedStrategy>(1, () => new (strategy.constructor as typeof Quorum)(runSchema), undefined, undefined, ['A', 'B', 'C']);
      const answers: unknown[] = [];
      for (let at = 0; at < 20; at++) {
        run.edit('A', 'votes', { kind: 'increment', by: 1 });
        run.lines.later(0, () => run.lines.at('A').read('votes', (answer) => void answers.push(answer.outcome === 'read' ? answer.value : answer.reason)));
        await run.lines.run(0);
      }
      await run.lines.run(5_000);
      expect(answers).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    }
  });
});

describe('edits that go together', () => {
  const makes: readonly [string, () => CoordinatedStrategy][] = [['[QUO13] quorum', () => new Quorum(runSchema)], ['[CAS10] consensus', () => new Consensus(runSchema)]];
  test.each(makes)('%s: what the stock does not allow refuses that edit alone', async (_name, make) => {
    const run = new CoordinatedRun(1, make, undefined, undefined, ['A', 'B', 'C']);
    const edits = [5, 5, 4, 1].map((amount) => run.edit('A', 'seats', { kind: 'reserve', amount }));
    await run.lines.run(2_000);
    expect(edits.map(endOf)).toEqual(['accepted', 'refused', 'accepted', 'refused']);
    expect(run.lines.names.map((name) => run.lines.at(name).value('seats'))).toEqual([0, 0, 0]);
  });

  test('[QUO13] a write that is unknown, as the own disk is slow, is built on all the same', async () => {
    const slow = (network: MemberNetwork): MemberNetwork => Object.assign(Object.create(network) as MemberNetwork, {
      persist: (key: string, bytes: Uint8Array) => (network.self === 'A' && key.startsWith('value/') ? new Promise<void>((done) => network.clock.after(200, done)).then(() => network.persist(key, bytes)) : network.persist(key, bytes)),
    });
    const run = new CoordinatedRun(1, () => new Quorum(runSchema, { ...defaultQuorumSettings, outcomeTimeoutMs: 150 }), undefined, slow, ['A', 'B', 'C']);
    const first = run.edit('A', 'votes', { kind: 'increment', by: 1 });
    await run.lines.run(160);
    const second = run.edit('A', 'votes', { kind: 'increment', by: 1 });
    await run.lines.run(5_000);
    expect(first.told.map(({ settlement }) => settlement.outcome)).toEqual(['unknown', 'accepted']);
    expect(second.told.at(-1)?.settlement).toEqual({ outcome: 'accepted', details: [2, 'A', 'A:1'] });
    expect(run.lines.names.map((name) => run.lines.at(name).value('votes'))).toEqual([2, 2, 2]);
  });
});

test(`${edits.toLocaleString('en')} edits that are made at once, under every strategy: none is lost, none refused, and they take no more than in proportion to a quarter`, { timeout: 240_000, tags: ['runs'] }, async () => {
  noteRuns('queued-edits', edits);
  /** Time in which other programs had the processor does not count. */
  const tookMs = async (count: number): Promise<number> => {
    const room = await roomOf(...strategyIds);
    const { replica } = room.at('B');
    const [cpu, beganMs] = [process.cpuUsage(), performance.now()];
    for (let left = count; left > 0; left--) replica.perform('votes', { kind: 'increment', by: 1 });
    expect(await room.quiet()).toBe(true);
    const { user, system } = process.cpuUsage(cpu);
    const took = Math.min(performance.now() - beganMs, (user + system) / 1_000);
    expect(notAccepted(room)).toEqual([]);
    for (const strategy of strategyIds) expect(room.replicas.map((each) => each.replica.value(strategy, 'votes')), strategy).toEqual([count, count, count]);
    return took;
  };
  await tookMs(500);
  // Four times as many; what is quadratic takes sixteen times as long. Where others use the machine, a second measurement tells.
  let ratio = Infinity;
  for (let left = 3; left > 0 && ratio >= 10; left--) ratio = (await tookMs(edits)) / (await tookMs(edits / 4));
  expect(ratio).toBeLessThan(10);
});
