/**
 * Where a scenario is played: the simulation, or real windows at a real relay. The player speaks to nothing else, so that one file gives the same lesson in
 * both.
 *
 * Guarantees asked of a stage: what is asked for has been done when its promise resolves, and `quiet` resolves when nothing is under way any more that
 * can arrive. Does not ask that `pass` takes as long as it says.
 */
import type { DotKey, ReplicaId } from '../clocks/dot.ts';
import type { Intent } from '../document/intent.ts';
import type { FieldId, FieldValue } from '../document/schema.ts';
import type { EditOptions, StrategyId } from '../history/record.ts';
import type { LinkFaults } from '../network/link.ts';

/** What a person at a replica sees of a field in one column. */
export interface ShownField {
  readonly value: FieldValue;
  /** The siblings that wait for a choice; empty where there are none. */
  readonly siblings: readonly { readonly key: DotKey; readonly value: FieldValue }[];
}

/** `continues`: whether a splice goes on with the action of the edit before it. */
export type StageEdit = Pick<EditOptions, 'only' | 'column' | 'continues'>;

export interface Stage {
  /** Whether the replica's program runs. */
  isUp(replica: ReplicaId): boolean;
  shown(replica: ReplicaId, column: StrategyId, field: FieldId): Promise<ShownField>;
  perform(replica: ReplicaId, field: FieldId, intent: Intent, options: StageEdit): Promise<void>;
  /** The person reads everything at a replica; nothing happens if there is no answer. Begins it, and does not wait for the answer: others may act in the meantime. */
  beginRead(reader: ReplicaId, replica: ReplicaId): void;
  /** Resolves when nothing that this person reads is still to be answered. */
  endRead(reader: ReplicaId): Promise<void>;
  setOnline(replica: ReplicaId, online: boolean): Promise<void>;
  setIslands(groups: readonly (readonly ReplicaId[])[]): Promise<void>;
  setLink(replica: ReplicaId, upstream: LinkFaults, downstream: LinkFaults): Promise<void>;
  /** One island, good links, everybody up and online. */
  heal(): Promise<void>;
  setSkew(replica: ReplicaId, skewMs: number): Promise<void>;
  promote(replica: ReplicaId): Promise<void>;
  crash(replica: ReplicaId): Promise<void>;
  restart(replica: ReplicaId): Promise<void>;
  pass(ms: number): Promise<void>;
  quiet(): Promise<void>;
}
