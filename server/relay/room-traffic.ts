/** How many bytes of each kind a room's windows have sent since the relay began. */
import type { DirectChannel } from '../../shared/protocol/messages.ts';

export type TrafficKind = 'crdt' | 'records' | DirectChannel;

export class RoomTraffic {
  private readonly bytes = new Map<TrafficKind, number>();

  count(kind: TrafficKind, bytes: number): void {
    this.bytes.set(kind, this.of(kind) + bytes);
  }

  of(kind: TrafficKind): number {
    return this.bytes.get(kind) ?? 0;
  }

  clear(): void {
    this.bytes.clear();
  }
}
