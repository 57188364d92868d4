/** What a replica makes of direct messages that are wrong: one clear line for the person, and nothing has changed. */
import { expect, test } from 'vitest';
import { dotKey } from '../../../shared/clocks/dot.ts';
import { labSchema } from '../../../shared/document/schema.ts';
import { isOutcome } from '../../../shared/history/record.ts';
import { encodeMessage } from '../../../shared/protocol/codec.ts';
import type { DirectChannel } from '../../../shared/protocol/wire-fields.ts';
import type { ReplicaEvent } from '../../../shared/replica/replica-options.ts';
import { encodeConsensus } from '../../../shared/strategies/consensus/messages.ts';
import { encodeLeader } from '../../../shared/strategies/single-leader/messages.ts';
import { coordinatedIds } from '../../../shared/strategies/registry.ts';
import { encodeQuorum } from '../../../shared/strategies/quorum/messages.ts';
import { healed, opened, vote } from '../../support/simulated-room.ts';

const votes = labSchema.find(({ id }) => id === 'votes')!;

/** A, which is alone with the relay, and a way to hand it any direct message, as if from there. */
async function atA() {
  const room = await opened();
  vote(room, 'A');
  await healed(room);
  for (const name of ['B', 'C']) room.at(name).setOnline(false);
  await room.pass(100);
  const { replica, link } = room.at('A');
  const troubles: string[] = [];
  replica.onEvent((event: ReplicaEvent) => event.kind === 'trouble' && event.trouble !== null && troubles.push(event.trouble));
  const hand = (peer: string, channel: DirectChannel, payload: Uint8Array, roster = 3): void =>
    link.replicaEnd.receive(encodeMessage({ kind: 'direct', peer, channel, roster, payload }));
  const state = (): string => JSON.stringify([coordinatedIds.map((id) => replica.strategy(id).digest()), replica.clock.toString()]);
  return { room, replica, troubles, hand, state };
}

const far = { counter: 2 ** 40, replica: 'B' };

test.each([
  ['from an unknown replica', 'consensus', 'Z', encodeConsensus({ kind: 'prepare', field: votes.id, ballot: { counter: 9, replica: 'Z' } }), 'Z is not another member'],
  ['with a ballot from the future', 'consensus', 'B', encodeConsensus({ kind: 'prepare', field: votes.id, ballot: far }), 'is from the future'],
  ['with somebody else\'s ballot', 'consensus', 'B', encodeConsensus({ kind: 'prepare', field: votes.id, ballot: { counter: 9, replica: 'C' } }), 'B used a ballot of C'],
  ['cut short', 'consensus', 'B', encodeConsensus({ kind: 'prepare', field: votes.id, ballot: { counter: 9, replica: 'B' } }).slice(0, -2), 'not a message'],
  ['with a version from the future', 'quorum', 'B', encodeQuorum({ kind: 'store', field: votes.id, state: { version: far, value: 9, last: 'B:1', replaces: '' }, hintFor: null }), 'is from the future'],
  ['with a value of the wrong type', 'quorum', 'B', encodeQuorum({ kind: 'store', field: votes.id, state: { version: { counter: 2, replica: 'B' }, value: 'many', last: 'B:1', replaces: '' }, hintFor: null }), 'was refused'],
  ['with a term from the future', 'single-leader', 'B', encodeLeader({ kind: 'inquire', term: far }), 'is from the future'],
  ['in the name of another leader', 'single-leader', 'B', encodeLeader({ kind: 'inquire', term: { counter: 5, replica: 'C' } }), 'B does not lead term 5 of C'],
  ['that is no read', 'read', 'B', Uint8Array.of(255), 'not a read'],
] as const)('a message %s is refused, says why, and changes nothing', async (_what, channel, peer, payload, words) => {
  const { troubles, hand, state } = await atA();
  const before = state();
  hand(peer, channel, payload);
  expect(troubles).toEqual([expect.stringContaining(`A message of ${peer} was refused: `)]);
  expect(troubles[0]).toContain(words);
  expect(state()).toBe(before);
});

test('a message of somebody who counts other members, a replayed one and an answer that nobody asked for are not heard, without a word', async () => {
  const { troubles, hand, state, room } = await atA();
  const before = state();
  const prepare = encodeConsensus({ kind: 'prepare', field: votes.id, ballot: { counter: 99, replica: 'B' } });
  hand('B', 'consensus', prepare, 2);
  hand('B', 'consensus', prepare, 4);
  hand('B', 'values', Uint8Array.of(7, 126));
  const accept = encodeConsensus({ kind: 'accept', field: votes.id, ballot: { counter: 1, replica: 'B' }, state: { value: 99, version: 1, last: 'B:1', applied: new Map() } });
  for (let times = 0; times < 3; times++) hand('B', 'consensus', accept);
  await room.pass(20);
  expect(troubles).toEqual([]);
  expect(state()).toBe(before);
});

test('no outcome is told twice, however often it is said', async () => {
  const { replica } = await atA();
  const told = replica.records.filter(isOutcome).map(({ settles, strategy }) => `${strategy} ${dotKey(settles)}`);
  expect(new Set(told).size).toBe(told.length);
});
