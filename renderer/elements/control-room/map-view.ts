/** What the map shows of a room: who can talk to whom, what is wrong with links, what waits at the relay, and how people move replicas. Pure functions of what the server sent. */
import type { ReplicaId } from '../../../shared/clocks/dot.ts';
import { counted, listOf } from '../../../shared/analysis/phrases.ts';
import type { ReplicaStatus } from '../../../shared/control/replica-status.ts';
import type { RoomView } from '../../../shared/control/room-view.ts';
import { isSoundLink, type Link, type LinkFaults, type NamedLink, noFaults } from '../../../shared/network/link.ts';
import { isCoordinated } from '../../../shared/strategies/registry.ts';
import { sortedReplicas } from './lab-view.ts';

/** Replicas in one hull: they hear one another. */
export interface MapGroup {
  readonly replicas: readonly ReplicaId[];
  /** The hull that the relay is drawn in. */
  readonly isMain: boolean;
}

/** What keeps a replica from the others. */
export type ApartBy = 'network' | 'link' | 'island';

export type Islands = readonly (readonly string[])[];

/** Who a moved replica goes to: the island of others, or one of its own. */
export type MoveTarget = { readonly with: readonly ReplicaId[] } | 'alone';

export function linkOf(name: string, { links }: Pick<RoomView, 'links'>): Link {
  return links.find((link) => link.name === name) ?? { online: true, upstream: noFaults, downstream: noFaults, seed: 0 };
}

function isDead({ online, upstream, downstream }: Link): boolean {
  const stops = ({ cut, dropRate }: LinkFaults): boolean => cut || dropRate === 1;
  return !online || (stops(upstream) && stops(downstream));
}

function isOff({ online, connection }: ReplicaStatus): boolean {
  return !online || connection === 'offline';
}

/**
 * The hulls of the map: the relay's first, which holds the largest island, and of equal ones the first by name; it may be empty. A replica whose network or
 * link is off has a hull of its own.
 */
export function mapGroups(room: RoomView): MapGroup[] {
  const alone: ReplicaId[] = [];
  const islands = new Map<number, ReplicaId[]>();
  for (const status of sortedReplicas(room)) {
    const { replica } = status;
    const at = islandAt(room.islands, replica);
    if (isOff(status) || isDead(linkOf(replica, room))) alone.push(replica);
    else islands.set(at, [...(islands.get(at) ?? []), replica]);
  }
  const [main = [], ...others] = [...islands.values()].sort((some, more) => more.length - some.length);
  return [{ replicas: main, isMain: true }, ...[...others, ...alone.map((name) => [name])].map((replicas) => ({ replicas, isMain: false }))];
}

function islandAt(islands: Islands, name: string): number {
  return islands.findIndex((names) => names.includes(name));
}

/** Why a replica is not in the main hull; the strongest reason. Null: it is. */
export function apartBy(name: ReplicaId, room: RoomView): ApartBy | null {
  const status = room.replicas.find(({ replica }) => replica === name);
  if (!status) return null;
  if (isOff(status)) return 'network';
  if (isDead(linkOf(name, room))) return 'link';
  return mapGroups(room)[0]!.replicas.includes(name) ? null : 'island';
}

/** The lists after a replica was moved; empty where the room is whole again. Names that are not open stay where they are. */
export function movedIslands(room: RoomView, name: ReplicaId, target: MoveTarget): Islands {
  const without = room.islands.map((names) => names.filter((each) => each !== name));
  const at = target === 'alone' ? -1 : islandAt(room.islands, target.with.find((each) => each !== name) ?? '');
  const lists = target === 'alone' ? [...without, [name]] : without.map((names, index) => (index === at ? [...names, name] : names));
  const left = lists.filter((names) => names.length > 0);
  const everybody = [...room.replicas.map(({ replica }) => replica), ...room.sessions.map((session) => session.name)];
  return new Set(everybody.map((each) => islandAt(left, each))).size < 2 ? [] : left;
}

/** The lists after replicas have come back to the main island. */
export function rejoinedIslands(room: RoomView, names: readonly ReplicaId[]): Islands {
  const main = mapGroups(room)[0]!.replicas;
  const target = main.length > 0 ? main : names.slice(0, 1);
  return names.reduce((islands, name) => movedIslands({ ...room, islands }, name, { with: target }), room.islands);
}

/** The islands that a replica can be moved to, in the order of the map, its own at its place; the last is one of its own. By faults of links nothing is divided. */
export function moveTargets(room: RoomView, name: ReplicaId): { readonly target: MoveTarget; readonly isHere: boolean }[] {
  const byIsland = new Map<number, ReplicaId[]>();
  for (const { replica } of sortedReplicas(room)) {
    const at = islandAt(room.islands, replica);
    byIsland.set(at, [...(byIsland.get(at) ?? []), replica]);
  }
  const islands = [...byIsland.values()].sort((some, others) => others.length - some.length);
  const isAlone = islands.some((names) => names.length === 1 && names[0] === name);
  const shared = islands.filter((names) => names.some((each) => each !== name));
  return [
    ...shared.map((names) => ({ target: { with: names.filter((each) => each !== name) }, isHere: names.includes(name) })),
    ...(room.replicas.length > 1 ? [{ target: 'alone' as const, isHere: isAlone }] : []),
  ];
}

/** "with A and B", "on an island of its own" */
export function targetWords(target: MoveTarget): string {
  return target === 'alone' ? 'on an island of its own' : `with ${listOf(target.with)}`;
}

/** "Link of C is cut: mend it", "Island of C and D is cut off: rejoin it" */
export function mendName(replicas: readonly ReplicaId[]): string {
  return replicas.length === 1 ? `Link of ${replicas[0]!} is cut: mend it` : `Island of ${listOf(replicas)} is cut off: rejoin it`;
}

/** "drag replicas into islands; press a link for its faults", "2 islands: C is alone" */
export function mapWords(room: RoomView, relayOnline: boolean): string {
  if (!relayOnline) return 'the relay is off: everybody is alone';
  const [main, ...others] = mapGroups(room);
  const groups = [main!, ...others];
  if (others.length === 0) return room.replicas.length > 1 ? 'drag replicas into islands; press a link for its faults' : '';
  const alone = others.filter(({ replicas }) => replicas.length === 1).flatMap(({ replicas }) => replicas);
  if (main!.replicas.length === 0 && groups.length === 2) return `${alone[0]!} is cut off`;
  const rest = alone.length === 0 || alone.length > 3 ? '' : `: ${listOf(alone)} ${alone.length === 1 ? 'is' : 'are each'} alone`;
  return `${groups.filter(({ replicas }) => replicas.length > 0).length} islands${rest}`;
}

/** "all saved", "8 waiting", "connecting": a few words below the disc. `isApart`: others cannot be reached, so that what the relay has saved of it waits there. */
export function shortStatus({ waiting, allSaved, connection, online }: ReplicaStatus, isApart: boolean): string {
  if (waiting > 0) return `${waiting} waiting`;
  if (isApart || !online || connection === 'offline') return 'cut off';
  if (connection === 'connecting') return 'connecting';
  return allSaved ? 'all saved' : 'saving';
}

/**
 * What the relay keeps for those who are apart: "8 for C". Counted in actions where that is known: by what is pending while just one replica, which is off,
 * lacks edits. Else it is only said that there are some.
 */
export function heldForWords(room: RoomView): string | null {
  const lacking = sortedReplicas(room).filter(({ replica }) => apartBy(replica, room) !== null && lacksEdits(replica, room)).map(({ replica }) => replica);
  if (lacking.length === 0) return null;
  const pending = room.totals.reduce((most, totals) => (isCoordinated(totals.strategy) ? most : Math.max(most, totals.pending)), 0);
  const isOnlyOne = lacking.length === 1 && room.replicas.filter(({ replica }) => apartBy(replica, room) !== null).length === 1 && apartBy(lacking[0]!, room) !== 'island';
  return isOnlyOne && pending > 0 ? `${pending} for ${lacking[0]!}` : `edits for ${lacking.length > 3 ? counted(lacking.length, 'replica') : listOf(lacking)}`;
}

/** Whether another replica has stored edits at the relay that this one does not have. */
function lacksEdits(name: ReplicaId, { replicas }: RoomView): boolean {
  const own = replicas.find(({ replica }) => replica === name)!;
  return replicas.some(({ replica, edits, waiting }) => replica !== name && waiting === 0 && (edits[replica] ?? 0) > (own.edits[replica] ?? 0));
}

/** "120 ms · 5 % lost"; both ways apart where they differ: "out cut · in 120 ms". Empty for a link without faults. */
export function linkWords(link: Link): string {
  if (!link.online) return 'off';
  const [up, down] = [faultWords(link.upstream), faultWords(link.downstream)];
  if (up === down) return up;
  return [up && `out ${up}`, down && `in ${down}`].filter((words) => words !== '').join(' · ');
}

function faultWords({ latencyMs, jitterMs, bandwidthKbps, dropRate, duplicateRate, reorderRate, cut }: LinkFaults): string {
  if (cut) return 'cut';
  const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;
  return [
    latencyMs > 0 || jitterMs > 0 ? (jitterMs > 0 ? `${latencyMs}–${latencyMs + jitterMs} ms` : `${latencyMs} ms`) : '',
    dropRate > 0 ? `${percent(dropRate)} lost` : '',
    duplicateRate > 0 ? `${percent(duplicateRate)} twice` : '',
    reorderRate > 0 ? `${percent(reorderRate)} reordered` : '',
    bandwidthKbps === null ? '' : `${bandwidthKbps} kbit/s`,
  ].filter((words) => words !== '').join(' · ');
}

/** One edit's way that was seen to be done: to the relay, or from it. */
export interface EditArrival {
  readonly author: ReplicaId;
  readonly at: ReplicaId;
  readonly to: 'relay' | 'replica';
}

/** What arrived between two views: a dot for each author and way. Edits reached the relay as soon as somebody else has them. */
export function arrivals(before: RoomView, now: RoomView): EditArrival[] {
  if (before.room !== now.room) return [];
  return now.replicas.flatMap(({ replica, edits }) => {
    const known = before.replicas.find((status) => status.replica === replica)?.edits;
    if (!known) return [];
    const more = Object.keys(edits).filter((author) => author !== replica && (edits[author] ?? 0) > (known[author] ?? 0));
    return more.flatMap((author) => [{ author, at: author, to: 'relay' as const }, { author, at: replica, to: 'replica' as const }]);
  }).filter(({ author, at, to }, index, all) => all.findIndex((other) => other.author === author && other.at === at && other.to === to) === index);
}

/** The links with faults that a person sees. */
export function faultyLinks({ links }: RoomView): readonly NamedLink[] {
  return links.filter((link) => !isSoundLink(link));
}
