/** The map at an earlier moment. */
import { expect, test } from 'vitest';
import { apartBy, heldForWords, mapGroups } from '../../../../renderer/elements/control-room/map-view.ts';
import { pastRoom } from '../../../../renderer/elements/control-room/past-room.ts';
import { type Mark, noTimeline, type Timeline } from '../../../../shared/analysis/space-time/timeline.ts';
import type { StrategyFigures } from '../../../../shared/analysis/strategy-figures.ts';
import { defaultSettings } from '../../../../shared/control/lab-settings.ts';
import type { RoomView } from '../../../../shared/control/room-view.ts';

const mark = (lane: number, fromMs: number, arrivedMs: readonly (number | null)[]): Mark => ({ key: `${lane}:${fromMs}`, isHere: true, lane, fromMs, toMs: fromMs, kind: 'counter', field: 'Votes', text: '+1', dots: '', numbers: [1, 1], clock: '', first: 1, last: 1, seen: [], arrivedMs, fates: '', reasons: {} });
const timeline: Timeline = {
  ...noTimeline,
  lanes: ['A', 'B', 'C'],
  marks: [mark(0, 110, [null, 111, 205]), mark(1, 120, [121, null, 205]), mark(2, 130, [206, 206, null])],
  apart: [{ replicas: ['C'], fromMs: 100, toMs: 200, isEachAlone: false }, { replicas: ['B', 'C'], fromMs: 300, toMs: null, isEachAlone: false }],
};
const totals = [{ strategy: 'crdt', pending: 0 }] as unknown as readonly StrategyFigures[];
const room: RoomView = { room: 'lab', settings: defaultSettings, replicas: [], sessions: [], islands: [], links: [], totals, verdicts: {}, documentBytes: 0, scenario: null };

test('a replica that was cut off stands apart, with what waited on both sides', () => {
  const then = pastRoom(room, timeline, 150).room;
  expect(mapGroups(then)).toEqual([{ replicas: ['A', 'B'], isMain: true }, { replicas: ['C'], isMain: false }]);
  expect(apartBy('C', then)).toBe('network');
  expect(then.replicas.map(({ replica, waiting }) => [replica, waiting])).toEqual([['A', 0], ['B', 0], ['C', 1]]);
  expect(heldForWords(then)).toBe('2 for C');
});

test('several that reached each other stand on an island; before and between all stand together', () => {
  expect(mapGroups(pastRoom(room, timeline, 310).room).map(({ replicas }) => replicas)).toEqual([['B', 'C'], ['A']]);
  for (const atMs of [99, 250]) expect(mapGroups(pastRoom(room, timeline, atMs).room)).toEqual([{ replicas: ['A', 'B', 'C'], isMain: true }]);
});

test('where everybody was alone the relay was off', () => {
  const off = { ...timeline, apart: [{ replicas: ['B'], fromMs: 100, toMs: null, isEachAlone: true }] };
  expect(pastRoom(room, off, 150).relayOnline).toBe(false);
});
