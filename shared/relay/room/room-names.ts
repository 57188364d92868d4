/**
 * Which copy of its storage each replica's name belongs to.
 *
 * Guarantees: a name once given to a copy is never given to another one while the room lives; where relays share the room, by no relay.
 */
import type { ReplicaId } from '../../clocks/dot.ts';
import type { NameOwner } from '../cluster/cluster-room.ts';
import { closeCodes, Refusal } from '../refusal.ts';
import { nextReplicaName } from './replica-names.ts';

export interface RoomNamesOptions {
  readonly room: string;
  /** How many names may be given. */
  readonly max: number;
  /** Whether others give names in this room too, so that nothing is known before it is on disk. */
  readonly isShared: boolean;
  /**
   * Stores to which copy a name belongs, `asked`: as the answer to a copy that wanted one. Resolves, when it is on disk, to the same; or to what is there already: another
   * owner of the name, or another name that the copy was given as an answer.
   */
  readonly store: (name: NameOwner, asked: boolean) => Promise<NameOwner>;
  /** Whether the room has edits of a replica. */
  readonly hasEditsOf: (replica: ReplicaId) => boolean;
}

export class RoomNames {
  private instances = new Map<ReplicaId, string>();

  constructor(private readonly options: RoomNamesOptions) {}

  restore(instances: ReadonlyMap<ReplicaId, string>): void {
    this.instances = new Map(instances);
  }

  /** All names, with the copies that they belong to. */
  get all(): ReadonlyMap<ReplicaId, string> {
    return this.instances;
  }

  /** Another relay has given these. */
  learn(instances: ReadonlyMap<ReplicaId, string>): void {
    for (const [replica, instance] of instances) this.instances.set(replica, instance);
  }

  /** Throws a Refusal when the room has given away all the names that it may. */
  mustHaveFree(): void {
    const { max, room } = this.options;
    if (this.instances.size >= max) throw new Refusal(closeCodes.full, `${max} replicas have a name in room ${room}, which is the most`);
  }

  /** The copy that a name belongs to; null if it belongs to nobody yet. */
  ownerOf(replica: ReplicaId): string | null {
    return this.instances.get(replica) ?? null;
  }

  /** Gives a name to a copy, unless it belongs to one: where others give names too, that is known when it resolves. */
  async bind(replica: ReplicaId, instance: string, asked = false): Promise<NameOwner> {
    if (!this.options.isShared) this.instances.set(replica, instance);
    const found = await this.options.store({ replica, instance }, asked);
    if (this.options.isShared) this.instances.set(found.replica, found.instance);
    return found;
  }

  /** The name that a copy has, the wanted one or its next life, or the next free letter. Resolves when that is on disk. Rejects with a Refusal when there are too many. */
  async name(instance: string, wanted: string | null): Promise<ReplicaId> {
    for (const [replica, owner] of this.instances) if (owner === instance) return replica;
    this.mustHaveFree();
    for (;;) {
      const free = nextReplicaName(wanted, (name) => this.instances.has(name) || (wanted === null && this.options.hasEditsOf(name)));
      const found = await this.bind(free, instance, true);
      if (found.instance === instance) return found.replica;
    }
  }
}
