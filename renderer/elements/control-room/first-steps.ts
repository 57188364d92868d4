/** How far somebody has come who has just opened the lab. Pure. */
import type { ReplicaId } from '../../../shared/clocks/dot.ts';
import type { RoomView } from '../../../shared/control/room-view.ts';
import { isCoordinated } from '../../../shared/strategies/registry.ts';
import { sortedReplicas } from './lab-view.ts';
import { apartBy, mapGroups } from './map-view.ts';

export type FirstStep = 'open' | 'cut' | 'edit' | 'rejoin';

export interface FirstSteps {
  /** What to do next. */
  readonly next: FirstStep;
  /** Who is cut off, or would be; null while there are no two replicas. */
  readonly apart: ReplicaId | null;
  /** Somebody on the other side. */
  readonly other: ReplicaId | null;
}

/** Whether edits have met already, so that there is something to look at; a scenario on stage has steps of its own. */
export function hasBegun({ totals, scenario }: RoomView): boolean {
  return scenario !== null || totals.some(({ strategy, actions, pending }) => !isCoordinated(strategy) && actions > pending);
}

export function firstSteps(room: RoomView): FirstSteps {
  const replicas = sortedReplicas(room);
  const cut = replicas.filter(({ replica }) => apartBy(replica, room) !== null);
  const apart = cut.at(-1) ?? replicas.at(-1);
  const other = replicas.find(({ replica }) => replica !== apart?.replica);
  if (!apart || !other) return { next: 'open', apart: null, other: null };
  const hasEdits = (name: ReplicaId): boolean => replicas.some(({ replica, edits, waiting }) => replica === name && (waiting > 0 || (edits[name] ?? 0) > 0));
  const isCut = cut.length > 0 && mapGroups(room).length > 1;
  const next = !isCut ? 'cut' : hasEdits(apart.replica) && replicas.some(({ replica }) => replica !== apart.replica && hasEdits(replica)) ? 'rejoin' : 'edit';
  return { next, apart: apart.replica, other: other.replica };
}
