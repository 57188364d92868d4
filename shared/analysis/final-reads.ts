/**
 * Final reads: what every replica shows once all was delivered. They are events of the history, so that the same history gives the same verdicts from a run,
 * a replay and windows.
 *
 * Under a strategy whose copies ask each other a value that stands in one copy is not a read: these are noted only where all copies show the same, as any
 * read would return just that. Of the fields, those are noted that verdicts judge; digests tell of the whole document. Design: 3-semantics, "Consistency verdicts".
 */
import type { ReplicaId } from '../clocks/dot.ts';
import type { FieldId, FieldValue, Schema } from '../document/schema.ts';
import { type StrategyId, strategyIds } from '../history/record.ts';
import type { FinalReadEvent, FinalValues, RoomEvent } from '../history/room-event.ts';
import { isCoordinated } from '../strategies/registry.ts';
import { isJudged, type ShownNow } from './observed-room.ts';

/** What one replica shows when all was delivered. */
export interface Shower {
  readonly replica: ReplicaId;
  readonly digest: (strategy: StrategyId) => string;
  readonly value: (strategy: StrategyId, field: FieldId) => FieldValue;
}

/** `atMs`: true time, in milliseconds since the Unix epoch. */
export function finalReads(schema: Schema, strategies: readonly StrategyId[], atMs: number, replicas: readonly Shower[]): FinalReadEvent[] {
  const read = strategies.filter((strategy) => !isCoordinated(strategy) || new Set(replicas.map(({ digest }) => digest(strategy))).size === 1);
  const judged = schema.filter(isJudged);
  return replicas.map(({ replica, digest, value }): FinalReadEvent => {
    const shown: FinalValues = Object.fromEntries(read.map((strategy) => [strategy, Object.fromEntries(judged.map(({ id }) => [id, value(strategy, id)]))]));
    return { kind: 'final-read', replica, wallMs: atMs, payload: { shown, digests: Object.fromEntries(strategies.map((strategy) => [strategy, digest(strategy)])) } };
  });
}

/** By strategy, what the replicas showed in the end; a strategy without final reads is not among them. */
export function shownInEnd(events: readonly RoomEvent[]): Partial<Record<StrategyId, ShownNow>> {
  const finals = finalReadsIn(events);
  return Object.fromEntries(strategyIds.flatMap((strategy) => {
    const of = new Map(finals.flatMap(({ replica, payload: { shown } }) => (shown[strategy] ? [[replica, shown[strategy]] as const] : [])));
    if (of.size === 0) return [];
    const now: ShownNow = { atMs: finals.reduce((latest, { wallMs }) => Math.max(latest, wallMs), -Infinity), replicas: [...of.keys()], value: (field, replica) => of.get(replica)![field]! };
    return [[strategy, now]];
  }));
}

/** By strategy, whether all replicas showed the same in the end; nothing of a strategy of which fewer than two said what they showed. */
export function convergedInEnd(events: readonly RoomEvent[]): Partial<Record<StrategyId, boolean>> {
  const finals = finalReadsIn(events);
  return Object.fromEntries(strategyIds.flatMap((strategy) => {
    const digests = finals.flatMap(({ payload }) => payload.digests[strategy] ?? []);
    return digests.length < 2 ? [] : [[strategy, new Set(digests).size === 1]];
  }));
}

export function isFinalRead(event: RoomEvent): event is FinalReadEvent {
  return event.kind === 'final-read';
}

/** The last one of each replica. */
function finalReadsIn(events: readonly RoomEvent[]): FinalReadEvent[] {
  return [...new Map(events.filter(isFinalRead).map((event) => [event.replica, event])).values()];
}
