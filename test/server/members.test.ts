/** Members of a room and direct messages over real sockets. */
import { expect, test } from 'vitest';
import { MemoryStore } from '../../shared/simulation/memory-store.ts';
import { connectRaw, connectReplica, type RawClient, startLab, until } from './lab-fixture.ts';

function rosterOf(client: RawClient): { readonly members: readonly string[]; readonly present: readonly string[]; readonly waiting: boolean } {
  const roster = client.last('roster');
  if (!roster) throw new Error('no roster has come');
  return roster;
}

test('replicas are let in one at a time, the next one only after somebody has settled in; the list survives a restart of the relay', async () => {
  const disk = new Map<string, Uint8Array>();
  const lab = await startLab({ store: new MemoryStore(disk) });
  const a = await connectReplica(lab, 'lab', 'A');
  await until(() => a.last('roster')?.members.length === 1);
  const b = await connectReplica(lab, 'lab', 'B');
  const c = await connectReplica(lab, 'lab', 'C');
  await until(() => rosterOf(c).present.length === 3);
  expect(rosterOf(c)).toMatchObject({ members: ['A'], waiting: true });
  a.say({ kind: 'settled-in', members: ['A'] });
  await until(() => rosterOf(c).members.length === 2);
  // Said of an older list: it counts for nothing.
  a.say({ kind: 'settled-in', members: ['A'] });
  b.say({ kind: 'direct', peer: 'C', channel: 'read', roster: 2, payload: Uint8Array.of(1) });
  await until(() => c.last('direct'));
  expect(rosterOf(c).members).toEqual(['A', 'B']);
  b.say({ kind: 'settled-in', members: ['A', 'B'] });
  await until(() => rosterOf(a).members.length === 3);
  expect(rosterOf(a)).toMatchObject({ members: ['A', 'B', 'C'], waiting: false });
  await lab.close();
  const again = await startLab({ store: new MemoryStore(disk) });
  const back = await connectReplica(again, 'lab', 'B');
  await until(() => back.last('roster'));
  expect(rosterOf(back)).toMatchObject({ members: ['A', 'B', 'C'], present: ['B'] });
});

test('a relay that lost its folder learns the members again from whoever knows them', async () => {
  const lab = await startLab();
  const c = await connectReplica(lab, 'lab', 'C');
  await until(() => c.last('roster')?.members.length === 1);
  c.say({ kind: 'settled-in', members: ['A', 'B', 'C'] });
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
