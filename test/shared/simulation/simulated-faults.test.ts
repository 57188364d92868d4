/** What each fault does to a simulated room. */
import { describe, expect, test } from 'vitest';
import { noFaults } from '../../../shared/network/link.ts';
import { opened, vote, votes } from '../../support/simulated-room.ts';

const cut = { ...noFaults, cut: true };

describe('faults', () => {
  test('offline: nothing goes in or out; back online, all of it', async () => {
    const room = await opened();
    room.at('C').setOnline(false);
    vote(room, 'A');
    vote(room, 'C', 10);
    await room.quiet();
    expect(votes(room)).toEqual([1, 1, 10]);
    room.at('C').setOnline(true);
    await room.quiet();
    expect(votes(room)).toEqual([11, 11, 11]);
  });

  test('islands: only members of a group reach each other; joined, they have what either had', async () => {
    const room = await opened({ replicas: ['A', 'B', 'C', 'D'] });
    room.islands([['A', 'B'], ['C']]);
    vote(room, 'A');
    vote(room, 'C', 10);
    vote(room, 'D', 100);
    await room.quiet();
    expect(votes(room)).toEqual([1, 1, 10, 100]);
    expect(room.isUndisturbed).toBe(false);
    room.islands([['A', 'B', 'C']]);
    await room.quiet();
    expect(votes(room)).toEqual([11, 11, 11, 100]);
    await room.heal();
    await room.quiet();
    expect(votes(room)).toEqual([111, 111, 111, 111]);
    expect(room.isUndisturbed).toBe(true);
  });

  test('islands: what nobody brings along stays with the room, which is divided until it is whole', async () => {
    const room = await opened();
    room.islands([['B', 'C']]);
    vote(room, 'A');
    await room.quiet();
    room.at('A').crash();
    await room.quiet();
    expect(room.isUndisturbed).toBe(false);
    room.islands([['A', 'B', 'C']]);
    await room.quiet();
    expect([votes(room), room.isUndisturbed]).toEqual([[null, 0, 0], false]);
    room.islands([]);
    await room.quiet();
    expect([votes(room), room.isUndisturbed]).toEqual([[null, 1, 1], true]);
  });

  test('a one-way cut: what C says does not arrive, what it is told does', async () => {
    const room = await opened();
    room.setLink('C', { upstream: cut });
    vote(room, 'A');
    vote(room, 'C', 10);
    await room.quiet();
    expect(votes(room)).toEqual([1, 1, 11]);
    expect(room.at('C').replica.waiting).toBe(1);
    room.setLink('C', {});
    await room.quiet();
    expect(votes(room)).toEqual([11, 11, 11]);
    expect(room.at('C').replica.waiting).toBe(0);
  });

  test('lost frames: not all arrives at first; the relay asks once a second, and all does', async () => {
    const room = await opened({ strategies: ['last-writer-wins'] });
    room.setLink('B', { downstream: { ...noFaults, dropRate: 0.5 } });
    for (let i = 0; i < 30; i++) {
      vote(room, 'A');
      await room.pass(5);
    }
    expect(room.at('C').replica.clock.get('A')).toBeGreaterThan(28);
    expect(room.at('B').replica.clock.get('A')).toBeLessThan(28);
    await room.pass(20_000);
    expect(room.at('B').replica.clock.get('A')).toBe(30);
    room.setLink('B', {});
    expect(await room.converged(10_000)).toBe(true);
    expect(votes(room, 'last-writer-wins')).toEqual([30, 30, 30]);
  });

  test('repeated and overtaken frames change nothing', async () => {
    const room = await opened();
    const bad = { ...noFaults, duplicateRate: 0.7, reorderRate: 0.5, jitterMs: 30 };
    for (const name of ['A', 'B', 'C']) room.setLink(name, { upstream: bad, downstream: bad });
    for (let i = 0; i < 20; i++) {
      for (const name of ['A', 'B', 'C']) vote(room, name);
      await room.pass(7);
    }
    await room.heal();
    expect(await room.converged(30_000)).toBe(true);
    expect(votes(room)).toEqual([60, 60, 60]);
  });

  test('a slow link: late by what was said, each way', async () => {
    const room = await opened({ strategies: ['last-writer-wins'] });
    room.setLink('B', { downstream: { ...noFaults, latencyMs: 500 } });
    vote(room, 'A');
    await room.pass(400);
    expect(votes(room, 'last-writer-wins')).toEqual([1, 0, 1]);
    await room.pass(200);
    expect(votes(room, 'last-writer-wins')).toEqual([1, 1, 1]);
  });

  test('a crash ends a life at once; the next one has what was on the disk by then, and another Yjs client id', async () => {
    const room = await opened();
    room.at('B').setOnline(false);
    vote(room, 'B');
    await room.quiet();
    vote(room, 'B', 10);
    room.at('B').crash();
    expect([room.at('B').isUp, room.at('B').diedUntold, votes(room)[1]]).toEqual([false, true, null]);
    expect(() => room.at('B').replica).toThrow('replica B is down');
    await room.at('B').start();
    expect(votes(room)[1]).toBe(1);
    room.at('B').setOnline(true);
    vote(room, 'B', 100);
    expect(await room.converged(10_000)).toBe(true);
    expect(votes(room)).toEqual([101, 101, 101]);
    const ids = [...room.relay.document.getMap('votes').keys()];
    expect(new Set(ids).size).toBe(2);
  });

  test('a crash with nothing under way loses nothing, and is not untold', async () => {
    const room = await opened();
    vote(room, 'B');
    await room.quiet();
    room.at('B').crash();
    await room.at('B').start();
    expect(await room.converged(10_000)).toBe(true);
    expect([votes(room), room.at('B').diedUntold]).toEqual([[1, 1, 1], false]);
  });

  test('a program that was killed complains of nothing, whenever it was', async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const room = await opened({ seed });
      for (let i = 0; i < 3; i++) {
        for (const name of ['A', 'B', 'C']) vote(room, name);
        await room.pass((seed + i) % 7);
        room.at('A').crash();
        await room.pass(i);
        await room.at('A').start();
      }
      expect(await room.converged(20_000)).toBe(true);
      expect(room.troubles, `seed ${seed}`).toEqual([]);
    }
  });

  test('a skewed clock stamps what is done by it, outlives a crash, and moves nobody else’s', async () => {
    const room = await opened();
    room.at('B').skewMs = -60_000;
    room.at('B').crash();
    await room.at('B').start();
    const nowMs = room.clock.nowMs();
    vote(room, 'A');
    vote(room, 'B');
    await room.quiet();
    const wall = (replica: string): number => room.records().find(({ dot }) => dot.replica === replica)!.wallMs;
    expect([wall('A'), wall('B')]).toEqual([nowMs, nowMs - 60_000]);
    expect(votes(room, 'last-writer-wins')).toEqual([1, 1, 1]);
  });

  test('heal: one island, good links, everybody up and online', async () => {
    const room = await opened();
    room.islands([['A'], ['B', 'C']]);
    room.setLink('B', { upstream: cut, downstream: cut });
    room.at('C').crash();
    room.at('A').setOnline(false);
    for (const name of ['A', 'B']) vote(room, name);
    await room.quiet();
    expect([room.isAtRest, room.isUndisturbed]).toEqual([false, false]);
    await room.heal();
    expect(await room.converged(10_000)).toBe(true);
    expect([votes(room), room.isAtRest, room.isUndisturbed]).toEqual([[2, 2, 2], true, true]);
  });

  test('are noted in their order, with true times; messages only where that was asked for', async () => {
    const room = await opened({ notesMessages: true });
    const from = room.events.length;
    const startMs = room.clock.nowMs();
    room.at('B').skewMs = 5_000;
    room.islands([['A'], ['B', 'C']]);
    await room.pass(1_000);
    room.setLink('B', { upstream: cut });
    room.setLink('B', {});
    room.at('C').crash();
    await room.at('C').start();
    room.at('A').setOnline(false);
    room.at('A').setOnline(false);
    const noted = room.events.slice(from).filter(({ kind }) => kind !== 'send' && kind !== 'receive');
    expect(noted.map(({ kind, replica, wallMs }) => [kind, replica, wallMs - startMs])).toEqual([
      ['island', null, 0], ['fault', 'B', 1_000], ['fault', 'B', 1_000], ['crash', 'C', 1_000], ['restart', 'C', 1_000], ['offline', 'A', 1_000],
    ]);
    expect(room.events.some(({ kind }) => kind === 'receive')).toBe(true);
    expect((await opened()).events.some(({ kind }) => kind === 'receive' || kind === 'send')).toBe(false);
  });
});
