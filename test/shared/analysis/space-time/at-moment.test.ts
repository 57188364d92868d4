/** A timeline at an earlier moment: what had happened, who was apart, what waited. */
import { describe, expect, test } from 'vitest';
import { isDecidedBy, laterMarks, nearestInstant, roomAt, unlikeFields } from '../../../../shared/analysis/space-time/at-moment.ts';
import { type Mark, noTimeline, type Timeline } from '../../../../shared/analysis/space-time/timeline.ts';

/** A (lane 0) and C (lane 2) set the title while C was cut off from 100 to 200; B saw A's at once. */
function mark(lane: number, fromMs: number, field: string, arrivedMs: readonly (number | null)[]): Mark {
  return { key: `${lane}:${fromMs}`, isHere: true, lane, fromMs, toMs: fromMs, kind: 'register', field, text: '', dots: '', numbers: [1, 1], clock: '', first: 1, last: 1, seen: [], arrivedMs, fates: '', reasons: {} };
}

const timeline: Timeline = {
  ...noTimeline,
  lanes: ['A', 'B', 'C'],
  marks: [mark(0, 50, 'Votes', [null, 55, 60]), mark(2, 120, 'Title', [205, 205, null]), mark(0, 150, 'Title', [null, 152, 206]), mark(1, 300, 'Notes', [301, null, null])],
  apart: [{ replicas: ['C'], fromMs: 100, toMs: 200, isEachAlone: false }],
  fromMs: 50,
  toMs: 400,
};

describe('what had happened', () => {
  test.each([[0, 4], [50, 3], [149, 2], [150, 1], [400, 0]])('after %d ms, %d actions were still to come', (atMs, later) => {
    expect(laterMarks(timeline, atMs)).toBe(later);
  });

  test('the line goes from event to event, over cuts and rejoins too, and ends at now', () => {
    const forward: number[] = [];
    for (let at: number | null = 0; at !== null; at = nearestInstant(timeline, at, 1)) forward.push(at);
    expect(forward).toEqual([0, 50, 100, 120, 150, 200, 300]);
    expect(nearestInstant(timeline, 400, -1)).toBe(300);
    expect(nearestInstant(timeline, 120, -1)).toBe(100);
    expect(nearestInstant(timeline, 50, -1)).toBeNull();
  });

  test('what was lost is not lost before all had it; where no arrival was noted, nobody can tell', () => {
    const [, ofC] = timeline.marks;
    expect([150, 204, 205].map((atMs) => isDecidedBy(ofC!, atMs))).toEqual([false, false, true]);
    expect(isDecidedBy(mark(0, 1, 'Title', [null, null, null]), 1e9)).toBe(false);
  });

  test('a field is unlike while not all have its edits', () => {
    expect(unlikeFields(timeline, 49)).toEqual([]);
    expect(unlikeFields(timeline, 52)).toEqual(['Votes']);
    expect(unlikeFields(timeline, 160)).toEqual(['Title']);
    expect(unlikeFields(timeline, 210)).toEqual([]);
  });
});

describe('the room', () => {
  test('while C was cut off: what it had, and what waited on both sides', () => {
    const { lanes, apart, isEachAlone } = roomAt(timeline, 160);
    expect(apart).toEqual([['C']]);
    expect(isEachAlone).toBe(false);
    expect(lanes).toEqual([
      { replica: 'A', has: { A: 2 }, waiting: 1 },
      { replica: 'B', has: { A: 2 }, waiting: 0 },
      { replica: 'C', has: { A: 1, C: 1 }, waiting: 1 },
    ]);
  });

  test('before and after it was whole', () => {
    expect(roomAt(timeline, 99).apart).toEqual([]);
    expect(roomAt(timeline, 200).apart).toEqual([]);
    expect(roomAt(timeline, 210).lanes.map(({ has }) => has)).toEqual([{ A: 2, C: 1 }, { A: 2, C: 1 }, { A: 2, C: 1 }]);
  });
});
