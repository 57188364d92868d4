/** A simulated room of the lab's document, with all strategies. */
import { labSchema } from '../../shared/document/schema.ts';
import { type StrategyId, strategyIds } from '../../shared/history/record.ts';
import { SimulatedRoom, type SimulatedRoomOptions } from '../../shared/simulation/simulated-room.ts';
import { defaultStrategySettings } from '../../shared/strategies/registry.ts';

export function opened(options: Partial<SimulatedRoomOptions> = {}): Promise<SimulatedRoom> {
  return SimulatedRoom.open({ schema: labSchema, replicas: ['A', 'B', 'C'], strategies: strategyIds, settings: defaultStrategySettings, seed: 1, ...options });
}

export function vote(room: SimulatedRoom, at: string, by = 1): void {
  room.at(at).replica.perform('votes', { kind: 'increment', by });
}

/** What each replica shows; null where it is down. */
export function votes(room: SimulatedRoom, strategy: StrategyId = 'crdt'): (number | null)[] {
  return room.replicas.map((each) => (each.isUp ? (each.replica.value(strategy, 'votes') as number) : null));
}
