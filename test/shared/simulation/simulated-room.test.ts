/** A whole room in virtual time: how it begins, and what it promises of waiting. */
import { describe, expect, test } from 'vitest';
import { strategyIds } from '../../../shared/history/record.ts';
import { noFaults } from '../../../shared/network/link.ts';
import { plainCodec } from '../../../shared/protocol/codec.ts';
import type { SimulatedRoomOptions } from '../../../shared/simulation/simulated-room.ts';
import { defaultStrategySettings } from '../../../shared/strategies/registry.ts';
import { opened, vote, votes } from '../../support/simulated-room.ts';

describe('a room that was opened', () => {
  test('has all replicas up, online and members, and nothing under way', async () => {
    const room = await opened({ replicas: ['A', 'B', 'C', 'D', 'E'] });
    for (const each of room.replicas) expect([each.isUp, each.isOnline, each.replica.members.length]).toEqual([true, true, 5]);
    expect(room.isAtRest && room.isUndisturbed && room.agrees(strategyIds)).toBe(true);
    expect(room.troubles).toEqual([]);
  });

  test('of one replica works by itself', async () => {
    const room = await opened({ replicas: ['A'] });
    vote(room, 'A');
    expect(await room.converged(10_000)).toBe(true);
    for (const strategy of strategyIds.filter((id) => id !== 'quorum')) expect(votes(room, strategy), strategy).toEqual([1]);
  });

  test('knows no other names', async () => {
    const room = await opened();
    expect(() => room.at('D')).toThrow(new RangeError('there is no replica "D"; there are A, B, C'));
  });
});

describe('waiting', () => {
  test('quiet: what was under way has arrived and every edit has its answer, soon', async () => {
    const room = await opened();
    vote(room, 'A');
    expect(votes(room)).toEqual([1, 0, 0]);
    const startMs = room.clock.nowMs();
    expect(await room.quiet()).toBe(true);
    expect(room.clock.nowMs() - startMs).toBeLessThan(200);
    for (const strategy of strategyIds) expect(votes(room, strategy), strategy).toEqual([1, 1, 1]);
    for (const strategy of ['quorum', 'consensus', 'single-leader'] as const) expect(room.at('A').replica.openEdits(strategy)).toEqual([]);
    expect(room.everywhere.covers(room.relay.summary)).toBe(true);
  });

  test('quiet: a refusal and an unknown outcome are answers, though the cut lasts', async () => {
    const room = await opened();
    room.islands([['A'], ['B', 'C']]);
    vote(room, 'A');
    expect(await room.quiet()).toBe(true);
    expect(votes(room, 'consensus')).toEqual([0, 0, 0]);
  });

  test('quiet gives up after a minute of virtual time, and says so', async () => {
    const room = await opened({ strategies: ['last-writer-wins'] });
    room.setLink('B', { downstream: { ...noFaults, latencyMs: 60_000 } });
    vote(room, 'A');
    const startMs = room.clock.nowMs();
    expect(await room.quiet()).toBe(false);
    expect(room.clock.nowMs() - startMs).toBeGreaterThanOrEqual(60_000);
    expect(await room.quiet()).toBe(true);
  });

  test('converged: true as soon as all are connected and show the same; false, at the end of its time, where they cannot', async () => {
    const room = await opened();
    vote(room, 'A');
    expect(await room.converged(10_000)).toBe(true);
    room.at('C').setOnline(false);
    vote(room, 'A');
    const startMs = room.clock.nowMs();
    expect(await room.converged(5_000)).toBe(false);
    expect(room.clock.nowMs() - startMs).toBeGreaterThanOrEqual(5_000);
    room.at('C').setOnline(true);
    expect(await room.converged(5_000)).toBe(true);
  });

  test('converged: waits for what copies compare every so often, and not for ever where they do not', async () => {
    const stale = { ...defaultStrategySettings, quorum: { r: 1, w: 1, readRepair: false, writeBack: false, sloppy: false, antiEntropy: true } };
    for (const antiEntropy of [true, false]) {
      const room = await opened({ settings: { ...stale, quorum: { ...stale.quorum, antiEntropy } }, strategies: ['quorum'] });
      room.at('C').setOnline(false);
      vote(room, 'A');
      await room.quiet();
      room.at('C').setOnline(true);
      expect(await room.converged(10_000)).toBe(antiEntropy);
      expect(votes(room, 'quorum')).toEqual([1, 1, antiEntropy ? 1 : 0]);
    }
  });

  test('a long wait: ten seconds moment by moment, and at its end what fell due, once', async () => {
    const room = await opened();
    const startMs = room.clock.nowMs();
    const ticks: number[] = [];
    const tick = (): void => {
      ticks.push(room.clock.nowMs() - startMs);
      room.clock.after(1_000, tick);
    };
    room.clock.after(1_000, tick);
    const week = 7 * 86_400_000;
    await room.pass(week);
    expect(ticks).toEqual([...Array.from({ length: 10 }, (_, i) => (i + 1) * 1_000), week]);
    expect(room.clock.nowMs() - startMs).toBe(week);
    vote(room, 'B');
    expect(await room.converged(10_000)).toBe(true);
  });

  test('until: stops when it is true, or when the time is up', async () => {
    const room = await opened();
    const startMs = room.clock.nowMs();
    let isDue = false;
    room.clock.after(18, () => (isDue = true));
    expect(await room.until(() => isDue, 1_000)).toBe(true);
    expect(room.clock.nowMs() - startMs).toBe(20);
    expect(await room.until(() => false, 100)).toBe(false);
    expect(room.clock.nowMs() - startMs).toBe(120);
  });
});

test('the plain codec and the one that remembers give the same run', async () => {
  const run = async (options: Partial<SimulatedRoomOptions>): Promise<string> => {
    const room = await opened({ notesMessages: true, ...options });
    vote(room, 'A');
    vote(room, 'B');
    await room.converged(10_000);
    return JSON.stringify([room.events, room.clock.nowMs(), room.replicas.map(({ replica }) => strategyIds.map((id) => replica.strategy(id).digest()))]);
  };
  expect(await run({ codec: plainCodec })).toBe(await run({}));
});
