import { expect, test } from 'vitest';
import { cellActs, meetAct, verdictAct } from '../../../../renderer/elements/replica/stage-plan.ts';

test('the acts begin as the design times them', () => {
  expect([meetAct(0).delay, meetAct(2).delay]).toEqual([0, 120]);
  expect(cellActs(0, 0).flight).toEqual({ delay: 700, duration: 900 });
  expect(cellActs(0, 2).flight.delay - cellActs(0, 1).flight.delay).toBe(140);
  const { flight, fade, status, strike, siblings } = cellActs(3, 1);
  expect([fade, status, strike].map(({ delay }) => delay - flight.delay)).toEqual([750, 780, 1_000]);
  expect(siblings.duration).toBe(450);
  expect([verdictAct(0).delay, verdictAct(1).delay]).toEqual([1_950, 2_090]);
});

test('in each cell the value settles before its status is told, and the strike comes last', () => {
  for (let row = 0; row < 12; row++) {
    for (let column = 0; column < 8; column++) {
      const { flight, fade, status, strike } = cellActs(row, column);
      expect(flight.delay).toBeGreaterThanOrEqual(meetAct(row).delay + meetAct(row).duration);
      expect([fade.delay, status.delay, strike.delay]).toEqual([fade.delay, status.delay, strike.delay].sort((a, b) => a - b));
    }
  }
});
