/** The stage in virtual time: a room without windows. */
import type { ReplicaId } from '../clocks/dot.ts';
import type { Intent } from '../document/intent.ts';
import type { FieldId } from '../document/schema.ts';
import type { StrategyId } from '../history/record.ts';
import type { LinkFaults } from '../network/link.ts';
import type { SimulatedRoom } from '../simulation/simulated-room.ts';
import type { ShownField, Stage, StageEdit } from './stage.ts';

/** How long a person waits for what they read, at most, in milliseconds. */
const readMsMax = 10_000;

export class SimulatedStage implements Stage {
  /** Who waits for what they read. */
  private readonly reading = new Set<ReplicaId>();

  constructor(private readonly room: SimulatedRoom) {}

  isUp(replica: ReplicaId): boolean {
    return this.room.at(replica).isUp;
  }

  async shown(replica: ReplicaId, column: StrategyId, field: FieldId): Promise<ShownField> {
    const { strategies, replica: at } = this.room.at(replica);
    const siblings = column === 'siblings' ? strategies.siblings.waiting(field).map(({ key, value }) => ({ key, value })) : [];
    return { value: at.value(column, field), siblings };
  }

  async perform(replica: ReplicaId, field: FieldId, intent: Intent, options: StageEdit): Promise<void> {
    this.room.at(replica).replica.perform(field, intent, options);
  }

  beginRead(reader: ReplicaId, replica: ReplicaId): void {
    const over = (): void => void this.reading.delete(reader);
    this.reading.add(reader);
    this.room.at(reader).replica.readFrom(replica).then(over, over);
  }

  async endRead(reader: ReplicaId): Promise<void> {
    if (this.reading.has(reader)) await this.room.until(() => !this.reading.has(reader), readMsMax);
  }

  async setOnline(replica: ReplicaId, online: boolean): Promise<void> {
    this.room.at(replica).setOnline(online);
  }

  async setIslands(groups: readonly (readonly ReplicaId[])[]): Promise<void> {
    this.room.islands(groups);
  }

  async setLink(replica: ReplicaId, upstream: LinkFaults, downstream: LinkFaults): Promise<void> {
    this.room.setLink(replica, { upstream, downstream });
  }

  async heal(): Promise<void> {
    await this.room.heal();
  }

  async setSkew(replica: ReplicaId, skewMs: number): Promise<void> {
    this.room.at(replica).skewMs = skewMs;
  }

  async promote(replica: ReplicaId): Promise<void> {
    this.room.at(replica).promote();
  }

  async crash(replica: ReplicaId): Promise<void> {
    this.reading.delete(replica);
    this.room.at(replica).crash();
  }

  async restart(replica: ReplicaId): Promise<void> {
    await this.room.at(replica).start();
  }

  async pass(ms: number): Promise<void> {
    await this.room.pass(ms);
  }

  async quiet(): Promise<void> {
    await this.room.quiet();
  }
}
