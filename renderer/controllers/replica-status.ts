/** What a window tells of itself, to its person and to the lab. */
import type { VersionVector } from '../../shared/clocks/version-vector.ts';
import type { RejoinView } from '../../shared/analysis/rejoin-views.ts';
import type { RejoinStatus, ReplicaStatus } from '../../shared/control/replica-status.ts';
import type { Replica } from '../../shared/replica/replica.ts';
import type { StrategySet } from '../../shared/strategies/strategy-set.ts';
import type { ReplicaConnection } from '../../shared/ports/replica-connection.ts';

export interface StatusParts {
  readonly replica: Pick<Replica, 'id' | 'clock' | 'waiting' | 'isSynced' | 'skewMs'>;
  readonly strategies: Pick<StrategySet, 'digests'>;
  readonly connection: Pick<ReplicaConnection, 'isOnline' | 'state' | 'isDocumentSaved'>;
}

/** `edits`: how many of each replica are here. `latest`: the latest rejoin of this window. */
export function replicaStatus({ replica, strategies, connection }: StatusParts, edits: VersionVector, latest?: RejoinView): ReplicaStatus {
  const state = connectionState(connection, replica);
  const rejoin = rejoinStatus(latest);
  return {
    replica: replica.id,
    online: connection.isOnline,
    connection: state,
    waiting: replica.waiting,
    allSaved: state === 'synced' && replica.waiting === 0 && connection.isDocumentSaved,
    clock: replica.clock.toJSON(),
    edits: edits.toJSON(),
    skewMs: replica.skewMs,
    // Only when asked for: a digest reads the whole document, and the header asks for the rest at every frame.
    get digests() {
      return strategies.digests();
    },
    ...(rejoin ? { rejoin } : {}),
  };
}

function rejoinStatus(latest: RejoinView | undefined): RejoinStatus | null {
  if (!latest || latest.endedMs === null || latest.cutMs === undefined) return null;
  const { beganMs, cutMs, wasOffline = false, met, here, there } = latest;
  return { beganMs, apartMs: beganMs - cutMs, wasOffline, met, here, there };
}

function connectionState({ state }: StatusParts['connection'], replica: StatusParts['replica']): ReplicaStatus['connection'] {
  if (state === 'offline') return 'offline';
  return state === 'synced' && replica.isSynced ? 'synced' : 'connecting';
}
