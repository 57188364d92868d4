/** The room as the map showed it at an earlier moment: who was there, who was apart, what waited. Pure functions. */
import { roomAt, type RoomMoment } from '../../../shared/analysis/space-time/at-moment.ts';
import type { Timeline } from '../../../shared/analysis/space-time/timeline.ts';
import type { ReplicaId } from '../../../shared/clocks/dot.ts';
import type { ReplicaStatus } from '../../../shared/control/replica-status.ts';
import type { RoomView } from '../../../shared/control/room-view.ts';

export interface PastRoom {
  readonly room: RoomView;
  readonly relayOnline: boolean;
}

/** Whether a cut was by the network, a link or an island is not told: one replica alone counts as off, several as an island. */
export function pastRoom(room: RoomView, timeline: Timeline, atMs: number): PastRoom {
  const moment = roomAt(timeline, atMs);
  const isOff = (replica: ReplicaId): boolean => moment.apart.some((group) => group.length === 1 && group[0] === replica);
  const replicas = moment.lanes.map(({ replica, has, waiting }): ReplicaStatus => ({
    replica,
    online: !isOff(replica),
    connection: isOff(replica) ? 'offline' : 'synced',
    waiting: isApart(moment, replica) ? waiting : 0,
    allSaved: true,
    clock: has,
    edits: has,
    skewMs: 0,
    digests: {},
  }));
  const held = heldForOne(moment);
  const totals = room.totals.map((each) => ({ ...each, pending: held }));
  const islands = moment.apart.filter((group) => group.length > 1);
  return { room: { ...room, replicas, islands, links: [], sessions: [], totals }, relayOnline: !moment.isEachAlone };
}

function isApart({ apart, isEachAlone }: RoomMoment, replica: ReplicaId): boolean {
  return isEachAlone || apart.some((group) => group.includes(replica));
}

/** Where just one replica was cut off: how many actions of others it lacked. */
function heldForOne({ apart, lanes }: RoomMoment): number {
  const [only, ...others] = apart.flat();
  const there = lanes.find(({ replica }) => replica === only);
  if (!there || others.length > 0) return 0;
  return lanes.reduce((sum, { replica, has }) => sum + (replica === only ? 0 : (has[replica] ?? 0) - (there.has[replica] ?? 0)), 0);
}
