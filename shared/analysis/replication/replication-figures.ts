/** Lag, divergence and rejoins of a history, as scorecard, control API and metrics show them. */
import type { ReplicaId } from '../../clocks/dot.ts';
import type { FieldId, Schema } from '../../document/schema.ts';
import { compareCausally } from '../../history/causal-order.ts';
import type { JournalRecord, StrategyId } from '../../history/record.ts';
import type { RoomEvent } from '../../history/room-event.ts';
import { answeredWhileCutSliced } from '../answered-while-cut.ts';
import { runWhole, type Sliced, sorted } from '../slices.ts';
import type { ReplicationFigures } from '../strategy-figures.ts';
import { divergenceSliced, figuresOf } from './divergence.ts';
import { rejoinsSliced } from './rejoins.ts';
import { lagFiguresSliced, type ReplicaLag, replicationLagSliced } from './replication-lag.ts';

export interface RejoinSummary {
  readonly replica: ReplicaId;
  readonly beganMs: number;
  readonly endedMs: number | null;
  readonly met: readonly ReplicaId[];
  /** How many edits this replica had that the others lacked, and how many came. */
  readonly here: number;
  readonly there: number;
}

export interface Replication {
  readonly lag: readonly ReplicaLag[];
  readonly divergence: readonly { readonly strategy: StrategyId; /** Fields that do not show the same now. */ readonly fields: readonly FieldId[]; readonly divergedMs: number | null }[];
  readonly rejoins: readonly RejoinSummary[];
}

/** The figures of any strategy; what they have in common is made out once. */
export function replicationFigures(schema: Schema, records: readonly JournalRecord[], events: readonly RoomEvent[]): (strategy: StrategyId) => ReplicationFigures {
  const figures = runWhole(replicationFiguresSliced(schema, records, events));
  return (strategy) => runWhole(figures(strategy));
}

export function* replicationFiguresSliced(schema: Schema, records: readonly JournalRecord[], events: readonly RoomEvent[]): Sliced<(strategy: StrategyId) => Sliced<ReplicationFigures>> {
  // Nothing was noted: nothing is to be put in order.
  const isNoted = events.some(({ kind }) => kind === 'arrived');
  const ordered = isNoted ? yield* sorted(records, compareCausally) : [];
  const whileCut = yield* answeredWhileCutSliced(ordered, events);
  return function* (strategy) {
    const lag = yield* lagFiguresSliced(ordered, events, strategy);
    const steps = yield* divergenceSliced(schema, ordered, events, strategy);
    return { ...lag, ...(yield* figuresOf(steps, events)), whileCut: yield* whileCut(strategy) };
  };
}

export function replicationOf(schema: Schema, records: readonly JournalRecord[], events: readonly RoomEvent[], strategies: readonly StrategyId[]): Replication {
  return runWhole(replicationOfSliced(schema, records, events, strategies));
}

export function* replicationOfSliced(schema: Schema, records: readonly JournalRecord[], events: readonly RoomEvent[], strategies: readonly StrategyId[]): Sliced<Replication> {
  const ordered = yield* sorted(records, compareCausally);
  const divergence: Replication['divergence'][number][] = [];
  for (const strategy of strategies) {
    const steps = yield* divergenceSliced(schema, ordered, events, strategy);
    divergence.push({ strategy, fields: steps.at(-1)?.fields ?? [], ...(yield* figuresOf(steps, events)) });
  }
  const met = yield* rejoinsSliced(ordered, events);
  return {
    lag: yield* replicationLagSliced(ordered, events, strategies),
    divergence,
    rejoins: met.map(({ here, there, ...rejoin }) => ({ ...rejoin, here: here.length, there: there.length })),
  };
}
