/**
 * Which open replicas a replica cannot reach now, and why, from what the lab says of the room. Has no state.
 *
 * Guarantees: a replica is in at most one of the lists, lists are in the order of names, and whoever is in none of them hears this replica and is heard by it.
 * Does not guarantee that a frame arrives: a link that loses only some of its frames counts as good.
 */
import type { ReplicaId } from '../../shared/clocks/dot.ts';
import type { ReplicaStatus } from '../../shared/control/replica-status.ts';
import type { RoomView } from '../../shared/control/room-view.ts';
import type { LinkFaults } from '../../shared/network/link.ts';

export interface Reach {
  readonly isRelayOn: boolean;
  /** Whether this replica's own link is on. */
  readonly isLinkOn: boolean;
  /** On another island, or behind links that let nothing through in either direction. */
  readonly cutOffFrom: readonly ReplicaId[];
  /** They do not get what this replica sends; it gets what they send. */
  readonly notHeardBy: readonly ReplicaId[];
  /** They get what this replica sends; it does not get what they send. */
  readonly notHearing: readonly ReplicaId[];
  /** Their own network switch is off. */
  readonly offline: readonly ReplicaId[];
  /** They have no connection yet. */
  readonly connecting: readonly ReplicaId[];
}

/** What the lab says of a room and of its relay; a part of the message `lab`. */
export interface KnownRoom {
  readonly relayOnline: boolean;
  readonly room: Pick<RoomView, 'islands' | 'links'> & { readonly replicas: readonly Pick<ReplicaStatus, 'replica' | 'connection'>[] };
}

/** Nobody is out of reach, as far as is known. */
export const fullReach: Reach = { isRelayOn: true, isLinkOn: true, cutOffFrom: [], notHeardBy: [], notHearing: [], offline: [], connecting: [] };

export function reachOf(self: ReplicaId, { relayOnline, room }: KnownRoom): Reach {
  const others = room.replicas.filter(({ replica }) => replica !== self).sort((a, b) => (a.replica < b.replica ? -1 : 1));
  const named = (why: Apartness): ReplicaId[] => others.filter((other) => apartness(self, other, room) === why).map(({ replica }) => replica);
  return {
    isRelayOn: relayOnline,
    isLinkOn: isLinkOn(self, room),
    cutOffFrom: named('cut off'),
    notHeardBy: named('not heard'),
    notHearing: named('not hearing'),
    offline: named('offline'),
    connecting: named('connecting'),
  };
}

/** Whether a fault keeps this replica from others, or others from it. */
export function isCutOff({ isRelayOn, isLinkOn: isOn, cutOffFrom, notHeardBy, notHearing }: Reach): boolean {
  return !isRelayOn || !isOn || cutOffFrom.length + notHeardBy.length + notHearing.length > 0;
}

type Apartness = 'cut off' | 'not heard' | 'not hearing' | 'offline' | 'connecting' | null;

function apartness(self: ReplicaId, { replica: other, connection }: KnownRoom['room']['replicas'][number], room: KnownRoom['room']): Apartness {
  if (connection === 'offline') return 'offline';
  if (islandOf(self, room) !== islandOf(other, room) || !isLinkOn(other, room)) return 'cut off';
  const isHeard = passes(self, 'upstream', room) && passes(other, 'downstream', room);
  const hears = passes(other, 'upstream', room) && passes(self, 'downstream', room);
  if (!isHeard && !hears) return 'cut off';
  if (!isHeard) return 'not heard';
  if (!hears) return 'not hearing';
  return connection === 'connecting' ? 'connecting' : null;
}

/** Those that no list names form one more island together. */
function islandOf(replica: ReplicaId, { islands }: KnownRoom['room']): number {
  return islands.findIndex((names) => names.includes(replica));
}

function isLinkOn(replica: ReplicaId, { links }: KnownRoom['room']): boolean {
  return links.find(({ name }) => name === replica)?.online ?? true;
}

function passes(replica: ReplicaId, direction: 'upstream' | 'downstream', { links }: KnownRoom['room']): boolean {
  const faults: LinkFaults | undefined = links.find(({ name }) => name === replica)?.[direction];
  return faults === undefined || !(faults.cut || faults.dropRate === 1);
}
