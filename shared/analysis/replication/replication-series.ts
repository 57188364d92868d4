/**
 * Divergence and replication lag over time, under one strategy, as a chart draws them: how many fields differ, how far each replica is behind, and when somebody
 * was cut off. A pure function of the history.
 *
 * A replica is as far behind as the oldest edit of others that has been made and has not arrived there is old. Guarantees: at most `seriesLengthMax` points at equal
 * distances; each is the largest value since the point before, so that no peak is lost; the largest values and the sums are exact.
 * Costs time in proportion to the history, times the number of replicas.
 */
import type { ReplicaId } from '../../clocks/dot.ts';
import type { Schema } from '../../document/schema.ts';
import { compareCausally } from '../../history/causal-order.ts';
import { isEdit, type JournalRecord, type StrategyId } from '../../history/record.ts';
import type { RoomEvent } from '../../history/room-event.ts';
import { trueMsOf } from '../acknowledgements.ts';
import { cutSpansSliced } from '../answered-while-cut.ts';
import { eachOf, runWhole, type Sliced, sorted } from '../slices.ts';
import { divergenceSliced, type DivergenceStep } from './divergence.ts';
import { arrivalsUnder, type Passage } from './replication-lag.ts';

export const seriesLengthMax = 400;

/** Times are true times, in milliseconds since the Unix epoch. Point n of N stands for `fromMs + n / (N - 1) * (untilMs - fromMs)`. */
export interface ReplicationSeries {
  readonly strategy: StrategyId;
  readonly fromMs: number;
  readonly untilMs: number;
  /** When some replica was cut off, in order, apart from one another. */
  readonly cuts: readonly { readonly fromMs: number; readonly untilMs: number }[];
  /** At each point, the most fields that differed since the point before. Empty where nothing happened, or no replica noted anything. */
  readonly fields: readonly number[];
  readonly fieldsMax: number;
  readonly fieldsNow: number;
  /** For how long some field differed. */
  readonly divergedMs: number;
  readonly behind: readonly ReplicaBehind[];
}

export interface ReplicaBehind {
  readonly replica: ReplicaId;
  /** At each point, the furthest that it was behind since the point before, in whole milliseconds. */
  readonly ms: readonly number[];
  readonly msMax: number;
}

/** `nowMs`: until when something that is not over yet lasts. */
export function replicationSeries(schema: Schema, records: readonly JournalRecord[], events: readonly RoomEvent[], strategy: StrategyId, nowMs: number): ReplicationSeries {
  return runWhole(replicationSeriesSliced(schema, records, events, strategy, nowMs));
}

export function* replicationSeriesSliced(schema: Schema, records: readonly JournalRecord[], events: readonly RoomEvent[], strategy: StrategyId, nowMs: number): Sliced<ReplicationSeries> {
  const ordered = yield* sorted(records, compareCausally);
  const steps = yield* divergenceSliced(schema, ordered, events, strategy);
  const arrivals = yield* arrivalsUnder(strategy, ordered, events);
  const cuts = joined(yield* cutSpansSliced(events));
  const lags: { readonly replica: ReplicaId; readonly lags: readonly Lag[] }[] = [];
  for (const { replica, passages } of arrivals) lags.push({ replica, lags: yield* lagsOf(passages) });
  const isGoingOn = (steps.at(-1)?.fields.length ?? 0) > 0 || cuts.at(-1)?.untilMs === Infinity || lags.some((each) => each.lags.at(-1)?.untilMs === Infinity);
  const axis = new Axis(yield* happenedOf(ordered, cuts, steps), nowMs, isGoingOn, arrivals.length > 0);
  const behind: ReplicaBehind[] = [];
  for (const each of lags) behind.push({ replica: each.replica, ...(yield* behindOn(axis, each.lags)) });
  const differing = stepSpans(steps);
  return {
    strategy,
    fromMs: axis.fromMs,
    untilMs: axis.untilMs,
    cuts: cuts.map(({ fromMs, untilMs }) => ({ fromMs, untilMs: Math.min(untilMs, axis.untilMs) })),
    fields: yield* fieldsOn(axis, differing),
    fieldsMax: differing.reduce((most, { count }) => Math.max(most, count), 0),
    fieldsNow: steps.at(-1)?.fields.length ?? 0,
    divergedMs: Math.round(differing.reduce((sum, { fromMs, untilMs, count }) => sum + (count > 0 ? Math.min(untilMs, axis.untilMs) - fromMs : 0), 0)),
    behind,
  };
}

interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A time in which the oldest edit that had not arrived was one that was made at `madeMs`. */
interface Lag extends Span {
  readonly madeMs: number;
}

/** In order; none covers another. */
function* lagsOf(passages: readonly Passage[]): Sliced<Lag[]> {
  const inOrder = yield* sorted(passages, (a, b) => a.madeMs - b.madeMs);
  const lags: Lag[] = [];
  let arrivedMs = -Infinity;
  yield* eachOf(inOrder, (passage) => {
    // An older one arrives no sooner: as long as that is awaited, this one adds nothing.
    if (passage.arrivedMs <= Math.max(arrivedMs, passage.madeMs)) return;
    lags.push({ madeMs: passage.madeMs, fromMs: Math.max(arrivedMs, passage.madeMs), untilMs: passage.arrivedMs });
    arrivedMs = passage.arrivedMs;
  });
  return lags;
}

interface StepSpan extends Span {
  readonly count: number;
}

function stepSpans(steps: readonly DivergenceStep[]): StepSpan[] {
  return steps.map(({ atMs, fields }, index) => ({ fromMs: atMs, untilMs: steps[index + 1]?.atMs ?? Infinity, count: fields.length }));
}

function joined(spans: readonly Span[]): Span[] {
  const apart: { fromMs: number; untilMs: number }[] = [];
  for (const { fromMs, untilMs } of spans) {
    const last = apart.at(-1);
    if (last && fromMs <= last.untilMs) last.untilMs = Math.max(last.untilMs, untilMs);
    else apart.push({ fromMs, untilMs });
  }
  return apart;
}

/** From the first to the last of what happened; null where nothing did. */
function* happenedOf(records: readonly JournalRecord[], cuts: readonly Span[], steps: readonly DivergenceStep[]): Sliced<Span | null> {
  let [fromMs, untilMs] = [Infinity, -Infinity];
  const note = (ms: number): void => {
    if (!Number.isFinite(ms)) return;
    fromMs = Math.min(fromMs, ms);
    untilMs = Math.max(untilMs, ms);
  };
  yield* eachOf(records, (record) => {
    if (isEdit(record)) note(trueMsOf(record));
  });
  for (const cut of cuts) for (const ms of [cut.fromMs, cut.untilMs]) note(ms);
  yield* eachOf(steps, ({ atMs }) => note(atMs));
  return fromMs === Infinity ? null : { fromMs, untilMs };
}

/** The shortest time that is drawn, and the room on both sides of what happened, as a share of it. */
const shownMsMin = 5_000;
const marginShare = 0.05;

/** Where the points stand in time. */
class Axis {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly length: number;
  private readonly stepMs: number;

  /** `isNoted`: whether there is anything to draw. */
  constructor(happened: Span | null, nowMs: number, isGoingOn: boolean, isNoted: boolean) {
    const { fromMs, untilMs } = happened ?? { fromMs: nowMs, untilMs: nowMs };
    const endMs = isGoingOn ? Math.max(nowMs, untilMs) : untilMs;
    const marginMs = marginShare * Math.max(shownMsMin, endMs - fromMs);
    this.fromMs = Math.floor(fromMs - marginMs);
    // What is over stays where it is: the time since then says nothing.
    this.untilMs = Math.ceil(isGoingOn ? endMs : endMs + marginMs);
    this.length = happened && isNoted ? seriesLengthMax : 0;
    this.stepMs = (this.untilMs - this.fromMs) / (seriesLengthMax - 1);
  }

  /** The points that a time which ends before or at `untilMs` has a share in, as the first and the last of them. */
  pointsIn({ fromMs, untilMs }: Span): readonly [number, number] {
    return [this.pointAt(fromMs), this.pointAt(untilMs)];
  }

  msOf(point: number): number {
    return this.fromMs + point * this.stepMs;
  }

  private pointAt(ms: number): number {
    return Math.max(0, Math.min(this.length - 1, Math.ceil((ms - this.fromMs) / this.stepMs)));
  }
}

function* fieldsOn(axis: Axis, spans: readonly StepSpan[]): Sliced<number[]> {
  const fields = new Array<number>(axis.length).fill(0);
  yield* eachOf(spans, (span) => {
    const [first, last] = axis.pointsIn(span);
    if (span.count > 0) for (let point = first; point <= last && point < axis.length; point++) fields[point] = Math.max(fields[point]!, span.count);
  });
  return fields;
}

function* behindOn(axis: Axis, lags: readonly Lag[]): Sliced<Pick<ReplicaBehind, 'ms' | 'msMax'>> {
  const ms = new Array<number>(axis.length).fill(0);
  let msMax = 0;
  yield* eachOf(lags, (lag) => {
    const endMs = Math.min(lag.untilMs, axis.untilMs);
    const [first, last] = axis.pointsIn(lag);
    msMax = Math.max(msMax, Math.round(endMs - lag.madeMs));
    for (let point = first; point <= last && point < axis.length; point++) ms[point] = Math.max(ms[point]!, Math.round(Math.min(endMs, axis.msOf(point)) - lag.madeMs));
  });
  return { ms, msMax };
}
