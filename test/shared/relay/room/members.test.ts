/** Members of a room and direct messages over real sockets. */
import { expect, test } from 'vitest';
import { Membership } from '../../../../shared/protocol/membership.ts';
import { MemoryStore } from '../../../support/memory-store.ts';
import { systemClock } from '../../../../server/relay/system-clock.ts';
import { connectRaw, connectReplica, type RawClient, startLab, until } from '../../../support/lab-fixture.ts';

function rosterOf(client: RawClient): { readonly members: readonly string[]; readonly present: readonly string[]; readonly waiting: boolean } {
  const roster = client.last('roster');
  if (!roster) throw new Error('no roster has come');
  return roster;
}

test('replicas are let in one at a time, the next one only after somebody has caught up; the list survives a restart of the relay', async () => {
  const disk = new Map<string, Uint8Array>();
  const lab = await startLab({ store: new MemoryStore(disk) });
  const a = await connectReplica(lab, 'lab', 'A');
  await until(() => a.last('roster')?.members.length === 1);
  const b = await connectReplica(lab, 'lab', 'B');
  const c = await connectReplica(lab, 'lab', 'C');
  await until(() => rosterOf(c).present.length === 3);
  expect(rosterOf(c)).toMatchObject({ members: ['A'], waiting: true });
  a.say({ kind: 'caught-up', members: ['A'] });
  await until(() => rosterOf(c).members.length === 2);
  // Said of an older list: it counts for nothing.
  a.say({ kind: 'caught-up', members: ['A'] });
  b.say({ kind: 'direct', peer: 'C', channel: 'read', roster: 2, payload: Uint8Array.of(1) });
  await until(() => c.last('direct'));
  expect(rosterOf(c).members).toEqual(['A', 'B']);
  b.say({ kind: 'caught-up', members: ['A', 'B'] });
  await until(() => rosterOf(a).members.length === 3);
  expect(rosterOf(a)).toMatchObject({ members: ['A', 'B', 'C'], waiting: false });
  await lab.close();
  const again = await startLab({ store: new MemoryStore(disk) });
  const back = await connectReplica(again, 'lab', 'B');
  await until(() => back.last('roster'));
  expect(rosterOf(back)).toMatchObject({ members: ['A', 'B', 'C'], present: ['B'] });
});

test('[LEAD11] the replica that a scenario names as its leader is let in before all others; where it names none, the first of its replicas is', async () => {
  const scenario = (members: string): string => `title: Who leads\nfields: { seats: { type: stock, initial: 3 } }\n${members}steps:\n  - { at: A, reserve: seats }\n`;
  for (const [members, leader] of [['leader: C\n', 'C'], ['replicas: [B, A]\n', 'B']] as const) {
    // Windows that are opened together are not waited for: those that come first could be let in at once.
    const clock = { ...systemClock, after: (ms: number, then: () => void) => systemClock.after(ms <= 250 ? 0 : ms, then) };
    const lab = await startLab({ clock });
    await lab.chooseScenario('lab', { text: scenario(members) });
    const a = await connectReplica(lab, 'lab', 'A');
    await until(() => a.last('roster'));
    const late = await connectReplica(lab, 'lab', leader);
    await until(() => rosterOf(late).members.length === 1);
    expect(rosterOf(a).members).toEqual([leader]);
    late.say({ kind: 'caught-up', members: [leader] });
    await until(() => rosterOf(late).members.length === 2);
    expect(rosterOf(late).members).toEqual([leader, 'A']);
  }
});

test('[LEAD11] any life of the named replica may be let in first, nobody else; then all may', () => {
  const membership = new Membership();
  membership.arrive('A');
  membership.arrive('CC');
  expect(membership.next('C')).toBeNull();
  membership.arrive('C.2');
  expect(membership.next('C')).toEqual(['C.2']);
  membership.become(['C.2']);
  membership.onCaughtUp(['C.2']);
  expect(membership.next('C')).toEqual(['C.2', 'A']);
});

test('a relay that lost its folder learns the members again from whoever knows them', async () => {
  const lab = await startLab();
  const c = await connectReplica(lab, 'lab', 'C');
  await until(() => c.last('roster')?.members.length === 1);
  c.say({ kind: 'caught-up', members: ['A', 'B', 'C'] });
  await until(() => rosterOf(c).members.length === 3);
  const d = await connectReplica(lab, 'lab', 'D');
  await until(() => d.last('roster'));
  expect(rosterOf(d)).toMatchObject({ members: ['A', 'B', 'C'], waiting: true });
});

test('a direct message goes to whom it is for, tells who sent it, and is not stored; to nobody it is dropped', async () => {
  const disk = new Map<string, Uint8Array>();
  const lab = await startLab({ store: new MemoryStore(disk) });
  const [a, b, c] = [await connectReplica(lab, 'lab', 'A'), await connectReplica(lab, 'lab', 'B'), await connectReplica(lab, 'lab', 'C')];
  const payload = Uint8Array.of(77, 88, 99, 77, 88, 99);
  a.say({ kind: 'direct', peer: 'Z', channel: 'consensus', roster: 3, payload });
  a.say({ kind: 'direct', peer: 'A', channel: 'consensus', roster: 3, payload });
  a.say({ kind: 'direct', peer: 'B', channel: 'consensus', roster: 3, payload });
  await until(() => b.last('direct'));
  expect(b.last('direct')).toEqual({ kind: 'direct', peer: 'A', channel: 'consensus', roster: 3, payload });
  expect([a.last('direct'), c.last('direct')]).toEqual([undefined, undefined]);
  expect([...disk.values()].some((value) => Buffer.from(value).includes(Buffer.from(payload)))).toBe(false);
});

test('a direct message before hello closes with 4400; a roster or an again from a window too', async () => {
  const lab = await startLab();
  const early = await connectRaw(lab, '/lab');
  early.say({ kind: 'direct', peer: 'B', channel: 'quorum', roster: 1, payload: Uint8Array.of(1) });
  expect(await early.closed).toMatchObject({ code: 4400, reason: 'malformed message: direct came before hello' });
  const a = await connectReplica(lab, 'lab', 'A');
  a.say({ kind: 'roster', members: ['A'], present: ['A'], waiting: false });
  expect(await a.closed).toMatchObject({ code: 4400, reason: 'malformed message: roster goes only from the relay to windows' });
  const b = await connectReplica(lab, 'lab', 'B');
  b.say({ kind: 'again' });
  expect(await b.closed).toMatchObject({ code: 4400, reason: 'malformed message: again goes only from the relay to windows' });
});
