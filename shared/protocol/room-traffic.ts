/** How many bytes of each kind a room's windows have sent since the relay began. */
import type { StrategyId } from '../history/record.ts';
import type { DirectChannel } from './wire-fields.ts';

export type TrafficKind = 'crdt' | 'records' | DirectChannel;

export class RoomTraffic {
  private readonly bytes = new Map<TrafficKind, number>();

  count(kind: TrafficKind, bytes: number): void {
    this.bytes.set(kind, this.of(kind) + bytes);
  }

  of(kind: TrafficKind): number {
    return this.bytes.get(kind) ?? 0;
  }

  /** What was sent for a strategy. Last writer wins and siblings share the journal's records, which count for both. */
  ofStrategy(strategy: StrategyId): number {
    return this.of(strategy === 'last-writer-wins' || strategy === 'siblings' ? 'records' : strategy);
  }

  clear(): void {
    this.bytes.clear();
  }
}
