import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { LinkDirection } from '../../../shared/network/link-faults.ts';
import { isFaultless, type LinkFaults, noFaults } from '../../../shared/network/link.ts';

const direction = (faults: Partial<LinkFaults>, seed = 1): LinkDirection => LinkDirection.seeded(seed, 'upstream', { ...noFaults, ...faults });

/** What becomes of frames of 100 bytes that are sent at these times. */
function fates(way: LinkDirection, sentMs: readonly number[]): number[][] {
  return sentMs.map((ms) => way.arrivals(100, ms));
}

const thousand = Array.from({ length: 1_000 }, (_, i) => 10 * i);

describe('what faults do to a frame', () => {
  test('without faults it arrives when it is sent', () => {
    expect(fates(direction({}), [0, 0, 5, 70])).toEqual([[0], [0], [5], [70]]);
    expect(isFaultless(noFaults)).toBe(true);
  });

  test('latency makes each later by as much', () => {
    expect(fates(direction({ latencyMs: 30 }), [0, 1, 50])).toEqual([[30], [31], [80]]);
  });

  test('jitter spreads, and keeps the order', () => {
    const arrived = fates(direction({ latencyMs: 5, jitterMs: 100 }), thousand).flat();
    expect(arrived).toEqual([...arrived].sort((a, b) => a - b));
    const late = arrived.map((ms, i) => ms - thousand[i]!);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...late)).toBeLessThanOrEqual(105);
    expect(Math.max(...late) - Math.min(...late)).toBeGreaterThan(60);
  });

  test('bandwidth sends one after the other: 100 bytes at 8 kbit/s take 100 ms', () => {
    expect(fates(direction({ bandwidthKbps: 8 }), [0, 0, 50, 1_000])).toEqual([[100], [200], [300], [1_100]]);
  });

  test('a frame that is lost has used the line; one on a cut line has not', () => {
    const way = direction({ bandwidthKbps: 8, dropRate: 1 });
    expect(way.arrivals(100, 0)).toEqual([]);
    way.faults = { ...noFaults, bandwidthKbps: 8, cut: true };
    expect(way.arrivals(100, 0)).toEqual([]);
    way.faults = { ...noFaults, bandwidthKbps: 8 };
    expect(way.arrivals(100, 0)).toEqual([200]);
  });

  test.each([['dropRate', 0], ['duplicateRate', 2]] as const)('%s is met by that share of the frames, by all at 1 and by none at 0', (rate, copies) => {
    const met = (share: number): number => fates(direction({ [rate]: share }), thousand).filter((times) => times.length === copies).length;
    expect(met(0)).toBe(0);
    expect(met(1)).toBe(1_000);
    expect(Math.abs(met(0.3) - 300)).toBeLessThan(60);
  });

  test('a frame that is held back is overtaken, and the rest keeps its order', () => {
    const arrived = fates(direction({ reorderRate: 0.2 }), Array.from({ length: 1_000 }, (_, i) => i)).flat();
    const lateMs = arrived.map((ms, i) => ms - i).filter((late) => late > 0);
    expect(Math.abs(lateMs.length - 200)).toBeLessThan(60);
    expect(Math.min(...lateMs)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...lateMs)).toBeLessThanOrEqual(20);
  });

  test('the same seed gives the same fates, another one others, and the two ways differ', () => {
    const faults: LinkFaults = { ...noFaults, latencyMs: 5, jitterMs: 20, dropRate: 0.2, duplicateRate: 0.2, reorderRate: 0.2 };
    const of = (seed: number, way: 'upstream' | 'downstream'): number[][] => fates(LinkDirection.seeded(seed, way, faults), thousand);
    expect(of(7, 'upstream')).toEqual(of(7, 'upstream'));
    expect(of(7, 'upstream')).not.toEqual(of(8, 'upstream'));
    expect(of(7, 'upstream')).not.toEqual(of(7, 'downstream'));
  });

  test('what became of a frame does not depend on what became of those before it', () => {
    const [one, other] = [direction({ dropRate: 0.5 }), direction({ cut: true })];
    fates(one, thousand);
    fates(other, thousand);
    other.faults = one.faults;
    const later = thousand.map((ms) => ms + 20_000);
    expect(fates(one, later)).toEqual(fates(other, later));
  });

  test('any frame arrives never, once or twice, not before it was sent, and in order unless held back', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const ms = fc.double({ min: 0, max: 60_000, noNaN: true });
    const faults = fc.record({ latencyMs: ms, jitterMs: ms, bandwidthKbps: fc.option(fc.double({ min: 0.001, max: 1e7, noNaN: true })), dropRate: share, duplicateRate: share, reorderRate: fc.constantFrom(0, 0.5), cut: fc.constant(false) });
    const frames = fc.array(fc.tuple(fc.nat(100_000), fc.nat(1_000)), { minLength: 1, maxLength: 50 });
    fc.assert(fc.property(faults, frames, fc.nat(), (each, sent, seed) => {
      const way = LinkDirection.seeded(seed, 'downstream', each);
      let nowMs = 0;
      const arrived = sent.map(([bytes, laterMs]) => {
        nowMs += laterMs;
        const times = way.arrivals(bytes, nowMs);
        expect(times.length).toBeLessThanOrEqual(2);
        for (const time of times) expect(time).toBeGreaterThanOrEqual(nowMs + each.latencyMs);
        return times;
      }).flat();
      if (each.reorderRate === 0) expect(arrived).toEqual([...arrived].sort((a, b) => a - b));
    }));
  });
});
