/** The coordinated strategies, and who is a member, while a room is divided. */
import { expect, test } from 'vitest';
import { converged, divide, heal, type LabWindow, openMembers, openWindow, caughtUp } from '../../../support/faults-fixture.ts';
import { connectReplica, type RawClient, startLab, until } from '../../../support/lab-fixture.ts';

function outcomeOf({ replica }: LabWindow, strategy: 'consensus' | 'quorum' | 'single-leader', field: string): string {
  const newest = replica.newestEdit(strategy, field);
  return newest ? `${newest.outcome}${newest.reason === undefined || newest.reason === '' ? '' : `: ${newest.reason}`}` : 'none';
}

test('a majority goes on, a minority refuses (N=3, islands AB and C), and healing brings all to what the majority decided', async () => {
  const lab = await startLab();
  const windows = await openMembers(lab, ['A', 'B', 'C']);
  const [a, b, c] = windows as [LabWindow, LabWindow, LabWindow];
  await divide(lab, ['A', 'B'], ['C']);
  await until(() => c.replica.reachable.join() === 'C' && [...a.replica.reachable].sort().join() === 'A,B');
  a.replica.perform('title', { kind: 'set', value: 'majority' });
  c.replica.perform('title', { kind: 'set', value: 'minority' });
  expect(outcomeOf(c, 'consensus', 'title')).toBe('refused: 1 of 3 replicas reachable, 2 needed');
  expect(outcomeOf(c, 'quorum', 'title')).toBe('refused: 1 of 3 replicas reachable, 2 needed');
  await until(() => (['consensus', 'quorum'] as const).every((strategy) => outcomeOf(a, strategy, 'title').startsWith('accepted')));
  await until(() => b.replica.value('consensus', 'title') === 'majority');
  expect(c.replica.value('consensus', 'title')).toBe('Weekend trip');
  await heal(lab);
  await until(() => windows.every(({ replica }) => replica.value('consensus', 'title') === 'majority'));
  await until(() => c.replica.reachable.length === 3);
  c.replica.perform('votes', { kind: 'increment', by: 1 });
  await until(() => outcomeOf(c, 'consensus', 'votes').startsWith('accepted'));
  await converged(lab, windows);
});

test('while the room is divided only the majority lets in a new member; the minority hears of it when it is healed', async () => {
  const lab = await startLab();
  const windows = await openMembers(lab, ['A', 'B', 'C']);
  const [a, , c] = windows as [LabWindow, LabWindow, LabWindow];
  await divide(lab, ['A', 'B', 'E'], ['C', 'D']);
  const d = await openWindow(lab, 'D', { coordinated: true });
  const e = await openWindow(lab, 'E', { coordinated: true });
  await until(() => a.replica.members.join() === 'A,B,C,E');
  await until(() => e.replica.members.length === 4);
  expect([c, d].map(({ replica }) => replica.members.join())).toEqual(['A,B,C', 'A,B,C']);
  e.replica.perform('votes', { kind: 'increment', by: 1 });
  await until(() => outcomeOf(e, 'consensus', 'votes').startsWith('accepted'));
  await heal(lab);
  await until(() => [...windows, d, e].every(({ replica }) => replica.members.join() === 'A,B,C,E,D'));
  await until(() => [...windows, d, e].every(({ replica }) => replica.value('consensus', 'votes') === 1));
});

function rosterOf(client: RawClient): string {
  const { members, present, waiting } = client.last('roster')!;
  return `${members.join('')} ${[...present].sort().join('')}${waiting ? ' waiting' : ''}`;
}

async function threeMembers(lab: { ws: string }): Promise<[RawClient, RawClient, RawClient]> {
  const clients: RawClient[] = [];
  for (const name of ['A', 'B', 'C']) {
    const client = await connectReplica(lab, 'lab', name);
    clients.push(client);
    await until(() => client.last('roster')?.members.includes(name));
    client.say({ kind: 'caught-up', members: client.last('roster')!.members });
  }
  return clients as [RawClient, RawClient, RawClient];
}

test('a list that had settled before the division is no reason to let somebody in on a minority; nobody there is asked to settle', async () => {
  const lab = await startLab();
  const [a, , c] = await threeMembers(lab);
  await divide(lab, ['A', 'B'], ['C', 'D']);
  await until(() => rosterOf(c) === 'ABC C');
  const d = await connectReplica(lab, 'lab', 'D');
  await until(() => d.last('roster'));
  c.say({ kind: 'caught-up', members: ['A', 'B', 'C'] });
  await Promise.all([caughtUp(c), caughtUp(d), caughtUp(a)]);
  expect([rosterOf(c), rosterOf(d), rosterOf(a)]).toEqual(['ABC CD', 'ABC CD', 'ABC AB']);
  await heal(lab);
  await until(() => [a, c, d].every((each) => rosterOf(each) === 'ABCD ABCD'));
});

test('halves of an even number let nobody in; a later division with a majority does (N=4)', async () => {
  const lab = await startLab();
  const [a, , c] = await threeMembers(lab);
  const d = await connectReplica(lab, 'lab', 'D');
  await until(() => rosterOf(d).startsWith('ABCD '));
  d.say({ kind: 'caught-up', members: ['A', 'B', 'C', 'D'] });
  await divide(lab, ['A', 'B', 'E'], ['C', 'D', 'F']);
  const [e, f] = [await connectReplica(lab, 'lab', 'E'), await connectReplica(lab, 'lab', 'F')];
  await Promise.all([a, c, d, e, f].map(caughtUp));
  expect([a, e, c, d, f].map(rosterOf)).toEqual(['ABCD ABE', 'ABCD ABE', 'ABCD CDF', 'ABCD CDF', 'ABCD CDF']);
  await divide(lab, ['A', 'B', 'D', 'E'], ['C', 'F']);
  await until(() => [a, d, e].every((each) => rosterOf(each) === 'ABCDE ABDE'));
  await Promise.all([c, f].map(caughtUp));
  expect([c, f].map(rosterOf)).toEqual(['ABCD CF', 'ABCD CF']);
});

test('who moves away from the majority takes along what it knows of the members', async () => {
  const lab = await startLab();
  const [a, b, c] = await threeMembers(lab);
  await divide(lab, ['A', 'B', 'D'], ['C']);
  const d = await connectReplica(lab, 'lab', 'D');
  await until(() => rosterOf(d) === 'ABCD ABD');
  await divide(lab, ['A'], ['B', 'C'], ['D']);
  await until(() => rosterOf(c) === 'ABCD BC' && rosterOf(b) === 'ABCD BC' && rosterOf(a) === 'ABCD A' && rosterOf(d) === 'ABCD D');
});

test('two islands of a room that has no members yet: one of them begins, the other one waits', async () => {
  const lab = await startLab();
  await divide(lab, ['A', 'B'], ['C']);
  const [c, a] = [await connectReplica(lab, 'lab', 'C'), await connectReplica(lab, 'lab', 'A')];
  await until(() => rosterOf(a) === 'A A');
  await caughtUp(c);
  expect(rosterOf(c)).toBe(' C');
  a.say({ kind: 'caught-up', members: ['A'] });
  const b = await connectReplica(lab, 'lab', 'B');
  await until(() => rosterOf(b) === 'AB AB');
  await caughtUp(c);
  expect(rosterOf(c)).toBe(' C');
});

test('a direct message does not leave its island', async () => {
  const lab = await startLab();
  const [a, b, c] = await threeMembers(lab);
  await divide(lab, ['A', 'B'], ['C']);
  const payload = Uint8Array.of(1);
  a.say({ kind: 'direct', peer: 'C', channel: 'read', roster: 3, payload });
  a.say({ kind: 'direct', peer: 'B', channel: 'read', roster: 3, payload });
  await until(() => b.last('direct'));
  await caughtUp(c);
  expect(c.last('direct')).toBeUndefined();
  await heal(lab);
  a.say({ kind: 'direct', peer: 'C', channel: 'read', roster: 3, payload });
  await until(() => c.last('direct'));
});
