/** Who is out of reach of whom, and how it is said: never as if all were synced. */
import { describe, expect, test } from 'vitest';
import { fullReach, isCutOff, type KnownRoom, type Reach, reachOf } from '../../../renderer/controllers/reach.ts';
import { statusKindOf, statusTextOf } from '../../../renderer/controllers/status-text.ts';
import { type NamedLink, noFaults } from '../../../shared/network/link.ts';

const cut = { ...noFaults, cut: true };

function link(name: string, faults: Partial<NamedLink>): NamedLink {
  return { name, online: true, upstream: noFaults, downstream: noFaults, seed: 0, ...faults };
}

/** C, A and B are open, in this order. */
function known(room: Partial<KnownRoom['room']> = {}, relayOnline = true): KnownRoom {
  const replicas = ['C', 'A', 'B'].map((replica) => ({ replica, connection: 'synced' as const }));
  return { relayOnline, room: { replicas, islands: [], links: [], ...room } };
}

const saved = { connection: 'synced', waiting: 0, allSaved: true } as const;

function textFor(self: string, room: KnownRoom): string {
  return statusTextOf(saved, reachOf(self, room));
}

describe('who is out of reach', () => {
  test('nobody, in a whole room with good links', () => {
    expect(reachOf('A', known())).toEqual(fullReach);
    expect(textFor('A', known())).toBe('Synced, all saved');
  });

  test('those on other islands, by name; those that no list names are together', () => {
    const divided = known({ islands: [['A']] });
    expect(reachOf('A', divided).cutOffFrom).toEqual(['B', 'C']);
    expect(reachOf('C', divided).cutOffFrom).toEqual(['A']);
    expect(textFor('A', divided)).toBe('Connected, but cut off from B, C');
    expect(textFor('B', known({ islands: [['A', 'B'], ['C']] }))).toBe('Connected, but cut off from C');
  });

  test.each<[what: string, faults: Partial<NamedLink>, a: string, b: string]>([
    ['upstream cut', { upstream: cut }, 'one way: hears B, C, is not heard by B, C', 'one way: is heard by A, does not hear A'],
    ['downstream cut', { downstream: cut }, 'one way: is heard by B, C, does not hear B, C', 'one way: hears A, is not heard by A'],
    ['every frame upstream dropped', { upstream: { ...noFaults, dropRate: 1 } }, 'one way: hears B, C, is not heard by B, C', 'one way: is heard by A, does not hear A'],
    ['cut both ways', { upstream: cut, downstream: cut }, 'cut off from B, C', 'cut off from A'],
  ])('the link of A has %s', (_, faults, a, b) => {
    const bent = known({ links: [link('A', faults)] });
    expect(textFor('A', bent)).toBe(`Connected, but ${a}`);
    expect(textFor('B', bent)).toBe(`Connected, but ${b}`);
  });

  test('two that are cut in opposite directions do not hear each other at all where both ways are shut', () => {
    const bent = known({ links: [link('A', { upstream: cut }), link('B', { upstream: cut })] });
    expect(reachOf('A', bent)).toMatchObject({ cutOffFrom: ['B'], notHeardBy: ['C'], notHearing: [] });
    expect(textFor('A', bent)).toBe('Connected, but cut off from B; one way: hears C, is not heard by C');
    expect(textFor('C', bent)).toBe('Connected, but one way: is heard by A, B, does not hear A, B');
  });

  test('a slow link that loses some is good', () => {
    expect(reachOf('A', known({ links: [link('B', { upstream: { ...noFaults, latencyMs: 900, dropRate: 0.5 } })] }))).toEqual(fullReach);
  });

  test('links of names that no open replica has make no difference', () => {
    expect(reachOf('A', known({ links: [link('other', { online: false, upstream: cut })] }))).toEqual(fullReach);
  });

  test('a link that is off: its replica is connecting and says why, the others are cut off from it', () => {
    const off = known({ links: [link('A', { online: false })] });
    expect(statusTextOf({ connection: 'connecting', waiting: 2, allSaved: false }, reachOf('A', off))).toBe('Connecting: the link is off · 2 edits waiting');
    expect(textFor('B', off)).toBe('Connected, but cut off from A');
  });

  test('the relay is off: said by all whose own switch is on', () => {
    const reach = reachOf('A', known({}, false));
    expect(statusTextOf({ connection: 'connecting', waiting: 1, allSaved: false }, reach)).toBe('The relay is off · 1 edit waiting');
    expect(statusTextOf(saved, reach)).toBe('The relay is off');
    expect(statusTextOf({ connection: 'offline', waiting: 1, allSaved: false }, reach)).toBe('Offline · 1 edit waiting');
  });

  test('others that are offline or still connecting are named, and nobody here is cut off', () => {
    const connections = [['A', 'synced'], ['C', 'offline'], ['B', 'offline'], ['D', 'connecting']] as const;
    const replicas = connections.map(([replica, connection]) => ({ replica, connection }));
    const reach = reachOf('A', known({ replicas }));
    expect(isCutOff(reach)).toBe(false);
    expect(statusTextOf(saved, reach)).toBe('Connected, all saved · B, C are offline · D is connecting');
    expect(statusTextOf({ ...saved, waiting: 1, allSaved: false }, reach)).toBe('Connected · saving 1 edit · B, C are offline · D is connecting');
  });
});

test('what is cut is marked as cut, unless the switch of the window itself is off', () => {
  const reach: Reach = { ...fullReach, cutOffFrom: ['B'] };
  expect(statusKindOf(saved, reach)).toBe('cut');
  expect(statusKindOf({ ...saved, connection: 'offline' }, reach)).toBe('offline');
  expect(statusKindOf({ ...saved, connection: 'connecting' }, fullReach)).toBe('connecting');
  expect(statusKindOf({ ...saved, allSaved: false }, fullReach)).toBe('saving');
  expect(statusKindOf(saved, fullReach)).toBe('synced');
});
