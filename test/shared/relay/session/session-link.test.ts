/** One session's bent link, with a virtual clock and no socket. */
import { expect, test } from 'vitest';
import { LinkDirection } from '../../../../shared/network/link-faults.ts';
import { type LinkFaults, noFaults } from '../../../../shared/network/link.ts';
import { VirtualClock } from '../../../../shared/simulation/virtual-clock.ts';
import { SessionLink } from '../../../../shared/relay/session/session-link.ts';

function linkWith(upstream: Partial<LinkFaults>) {
  const virtual = new VirtualClock(0);
  const sleeps: number[] = [];
  const clock = { nowMs: () => virtual.nowMs(), wallMs: () => virtual.wallMs(), after: (ms: number, callback: () => void) => (sleeps.push(ms), virtual.after(ms, callback)) };
  const seen = { arrived: [] as string[], disturbed: 0, overflowed: [] as number[], sleeps };
  const direction = LinkDirection.seeded(1, 'upstream', { ...noFaults, ...upstream });
  const link = new SessionLink({
    clock,
    upstream: direction,
    downstream: LinkDirection.seeded(1, 'downstream'),
    bufferedBytesMax: 10_000_000,
    disturbed: () => seen.disturbed++,
    overflowed: (bytes) => seen.overflowed.push(bytes),
  });
  const carry = (name: string, bytes = 100): void => link.upstream.carry(bytes, () => seen.arrived.push(`${name} ${virtual.nowMs()}`));
  return { link, direction, clock: virtual, carry, ...seen, disturbances: () => seen.disturbed };
}

test('frames arrive at their times, however far those are, and no sleep is longer than a timer can count', () => {
  const { carry, clock, arrived, sleeps, disturbances } = linkWith({ bandwidthKbps: 0.001 });
  carry('small', 1);
  carry('large', 1_000);
  clock.advance(10_000_000);
  expect(arrived).toEqual(['small 8000', 'large 8008000']);
  expect(Math.max(...sleeps)).toBe(60_000);
  expect(sleeps.length).toBeLessThan(200);
  expect(disturbances()).toBe(0);
});

test('without a delay a frame arrives at once, but never before one that still waits', () => {
  const { carry, clock, arrived, direction } = linkWith({});
  carry('a');
  expect(arrived).toEqual(['a 0']);
  direction.faults = { ...noFaults, latencyMs: 50 };
  carry('b');
  direction.faults = noFaults;
  carry('c');
  clock.advance(50);
  expect(arrived).toEqual(['a 0', 'b 50', 'c 50']);
});

test('it tells of what is lost and of what is overtaken, not of what is only late', () => {
  for (const [faults, expected] of [[{ latencyMs: 50, jitterMs: 50 }, false], [{ dropRate: 0.5 }, true], [{ reorderRate: 0.5 }, true], [{ cut: true }, true]] as const) {
    const { carry, clock, disturbances } = linkWith(faults);
    for (let i = 0; i < 50; i++) carry(`${i}`);
    clock.advance(1_000);
    expect(disturbances() > 0, JSON.stringify(faults)).toBe(expected);
  }
});

test('flushed, all arrives now in order; dropped or closed, nothing does, and once closed no timer is left', () => {
  const { link, carry, clock, arrived, sleeps, disturbances } = linkWith({ latencyMs: 100 });
  carry('a');
  carry('b');
  link.upstream.flush();
  expect(arrived).toEqual(['a 0', 'b 0']);
  carry('c');
  link.upstream.drop();
  expect(disturbances()).toBe(1);
  carry('d');
  clock.advance(100);
  expect(arrived).toEqual(['a 0', 'b 0', 'd 100']);
  carry('e');
  link.close();
  const before = sleeps.length;
  carry('f');
  clock.advance(1_000);
  expect(arrived).toHaveLength(3);
  expect(sleeps.length).toBe(before);
});

test('it tells when more waits than may', () => {
  const { carry, overflowed, clock } = linkWith({ latencyMs: 100 });
  carry('a', 9_000_000);
  expect(overflowed).toEqual([]);
  clock.advance(100);
  carry('b', 9_000_000);
  carry('c', 2_000_000);
  expect(overflowed).toEqual([11_000_000]);
});
