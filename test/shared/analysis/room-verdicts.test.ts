import { describe, expect, test } from 'vitest';
import type { ShownNow } from '../../../shared/analysis/observed-room.ts';
import { liveLimits, roomVerdicts } from '../../../shared/analysis/room-verdicts.ts';
import { type Level, levels } from '../../../shared/analysis/verdicts/levels.ts';
import type { Verdict } from '../../../shared/analysis/verdicts/verdict.ts';
import type { Verdicts } from '../../../shared/analysis/verdicts/verdicts.ts';
import type { FieldId, FieldValue } from '../../../shared/document/schema.ts';
import { strategyIds } from '../../../shared/history/record.ts';
import { SeededRandom } from '../../../shared/network/seeded-random.ts';
import { randomIntent } from '../../support/random-intent.ts';
import type { SimulatedRoom } from '../../../shared/simulation/simulated-room.ts';
import { opened } from '../../support/simulated-room.ts';
import { plusOne, reserveOne, RoomJournal, smallSchema, title } from './room-journal.ts';

function judged(room: RoomJournal, now?: ShownNow): Verdicts {
  return roomVerdicts(room.schema, room.records, now ? { [room.strategy]: now } : {}, [room.strategy])[room.strategy]!;
}

function shownNow(room: RoomJournal, values: Readonly<Record<FieldId, FieldValue>>, replicas = ['A', 'B', 'C']): ShownNow {
  return { atMs: room.ms, replicas, value: (field) => values[field]! };
}

function found({ levels: all }: Verdicts): string {
  return levels.map((level) => all[level].verdict).join(' ');
}

function expectBroken(verdicts: Verdicts, level: Level, sentence: string, operations: readonly string[]): void {
  expect(verdicts.levels[level]).toEqual({ verdict: 'broken', witness: { sentence, operations } } satisfies Verdict);
}

function expectUnknown(verdicts: Verdicts, level: Level, reason: string): void {
  expect(verdicts.levels[level]).toEqual({ verdict: 'unknown', reason } satisfies Verdict);
}

describe('two sides of a partition both reserve the last seat', () => {
  test.each(['crdt', 'last-writer-wins'] as const)('%s: both are told yes, so it is oversold, by these two', (strategy) => {
    const room = new RoomJournal(strategy);
    room.split(['A'], ['B', 'C']);
    const [a, b] = [room.edit('A', 'seats', reserveOne), room.edit('B', 'seats', reserveOne)];
    room.split(['A', 'B', 'C']);
    const verdicts = judged(room, shownNow(room, { title: 'Trip', votes: 0, seats: strategy === 'crdt' ? -1 : 0 }));
    expectBroken(verdicts, 'linearizable', 'Reservations of 2 in all were accepted though there was only 1: oversold.', [a, b]);
    if (strategy === 'crdt') expectBroken(verdicts, 'sequential', "A's reservation of 1 and B's reservation of 1 both showed 0 afterwards: neither counted the other.", [a, b]);
    else expectBroken(verdicts, 'sequential', "A read 0 from seats after A's reservation of 1 had been acknowledged, and without it.", [a, 'now/A/seats']);
    // The CRDT's number is made of both; last writer wins dropped what A had been told yes to.
    expect(verdicts.strongest).toBe(strategy === 'crdt' ? 'causal' : 'monotonic-reads');
  });

  test('consensus: the side without a majority is refused, and all levels hold', () => {
    const room = new RoomJournal('consensus');
    room.split(['A'], ['B', 'C']);
    room.refused('A', 'seats', reserveOne, '1 of 3 replicas reachable, 2 needed');
    const key = room.accepted('B', 'seats', reserveOne, 1, '');
    room.read('C', 'seats', 0, key);
    room.split(['A', 'B', 'C']);
    const verdicts = judged(room, shownNow(room, { title: 'Trip', votes: 0, seats: 0 }));
    expect(found(verdicts)).toBe(Array(8).fill('holds').join(' '));
    expect(verdicts.strongest).toBe('linearizable');
  });
});

describe('a lost increment', () => {
  function lost(): { room: RoomJournal; keys: string[] } {
    const room = new RoomJournal('last-writer-wins');
    room.split(['A'], ['B', 'C']);
    const keys = [room.edit('A', 'votes', plusOne), room.edit('B', 'votes', plusOne)];
    return { room, keys };
  }

  test('last writer wins: after the merge C reads 1, though two were acknowledged', () => {
    const { room, keys } = lost();
    room.split(['A', 'B', 'C']);
    const read = room.look('C', 'votes');
    const verdicts = judged(room);
    expectBroken(verdicts, 'linearizable', 'C read 1 after 2 changes had been acknowledged that make it 2: 1 unit of change is missing.', [...keys, `${read}/votes`]);
    expectBroken(verdicts, 'sequential', "A's change by +1 and B's change by +1 both showed 1 afterwards: neither counted the other.", keys);
  });

  test('last writer wins, during the partition: what the second window showed right after the click gives it away', () => {
    const { room, keys } = lost();
    expectBroken(judged(room), 'linearizable', "A's change by +1 and B's change by +1 both showed 1 afterwards: neither counted the other.", keys);
  });

  test('last writer wins, with a stock that was the same twice because it goes both ways: that is not held against it', () => {
    const room = new RoomJournal('last-writer-wins');
    for (const intent of [reserveOne, { kind: 'release', amount: 1 } as const, reserveOne]) room.edit('A', 'seats', intent);
    room.split(['A'], ['B', 'C']);
    const keys = [room.edit('A', 'votes', plusOne), room.edit('B', 'votes', plusOne)];
    expectBroken(judged(room), 'sequential', "A's change by +1 and B's change by +1 both showed 1 afterwards: neither counted the other.", keys);
  });

  test('CRDT, a stock that goes both ways, so that equal numbers prove nothing: what is missing is reckoned', () => {
    const room = new RoomJournal('crdt');
    room.split(['A'], ['B', 'C']);
    const keys = [room.edit('A', 'seats', { kind: 'release', amount: 3 }), room.edit('B', 'seats', reserveOne)];
    expectBroken(judged(room), 'linearizable', "B's reservation of 1 showed 0, though with 1 change acknowledged before it that makes 3: 3 units of change are missing.", keys);
  });

  test('last writer wins without partition: all levels hold', () => {
    const room = new RoomJournal('last-writer-wins');
    for (const at of ['A', 'B', 'C', 'A']) room.edit(at, 'votes', plusOne);
    room.edit('B', 'title', title('Rome'));
    for (const at of ['A', 'B', 'C']) for (const field of ['title', 'votes']) room.look(at, field);
    expect(found(judged(room, shownNow(room, { title: 'Rome', votes: 4, seats: 1 })))).toBe(Array(8).fill('holds').join(' '));
  });
});

describe('older values', () => {
  test('quorum, R = 1, W = 1 (N = 3): a stale read is not linearizable, but sequential', () => {
    const room = new RoomJournal('quorum');
    const key = room.accepted('A', 'title', title('Rome'), 1, 'A', '');
    const read = room.read('B', 'title', 'Trip', '');
    const verdicts = judged(room);
    expectBroken(verdicts, 'linearizable', "B read “Trip” after A's write of “Rome” had been acknowledged: a stale read.", [key, `${read}/title`]);
    expect(verdicts.strongest).toBe('sequential');
  });

  test('quorum, a person writes at A and reads an older value at B: read your writes is broken', () => {
    const room = new RoomJournal('quorum');
    const key = room.accepted('A', 'title', title('Rome'), 1, 'A', '');
    const read = room.read('A', 'title', 'Trip', '', { at: 'B' });
    const verdicts = judged(room);
    expectBroken(verdicts, 'read-your-writes', "A read “Trip” after A's own write of “Rome” had been acknowledged.", [key, `${read}/title`]);
    expect(found(verdicts)).toBe('broken broken broken broken holds holds holds unknown');
  });

  test('quorum, a person reads at B and then at A, which lags behind: monotonic reads is broken, where the newer title answered the older one', () => {
    const room = new RoomJournal('quorum');
    const old = room.accepted('A', 'title', title('Rome'), 1, 'A', '');
    room.read('B', 'title', 'Rome', old);
    const key = room.accepted('B', 'title', title('Oslo'), 2, 'B', old);
    const reads = [room.read('C', 'title', 'Oslo', key, { at: 'B' }), room.read('C', 'title', 'Rome', old, { at: 'A' })].map((read) => `${read}/title`);
    const verdicts = judged(room);
    expectBroken(verdicts, 'monotonic-reads', 'C read “Oslo” and then “Rome”, which is older.', reads);
    expect(verdicts.levels['read-your-writes'].verdict).toBe('holds');
  });

  test('quorum, the same where nobody had read the older title: nothing shows which one is older, and only real time is broken', () => {
    const room = new RoomJournal('quorum');
    const old = room.accepted('A', 'title', title('Rome'), 1, 'A', '');
    const key = room.accepted('B', 'title', title('Oslo'), 2, 'B', old);
    room.read('C', 'title', 'Oslo', key, { at: 'B' });
    room.read('C', 'title', 'Rome', old, { at: 'A' });
    expect(levels.slice(0, 7).map((level) => judged(room).levels[level].verdict)).toEqual(['broken', ...Array<string>(6).fill('holds')]);
  });

  test('quorum, the same of a counter: a session that goes back has lost a step that it had read', () => {
    const room = new RoomJournal('quorum');
    const key = room.accepted('A', 'votes', plusOne, 1, 'A', '');
    const reads = [room.read('C', 'votes', 1, key, { at: 'A' }), room.read('C', 'votes', 0, '', { at: 'B' })].map((read) => `${read}/votes`);
    const verdicts = judged(room);
    expectBroken(verdicts, 'linearizable', 'C read 0 after 1 change had been acknowledged that makes it 1: 1 unit of change is missing.', [key, reads[1]!]);
    expectBroken(verdicts, 'causal', "C read 1 from votes and then 0, without A's change by +1, which the first contained.", [key, ...reads]);
    expectBroken(verdicts, 'monotonic-reads', "C read 1 and then 0, without A's change by +1, which the first contained.", reads);
  });

  test('single leader, asynchronous: an acknowledged write is rolled back, and then the old value is read', () => {
    const room = new RoomJournal('single-leader');
    room.split(['A'], ['B', 'C']);
    const key = room.accepted('A', 'title', title('Rome'), 1, 'A', 2, '');
    room.split(['A', 'B', 'C']);
    room.say(key, { outcome: 'rolled-back', reason: 'B leads now and does not have it', details: [1, 'A', 2] });
    const read = room.read('C', 'title', 'Trip', '');
    const verdicts = judged(room);
    expectBroken(verdicts, 'linearizable', "C read “Trip” after A's write of “Rome” had been acknowledged: a stale read.", [key, `${read}/title`]);
    expect(verdicts.strongest).toBe('sequential');
    const own = room.read('A', 'title', 'Trip', '');
    expectBroken(judged(room), 'read-your-writes', "A read “Trip” after A's own write of “Rome” had been acknowledged.", [key, `${own}/title`]);
  });

  test('last writer wins, a clock that was ahead and is set right: the second of two writes loses', () => {
    const room = new RoomJournal('last-writer-wins');
    room.skew('A', 60_000);
    const ahead = room.edit('A', 'title', title('Rome'));
    room.skew('A', 0);
    const behind = room.edit('A', 'title', title('Oslo'));
    const read = room.look('A', 'title');
    const verdicts = judged(room);
    expectBroken(verdicts, 'linearizable', "A read “Rome” after A's write of “Oslo” had been acknowledged: a stale read.", [ahead, behind, `${read}/title`]);
    expect(verdicts.levels['monotonic-writes'].verdict).toBe('holds');
    // Its own later title is gone from what A reads.
    expectBroken(verdicts, 'read-your-writes', 'A read “Rome” after A\'s own write of “Oslo” had been acknowledged.', [behind, `${read}/title`]);
  });
});

describe('what nobody can say', () => {
  test('nobody has changed anything: every level is unknown', () => {
    const room = new RoomJournal('crdt', ['A'], [...smallSchema, { id: 'notes', type: 'text', label: 'Notes', initial: '' }]);
    room.edit('A', 'notes', { kind: 'splice', index: 0, removed: '', inserted: 'x' });
    room.read('A', 'title', 'Trip');
    for (const level of levels) expectUnknown(judged(room), level, 'Nobody has changed anything yet that is judged: a register, a counter or a stock.');
    expect(judged(room).strongest).toBeNull();
  });

  test('nobody has read what was changed: nothing is said to hold', () => {
    const room = new RoomJournal('quorum');
    room.read('B', 'title', 'Trip', '');
    room.accepted('A', 'title', title('Rome'), 1, 'A', '');
    const vote = room.accepted('B', 'votes', plusOne, 1, 'A', '');
    const verdicts = judged(room);
    for (const level of ['linearizable', 'sequential'] as const) expectUnknown(verdicts, level, 'Nobody has read title and votes since they were changed.');
    for (const level of ['causal', 'read-your-writes', 'monotonic-reads', 'monotonic-writes', 'writes-follow-reads'] as const) expectUnknown(verdicts, level, 'Nobody has read title and votes since they were changed.');
    expect(verdicts.strongest).toBeNull();
    room.read('B', 'title', 'Rome', 'A:1');
    expectUnknown(judged(room), 'linearizable', 'Nobody has read votes since it was changed.');
    expectUnknown(judged(room), 'causal', 'Nobody has read votes since it was changed.');
    room.read('B', 'votes', 1, vote);
    expect(judged(room).levels.causal.verdict).toBe('holds');
  });

  test('replicas that differ while a partition lasts have not failed to agree', () => {
    const room = new RoomJournal('crdt');
    room.split(['A'], ['B', 'C']);
    room.edit('A', 'title', title('Rome'));
    room.read('A', 'title', 'Rome');
    room.read('B', 'title', 'Trip');
    expectUnknown(judged(room), 'eventual', 'Not all replicas have everything yet; only then can it be seen whether they agree.');
    room.split(['A', 'B', 'C']);
    expect(judged(room, shownNow(room, { title: 'Rome', votes: 0, seats: 1 })).levels.eventual.verdict).toBe('holds');
    expectUnknown(judged(room, shownNow(room, { title: 'Rome', votes: 0, seats: 1 }, ['A'])), 'eventual', 'Fewer than two replicas were read on title after its last write.');
  });

  test('registers hold where sums leave a level open; with one order for all fields, that level holds', () => {
    const room = new RoomJournal('consensus');
    const [rome, vote] = [room.accepted('A', 'title', title('Rome'), 1, ''), room.accepted('A', 'votes', plusOne, 1, '')];
    room.read('B', 'title', 'Rome', rome);
    room.read('B', 'votes', 1, vote);
    expect(found(judged(room))).toBe('holds holds holds holds holds holds holds unknown');
    // A number that its steps do not explain.
    room.read('B', 'votes', 7, vote);
    expect(found(judged(room))).toBe('broken broken unknown unknown unknown unknown unknown unknown');
    expectUnknown(judged(room), 'causal', 'It holds for title; what was read from votes is the sum of several changes, and nobody can say of which.');
  });

  test('a history that is too long for a window is not judged in part, but not at all', () => {
    const room = new RoomJournal('quorum', ['A']);
    room.accepted('A', 'title', title('Rome'), 1, 'A', '');
    for (let i = 0; i < 2; i++) room.read('A', 'title', 'Trip', '');
    const judgedUpTo = (operationsMax: number) => roomVerdicts(room.schema, room.records, {}, ['quorum'], { operationsMax }).quorum!.levels.linearizable;
    expect(judgedUpTo(3).verdict).toBe('broken');
    expect(judgedUpTo(2)).toEqual({ verdict: 'unknown', reason: '3 edits and reads are more than are judged while a room is used; save the history, and empty the room to begin anew.' });
  });

  test('past its budget of steps it does not know', () => {
    const room = new RoomJournal('quorum', ['A', 'B']);
    for (let i = 0; i < 5; i++) room.read('B', 'title', `t${i}`, room.accepted('A', 'title', title(`t${i}`), i + 1, 'A', ''));
    expect(roomVerdicts(room.schema, room.records, {}, ['quorum'], { stepsMax: 2 }).quorum!.levels.linearizable).toEqual({ verdict: 'unknown', reason: 'The search for an order of 10 operations on title stopped after 2 steps.' });
    expect(roomVerdicts(room.schema, room.records, {}, ['quorum'], liveLimits).quorum!.strongest).toBe('linearizable');
  });
});

/** 80 steps by three people who edit, read here and there, go offline, promote leaders and set clocks wrong; then all meet. */
async function randomRoom(seed: number): Promise<SimulatedRoom> {
  const random = new SeededRandom(seed);
  const room = await opened({ schema: smallSchema, seed });
  for (let step = 0; step < 80; step++) {
    await room.pass(random.chance(0.3) ? 0 : random.below(60));
    const each = random.pick(room.replicas);
    const { replica } = each;
    const field = random.pick(smallSchema);
    if (random.chance(0.1)) each.setOnline(!each.isOnline);
    else if (random.chance(0.02)) each.skewMs = (random.below(7) - 3) * 60_000;
    else if (random.chance(0.02)) each.promote();
    else if (random.chance(0.3)) {
      const at = random.chance(0.5) ? each.id : random.pick(room.replicas).id;
      void replica.readFrom(at).catch(() => undefined);
    } else if (random.chance(0.5)) {
      const shown = replica.value('crdt', field.id);
      const isRegister = field.type === 'register';
      replica.perform(field.id, isRegister ? title(`t${step}`) : randomIntent(random, field, shown));
    }
    if (random.chance(0.7)) await room.pass(20);
  }
  await room.heal();
  if (!(await room.converged(30_000))) throw new Error(`seed ${seed} does not converge`);
  return room;
}

describe('real replicas in random runs with partitions, wrong clocks and promotions (N = 3)', () => {
  test('consensus is never accused, others are caught, and all come to agree', async () => {
    const caught = new Map<string, number>();
    for (let seed = 1; seed <= 15; seed++) {
      const room = await randomRoom(seed);
      const { replica } = room.at('A');
      const shown = strategyIds.map((strategy) => [strategy, { atMs: room.clock.nowMs(), replicas: ['A', 'B', 'C'], value: (field: FieldId) => replica.value(strategy, field) }] as const);
      const verdicts = roomVerdicts(smallSchema, replica.records, Object.fromEntries(shown), strategyIds);
      for (const strategy of strategyIds) {
        const { linearizable, eventual } = verdicts[strategy]!.levels;
        if (linearizable.verdict === 'broken') caught.set(strategy, (caught.get(strategy) ?? 0) + 1);
        expect(eventual.verdict, `${strategy} of seed ${seed}`).not.toBe('broken');
      }
      // The whole verdict, so that a failure shows its witness.
      expect(verdicts.consensus!.levels.linearizable, `seed ${seed}`).toEqual({ verdict: 'holds' });
    }
    for (const strategy of ['crdt', 'last-writer-wins', 'siblings', 'single-leader']) expect(caught.get(strategy) ?? 0, strategy).toBeGreaterThan(4);
  });
});
