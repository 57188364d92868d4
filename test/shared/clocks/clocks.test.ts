import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dotKey, isReplicaId, parseDot } from '../../../shared/clocks/dot.ts';
import { compareHybrid, HybridLogicalClock } from '../../../shared/clocks/hybrid-logical-clock.ts';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';

const vectors = fc.dictionary(fc.constantFrom('A', 'B', 'C', 'D'), fc.nat(5)).map((entries) => VersionVector.of(Object.entries(entries)));

describe('version vectors', () => {
  test('merge is the least vector that covers both', () => {
    fc.assert(fc.property(vectors, vectors, vectors, (a, b, c) => {
      const merged = a.merge(b);
      expect(merged.covers(a) && merged.covers(b)).toBe(true);
      if (c.covers(a) && c.covers(b)) expect(c.covers(merged)).toBe(true);
    }));
  });

  test('meet is the greatest vector that both cover', () => {
    fc.assert(fc.property(vectors, vectors, vectors, (a, b, c) => {
      const met = a.meet(b);
      expect(a.covers(met) && b.covers(met)).toBe(true);
      if (a.covers(c) && b.covers(c)) expect(met.covers(c)).toBe(true);
    }));
  });

  test('compare agrees with covers', () => {
    fc.assert(fc.property(vectors, vectors, (a, b) => {
      const expected = a.covers(b) ? (b.covers(a) ? 'equal' : 'after') : b.covers(a) ? 'before' : 'concurrent';
      expect(a.compare(b)).toBe(expected);
    }));
  });

  test('of few replicas and of many say what plain maps of counters say', () => {
    // More names than are looked through one by one.
    const names = Array.from({ length: 40 }, (_, i) => `R${i}`);
    const entries = (most: number) => fc.array(fc.tuple(fc.constantFrom(...names.slice(0, most)), fc.nat(5)), { maxLength: most });
    const counted = (pairs: readonly (readonly [string, number])[]): Map<string, number> => new Map(pairs.filter(([, counter]) => counter > 0));
    const shown = (map: ReadonlyMap<string, number>): [string, number][] => [...map].filter(([, counter]) => counter > 0).sort(([a], [b]) => (a < b ? -1 : 1));
    const both = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>, choose: (x: number, y: number) => number): Map<string, number> =>
      new Map(names.map((name) => [name, choose(a.get(name) ?? 0, b.get(name) ?? 0)]));
    fc.assert(fc.property(fc.constantFrom(3, 17, 40).chain((most) => fc.tuple(entries(most), entries(most), fc.tuple(fc.constantFrom(...names), fc.integer({ min: 1, max: 6 })))), ([first, second, [replica, counter]]) => {
      const [a, b] = [VersionVector.of(first), VersionVector.of(second)];
      const [mapA, mapB] = [counted(first), counted(second)];
      expect(a.entries()).toEqual(shown(mapA));
      expect(a.merge(b).entries()).toEqual(shown(both(mapA, mapB, Math.max)));
      expect(a.meet(b).entries()).toEqual(shown(both(mapA, mapB, Math.min)));
      expect(a.covers(b)).toBe([...mapB].every(([name, value]) => (mapA.get(name) ?? 0) >= value));
      expect(a.with({ replica, counter }).entries()).toEqual(shown(new Map([...mapA, [replica, Math.max(counter, mapA.get(replica) ?? 0)]])));
      for (const name of names) expect(a.get(name)).toBe(mapA.get(name) ?? 0);
      expect(a.size).toBe([...mapA.values()].reduce((sum, value) => sum + value, 0));
      expect(VersionVector.of(a.entries())).toEqual(a);
    }));
  });

  test('are shown in the order of the names', () => {
    expect(VersionVector.of([['B', 4], ['A', 12], ['C', 0]]).toString()).toBe('{A:12 B:4}');
  });

  test('refuse what does not count', () => {
    expect(() => VersionVector.of([['A', -1]])).toThrow('whole numbers from 0, not A:-1');
    expect(() => VersionVector.of([['A', 1.5]])).toThrow('A:1.5');
  });
});

describe('dots', () => {
  test('are read as they are written, a second life included', () => {
    expect(parseDot(dotKey({ replica: 'A.2', counter: 7 }))).toEqual({ replica: 'A.2', counter: 7 });
  });

  test.each(['A', 'A:', 'A:0', ':3', 'A:x'])('"%s" is none', (text) => {
    expect(() => parseDot(text)).toThrow(`"${text}" is not a dot`);
  });

  test('replica names keep to their letters', () => {
    expect(['A', 'A.2', 'phone_1', 'x-y'].every(isReplicaId)).toBe(true);
    expect(['', 'A B', 'A.', '../x', 'Ä', 'x'.repeat(33), 7, null].some(isReplicaId)).toBe(false);
  });
});

describe('hybrid logical clock', () => {
  test('never runs backwards along causality, whatever the wall clocks say', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('tick', 'observe'), fc.nat(1000), fc.nat(3))), (steps) => {
      const clock = new HybridLogicalClock();
      let latest = { ms: 0, counter: 0 };
      for (const [step, ms, counter] of steps) {
        if (step === 'observe') {
          clock.observe({ ms, counter });
          if (compareHybrid({ ms, counter }, latest) > 0) latest = { ms, counter };
          continue;
        }
        const next = clock.tick(ms);
        expect(compareHybrid(next, latest)).toBeGreaterThan(0);
        latest = next;
      }
    }));
  });
});
