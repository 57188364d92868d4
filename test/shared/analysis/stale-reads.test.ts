import { describe, expect, test } from 'vitest';
import { type StaleRead, staleReads } from '../../../shared/analysis/stale-reads.ts';
import { dotKey } from '../../../shared/clocks/dot.ts';
import type { FieldId, Schema } from '../../../shared/document/schema.ts';
import { isEdit, isRead, type StrategyId } from '../../../shared/history/record.ts';
import { SeededRandom } from '../../../shared/network/seeded-random.ts';
import { plusOne, reserveOne, RoomJournal, smallSchema, title } from './room-journal.ts';

function staleIn(room: RoomJournal): StaleRead[] {
  return staleReads(room.schema, room.records, room.strategy);
}

const atOnce = { outcome: 'accepted', details: [[], 0] } as const;

describe.each(['crdt', 'last-writer-wins', 'siblings'] as const)('%s: an acknowledged edit that the answering replica did not have', (strategy) => {
  const trace = strategy === 'siblings' ? atOnce : undefined;
  const edit = (room: RoomJournal, at: string, field = 'votes') => room.edit(at, field, field === 'title' ? title('Rome') : plusOne, trace);

  test('a read on the other side of a partition lacks it, and names the newest of several', () => {
    const room = new RoomJournal(strategy);
    room.split(['A', 'B'], ['C']);
    edit(room, 'A');
    const newest = edit(room, 'B');
    edit(room, 'A', 'title');
    room.read('A', 'votes', 2);
    const read = room.read('C', 'votes', 0);
    expect(staleIn(room)).toEqual([{ read, field: 'votes', value: 0, missing: newest }]);
    room.split(['A', 'B', 'C']);
    room.read('C', 'votes', 2);
    expect(staleIn(room)).toHaveLength(1);
  });

  test('a person at A who reads at C, which has not heard of it yet, misses their own edit', () => {
    const room = new RoomJournal(strategy);
    room.split(['A', 'B'], ['C']);
    const own = edit(room, 'A', 'title');
    const read = room.read('A', 'title', 'Trip', null, { at: 'C' });
    expect(staleIn(room)).toEqual([{ read, field: 'title', value: 'Trip', missing: own }]);
  });

  test('what was acknowledged only after the read began, or at its very millisecond, is not missed', () => {
    const room = new RoomJournal(strategy);
    room.split(['A', 'B'], ['C']);
    edit(room, 'A');
    room.read('C', 'votes', 0, null, { tookMs: 10 });
    expect(staleIn(room)).toEqual([]);
    room.read('C', 'votes', 0, null, { tookMs: 19 });
    expect(staleIn(room)).toHaveLength(1);
  });

  test('true time counts, not what a skewed clock says', () => {
    const room = new RoomJournal(strategy);
    room.split(['A', 'B'], ['C']);
    room.skew('A', 60_000);
    const key = edit(room, 'A');
    room.skew('C', -60_000);
    const read = room.read('C', 'votes', 0);
    expect(staleIn(room)).toEqual([{ read, field: 'votes', value: 0, missing: key }]);
  });

  test('a refused edit, one of another strategy and one of another field are not missed', () => {
    const room = new RoomJournal(strategy);
    room.split(['A', 'B'], ['C']);
    room.refused('A', 'seats', reserveOne, '0 left, 1 wanted');
    edit(room, 'A');
    room.read('C', 'seats', 1);
    expect(staleIn(room)).toEqual([]);
    for (const other of ['crdt', 'siblings', 'last-writer-wins', 'consensus'] as const) if (other !== strategy) expect(staleReads(smallSchema, room.records, other)).toEqual([]);
    const text: Schema = [{ id: 'title', type: 'text', label: 'Title', initial: '' }];
    expect(staleReads(text, room.records, strategy)).toEqual([]);
  });
});

/** Details that rank an edit as the n-th. */
const ranked = {
  quorum: (n: number, replaces = '') => [n, 'A', replaces],
  consensus: (n: number, replaces = '') => [n, replaces],
  'single-leader': (n: number, replaces = '') => [1, 'A', n, replaces],
} as const;

describe.each(['quorum', 'consensus', 'single-leader'] as const)('%s: an acknowledged edit that ranks above what was read', (strategy) => {
  const details = ranked[strategy];

  test('R = 1, W = 1, a local read or a follower: the value before it, or the initial one', () => {
    const room = new RoomJournal(strategy);
    const first = room.accepted('A', 'title', title('Rome'), ...details(1));
    const second = room.accepted('B', 'title', title('Oslo'), ...details(2, first));
    const reads = [room.read('C', 'title', 'Rome', first), room.read('C', 'title', 'Trip', ''), room.read('C', 'title', 'Oslo', second)];
    expect(staleIn(room)).toEqual([{ read: reads[0], field: 'title', value: 'Rome', missing: second }, { read: reads[1], field: 'title', value: 'Trip', missing: second }]);
  });

  test('the newest by rank is named, whichever was acknowledged last', () => {
    const room = new RoomJournal(strategy);
    const high = room.accepted('A', 'votes', plusOne, ...details(5));
    room.accepted('B', 'votes', plusOne, ...details(4));
    const read = room.read('C', 'votes', 0, '');
    expect(staleIn(room)).toEqual([{ read, field: 'votes', value: 0, missing: high }]);
  });

  test('an edit counts from when its own replica heard yes; one that nobody has answered, or nobody knows of, does not', () => {
    const room = new RoomJournal(strategy);
    const key = room.edit('A', 'votes', plusOne);
    room.say(key, { outcome: 'accepted', details: details(1) }, 'B');
    room.read('C', 'votes', 0, '');
    room.say(room.edit('B', 'votes', plusOne), { outcome: 'unknown', reason: 'nobody answered' });
    room.read('C', 'votes', 0, '');
    expect(staleIn(room)).toEqual([]);
    room.say(key, { outcome: 'accepted', details: details(1) });
    room.read('C', 'votes', 0, '');
    expect(staleIn(room).map(({ missing }) => missing)).toEqual([key]);
  });

  test('where it is not known what was read, or where that ranks, nobody is accused', () => {
    const room = new RoomJournal(strategy);
    room.accepted('A', 'votes', plusOne, ...details(2));
    const open = room.edit('B', 'votes', plusOne);
    const malformed = room.accepted('B', 'votes', plusOne, 'nonsense');
    for (const last of [null, open, malformed, 'Z:9']) room.read('C', 'votes', 1, last);
    expect(staleIn(room)).toEqual([]);
  });
});

describe('single leader', () => {
  test('what was rolled back is lost, and not missed; who still reads it misses what the new leader took', () => {
    const room = new RoomJournal('single-leader');
    const gone = room.accepted('A', 'title', title('Rome'), 1, 'A', 5, '');
    room.say(gone, { outcome: 'rolled-back', reason: 'B leads now', details: [1, 'A', 5] }, 'A');
    room.read('C', 'title', 'Trip', '');
    expect(staleIn(room)).toEqual([]);
    const taken = room.accepted('B', 'title', title('Oslo'), 2, 'B', 5, '');
    const read = room.read('A', 'title', 'Rome', gone);
    expect(staleIn(room)).toEqual([{ read, field: 'title', value: 'Rome', missing: taken }]);
  });
});

describe('random runs', () => {
  /** The definition, one read and one edit at a time. */
  function slowly(room: RoomJournal): string[] {
    const edits = room.records.filter(isEdit).filter(({ traces }) => traces[room.strategy]?.outcome === 'accepted');
    return room.records.filter(isRead).flatMap((read) => read.seen.flatMap(({ field, tookMs }) => {
      const beganMs = read.wallMs - (read.skewMs ?? 0) - tookMs;
      const missed = edits.filter((edit) => edit.field === field && edit.wallMs - (edit.skewMs ?? 0) < beganMs && !read.had.includes(edit.dot));
      return missed.length === 0 ? [] : [`${dotKey(read.dot)} ${field} ${dotKey(missed.at(-1)!.dot)}`];
    }));
  }

  test('last writer wins: the fast way finds what the definition says', () => {
    let count = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const random = new SeededRandom(seed);
      const room = new RoomJournal('last-writer-wins' satisfies StrategyId, ['A', 'B', 'C', 'D']);
      for (let step = 0; step < 100; step++) {
        const at = random.pick(['A', 'B', 'C', 'D']);
        if (random.chance(0.1)) room.split(...random.pick([[['A', 'B', 'C', 'D']], [['A'], ['B', 'C', 'D']], [['A', 'B'], ['C', 'D']]]));
        if (random.chance(0.05)) room.skew(at, (random.below(5) - 2) * 1_000);
        const field: FieldId = random.pick(['title', 'votes']);
        if (random.chance(0.5)) room.read(at, field, field === 'title' ? 'Trip' : 0, null, { at: random.pick(['A', 'B', 'C', 'D']), tookMs: random.below(40) });
        else room.edit(at, field, field === 'title' ? title(`t${step}`) : plusOne);
      }
      const found = staleIn(room).map(({ read, field, missing }) => `${read} ${field} ${missing}`);
      expect(found).toEqual(slowly(room));
      count += found.length;
    }
    expect(count).toBeGreaterThan(100);
  });
});
