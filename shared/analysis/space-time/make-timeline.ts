/**
 * Makes a timeline of a history and its ledger. A pure function of both.
 *
 * Guarantees: each action is one mark; no arrow goes back in time; the same history gives the same
 * timeline. Costs time in proportion to the history, times the number of replicas. Source of the form:
 * Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", 1978.
 */
import type { ReplicaId } from '../../clocks/dot.ts';
import type { VersionVector } from '../../clocks/version-vector.ts';
import type { Schema } from '../../document/schema.ts';
import type { StrategyId } from '../../history/record.ts';
import type { RoomEvent } from '../../history/room-event.ts';
import type { Ledger } from '../ledger.ts';
import { eachOf, type Sliced, sorted } from '../slices.ts';
import { apartTimes, bandsOf, brokenMessages } from './apart.ts';
import { arrowsOf, noteArrivals } from './arrows.ts';
import { marksOf } from './marks.ts';
import type { Mark, Timeline } from './timeline.ts';
import { waitingMarks } from './waiting-marks.ts';

export interface TimelineInput {
  readonly schema: Schema;
  readonly ledger: Pick<Ledger, 'rows' | 'actions'>;
  readonly events: readonly RoomEvent[];
  /** All that the history has, outcomes and reads too. */
  readonly known: VersionVector;
  readonly strategies: readonly StrategyId[];
  /** Those whose windows are open; of a saved history all. */
  readonly open: readonly ReplicaId[];
  /** Now; null for a saved history, which ends with its last event. */
  readonly nowMs: number | null;
}

export function* timelineSliced({
  schema,
  ledger,
  events,
  known,
  strategies,
  open,
  nowMs,
}: TimelineInput): Sliced<Timeline> {
  const ordered = yield* sorted(events, (a, b) => a.wallMs - b.wallMs);
  const lanes = yield* lanesOf(open, ledger, ordered);
  const waiting = yield* waitingMarks(schema, lanes, known, strategies.length, ordered);
  const made = (yield* marksOf(schema, ledger, lanes, strategies)).concat(waiting);
  const noted = yield* noteArrivals(made, lanes, ordered);
  const marks = yield* sorted(made, (a, b) => a.fromMs - b.fromMs || a.lane - b.lane || a.first - b.first);
  const apart = yield* apartTimes(lanes, ordered);
  const bands = bandsOf(lanes, apart);
  const [fromMs, toMs] = yield* spanOf(marks, ordered, nowMs);
  return {
    lanes,
    marks,
    strategies,
    fromMs,
    toMs,
    apart,
    bands,
    isAwaited: lanes.map((replica, lane) => noted[lane]! && open.includes(replica)),
    arrows: yield* arrowsOf(marks, lanes, ordered),
    broken: yield* brokenMessages(marks, lanes, bands, toMs),
  };
}

function* lanesOf(
  open: readonly ReplicaId[],
  { rows }: Pick<Ledger, 'rows'>,
  events: readonly RoomEvent[],
): Sliced<ReplicaId[]> {
  const lanes = new Set(open);
  yield* eachOf(rows, ({ record }) => void lanes.add(record.dot.replica));
  yield* eachOf(
    events,
    (event) => void ((event.kind === 'arrived' || event.kind === 'reach') && lanes.add(event.replica)),
  );
  return [...lanes].sort();
}

function* spanOf(
  marks: readonly Mark[],
  events: readonly RoomEvent[],
  nowMs: number | null,
): Sliced<[number, number]> {
  const fromMs = marks[0]?.fromMs ?? nowMs ?? 0;
  let toMs = Math.max(fromMs, nowMs ?? fromMs);
  yield* eachOf(marks, (mark) => void (toMs = Math.max(toMs, mark.toMs)));
  yield* eachOf(events, ({ kind, wallMs }) => {
    if (kind === 'arrived' || kind === 'reach') toMs = Math.max(toMs, wallMs);
  });
  return [fromMs, toMs];
}
