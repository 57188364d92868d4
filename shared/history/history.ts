/** A saved history: all that happened in a room or a run, as JSON Lines hold it. Design: 3-semantics, "History". */
import type { ReplicaId } from '../clocks/dot.ts';
import type { Schema } from '../document/schema.ts';
import type { JournalRecord, StrategyId } from './record.ts';

export type NetworkEventKind = 'send' | 'receive' | 'online' | 'offline' | 'island' | 'fault' | 'crash' | 'restart';

export const networkEventKinds: readonly NetworkEventKind[] = ['send', 'receive', 'online', 'offline', 'island', 'fault', 'crash', 'restart'];

/** What happened to the network or to a replica. It has no dot: nobody's edit depends on it. */
export interface NetworkEvent {
  readonly kind: NetworkEventKind;
  /** Null where it is about no single replica. */
  readonly replica: ReplicaId | null;
  /** In milliseconds since the Unix epoch, or since the run began. */
  readonly wallMs: number;
  /** What JSON can say; null for nothing. */
  readonly payload: unknown;
}

export interface History {
  readonly schema: Schema;
  /** The strategies that carried out edits. */
  readonly strategies: readonly StrategyId[];
  readonly replicas: readonly ReplicaId[];
  /** In causal order. */
  readonly records: readonly JournalRecord[];
  /** In the order in which they were written down. */
  readonly network: readonly NetworkEvent[];
  /** The CRDT's document in the end, as an update of Yjs (v1); null where it was not saved. */
  readonly document: Uint8Array | null;
}
