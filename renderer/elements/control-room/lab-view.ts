/** What the control room says about a room, as pure functions of what the server sent. */
import type { ReplicaId } from '../../../shared/clocks/dot.ts';
import type { ReplicaStatus } from '../../../shared/control/replica-status.ts';
import type { RoomView } from '../../../shared/control/room-view.ts';
import { type StrategyId, strategyIds } from '../../../shared/history/record.ts';

/** Replicas that show equal states of one strategy. */
export interface DigestGroup {
  readonly digest: string;
  readonly replicas: readonly ReplicaId[];
}

/** "A" of "A.2", A's second life. */
export function windowName(replica: ReplicaId): string {
  return replica.split('.')[0] as string;
}

/** "{A:12 B:4}": how many edits of each replica it has. */
export function clockWords(status: ReplicaStatus): string {
  return `{${Object.entries(status.edits).filter(([, count]) => count > 0).sort(([a], [b]) => (a < b ? -1 : 1)).map(([replica, counter]) => `${replica}:${counter}`).join(' ')}}`;
}

/** Replicas by name whose edits are known but whose window is not open. */
export function closedReplicas(room: RoomView): string[] {
  const open = new Set(room.replicas.map((status) => windowName(status.replica)));
  const known = new Set(room.replicas.flatMap((status) => Object.keys(status.clock).map(windowName)));
  return [...known].filter((name) => !open.has(name)).sort();
}

/** The first letter that no replica has: of those open, those known, and those just being opened. */
export function nextFreeName(room: RoomView, opening: ReadonlySet<string>): string {
  const taken = new Set([...opening, ...closedReplicas(room), ...room.replicas.map((status) => windowName(status.replica))]);
  const letters = Array.from({ length: 26 }, (_, at) => String.fromCharCode(65 + at));
  const free = letters.find((letter) => !taken.has(letter));
  if (free) return free;
  let number = letters.length + 1;
  while (taken.has(`R${number}`)) number++;
  return `R${number}`;
}

/** Which replicas show the same, per strategy, in the order of the strategies. */
export function digestGroups(room: RoomView): readonly { readonly strategy: StrategyId; readonly groups: readonly DigestGroup[] }[] {
  return strategyIds.filter((strategy) => room.replicas.some((status) => status.digests[strategy] !== undefined)).map((strategy) => {
    const byDigest = new Map<string, ReplicaId[]>();
    for (const { replica, digests } of sortedReplicas(room)) {
      const digest = digests[strategy];
      if (digest !== undefined) byDigest.set(digest, [...(byDigest.get(digest) ?? []), replica]);
    }
    return { strategy, groups: [...byDigest].map(([digest, replicas]) => ({ digest, replicas })) };
  });
}

/** The strategies under which replicas differ, those together under which the same replicas show the same. */
export function differingGroups(room: RoomView): readonly { readonly strategies: readonly StrategyId[]; readonly groups: readonly (readonly ReplicaId[])[] }[] {
  const alike = new Map<string, { readonly strategies: StrategyId[]; readonly groups: readonly (readonly ReplicaId[])[] }>();
  for (const { strategy, groups } of digestGroups(room)) {
    if (groups.length < 2) continue;
    const replicas = groups.map((group) => group.replicas);
    const key = JSON.stringify(replicas);
    const known = alike.get(key) ?? { strategies: [], groups: replicas };
    known.strategies.push(strategy);
    alike.set(key, known);
  }
  return [...alike.values()];
}

export function sortedReplicas(room: RoomView): ReplicaStatus[] {
  return [...room.replicas].sort((a, b) => (a.replica < b.replica ? -1 : 1));
}
