/** A saved history: all that happened in a room or a run, as JSON Lines hold it. Design: 3-semantics, "History". */
import type { ReplicaId } from '../clocks/dot.ts';
import type { Schema } from '../document/schema.ts';
import type { JournalRecord, StrategyId } from './record.ts';
import type { RoomEvent } from './room-event.ts';

export interface History {
  readonly schema: Schema;
  /** The strategies that carried out edits. */
  readonly strategies: readonly StrategyId[];
  readonly replicas: readonly ReplicaId[];
  /** In causal order. */
  readonly records: readonly JournalRecord[];
  /** In the order in which they were written down. */
  readonly events: readonly RoomEvent[];
  /** The CRDT's document in the end, as an update of Yjs (v1); null where it was not saved. */
  readonly document: Uint8Array | null;
}
