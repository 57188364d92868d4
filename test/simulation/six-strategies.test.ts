/** Whole replicas with all six strategies, over the relay's protocol: what talks, talks through the same outbox, store and frames as in the windows. */
import { describe, expect, test } from 'vitest';
import { dotKey } from '../../shared/clocks/dot.ts';
import { isOutcome, isRead } from '../../shared/history/record.ts';
import { coordinatedIds } from '../../shared/strategies/registry.ts';
import type { SimulatedRoom } from '../../shared/simulation/simulated-room.ts';
import { healed, opened, vote } from '../support/simulated-room.ts';

const seat = { kind: 'reserve', amount: 1 } as const;

function outcomes(room: SimulatedRoom, name: string): string[] {
  return room.at(name).replica.records.filter(isOutcome).map(({ settles, strategy, settlement }) => `${dotKey(settles)} ${strategy} ${settlement.outcome}`);
}

describe('six strategies in one replica', () => {
  test('all three become members one after the other, in one order', async () => {
    const room = await opened();
    expect(room.at('C').replica.members).toEqual(room.at('A').replica.members);
  });

  test('[CAS1] [QUO1] [LEAD1] an edit goes to all at once; those that answer later say so in the journal of everybody', async () => {
    const room = await opened();
    vote(room, 'B');
    expect(Object.values(room.at('B').replica.records.at(-1)!).length).toBeGreaterThan(0);
    expect(await room.until(() => coordinatedIds.every((id) => room.replicas.every(({ replica }) => replica.value(id, 'votes') === 1)), 60_000)).toBe(true);
    await healed(room);
    for (const name of ['A', 'B', 'C']) expect(outcomes(room, name).sort()).toEqual(['B:1 consensus accepted', 'B:1 quorum accepted', 'B:1 single-leader accepted']);
  });

  test('[CAS7] [QUO4] [LEAD2] a replica that is cut off refuses at once and says why; it sells no seat twice', async () => {
    const room = await opened();
    room.at('C').setOnline(false);
    room.at('C').replica.perform('seats', seat);
    const record = room.at('C').replica.records.at(-1)!;
    expect('traces' in record && record.traces).toMatchObject({
      consensus: { outcome: 'refused', reason: '1 of 3 replicas reachable, 2 needed' },
      quorum: { outcome: 'refused', reason: '1 of 3 replicas reachable, 2 needed' },
      'single-leader': { outcome: 'refused', reason: 'the leader A cannot be reached' },
      crdt: { outcome: 'accepted' },
    });
    for (let i = 0; i < 3; i++) room.at('A').replica.perform('seats', seat);
    await healed(room);
    expect(room.at('C').replica.value('consensus', 'seats')).toBe(0);
    expect(room.at('C').replica.value('crdt', 'seats')).toBe(-1);
  });

  test('what is typed goes out as one edit a pause, and survives a crash before the pause', async () => {
    const room = await opened();
    for (const [index, inserted] of [...'hello'].entries()) room.at('A').replica.perform('notes', { kind: 'splice', index, removed: '', inserted });
    expect(room.at('A').replica.openIntents('consensus', 'notes')).toEqual([{ kind: 'splice', index: 0, removed: '', inserted: 'hello' }]);
    // Until it is stored, and the pause is not over.
    await room.pass(10);
    room.at('A').crash();
    await room.at('A').start();
    await healed(room);
    for (const id of coordinatedIds) expect(room.at('B').replica.value(id, 'notes'), id).toBe('hello');
    const gathered = room.at('B').replica.records.filter((record) => 'gathers' in record);
    expect(gathered).toMatchObject([{ gathers: 5, only: [...coordinatedIds] }]);
  });

  test('a copy that crashes with edits under way settles all of them', async () => {
    const room = await opened();
    for (let i = 0; i < 5; i++) vote(room, 'B');
    // Until they are stored, and on their way.
    await room.pass(6);
    room.at('B').crash();
    await healed(room);
    for (const id of coordinatedIds) {
      const told = outcomes(room, 'A').filter((outcome) => outcome.includes(id));
      expect(new Set(told.filter((outcome) => !outcome.endsWith('unknown')).map((outcome) => outcome.split(' ')[0])).size, id).toBe(5);
    }
  });
});

describe('reading at another replica', () => {
  test('a person at A reads at B and then at C, which is cut off from B: the read stands in the journal with what each had', async () => {
    const room = await opened();
    vote(room, 'B');
    await healed(room);
    const asked = room.at('A').replica.readFrom('B');
    expect(await room.until(() => room.at('A').replica.records.some(isRead), 60_000)).toBe(true);
    const seen = await asked;
    expect(seen.filter(({ field }) => field === 'votes').map(({ strategy, value }) => [strategy, value])).toEqual(expect.arrayContaining([['crdt', 1], ['quorum', 1], ['consensus', 1], ['single-leader', 1], ['last-writer-wins', 1], ['siblings', 1]]));
    expect(seen.find(({ strategy, field }) => strategy === 'quorum' && field === 'votes')?.last).toBe('B:1');
    await healed(room);
    expect(room.at('C').replica.records.filter(isRead)).toMatchObject([{ readAt: 'B', dot: { replica: 'A' } }]);
  });

  test('who cannot be reached cannot be read, and says so', async () => {
    const room = await opened();
    room.at('B').setOnline(false);
    await room.pass(100);
    await expect(room.at('A').replica.readFrom('B')).rejects.toThrow('B cannot be reached from here');
    expect(room.at('A').replica.records.filter(isRead)).toEqual([]);
  });
});

describe('a store that fails', () => {
  test('holds up only what needs it: edits that were made meanwhile are refused or unknown, and settle when it works again', async () => {
    const room = await opened();
    const { disk } = room.at('B');
    disk.isFull = true;
    vote(room, 'B');
    expect(await room.until(() => room.at('B').replica.openEdits('consensus').length === 0, 60_000)).toBe(true);
    disk.isFull = false;
    vote(room, 'B');
    await healed(room);
    vote(room, 'A');
    await healed(room);
    for (const id of coordinatedIds) {
      const accepted = outcomes(room, 'A').filter((outcome) => outcome.endsWith(`${id} accepted`)).length;
      expect(room.at('B').replica.value(id, 'votes'), id).toBe(accepted);
      expect(accepted, id).toBeGreaterThanOrEqual(2);
    }
  });
});
