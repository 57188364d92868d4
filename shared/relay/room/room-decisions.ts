/** What of a room is decided once: by this relay alone, or by whichever of several relays is first. */
import type { ReplicaId } from '../../clocks/dot.ts';
import type { StoreChange } from '../../ports/store.ts';
import type { RoomStorage } from '../storage/room-storage.ts';
import type { ClusterRoom, NameOwner } from '../cluster/cluster-room.ts';

export interface RoomDecisionsOptions {
  readonly storage: RoomStorage;
  /** Null where no other relay has the room. */
  readonly cluster: ClusterRoom | null;
  /** Resolves when these are on disk. */
  readonly stored: (changes: readonly StoreChange[]) => Promise<void>;
}

export class RoomDecisions {
  constructor(private readonly options: RoomDecisionsOptions) {}

  /** To which copy a name belongs: as RoomNamesOptions.store. */
  async name(found: NameOwner, asked: boolean): Promise<NameOwner> {
    const { storage, cluster, stored } = this.options;
    const change = storage.setInstance(found.replica, found.instance);
    if (cluster) return cluster.decideName(change, found, asked);
    await stored([change]);
    return found;
  }

  /** Who the members are: as RoomMembersOptions.store. */
  async members(members: readonly ReplicaId[], former: readonly ReplicaId[]): Promise<readonly ReplicaId[]> {
    const { storage, cluster, stored } = this.options;
    const change = storage.setMembers(members);
    if (cluster) return cluster.decideMembers(change, former.length > 0 ? storage.setMembers(former) : null, members);
    await stored([change]);
    return members;
  }

  /** What all relays of the room are to know at once. Resolves when it is on disk; rejects with StoreUnavailable where the room is loaded anew meanwhile. */
  async setting(change: StoreChange): Promise<void> {
    const { cluster, stored } = this.options;
    if (cluster) await cluster.decideOrFail([change]);
    else await stored([change]);
  }
}
