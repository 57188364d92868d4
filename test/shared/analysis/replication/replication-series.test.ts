/** What the charts draw: against brute force at any time, and without losing a peak however long the history is. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { divergence } from '../../../../shared/analysis/replication/divergence.ts';
import { replicationSeries, type ReplicationSeries, seriesLengthMax } from '../../../../shared/analysis/replication/replication-series.ts';
import { VersionVector } from '../../../../shared/clocks/version-vector.ts';
import { inCausalOrder } from '../../../../shared/history/causal-order.ts';
import { type EditRecord, isEdit, strategyIds } from '../../../../shared/history/record.ts';
import type { RoomEvent } from '../../../../shared/history/room-event.ts';
import { labSchema } from '../../../../shared/document/schema.ts';
import { played } from '../../../support/played-scenario.ts';

const factsOf = ({ records, events, scenario: { schema } }: Awaited<ReturnType<typeof played>>['run']) => ({ schema, records: inCausalOrder(records), events });
const apart = ['{ at: A, increment: votes }', 'wait: 2 s', 'offline: C', 'wait: 1 s', '{ at: A, set: { title: Oslo } }', 'wait: 3 s', '{ at: C, set: { title: Rome } }', '{ at: C, add: { tags: x } }', 'wait: 20 s', 'online: C', 'wait: 5 s'];
const timeOf = ({ fromMs, untilMs }: ReplicationSeries, point: number): number => fromMs + (point * (untilMs - fromMs)) / (seriesLengthMax - 1);

describe('a cut of one replica', () => {
  test('while it lasts lag grows and fields differ; the cut is marked; then all is as before', async () => {
    const { schema, records, events } = factsOf((await played(apart)).run);
    const series = replicationSeries(schema, records, events, 'last-writer-wins', Infinity);
    expect(series.cuts).toHaveLength(1);
    const [cut] = series.cuts;
    expect(cut!.untilMs - cut!.fromMs).toBeGreaterThan(20_000);
    expect([series.fieldsMax, series.fieldsNow, series.fields.at(-1), series.fields[0]]).toEqual([2, 0, 0, 0]);
    expect(series.divergedMs).toBeGreaterThan(20_000);
    const ofC = series.behind.find(({ replica }) => replica === 'C')!;
    expect(series.behind.map(({ replica }) => replica)).toEqual(['A', 'B', 'C']);
    expect(ofC.msMax).toBeGreaterThan(20_000);
    expect(ofC.ms.at(-1)).toBe(0);
    const during = ofC.ms.filter((_, point) => timeOf(series, point) > cut!.fromMs + 3_000 && timeOf(series, point) < cut!.untilMs);
    expect(during.every((ms, at) => at === 0 || ms > during[at - 1]!)).toBe(true);
  });

  test('what is not over yet lasts until now, and the axis ends now', async () => {
    const { schema, records, events } = factsOf((await played(apart.slice(0, -2))).run);
    const nowMs = Math.max(...events.map(({ wallMs }) => wallMs)) + 60_000;
    const series = replicationSeries(schema, records, events, 'crdt', nowMs);
    expect([series.untilMs, series.cuts.at(-1)!.untilMs]).toEqual([nowMs, nowMs]);
    expect(series.behind.find(({ replica }) => replica === 'C')!.ms.at(-1)).toBeGreaterThan(60_000);
    expect(series.fieldsNow).toBeGreaterThan(0);
    expect(series.fields.at(-1)).toBe(series.fieldsNow);
  });

  test.each(strategyIds)('%s: each point of the fields is the most since the one before it', async (strategy) => {
    const { schema, records, events } = factsOf((await played(apart)).run);
    const series = replicationSeries(schema, records, events, strategy, Infinity);
    const steps = divergence(schema, records, events, strategy);
    const within = (fromMs: number, untilMs: number): number => Math.max(0, ...steps.map(({ atMs, fields }, at) => (atMs <= untilMs && (steps[at + 1]?.atMs ?? Infinity) > fromMs ? fields.length : 0)));
    series.fields.forEach((fields, point) => {
      if (point > 0) expect([point, fields]).toEqual([point, within(timeOf(series, point - 1), timeOf(series, point))]);
    });
  });
});

test('nothing was noted: nothing is drawn', () => {
  expect(replicationSeries(labSchema, [], [], 'crdt', 9_000)).toMatchObject({ cuts: [], fields: [], fieldsMax: 0, behind: [], divergedMs: 0 });
});

test('brute force: at any time as far behind as the oldest edit that has not arrived is old; however many edits, no peak is lost', () => {
  const passage = fc.record({ gapMs: fc.integer({ min: 0, max: 400 }), tookMs: fc.option(fc.integer({ min: 1, max: 3_000 }), { nil: Infinity, freq: 20 }) });
  fc.assert(fc.property(fc.array(passage, { minLength: 1, maxLength: 200 }), fc.integer({ min: 0, max: 5_000 }), (passages, laterMs) => {
    const { records, events, made } = historyOf(passages);
    const nowMs = Math.max(...made.map(({ madeMs, arrivedMs }) => (arrivedMs === Infinity ? madeMs : arrivedMs))) + laterMs;
    const series = replicationSeries(labSchema, records, events, 'last-writer-wins', nowMs);
    const { ms, msMax } = series.behind.find(({ replica }) => replica === 'B')!;
    const oldestAt = (atMs: number): number => Math.max(0, ...made.map(({ madeMs, arrivedMs }) => (madeMs <= atMs && atMs < arrivedMs ? atMs - madeMs : 0)));
    const peak = Math.max(0, ...made.map(({ madeMs, arrivedMs }) => Math.min(arrivedMs, series.untilMs) - madeMs));
    expect([ms.length, msMax, Math.max(...ms)]).toEqual([seriesLengthMax, peak, peak]);
    for (let point = 1; point < ms.length; point++) expect(ms[point]).toBeGreaterThanOrEqual(Math.floor(oldestAt(timeOf(series, point) - 1e-6)));
    for (let point = 1; point < ms.length; point++) {
      const [fromMs, untilMs] = [timeOf(series, point - 1), timeOf(series, point)];
      const most = Math.max(0, ...made.map(({ madeMs, arrivedMs }) => (madeMs <= untilMs && arrivedMs > fromMs ? Math.min(arrivedMs, untilMs) - madeMs : 0)));
      expect(Math.abs(ms[point]! - most)).toBeLessThanOrEqual(1);
    }
  }), { numRuns: 60 });
});

/** Edits of A that arrive at B in their order: one that is overtaken arrives with the one that overtook it, no later. */
function historyOf(passages: readonly { readonly gapMs: number; readonly tookMs: number }[]) {
  const records: EditRecord[] = [];
  const made: { readonly madeMs: number; arrivedMs: number }[] = [];
  let madeMs = 1_000_000;
  passages.forEach(({ gapMs, tookMs }, at) => {
    madeMs += gapMs;
    records.push({ dot: { replica: 'A', counter: at + 1 }, context: VersionVector.of(at === 0 ? [] : [['A', at]]), wallMs: madeMs, hybrid: { ms: madeMs, counter: at }, field: 'votes', intent: { kind: 'increment', by: 1 }, traces: { 'last-writer-wins': { outcome: 'accepted', details: [0, { votes: '' }] } } });
    made.push({ madeMs, arrivedMs: madeMs + tookMs });
  });
  for (let at = made.length - 2; at >= 0; at--) made[at]!.arrivedMs = Math.min(made[at]!.arrivedMs, made[at + 1]!.arrivedMs);
  // It arrives with the first note that has it.
  const noted = (replica: string, wallMs: number, counter: number): RoomEvent => ({ kind: 'arrived', replica, wallMs, payload: { has: VersionVector.of(counter === 0 ? [] : [['A', counter]]), shows: {} } });
  const events = [noted('B', 0, 0), ...made.flatMap(({ arrivedMs }, at) => (arrivedMs === Infinity ? [] : [noted('B', arrivedMs, at + 1)]))].sort((a, b) => a.wallMs - b.wallMs);
  return { records: records.filter(isEdit), events, made };
}
