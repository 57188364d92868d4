/** What was answered at replicas that were cut off: from histories that one can follow by hand, and against brute force on random ones. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answeredWhileCut, cutSpans } from '../../../shared/analysis/answered-while-cut.ts';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import { inCausalOrder } from '../../../shared/history/causal-order.ts';
import { type EditRecord, type JournalRecord, type Settlement, strategyIds, type Trace } from '../../../shared/history/record.ts';
import type { NetworkEventKind, RoomEvent } from '../../../shared/history/room-event.ts';
import { played } from '../../support/played-scenario.ts';

const reach = (replica: string, wallMs: number, before: string, after: string): RoomEvent => ({ kind: 'reach', replica, wallMs, payload: { before: before.split(''), after: after.split('') } });
const network = (kind: NetworkEventKind, replica: string, wallMs: number): RoomEvent => ({ kind, replica, wallMs, payload: null });
const begun = ['A', 'B', 'C'].map((each) => reach(each, 0, each, 'ABC'));

type Played = Awaited<ReturnType<typeof played>>['run'];
const under = ({ records, events }: Played) => Object.fromEntries(strategyIds.map((strategy) => [strategy, answeredWhileCut(inCausalOrder(records), events, strategy)]));
const apart = ['{ at: A, increment: votes }', 'wait: 1 s', 'islands: [[A, B], [C]]', 'wait: 1 s', '{ at: C, increment: votes }', '{ at: C, set: { title: Rome } }', '{ at: A, set: { title: Oslo } }', 'wait: 30 s', 'heal: true', 'wait: 5 s', '{ at: C, increment: votes }'];

describe('who is cut off', () => {
  const spans = (...events: RoomEvent[]) => cutSpans([...begun, ...events]).map(({ replica, fromMs, untilMs }) => [replica, fromMs, untilMs]);

  test('the smaller side, from when it misses the others until it reaches them again', () => {
    expect(spans(reach('A', 5, 'ABC', 'AB'), reach('B', 5, 'ABC', 'AB'), reach('C', 6, 'ABC', 'C'), reach('C', 20, 'C', 'AC'), reach('C', 21, 'AC', 'ABC'))).toEqual([['C', 6, 20]]);
  });

  test('of equal sides both; a cut that lasts has no end', () => {
    expect(cutSpans([reach('A', 0, 'A', 'AB'), reach('B', 0, 'B', 'AB'), reach('A', 4, 'AB', 'A'), reach('B', 5, 'AB', 'B')])).toEqual([
      { replica: 'A', fromMs: 4, untilMs: Infinity }, { replica: 'B', fromMs: 5, untilMs: Infinity },
    ]);
  });

  test('a network that is switched off, and not the one that it leaves behind', () => {
    expect(cutSpans([reach('A', 0, 'A', 'AB'), reach('B', 0, 'B', 'AB'), network('offline', 'B', 4), reach('A', 5, 'AB', 'A'), reach('B', 5, 'AB', 'B'), network('online', 'B', 9), reach('B', 11, 'B', 'AB')])).toEqual([{ replica: 'B', fromMs: 4, untilMs: 11 }]);
  });

  test('until something of others arrives, where that comes before it is known who is there', () => {
    const arrived = (replica: string, wallMs: number, counters: Record<string, number>): RoomEvent => ({ kind: 'arrived', replica, wallMs, payload: { has: VersionVector.of(Object.entries(counters)), shows: {} } });
    const off = [network('offline', 'C', 5), reach('C', 5, 'ABC', 'C'), arrived('C', 8, { C: 1 })];
    expect(spans(...off, arrived('C', 20, { A: 1, C: 1 }), reach('C', 22, 'C', 'ABC'), network('online', 'C', 30))).toEqual([['C', 5, 20]]);
    expect(spans(...off, network('online', 'C', 18), arrived('C', 20, { A: 1, C: 1 }), reach('C', 22, 'C', 'ABC'), reach('C', 40, 'ABC', 'C'))).toEqual([['C', 5, 20], ['C', 40, Infinity]]);
  });

  test('nobody where others are down, or live on under another name; nobody who has never reached anybody', () => {
    expect(spans(network('crash', 'B', 3), network('crash', 'C', 3), reach('A', 4, 'ABC', 'A'))).toEqual([]);
    const again: RoomEvent = { kind: 'reach', replica: 'A', wallMs: 4, payload: { before: ['A', 'B', 'C'], after: ['A', 'B.2'] } };
    expect(spans(network('crash', 'C', 3), again)).toEqual([]);
    expect(cutSpans([network('offline', 'A', 1), reach('A', 2, 'A', 'A')])).toEqual([]);
  });
});

describe('answered while cut', () => {
  test('who accepts on both sides answers all; who asks a majority, none of the smaller side', async () => {
    const found = under((await played(apart)).run);
    const [all, none] = [{ replicas: ['C'], actions: 2, answered: 2 }, { replicas: ['C'], actions: 2, answered: 0 }];
    expect(found).toEqual({ crdt: all, 'last-writer-wins': all, siblings: all, quorum: none, consensus: none, 'single-leader': none });
  });

  test('nobody was cut off, or nothing was done there meanwhile: nothing is said', async () => {
    expect(Object.values(under((await played(['{ at: A, increment: votes }'])).run))).toEqual(strategyIds.map(() => null));
    expect(Object.values(under((await played(['offline: C', 'wait: 1 s', '{ at: A, increment: votes }', 'online: C', 'wait: 1 s'])).run))).toEqual(strategyIds.map(() => null));
  });

  test('a run of typing is one action', async () => {
    const found = under((await played(['offline: C', 'wait: 1 s', '{ at: C, type: { notes: { at: end, text: " three" } } }', 'wait: 10 s', 'online: C', 'wait: 5 s'])).run);
    expect(found.crdt).toEqual({ replicas: ['C'], actions: 1, answered: 1 });
  });

  test('an answer that comes as the cut ends comes too late; one before it does not', () => {
    const cut = [...begun, reach('C', 100, 'ABC', 'C'), reach('C', 200, 'C', 'ABC')];
    const edit = editOf('C', 1, 150, { outcome: 'pending' });
    for (const [atMs, answered] of [[199, 1], [200, 0]] as const) {
      expect(answeredWhileCut([edit, outcomeOf(edit, 2, atMs, { outcome: 'accepted', details: [1, ''] })], cut, 'consensus')).toEqual({ replicas: ['C'], actions: 1, answered });
    }
  });

  test('true times count, not those of a skewed clock', () => {
    const cut = [...begun, reach('C', 100, 'ABC', 'C'), reach('C', 200, 'C', 'ABC')];
    const edit = { ...editOf('C', 1, 90_150, { outcome: 'accepted', details: null }), skewMs: 90_000 };
    expect(answeredWhileCut([edit], cut, 'consensus')).toMatchObject({ actions: 1 });
    expect(answeredWhileCut([{ ...edit, skewMs: 0 }], cut, 'consensus')).toBeNull();
  });
});

test('brute force: each action by itself, in random histories of two replicas', () => {
  const outcome = fc.constantFrom('none', 'accepted', 'refused', 'unknown');
  const step = fc.record({ replica: fc.constantFrom('A', 'B'), isReach: fc.boolean(), together: fc.boolean(), trace: fc.constantFrom('refused', 'pending'), outcome, afterMs: fc.integer({ min: 1, max: 40 }) });
  fc.assert(fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
    const [records, events] = [[] as JournalRecord[], ['A', 'B'].map((each) => reach(each, 0, each, 'AB'))];
    const counters = new Map<string, number>();
    const next = (replica: string): number => (counters.set(replica, (counters.get(replica) ?? 0) + 1), counters.get(replica)!);
    const expected = { actions: 0, answered: 0, replicas: new Set<string>() };
    steps.forEach(({ replica, isReach, together, trace, outcome: said, afterMs }, index) => {
      const atMs = 10 * (index + 1);
      if (isReach) return void events.push(reach(replica, atMs, 'AB', together ? 'AB' : replica));
      const edit = editOf(replica, next(replica), atMs, trace === 'refused' ? { outcome: 'refused', reason: 'no' } : { outcome: 'pending' });
      records.push(edit);
      const settled = trace === 'pending' && said !== 'none';
      if (settled) records.push(outcomeOf(edit, next(replica), atMs + afterMs, said === 'accepted' ? { outcome: 'accepted', details: [1, ''] } : said === 'refused' ? { outcome: 'refused', reason: 'no' } : { outcome: 'unknown', reason: 'no answer' }));
      // What this replica's own notes say before and after the edit.
      const own = steps.map((each, at) => ({ ...each, ms: 10 * (at + 1) })).filter((each) => each.isReach && each.replica === replica);
      const isCut = own.filter(({ ms }) => ms <= atMs).at(-1)?.together === false;
      if (!isCut) return;
      const endMs = own.find(({ ms, together: whole }) => ms > atMs && whole)?.ms ?? Infinity;
      expected.actions++;
      expected.replicas.add(replica);
      if (settled && said === 'accepted' && atMs + afterMs < endMs) expected.answered++;
    });
    expect(answeredWhileCut(records, events, 'consensus')).toEqual(expected.actions === 0 ? null : { ...expected, replicas: [...expected.replicas].sort() });
  }), { numRuns: 300 });
});

function editOf(replica: string, counter: number, wallMs: number, trace: Trace): EditRecord {
  const context = VersionVector.of(counter === 1 ? [] : [[replica, counter - 1]]);
  return { dot: { replica, counter }, context, wallMs, hybrid: { ms: wallMs, counter: 0 }, field: 'votes', intent: { kind: 'increment', by: 1 }, traces: { consensus: trace } };
}

function outcomeOf({ dot }: EditRecord, counter: number, wallMs: number, settlement: Settlement): JournalRecord {
  const context = VersionVector.of([[dot.replica, counter - 1]]);
  return { dot: { replica: dot.replica, counter }, context, wallMs, hybrid: { ms: wallMs, counter: 0 }, settles: dot, strategy: 'consensus', settlement };
}
