import fc from 'fast-check';
import { expect, test } from 'vitest';
import { axisOf, TimeAxis } from '../../../../shared/analysis/space-time/time-axis.ts';
import { longHistory } from '../../../support/long-history.ts';
import { timelineOf } from './played-timeline.ts';

const instants = fc
  .array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 40 })
  .map((times) => times.sort((a, b) => a - b));
const moment = fc.double({ min: -10_000, max: 1_010_000, noNaN: true });

test('later is further along', () => {
  fc.assert(
    fc.property(instants, moment, moment, (times, one, other) => {
      const axis = new TimeAxis(times);
      const [early, late] = one <= other ? [one, other] : [other, one];
      expect(axis.at(late)).toBeGreaterThanOrEqual(axis.at(early));
      if (late - early > 0.01) expect(axis.at(late)).toBeGreaterThan(axis.at(early));
    }),
  );
});

test('a place along the axis is that of its time', () => {
  fc.assert(
    fc.property(instants, moment, (times, ms) => {
      const axis = new TimeAxis(times);
      expect(axis.msAt(axis.at(ms))).toBeCloseTo(ms, 2);
    }),
  );
});

test('short pauses count whole, long ones by their logarithm', () => {
  expect(new TimeAxis([0, 1_000, 2_500]).length).toBe(2_500);
  const hour = new TimeAxis([0, 1_000, 3_601_000]);
  expect(hour.at(1_000)).toBe(1_000);
  expect(hour.length).toBeLessThan(14_000);
  expect(new TimeAxis([0, 1_000, 7_201_000]).length).toBeGreaterThan(hour.length);
});

test('one moment has no length', () => {
  const axis = new TimeAxis([5, 5]);
  expect([axis.length, axis.at(5), axis.at(7)]).toEqual([0, 0, 2]);
});

test('the axis of a timeline begins with its first event, ends now, and has each event in its order', () => {
  const { schema, records, events } = longHistory(1_000, { offline: 0.01 });
  const timeline = timelineOf({ schema, records, events, strategies: [], replicas: [], document: null });
  const axis = axisOf(timeline);
  expect([axis.at(timeline.fromMs), axis.at(timeline.toMs)]).toEqual([0, axis.length]);
  const places = timeline.marks.map(({ fromMs }) => axis.at(fromMs));
  expect(places).toEqual([...places].sort((a, b) => a - b));
});
