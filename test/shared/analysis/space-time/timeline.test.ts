/** Timelines: properties on any history, and runs that one can follow by hand. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fateOf } from '../../../../shared/analysis/space-time/timeline.ts';
import { isEdit } from '../../../../shared/history/record.ts';
import { apartHistory } from '../../../support/apart-history.ts';
import { longHistory } from '../../../support/long-history.ts';
import { randomHistory } from '../../../support/random-history.ts';
import { ledgerOf } from '../../../../shared/analysis/ledger.ts';
import { VersionVector } from '../../../../shared/clocks/version-vector.ts';
import { markNamed, named, playedHistory, timelineOf } from './played-timeline.ts';

const cutAtC = [
  '{ at: A, set: { title: Offsite } }',
  'wait: 3 s',
  'offline: C',
  'wait: 3 s',
  '{ at: C, set: { title: Rome } }',
  '{ at: A, set: { title: Paris } }',
  '{ at: A, increment: votes }',
  'wait: 3 s',
  'online: C',
  'wait: 5 s',
  '{ at: B, increment: votes }',
  'wait: 3 s',
];

describe('any history', () => {
  test('each action is one mark, in order, and no arrow goes back in time', () => {
    fc.assert(
      fc.property(randomHistory, (history) => {
        const timeline = timelineOf({ ...history, document: null });
        const { marks, arrows, lanes, strategies } = timeline;
        const here = marks.filter(({ isHere }) => isHere);
        const { actions } = ledgerOf({
          schema: history.schema,
          records: history.records,
          everywhere: VersionVector.empty,
        });
        expect(here.map(({ key }) => key).sort()).toEqual(actions.map(({ key }) => key).sort());
        expect(new Set(marks.map(({ key }) => key)).size).toBe(marks.length);
        for (const mark of marks) {
          expect(lanes[mark.lane]).toBe(mark.key.slice(0, mark.key.lastIndexOf(':')));
          expect(mark.toMs).toBeGreaterThanOrEqual(mark.fromMs);
          expect(mark.fates).toHaveLength(strategies.length);
          for (const ms of mark.arrivedMs) if (ms !== null) expect(ms).toBeGreaterThanOrEqual(mark.toMs);
        }
        expect(marks.map(({ fromMs }) => fromMs)).toEqual(
          marks.map(({ fromMs }) => fromMs).sort((a, b) => a - b),
        );
        for (const { departMs, arriveMs, from, to } of arrows) {
          expect(arriveMs).toBeGreaterThanOrEqual(departMs);
          expect(from).not.toBe(to);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('an arrow for each arrival that was noted, those of a rejoin together', () => {
    const { marks, arrows } = timelineOf({
      ...longHistory(3_000, { offline: 0.01 }),
      strategies: [],
      replicas: [],
      document: null,
    });
    const arrivals = marks.flatMap(({ arrivedMs, lane }) =>
      arrivedMs.filter((ms, to) => ms !== null && to !== lane),
    ).length;
    expect(arrivals).toBeGreaterThan(100);
    expect(arrows.reduce((sum, { count }) => sum + count, 0)).toBe(arrivals);
    expect(arrows.some(({ isRejoin, count }) => isRejoin && count > 1)).toBe(true);
  });

  test('what waits is not here; what is here does not wait', () => {
    const { schema, records } = apartHistory(300, 5);
    const edits = records.filter(isEdit);
    const timeline = timelineOf({
      schema,
      records,
      events: [],
      strategies: [],
      replicas: ['A', 'B', 'C'],
      document: null,
    });
    expect(timeline.marks.every(({ isHere }) => isHere)).toBe(true);
    expect(timeline.marks.length).toBeLessThanOrEqual(edits.length);
    expect(timeline.marks.length).toBeGreaterThan(0);
  });
});

describe('a replica that was cut off', () => {
  test('is apart from when it noticed until it rejoined; between its lane and the next one there is a band', async () => {
    const timeline = timelineOf(await playedHistory(cutAtC));
    expect(timeline.lanes).toEqual(['A', 'B', 'C']);
    expect(timeline.apart).toHaveLength(1);
    const [apart] = timeline.apart;
    expect(apart).toMatchObject({ replicas: ['C'], isEachAlone: false });
    expect(timeline.bands).toEqual([{ above: 1, fromMs: apart!.fromMs, toMs: apart!.toMs }]);
    for (const name of ['C Title: “Rome”', 'A Title: “Paris”', 'A Votes: +1']) {
      const { fromMs } = markNamed(timeline, name);
      expect(fromMs).toBeGreaterThan(apart!.fromMs);
      expect(fromMs).toBeLessThan(apart!.toMs!);
    }
  });

  test('what crosses at the rejoin is one thick arrow from each lane; before and after it arrows are single', async () => {
    const timeline = timelineOf(await playedHistory(cutAtC));
    const thick = timeline.arrows
      .filter(({ isRejoin }) => isRejoin)
      .map(({ from, to, count }) => `${timeline.lanes[from]}${timeline.lanes[to]} ${count}`);
    expect(thick.sort()).toEqual(['AC 2', 'CA 1', 'CB 1']);
    const toMs = timeline.apart[0]!.toMs!;
    for (const arrow of timeline.arrows.filter(({ isRejoin }) => isRejoin))
      expect(Math.abs(arrow.departMs - toMs)).toBeLessThan(1_000);
    const paris = markNamed(timeline, 'A Title: “Paris”');
    expect(
      timeline.arrows
        .filter(({ departMs, from }) => from === 0 && departMs === paris.toMs)
        .map(({ to }) => to),
    ).toEqual([1]);
  });

  test('the last that did not get through breaks at the band', async () => {
    const timeline = timelineOf(await playedHistory(cutAtC));
    expect(timeline.broken).toEqual([
      { from: 0, departMs: markNamed(timeline, 'A Votes: +1').toMs, band: timeline.bands[0] },
    ]);
  });

  test('what it lost is lost under the strategy that lost it, with the reason', async () => {
    const timeline = timelineOf(await playedHistory(cutAtC));
    const fates = ['C Title: “Rome”', 'A Title: “Paris”'].map((name) =>
      fateOf(markNamed(timeline, name), timeline.strategies, 'last-writer-wins'),
    );
    expect(fates.sort()).toEqual(['lost', 'visible']);
    const lost = timeline.marks.find(
      (mark) => fateOf(mark, timeline.strategies, 'last-writer-wins') === 'lost',
    )!;
    expect(lost.reasons['last-writer-wins']).toMatch(/^[AC] wrote .* later$/);
    expect(fateOf(lost, timeline.strategies, 'siblings')).toBe('sibling');
    expect(fateOf(lost, timeline.strategies, null)).toBeNull();
  });
});

test('a run of typing is one capsule, as long as it took', async () => {
  const timeline = timelineOf(await playedHistory(['{ at: A, type: { notes: hello } }', 'wait: 3 s']));
  const mark = timeline.marks.find(({ kind }) => kind === 'text')!;
  expect(named(timeline, mark)).toBe('A Notes: typing “hello”');
  expect(timeline.marks.filter(({ kind }) => kind === 'text')).toHaveLength(1);
  expect(mark.dots).toMatch(/^A:\d+(–\d+)?$/);
});
