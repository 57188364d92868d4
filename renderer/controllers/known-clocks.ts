/** What a window knows of what others have. */
import type { ReplicaId } from '../../shared/clocks/dot.ts';
import { VersionVector } from '../../shared/clocks/version-vector.ts';
import type { RoomView } from '../../shared/control/room-view.ts';
import type { ReplicaConnection } from '../../shared/ports/replica-connection.ts';

export interface KnownClocks {
  readonly name: ReplicaId;
  /** What this window has, and what of it the relay has confirmed. */
  readonly clock: VersionVector;
  readonly saved: VersionVector;
  /** The room as the lab told last; null where it never did. */
  readonly room: RoomView | null;
  readonly peers: ReplicaConnection['peers'];
}

/** What every open replica has, as they say themselves; and of this one's own edits only what the relay has confirmed. */
export function everywhere({ name, clock, saved, room, peers }: KnownClocks): VersionVector {
  const others = room
    ? room.replicas.filter((status) => status.replica !== name).map((status) => status.clock)
    : peers.flatMap((peer) => (peer ? [peer.clock] : []));
  const here = VersionVector.of(clock.entries().map(([replica, counter]) => [replica, replica === name ? Math.min(counter, saved.get(replica)) : counter] as const));
  return others.reduce((all, each) => all.meet(VersionVector.of(Object.entries(each))), here);
}

/** What each other replica announced last that is reached. */
export function reachedClocks({ name, peers }: Pick<KnownClocks, 'name' | 'peers'>): ReadonlyMap<ReplicaId, VersionVector> {
  const others = peers.flatMap((peer) => (peer && peer.replica !== name ? [peer] : []));
  return new Map(others.map(({ replica, clock }) => [replica, VersionVector.of(Object.entries(clock))] as const));
}
