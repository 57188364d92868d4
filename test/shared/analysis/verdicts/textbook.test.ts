import { describe, expect, test } from 'vitest';
import { causal, causallyConvergent } from '../../../../shared/analysis/verdicts/causal.ts';
import { eventual } from '../../../../shared/analysis/verdicts/eventual.ts';
import { linearizable } from '../../../../shared/analysis/verdicts/linearizable.ts';
import type { ObservedHistory } from '../../../../shared/analysis/verdicts/observed-history.ts';
import { sequential } from '../../../../shared/analysis/verdicts/sequential.ts';
import { monotonicReads, monotonicWrites, readYourWrites, writesFollowReads } from '../../../../shared/analysis/verdicts/session-guarantees.ts';
import { counterOf, type Specification, stockOf } from '../../../../shared/analysis/verdicts/specification.ts';
import type { Verdict } from '../../../../shared/analysis/verdicts/verdict.ts';
import { verdictsOf } from '../../../../shared/analysis/verdicts/verdicts.ts';
import { read, story, update, write } from './story.ts';

const numbers = { specifications: new Map([['votes', counterOf() as Specification], ['seats', stockOf(2) as Specification]]) };
const add = (by: number) => ({ kind: 'add', by }) as const;
const reserve = (amount: number) => ({ kind: 'reserve', amount }) as const;

function expectBroken(verdict: Verdict, sentence: string, operations: readonly string[]): void {
  expect(verdict).toEqual({ verdict: 'broken', witness: { sentence, operations } });
}

describe('linearizable', () => {
  test('a read after an acknowledged write returns the older value: a stale read', () => {
    const history = story([write('A', 'city', 'Paris', 1, 2), write('A', 'city', 'Rome', 3, 4), read('C', 'city', 'Rome', 5, 6), read('B', 'city', 'Paris', 7, 8), read('C', 'city', 'Rome', 9, 10)]);
    expectBroken(linearizable(history), "B read “Paris” after A's write of “Rome” had been acknowledged: a stale read.", ['o1', 'o2', 'o4']);
  });

  test('the initial value after an acknowledged write', () => {
    expectBroken(linearizable(story([write('A', 'city', 'Rome', 1, 2), read('B', 'city', null, 3, 4)])), "B read the initial value after A's write of “Rome” had been acknowledged: a stale read.", ['o1', 'o2']);
  });

  test('a read during a write may return either value, but after a newer one nobody may read the older', () => {
    const during = [write('A', 'city', 'Rome', 1, 9), read('B', 'city', 'Rome', 2, 3)];
    expect(linearizable(story([...during, read('C', 'city', null, 2, 4)])).verdict).toBe('holds');
    expectBroken(linearizable(story([...during, read('C', 'city', null, 4, 5)])), 'B read “Rome”, and C then read the initial value, which is older: a stale read.', ['o1', 'o2', 'o3']);
  });

  test('one session goes back in time', () => {
    const history = story([write('A', 'city', 'Rome', 1, 9), read('B', 'city', 'Rome', 2, 3), read('B', 'city', null, 4, 5)]);
    expectBroken(linearizable(history), 'B read “Rome” and then the initial value, which is older.', ['o1', 'o2', 'o3']);
  });

  test('what nobody wrote, and what was written only later', () => {
    expectBroken(linearizable(story([read('B', 'city', 'Oslo', 1, 2)])), 'B read “Oslo”, which nobody had written.', ['o1']);
    expectBroken(linearizable(story([read('B', 'city', 'Oslo', 1, 2), write('A', 'city', 'Oslo', 3, 4)])), 'B read “Oslo” before A began to write it.', ['o1']);
  });

  test('two concurrent writes are seen in two orders', () => {
    const writes = [write('A', 'city', 'Rome', 1, 3), write('B', 'city', 'Oslo', 1, 3)];
    const verdict = linearizable(story([...writes, read('C', 'city', 'Rome', 4, 5), read('D', 'city', 'Oslo', 6, 7)]));
    expectBroken(verdict, "No order of these 4 operations that keeps real time explains all answers: A's write of “Rome”, B's write of “Oslo”, C's read of “Rome” and D's read of “Oslo”.", ['o1', 'o2', 'o3', 'o4']);
  });

  test('an open write that was read has happened, one that was not read may not have', () => {
    const open = write('A', 'city', 'Rome', 1, null);
    expect(linearizable(story([open, read('B', 'city', 'Rome', 5, 6)])).verdict).toBe('holds');
    expect(linearizable(story([open, read('B', 'city', null, 5, 6)])).verdict).toBe('holds');
    expect(linearizable(story([open, read('B', 'city', null, 5, 6), read('B', 'city', 'Rome', 7, 8)])).verdict).toBe('holds');
    expectBroken(linearizable(story([open, read('B', 'city', 'Rome', 5, 6), read('C', 'city', null, 7, 8)])), 'B read “Rome”, and C then read the initial value, which is older: a stale read.', ['o1', 'o2', 'o3']);
  });

  test('an open write may take effect after its own session went on', () => {
    expect(linearizable(story([write('A', 'city', 'Rome', 1, null), write('A', 'city', 'Oslo', 2, 3), read('A', 'city', 'Rome', 4, 5)])).verdict).toBe('holds');
  });

  test('equal times of two sessions are no order, of one session they are', () => {
    expect(linearizable(story([write('A', 'city', 'Rome', 1, 2), read('B', 'city', null, 2, 3)])).verdict).toBe('holds');
    expect(linearizable(story([write('A', 'city', 'Rome', 1, 2), read('A', 'city', null, 2, 3)])).verdict).toBe('broken');
  });

  test('the same value written twice is told apart where reads name their write', () => {
    const writes = [write('A', 'city', 'Rome', 1, 2), write('B', 'city', 'Rome', 3, 4)];
    expect(linearizable(story([...writes, read('C', 'city', 'Rome', 5, 6)])).verdict).toBe('holds');
    expectBroken(linearizable(story([...writes, read('C', 'city', 'Rome', 5, 6, { readFrom: 'o1' })])), "No order of these 3 operations that keeps real time explains all answers: A's write of “Rome”, B's write of “Rome” and C's read of “Rome”.", ['o1', 'o2', 'o3']);
  });

  test('a lost update: two increments, and one of them is missing', () => {
    const history = story([update('A', 'votes', add(1), 1, 2), update('B', 'votes', add(1), 1, 2), read('C', 'votes', 1, 3, 4)], numbers);
    expectBroken(linearizable(history), 'C read 1 after 2 changes had been acknowledged that make it 2: 1 unit of change is missing.', ['o1', 'o2', 'o3']);
  });

  test('an open increment counts or not, but not both', () => {
    const open = update('A', 'votes', add(1), 1, null);
    expect(linearizable(story([open, read('B', 'votes', 0, 3, 4), read('B', 'votes', 1, 5, 6)], numbers)).verdict).toBe('holds');
    expect(linearizable(story([open, read('B', 'votes', 1, 3, 4), read('B', 'votes', 0, 5, 6)], numbers)).verdict).toBe('broken');
    expect(linearizable(story([open, read('B', 'votes', 2, 3, 4)], numbers)).verdict).toBe('broken');
  });

  test('a lost update shows in what two updates returned', () => {
    const history = story([update('A', 'votes', add(1), 1, 4, { returned: 1 }), update('B', 'votes', add(1), 2, 3, { returned: 1 })], numbers);
    expect(linearizable(history).verdict).toBe('broken');
  });

  test('an oversold stock', () => {
    const history = story([update('A', 'seats', reserve(1), 1, 2), update('B', 'seats', reserve(1), 1, 3), update('C', 'seats', reserve(1), 4, 5)], numbers);
    expectBroken(linearizable(history), 'Reservations of 3 in all were accepted though there were only 2: oversold.', ['o1', 'o2', 'o3']);
  });

  test('a refused reservation is right only where too few are left', () => {
    expect(linearizable(story([update('A', 'seats', reserve(2), 1, 2), update('B', 'seats', reserve(1), 3, 4, { accepted: false })], numbers)).verdict).toBe('holds');
    expect(linearizable(story([update('A', 'seats', reserve(1), 1, 2), update('B', 'seats', reserve(1), 3, 4, { accepted: false })], numbers)).verdict).toBe('broken');
  });

  test('a release makes room', () => {
    expect(linearizable(story([update('A', 'seats', reserve(2), 1, 2), update('A', 'seats', add(1), 3, 4), update('B', 'seats', reserve(1), 5, 6)], numbers)).verdict).toBe('holds');
  });

  test('past its budget it does not know', () => {
    const history = story([write('A', 'city', 'Rome', 1, 2), read('B', 'city', null, 3, 4)]);
    expect(linearizable(history, { stepsMax: 0 })).toMatchObject({ verdict: 'unknown', reason: 'The search for an order of 2 operations on city stopped after 0 steps.' });
  });

  test('a field of the wrong kind is refused with what to do', () => {
    expect(() => linearizable(story([update('A', 'city', add(1), 1, 2)]))).toThrow('the register "city" knows no "add", as in o1; give the field the specification of what it is');
    expect(() => linearizable(story([write('A', 'votes', 'many', 1, 2)], numbers))).toThrow('the counter "votes" is set to "many" by o1; it holds numbers');
  });
});

describe('sequential', () => {
  test('a stale read is allowed, as no clock is asked', () => {
    expect(sequential(story([write('A', 'city', 'Rome', 1, 2), read('B', 'city', null, 3, 4)])).verdict).toBe('holds');
  });

  test('IRIW: two readers see two independent writes in two orders', () => {
    const iriw = story([
      write('A', 'x', 1, 1, 2), write('B', 'y', 1, 1, 2),
      read('C', 'x', 1, 3, 4), read('C', 'y', null, 5, 6),
      read('D', 'y', 1, 3, 4), read('D', 'x', null, 5, 6),
    ]);
    expectBroken(sequential(iriw), "No order of these 6 operations that keeps each session's order explains all answers: A's write of 1 (x), B's write of 1 (y), C's read of 1 (x), D's read of 1 (y), C's read of the initial value (y) and D's read of the initial value (x).", ['o1', 'o2', 'o3', 'o5', 'o4', 'o6']);
    expect(causal(iriw).verdict).toBe('holds');
    expect(verdictsOf(iriw).strongest).toBe('causal');
  });

  test('Dekker: both write one field and miss the write of the other, though each field by itself is fine', () => {
    const dekker = story([write('A', 'x', 1, 1, 2), read('A', 'y', null, 3, 4), write('B', 'y', 1, 1, 2), read('B', 'x', null, 3, 4)]);
    expect(sequential(dekker).verdict).toBe('broken');
    expect(causal(dekker).verdict).toBe('holds');
  });

  test('past its budget it does not know', () => {
    expect(sequential(story([write('A', 'city', 'Rome', 1, 2)]), { stepsMax: 0 })).toMatchObject({ verdict: 'unknown' });
  });
});

describe('causal', () => {
  const postAndReply = [write('A', 'post', 'Lost my ring', 1, 2), read('B', 'post', 'Lost my ring', 3, 4), write('B', 'reply', 'So sorry', 5, 6)];

  test('a reply is seen without its post', () => {
    expectBroken(causal(story([...postAndReply, read('C', 'reply', 'So sorry', 7, 8), read('C', 'post', null, 9, 10)])),
      'C read “So sorry” from reply, which was written by somebody who knew of “Lost my ring” in post, and then read the initial value from post: an effect without its cause.', ['o1', 'o3', 'o4', 'o5']);
  });

  test('a post without its reply is fine', () => {
    expect(causal(story([...postAndReply, read('C', 'post', 'Lost my ring', 7, 8), read('C', 'reply', null, 9, 10)])).verdict).toBe('holds');
  });

  test('a value that was overwritten with knowledge comes back', () => {
    const history = story([write('A', 'city', 'Paris', 1, 2), read('B', 'city', 'Paris', 3, 4), write('B', 'city', 'Rome', 5, 6), read('C', 'city', 'Rome', 7, 8), read('C', 'city', 'Paris', 9, 10)]);
    expectBroken(causal(history), 'C read “Rome” from city and then “Paris”, which it had replaced.', ['o1', 'o3', 'o4', 'o5']);
  });

  test('an own write is not there', () => {
    expectBroken(causal(story([write('A', 'city', 'Rome', 1, 2), read('A', 'city', null, 3, 4)])), 'A wrote “Rome” to city and then read the initial value from it.', ['o1', 'o2']);
  });

  test('effects in a circle', () => {
    const history = story([read('A', 'x', 1, 1, 2), write('A', 'y', 1, 3, 4), read('B', 'y', 1, 1, 2), write('B', 'x', 1, 3, 4)]);
    expect(causal(history)).toMatchObject({ verdict: 'broken', witness: { operations: ['o1', 'o3', 'o2', 'o4'] } });
  });

  test('concurrent writes may be seen in two orders, unless all must agree on a winner', () => {
    const history = story([write('A', 'city', 'Rome', 1, 2), read('A', 'city', 'Oslo', 5, 6), write('B', 'city', 'Oslo', 1, 2), read('B', 'city', 'Rome', 5, 6)]);
    expect(causal(history).verdict).toBe('holds');
    expect(causallyConvergent(history)).toMatchObject({ verdict: 'broken', witness: { operations: ['o1', 'o3'] } });
  });

  test('values that repeat: unknown, with the reason', () => {
    const history = story([write('A', 'city', 'Rome', 1, 2), write('B', 'city', 'Rome', 1, 2), read('C', 'city', 'Rome', 3, 4)]);
    expect(causal(history)).toEqual({ verdict: 'unknown', reason: 'C read “Rome” from city, and 2 writes could be where that came from.' });
    expect(causal(story([write('A', 'city', 'Rome', 1, 2), write('B', 'city', 'Rome', 1, 2), read('C', 'city', 'Rome', 3, 4, { readFrom: 'o1' })])).verdict).toBe('holds');
  });
});

describe('session guarantees', () => {
  const roaming = { replica: 'B' };
  const paris = write('X', 'city', 'Paris', 1, 2);
  const romeAfterParis = [paris, read('A', 'city', 'Paris', 3, 4), write('A', 'city', 'Rome', 5, 6)];

  test('read your writes: kept at home, broken after moving to a replica that does not have the write yet', () => {
    const mine = write('A', 'city', 'Rome', 1, 2);
    expect(readYourWrites(story([mine, read('A', 'city', 'Rome', 3, 4)])).verdict).toBe('holds');
    expectBroken(readYourWrites(story([mine, read('A', 'city', null, 3, 4, roaming)])), "A read the initial value after A's own write of “Rome” had been acknowledged.", ['o1', 'o2']);
    expect(readYourWrites(story([...romeAfterParis, read('A', 'city', 'Paris', 7, 8)])).verdict).toBe('broken');
  });

  test('read your writes: a concurrent value of somebody else is not older', () => {
    const operations = [write('A', 'city', 'Rome', 1, 2), write('B', 'city', 'Oslo', 1, 2), read('A', 'city', 'Oslo', 3, 4)];
    expect(readYourWrites(story(operations)).verdict).toBe('holds');
  });

  test('read your writes: an open write need not be there', () => {
    expect(readYourWrites(story([write('A', 'city', 'Rome', 1, null), read('A', 'city', null, 3, 4)])).verdict).toBe('holds');
  });

  test('monotonic reads: kept while the session stays, broken when it moves to a replica that is behind', () => {
    expect(monotonicReads(story([...romeAfterParis, read('C', 'city', 'Paris', 7, 8), read('C', 'city', 'Rome', 9, 10)])).verdict).toBe('holds');
    expectBroken(monotonicReads(story([...romeAfterParis, read('C', 'city', 'Rome', 7, 8), read('C', 'city', 'Paris', 9, 10, roaming)])), 'C read “Rome” and then “Paris”, which is older.', ['o4', 'o5']);
  });

  test('monotonic writes: the second write of a session arrives without the first', () => {
    const writes = [write('A', 'title', 'Trip', 1, 2), write('A', 'city', 'Rome', 3, 4)];
    expect(monotonicWrites(story([...writes, read('B', 'city', 'Rome', 5, 6), read('B', 'title', 'Trip', 7, 8)])).verdict).toBe('holds');
    expectBroken(monotonicWrites(story([...writes, read('B', 'city', 'Rome', 5, 6), read('B', 'title', null, 7, 8)])),
      'A wrote “Trip” before “Rome”, but B read “Rome” and then the initial value, as if the first came later or not at all.', ['o1', 'o2', 'o3', 'o4']);
  });

  test('writes follow reads: an answer arrives without what it answers', () => {
    const talk = [write('A', 'post', 'Lunch?', 1, 2), read('B', 'post', 'Lunch?', 3, 4), write('B', 'reply', 'Yes', 5, 6)];
    expect(writesFollowReads(story([...talk, read('C', 'reply', 'Yes', 7, 8), read('C', 'post', 'Lunch?', 9, 10)])).verdict).toBe('holds');
    expectBroken(writesFollowReads(story([...talk, read('C', 'reply', 'Yes', 7, 8), read('C', 'post', null, 9, 10)])),
      "B had read “Lunch?” before writing “Yes”, but C read “Yes” and then the initial value, without A's write of “Lunch?”.", ['o1', 'o3', 'o4', 'o5']);
  });
});

describe('eventual', () => {
  const writes = [write('A', 'city', 'Rome', 1, 2), write('B', 'city', 'Oslo', 1, 3)];

  test('all agree after the last write', () => {
    expect(eventual(story([...writes, read('A', 'city', 'Rome', 2, 3), read('A', 'city', 'Oslo', 4, 5), read('B', 'city', 'Oslo', 4, 5)])).verdict).toBe('holds');
  });

  test('two replicas stay apart', () => {
    expectBroken(eventual(story([...writes, read('A', 'city', 'Rome', 4, 5), read('B', 'city', 'Oslo', 4, 5)])), 'After all was settled, A had “Rome” and B had “Oslo” for city.', ['o3', 'o4']);
  });

  test('reads before all is settled do not count', () => {
    const history = [...writes, read('A', 'city', 'Rome', 4, 5), read('B', 'city', 'Oslo', 4, 5), read('A', 'city', 'Oslo', 8, 9), read('B', 'city', 'Oslo', 8, 9)];
    expect(eventual(story(history, { settledAt: 7 })).verdict).toBe('holds');
    expect(eventual(story(history.slice(0, 5), { settledAt: 7 })).verdict).toBe('unknown');
  });

  test('nobody can tell while a write is open, unless it is said that all is settled', () => {
    const history = [write('A', 'city', 'Rome', 1, null), read('A', 'city', 'Rome', 4, 5), read('B', 'city', null, 4, 5)];
    expect(eventual(story(history))).toEqual({ verdict: 'unknown', reason: 'Replicas differ on city, but a write is still open.' });
    expect(eventual(story(history, { settledAt: 4 })).verdict).toBe('broken');
  });
});

describe('all verdicts', () => {
  const strongest = (history: ObservedHistory) => verdictsOf(history).strongest;

  test('the strongest that holds', () => {
    expect(strongest(story([]))).toBe('linearizable');
    expect(strongest(story([write('A', 'city', 'Rome', 1, 2), read('B', 'city', null, 3, 4)]))).toBe('sequential');
    expect(strongest(story([write('A', 'x', 1, 1, 2), read('A', 'y', null, 3, 4), write('B', 'y', 1, 1, 2), read('B', 'x', null, 3, 4)]))).toBe('causal');
    expect(strongest(story([write('A', 'city', 'Rome', 1, 2), read('A', 'city', null, 3, 4)]))).toBe('monotonic-reads');
  });

  test('counters: what is linearizable is causal too, though no read names a single write', () => {
    const { levels } = verdictsOf(story([update('A', 'votes', add(1), 1, 2), read('B', 'votes', 1, 3, 4)], numbers));
    expect(Object.values(levels).slice(0, 7).map(({ verdict }) => verdict)).toEqual(Array(7).fill('holds'));
  });

  test('counters that are not even sequential: causal is unknown, with the reason', () => {
    const { levels } = verdictsOf(story([update('A', 'votes', add(1), 1, 2), read('A', 'votes', 0, 3, 4)], numbers));
    expect(levels.sequential.verdict).toBe('broken');
    expect(levels.causal).toEqual({ verdict: 'unknown', reason: 'A read 0 from votes, and nobody knows of which changes that number was made.' });
  });
});
