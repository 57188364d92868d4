/** Whole replicas with all six strategies, over the relay's protocol: what talks, talks through the same outbox, store and frames as in the windows. */
import { describe, expect, test } from 'vitest';
import { dotKey } from '../../shared/clocks/dot.ts';
import { isOutcome, isRead } from '../../shared/history/record.ts';
import { coordinatedIds } from '../../shared/strategies/registry.ts';
import { defaultQuorumSettings } from '../../shared/strategies/quorum/settings.ts';
import { SimulatedLab } from '../support/simulated-lab.ts';

const plusOne = { kind: 'increment', by: 1 } as const;
const seat = { kind: 'reserve', amount: 1 } as const;

async function labOf(...names: string[]): Promise<SimulatedLab> {
  const lab = await SimulatedLab.start(names, { coordinated: { quorum: defaultQuorumSettings } });
  for (const name of names) lab.online(name);
  await lab.runUntil(() => lab.replicas.every(({ replica }) => replica.members.length === names.length), 'all are members');
  return lab;
}

function outcomes(lab: SimulatedLab, name: string): string[] {
  return lab.at(name).replica.records.filter(isOutcome).map(({ settles, strategy, settlement }) => `${dotKey(settles)} ${strategy} ${settlement.outcome}`);
}

describe('six strategies in one replica', () => {
  test('all three become members one after the other, in one order', async () => {
    const lab = await labOf('A', 'B', 'C');
    expect(lab.at('C').replica.members).toEqual(lab.at('A').replica.members);
  });

  test('[CAS1] [QUO1] [LEAD1] an edit goes to all at once; those that answer later say so in the journal of everybody', async () => {
    const lab = await labOf('A', 'B', 'C');
    lab.edit('B', 'votes', plusOne);
    expect(Object.values(lab.at('B').replica.records.at(-1)!).length).toBeGreaterThan(0);
    await lab.runUntil(() => coordinatedIds.every((id) => lab.replicas.every(({ replica }) => replica.value(id, 'votes') === 1)), 'all show the vote');
    await lab.heal();
    for (const name of ['A', 'B', 'C']) expect(outcomes(lab, name).sort()).toEqual(['B:1 consensus accepted', 'B:1 quorum accepted', 'B:1 single-leader accepted']);
  });

  test('[CAS7] [QUO4] [LEAD2] a replica that is cut off refuses at once and says why; it sells no seat twice', async () => {
    const lab = await labOf('A', 'B', 'C');
    lab.offline('C');
    lab.edit('C', 'seats', seat);
    const record = lab.at('C').replica.records.at(-1)!;
    expect('traces' in record && record.traces).toMatchObject({
      consensus: { outcome: 'refused', reason: '1 of 3 replicas reachable, 2 needed' },
      quorum: { outcome: 'refused', reason: '1 of 3 replicas reachable, 2 needed' },
      'single-leader': { outcome: 'refused', reason: 'the leader A cannot be reached' },
      crdt: { outcome: 'accepted' },
    });
    for (let i = 0; i < 3; i++) lab.edit('A', 'seats', seat);
    await lab.heal();
    expect(lab.at('C').replica.value('consensus', 'seats')).toBe(0);
    expect(lab.at('C').replica.value('crdt', 'seats')).toBe(-1);
  });

  test('what is typed goes out as one edit a pause, and survives a crash before the pause', async () => {
    const lab = await labOf('A', 'B', 'C');
    for (const [index, inserted] of [...'hello'].entries()) lab.edit('A', 'notes', { kind: 'splice', index, removed: '', inserted });
    expect(lab.at('A').replica.openIntents('consensus', 'notes')).toEqual([{ kind: 'splice', index: 0, removed: '', inserted: 'hello' }]);
    await lab.at('A').replica.stored();
    await lab.crash('A');
    lab.online('A');
    await lab.heal();
    for (const id of coordinatedIds) expect(lab.at('B').replica.value(id, 'notes'), id).toBe('hello');
    const gathered = lab.at('B').replica.records.filter((record) => 'gathers' in record);
    expect(gathered).toMatchObject([{ gathers: 5, only: [...coordinatedIds] }]);
  });

  test('a copy that crashes with edits under way settles all of them', async () => {
    const lab = await labOf('A', 'B', 'C');
    for (let i = 0; i < 5; i++) lab.edit('B', 'votes', plusOne);
    await lab.at('B').replica.stored();
    lab.clock.advance(3);
    await lab.crash('B');
    await lab.heal();
    for (const id of coordinatedIds) {
      const told = outcomes(lab, 'A').filter((outcome) => outcome.includes(id));
      expect(new Set(told.filter((outcome) => !outcome.endsWith('unknown')).map((outcome) => outcome.split(' ')[0])).size, id).toBe(5);
    }
  });
});

describe('reading at another replica', () => {
  test('a person at A reads at B and then at C, which is cut off from B: the read stands in the journal with what each had', async () => {
    const lab = await labOf('A', 'B', 'C');
    lab.edit('B', 'votes', plusOne);
    await lab.heal();
    const asked = lab.at('A').replica.readFrom('B');
    await lab.runUntil(() => lab.at('A').replica.records.some(isRead), 'the read is noted');
    const seen = await asked;
    expect(seen.filter(({ field }) => field === 'votes').map(({ strategy, value }) => [strategy, value])).toEqual(expect.arrayContaining([['crdt', 1], ['quorum', 1], ['consensus', 1], ['single-leader', 1], ['last-writer-wins', 1], ['siblings', 1]]));
    expect(seen.find(({ strategy, field }) => strategy === 'quorum' && field === 'votes')?.last).toBe('B:1');
    await lab.heal();
    expect(lab.at('C').replica.records.filter(isRead)).toMatchObject([{ readAt: 'B', dot: { replica: 'A' } }]);
  });

  test('who cannot be reached cannot be read, and says so', async () => {
    const lab = await labOf('A', 'B', 'C');
    lab.offline('B');
    await lab.settle();
    await expect(lab.at('A').replica.readFrom('B')).rejects.toThrow('B cannot be reached from here');
    expect(lab.at('A').replica.records.filter(isRead)).toEqual([]);
  });
});

describe('a store that fails', () => {
  test('holds up only what needs it: edits that were made meanwhile are refused or unknown, and settle when it works again', async () => {
    const lab = await labOf('A', 'B', 'C');
    const store = lab.at('B').store;
    store.failing = true;
    lab.edit('B', 'votes', plusOne);
    await lab.runUntil(() => lab.at('B').replica.openEdits('consensus').length === 0, 'consensus has given up');
    store.failing = false;
    lab.edit('B', 'votes', plusOne);
    await lab.heal();
    lab.edit('A', 'votes', plusOne);
    await lab.heal();
    for (const id of coordinatedIds) {
      const accepted = outcomes(lab, 'A').filter((outcome) => outcome.endsWith(`${id} accepted`)).length;
      expect(lab.at('B').replica.value(id, 'votes'), id).toBe(accepted);
      expect(accepted, id).toBeGreaterThanOrEqual(2);
    }
  });
});
