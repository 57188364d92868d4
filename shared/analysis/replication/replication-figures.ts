/** Lag, divergence and rejoins of a history, as scorecard, control API and metrics show them. */
import type { ReplicaId } from '../../clocks/dot.ts';
import type { FieldId, Schema } from '../../document/schema.ts';
import { inCausalOrder } from '../../history/causal-order.ts';
import type { JournalRecord, StrategyId } from '../../history/record.ts';
import type { RoomEvent } from '../../history/room-event.ts';
import type { ReplicationFigures } from '../../protocol/control.ts';
import { divergence, divergenceFigures } from './divergence.ts';
import { rejoins } from './rejoins.ts';
import { lagFigures, type ReplicaLag, replicationLag } from './replication-lag.ts';

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
  // Nothing was noted: nothing is to be put in order.
  if (!events.some(({ kind }) => kind === 'arrived')) return () => ({ lagMs: null, lagWorstMs: null, divergedMs: null });
  const ordered = inCausalOrder(records);
  return (strategy) => ({ ...lagFigures(ordered, events, strategy), ...divergenceFigures(schema, ordered, events, strategy) });
}

export function replicationOf(schema: Schema, records: readonly JournalRecord[], events: readonly RoomEvent[], strategies: readonly StrategyId[]): Replication {
  const ordered = inCausalOrder(records);
  return {
    lag: replicationLag(ordered, events, strategies),
    divergence: strategies.map((strategy) => ({ strategy, fields: divergence(schema, ordered, events, strategy).at(-1)?.fields ?? [], ...divergenceFigures(schema, ordered, events, strategy) })),
    rejoins: rejoins(ordered, events).map(({ here, there, ...rejoin }) => ({ ...rejoin, here: here.length, there: there.length })),
  };
}
