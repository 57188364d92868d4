import { describe, expect, test } from 'vitest';
import { apartBy, arrivals, heldForWords, linkWords, mapGroups, mapWords, mendName, movedIslands, moveTargets, rejoinedIslands, shortStatus, targetWords } from '../../../../renderer/elements/control-room/map-view.ts';
import type { StrategyFigures } from '../../../../shared/analysis/strategy-figures.ts';
import { defaultSettings } from '../../../../shared/control/lab-settings.ts';
import type { ReplicaStatus } from '../../../../shared/control/replica-status.ts';
import type { RoomView } from '../../../../shared/control/room-view.ts';
import { type Link, type LinkFaults, noFaults } from '../../../../shared/network/link.ts';

function status(replica: string, more: Partial<ReplicaStatus> = {}): ReplicaStatus {
  return { replica, online: true, connection: 'synced', waiting: 0, allSaved: true, clock: {}, edits: {}, skewMs: 0, digests: {}, ...more };
}

const off = { online: false, connection: 'offline', allSaved: false } as const;

function room(replicas: readonly ReplicaStatus[], more: Partial<RoomView> = {}): RoomView {
  return { room: 'lab', settings: defaultSettings, replicas, sessions: [], islands: [], links: [], totals: [], verdicts: {}, scenario: null, documentBytes: 0, ...more };
}

const abc = ['A', 'B', 'C'].map((name) => status(name));
const link = (upstream: Partial<LinkFaults>, downstream: Partial<LinkFaults> = upstream): Link => ({ online: true, upstream: { ...noFaults, ...upstream }, downstream: { ...noFaults, ...downstream }, seed: 1 });
const hulls = (view: RoomView): string[] => mapGroups(view).map(({ replicas }) => replicas.join(''));

describe('who is on which hull', () => {
  test('is one while the room is whole, and one for each island, the largest with the relay', () => {
    expect(hulls(room(abc))).toEqual(['ABC']);
    expect(hulls(room(abc, { islands: [['C']] }))).toEqual(['AB', 'C']);
    expect(hulls(room(abc, { islands: [['A'], ['B', 'C']] }))).toEqual(['BC', 'A']);
  });

  test('puts a replica that is off, or whose link lets nothing through, by itself; one way alone does not', () => {
    expect(hulls(room([status('A', off), status('B'), status('C')]))).toEqual(['BC', 'A']);
    expect(hulls(room(abc, { links: [{ name: 'B', ...link({ cut: true }) }] }))).toEqual(['AC', 'B']);
    expect(hulls(room(abc, { links: [{ name: 'B', ...link({ cut: true }, {}) }] }))).toEqual(['ABC']);
    expect(hulls(room([status('A', off)]))).toEqual(['', 'A']);
  });

  test('says why somebody is apart', () => {
    const view = room([...abc.slice(0, 2), status('C', off), status('D'), status('E')], { islands: [['D']], links: [{ name: 'E', ...link({ dropRate: 1 }) }] });
    expect(['A', 'B', 'C', 'D', 'E'].map((name) => apartBy(name, view))).toEqual([null, null, 'network', 'island', 'link']);
    expect(mapWords(view, true)).toBe('4 islands: D, C and E are each alone');
    expect(mapWords(view, false)).toBe('the relay is off: everybody is alone');
    expect(mapWords(room(abc, { islands: [['C']] }), true)).toBe('2 islands: C is alone');
  });
});

describe('moving a replica', () => {
  test('leaves the room for an island of its own, and comes back', () => {
    const divided = movedIslands(room(abc), 'C', 'alone');
    expect(divided).toEqual([['C']]);
    expect(movedIslands(room(abc, { islands: divided }), 'C', { with: ['A', 'B'] })).toEqual([]);
  });

  test('goes from one island to another, and leaves those who are not open where they are', () => {
    expect(movedIslands(room(abc, { islands: [['A'], ['B', 'C', 'Z']] }), 'C', { with: ['A'] })).toEqual([['A', 'C'], ['B', 'Z']]);
    expect(movedIslands(room(abc, { islands: [['A'], ['B', 'C']] }), 'C', 'alone')).toEqual([['A'], ['B'], ['C']]);
  });

  test('makes the room whole only if no other client is left alone', () => {
    const sessions = [{ name: 'my-app', replica: false }];
    expect(movedIslands(room(abc.slice(0, 2), { islands: [['B']], sessions }), 'B', { with: ['A'] })).toEqual([]);
    expect(movedIslands(room(abc.slice(0, 2), { islands: [['A'], ['B']], sessions }), 'B', { with: ['A'] })).toEqual([['A', 'B']]);
  });

  test('offers the other islands and one of its own', () => {
    const words = (view: RoomView, name: string): string[] => moveTargets(view, name).map(({ target, isHere }) => `${targetWords(target)}${isHere ? ' (here)' : ''}`);
    expect(words(room(abc), 'C')).toEqual(['with A and B (here)', 'on an island of its own']);
    expect(words(room(abc, { islands: [['C']] }), 'C')).toEqual(['with A and B', 'on an island of its own (here)']);
    expect(words(room(abc, { islands: [['C']] }), 'A')).toEqual(['with B (here)', 'with C', 'on an island of its own']);
    expect(words(room([status('A')]), 'A')).toEqual([]);
  });

  test('rejoins one island with the main one, or all', () => {
    const view = room([...abc, status('D')], { islands: [['C'], ['D']] });
    expect(rejoinedIslands(view, ['C'])).toEqual([['D']]);
    expect(rejoinedIslands(view, ['C', 'D'])).toEqual([]);
    expect([mendName(['C']), mendName(['C', 'D'])]).toEqual(['Link of C is cut: mend it', 'Island of C and D is cut off: rejoin it']);
  });
});

describe('a link', () => {
  test.each([
    [link({}), ''],
    [link({ latencyMs: 120, dropRate: 0.05 }), '120 ms · 5 % lost'],
    [link({ latencyMs: 100, jitterMs: 50 }), '100–150 ms'],
    [link({ cut: true }, { latencyMs: 20 }), 'out cut · in 20 ms'],
    [link({}, { dropRate: 0.005 }), 'in 0.5 % lost'],
    [link({ bandwidthKbps: 64, duplicateRate: 0.1, reorderRate: 0.2 }), '10 % twice · 20 % reordered · 64 kbit/s'],
    [{ ...link({ latencyMs: 5 }), online: false }, 'off'],
  ] as const)('%o says "%s"', (each, words) => {
    expect(linkWords(each)).toBe(words);
  });
});

describe('what waits', () => {
  test('is said in a few words below a replica', () => {
    const words = [status('A'), status('A', { allSaved: false }), status('A', { ...off, waiting: 8 }), status('A', off), status('A', { connection: 'connecting', allSaved: false })].map((each) => shortStatus(each, false));
    expect(words).toEqual(['all saved', 'saving', '8 waiting', 'cut off', 'connecting']);
    // What the relay has of one that is cut off waits there.
    expect([status('A'), status('A', { waiting: 2 })].map((each) => shortStatus(each, true))).toEqual(['cut off', '2 waiting']);
  });

  test('at the relay is counted for one replica that is off, else only named, and not where nothing is lacking', () => {
    const totals = [{ strategy: 'crdt', pending: 8 } as StrategyFigures, { strategy: 'quorum', pending: 9 } as StrategyFigures];
    const [a, b] = [status('A', { edits: { A: 12 } }), status('B', { edits: { A: 12 } })];
    expect(heldForWords(room([a, b, status('C', { ...off, edits: { A: 4 } })], { totals }))).toBe('8 for C');
    expect(heldForWords(room([a, b, status('C', { edits: { A: 4 } })], { totals, islands: [['C']] }))).toBe('edits for C');
    expect(heldForWords(room([a, status('B', off), status('C', off)], { totals }))).toBe('edits for B and C');
    expect(heldForWords(room([a, b, status('C', { ...off, edits: { A: 12 } })], { totals }))).toBeNull();
    // A has not stored them yet: the relay may not have them.
    expect(heldForWords(room([status('A', { edits: { A: 12 }, waiting: 8 }), b, status('C', { ...off, edits: { A: 12 } })], { totals }))).toBeNull();
  });
});

describe('traffic', () => {
  test('is what the clocks of two views prove: an edit that arrived came over the relay', () => {
    const before = room([status('A', { edits: { A: 1 } }), status('B', { edits: { A: 1 } })]);
    expect(arrivals(before, room([status('A', { edits: { A: 2 } }), status('B', { edits: { A: 1 } })]))).toEqual([]);
    expect(arrivals(before, room([status('A', { edits: { A: 2 } }), status('B', { edits: { A: 2 } })]))).toEqual([{ author: 'A', at: 'A', to: 'relay' }, { author: 'A', at: 'B', to: 'replica' }]);
    expect(arrivals(before, room([status('A', { edits: { A: 1 } }), status('B', { edits: { A: 1 } }), status('C', { edits: { A: 1 } })]))).toEqual([]);
  });
});
