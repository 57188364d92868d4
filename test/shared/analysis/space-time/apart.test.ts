import { describe, expect, test } from 'vitest';
import { apartTimes, bandsOf } from '../../../../shared/analysis/space-time/apart.ts';
import type { Apart } from '../../../../shared/analysis/space-time/timeline.ts';
import { runWhole } from '../../../../shared/analysis/slices.ts';
import type { RoomEvent } from '../../../../shared/history/room-event.ts';

const reach = (replica: string, wallMs: number, before: string, after: string): RoomEvent => ({
  kind: 'reach',
  replica,
  wallMs,
  payload: { before: before.split(''), after: after.split('') },
});
const apartIn = (lanes: string, events: readonly RoomEvent[]): Apart[] =>
  runWhole(apartTimes(lanes.split(''), events));
const told = (lanes: string, events: readonly RoomEvent[]): string[] =>
  apartIn(lanes, events).map(
    ({ replicas, fromMs, toMs, isEachAlone }) =>
      `${replicas.join('')} ${fromMs}–${toMs ?? ''}${isEachAlone ? ' all' : ''}`,
  );
const met = [reach('A', 0, 'A', 'ABC'), reach('B', 0, 'B', 'ABC'), reach('C', 0, 'C', 'ABC')];

describe('who is cut off', () => {
  test('nobody who has only just been opened', () => {
    expect(told('ABC', [reach('A', 0, 'A', 'AB'), reach('B', 5, 'B', 'AB')])).toEqual([]);
  });

  test('the smaller group, from when it was first noticed until no two of them are parted any more', () => {
    expect(
      told('ABC', [
        ...met,
        reach('C', 100, 'ABC', 'C'),
        reach('A', 140, 'ABC', 'AB'),
        reach('B', 150, 'ABC', 'AB'),
      ]),
    ).toEqual(['C 100–']);
    expect(
      told('ABC', [
        ...met,
        reach('A', 90, 'ABC', 'AB'),
        reach('B', 90, 'ABC', 'AB'),
        reach('C', 100, 'ABC', 'C'),
        reach('B', 500, 'AB', 'ABC'),
        reach('C', 520, 'C', 'ABC'),
      ]),
    ).toEqual(['C 90–520']);
  });

  test('not a window that was closed: it notes nothing', () => {
    expect(told('ABC', [...met, reach('A', 100, 'ABC', 'AC'), reach('C', 100, 'ABC', 'AC')])).toEqual([]);
  });

  test('also while a window between them is closed', () => {
    expect(
      told('ABC', [
        ...met,
        reach('A', 50, 'ABC', 'AC'),
        reach('C', 50, 'ABC', 'AC'),
        reach('C', 100, 'AC', 'C'),
        reach('A', 120, 'AC', 'A'),
      ]),
    ).toEqual(['C 100–']);
  });

  test('of two, who noticed first', () => {
    const two = [reach('A', 0, 'A', 'AB'), reach('B', 0, 'B', 'AB')];
    expect(told('AB', [...two, reach('A', 100, 'AB', 'A'), reach('B', 120, 'AB', 'B')])).toEqual(['A 100–']);
    expect(told('AB', [...two, reach('B', 100, 'AB', 'B'), reach('A', 120, 'AB', 'A')])).toEqual(['B 100–']);
  });

  test('all, where each is alone', () => {
    const off = [reach('A', 100, 'ABC', 'A'), reach('B', 101, 'ABC', 'B'), reach('C', 102, 'ABC', 'C')];
    expect(
      apartIn('ABC', [...met, ...off])
        .filter(({ toMs }) => toMs === null)
        .every(({ isEachAlone }) => isEachAlone),
    ).toBe(true);
  });

  test('an island of two is one group', () => {
    const four = ['A', 'B', 'C', 'D', 'E'].map((replica) => reach(replica, 0, replica, 'ABCDE'));
    const islands = [
      reach('D', 100, 'ABCDE', 'DE'),
      reach('E', 100, 'ABCDE', 'DE'),
      ...['A', 'B', 'C'].map((replica) => reach(replica, 110, 'ABCDE', 'ABC')),
    ];
    const open = apartIn('ABCDE', [...four, ...islands]).filter(({ toMs }) => toMs === null);
    expect(open.map(({ replicas }) => replicas.join(''))).toEqual(['DE']);
    expect(bandsOf([...'ABCDE'], open)).toEqual([{ above: 2, fromMs: 100, toMs: null }]);
  });
});

test('a band on either side of a lane in the middle', () => {
  expect(
    bandsOf(['A', 'B', 'C'], [{ replicas: ['B'], fromMs: 1, toMs: 2, isEachAlone: false }]).map(
      ({ above }) => above,
    ),
  ).toEqual([0, 1]);
});
