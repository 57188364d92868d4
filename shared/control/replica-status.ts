import type { ReplicaId } from '../clocks/dot.ts';
import type { StrategyId } from '../history/record.ts';

/** What one replica window says of itself. */
export interface ReplicaStatus {
  readonly replica: ReplicaId;
  /** Whether its network switch is on. */
  readonly online: boolean;
  readonly connection: 'offline' | 'connecting' | 'synced';
  /** Edits of its own that the relay has not confirmed as stored. */
  readonly waiting: number;
  readonly allSaved: boolean;
  /** Its version vector. */
  readonly clock: Readonly<Record<ReplicaId, number>>;
  /** How many edits of each replica are here: the clock that people are shown. */
  readonly edits: Readonly<Record<ReplicaId, number>>;
  readonly skewMs: number;
  /** Digest of what each strategy shows there. */
  readonly digests: Readonly<Partial<Record<StrategyId, string>>>;
}
