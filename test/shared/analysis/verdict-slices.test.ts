/** Verdicts and replication figures of long histories never keep others waiting for longer than a moment, and are the same in slices as whole. */
import { describe, expect, test } from 'vitest';
import { answeredWhileCutSliced } from '../../../shared/analysis/answered-while-cut.ts';
import { observedRoom, observedRoomSliced } from '../../../shared/analysis/observed-room.ts';
import { replicationFigures, replicationFiguresSliced, replicationOf, replicationOfSliced } from '../../../shared/analysis/replication/replication-figures.ts';
import { roomVerdicts, roomVerdictsSliced } from '../../../shared/analysis/room-verdicts.ts';
import { replicationSeriesSliced } from '../../../shared/analysis/replication/replication-series.ts';
import { runSliced, runWhole, type Sliced } from '../../../shared/analysis/slices.ts';
import { staleReads, staleReadsSliced } from '../../../shared/analysis/stale-reads.ts';
import { labSchema } from '../../../shared/document/schema.ts';
import { type StrategyId, strategyIds } from '../../../shared/history/record.ts';
import { longestStep, stepMsMax } from '../../support/longest-step.ts';
import { type LongHistory, longHistory } from '../../support/long-history.ts';
import { countOf, noteRuns } from '../../support/run-counts.ts';

function* answeredUnder(strategy: StrategyId, ...[records, events]: Parameters<typeof answeredWhileCutSliced>): Sliced<unknown> {
  return yield* (yield* answeredWhileCutSliced(records, events))(strategy);
}

const judged = labSchema.filter(({ type }) => type === 'register' || type === 'counter' || type === 'stock');

describe('a long history', () => {
  let made: LongHistory | undefined;
  const history = (): LongHistory => (made ??= longHistory(countOf('long-verdicts'), { offline: 0.0002 }));

  test.each<readonly [string, (history: LongHistory) => Sliced<unknown>]>([
    ['stale reads', ({ schema, records }) => staleReadsSliced(schema, records, 'single-leader')],
    ['verdicts', ({ schema, records }) => roomVerdictsSliced(schema, records, {}, ['last-writer-wins'])],
    ['replication series', ({ schema, records, events }) => replicationSeriesSliced(schema, records, events, 'crdt', Infinity)],
    ['answered while cut', ({ records, events }) => answeredUnder('consensus', records, events)],
    ['replication figures', ({ schema, records, events }) => replicationOfSliced(schema, records, events, ['crdt'])],
  ])('%s: no step is long', { tags: ['runs'] }, (what, make) => {
    const { longestMs, totalMs } = longestStep(() => make(history()));
    noteRuns('long-verdicts', history().records.length);
    console.log(`${what} of ${history().records.length} records: ${Math.round(totalMs)} ms, the longest step ${longestMs.toFixed(1)} ms`);
    expect(longestMs).toBeLessThan(stepMsMax());
  });
});

describe('900 operations on registers, counters and stocks', () => {
  const { schema, records } = longHistory(2_250, { schema: judged, offline: 0.003 });

  test.each(strategyIds)('%s: to judge them takes no long step', (strategy) => {
    expect(observedRoom(schema, records, strategy).operations.length).toBeGreaterThan(850);
    const { longestMs } = longestStep(() => roomVerdictsSliced(schema, records, {}, [strategy]));
    expect(longestMs).toBeLessThan(stepMsMax());
  });
});

test('in slices all is the same as whole', async () => {
  let ms = 0;
  const options = { clock: { nowMs: () => ms++ }, pause: () => Promise.resolve(), sliceMs: 3 };
  const { schema, records, events } = longHistory(600, { seed: 2, offline: 0.03 });
  const figures = runWhole(replicationFiguresSliced(schema, records, events));
  for (const strategy of strategyIds) {
    expect(await runSliced(staleReadsSliced(schema, records, strategy), options)).toEqual(staleReads(schema, records, strategy));
    expect(await runSliced(roomVerdictsSliced(schema, records, {}, [strategy]), options)).toEqual(roomVerdicts(schema, records, {}, [strategy]));
    expect(await runSliced(figures(strategy), options)).toEqual(replicationFigures(schema, records, events)(strategy));
  }
  expect(await runSliced(replicationOfSliced(schema, records, events, strategyIds), options)).toEqual(replicationOf(schema, records, events, strategyIds));
});

test('of more operations than are judged it is not made out what numbers were made of; all else stays', () => {
  const { schema, records } = longHistory(600, { schema: judged, offline: 0 });
  const whole = observedRoom(schema, records, 'quorum').operations;
  const short = runWhole(observedRoomSliced(schema, records, 'quorum', undefined, whole.length - 1)).operations;
  const withoutSteps = whole.map((each) => ('madeOf' in each ? Object.fromEntries(Object.entries(each).filter(([key]) => key !== 'madeOf')) : each));
  expect(whole.some((each) => 'madeOf' in each)).toBe(true);
  expect(short).toEqual(withoutSteps);
});
