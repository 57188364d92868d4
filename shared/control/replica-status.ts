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
  /** Its latest rejoin, once all of it is there; missing where it met nobody. */
  readonly rejoin?: RejoinStatus;
}

/** What met when a window reached others again. */
export interface RejoinStatus {
  /** In milliseconds since the Unix epoch. */
  readonly beganMs: number;
  /** For how long it had not reached them, in milliseconds; and whether it was offline itself. */
  readonly apartMs: number;
  readonly wasOffline: boolean;
  readonly met: readonly ReplicaId[];
  /** How many edits it had that they lacked, and how many came. */
  readonly here: number;
  readonly there: number;
}
