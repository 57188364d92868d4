/** What a simulated room needs of its relay: the simulation's own, or the room of a real one. */
import type * as Y from 'yjs';
import type { ReplicaId } from '../clocks/dot.ts';
import type { VersionVector } from '../clocks/version-vector.ts';
import type { LinkFaults } from '../network/link.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { Transport } from '../ports/transport.ts';
import type { FrameCodec } from '../protocol/codec.ts';
import type { RoomTraffic } from '../protocol/room-traffic.ts';

export interface RoomRelay {
  /** What it has, of all islands. */
  readonly summary: VersionVector;
  /** The Y.Doc with all that it has, of all islands. */
  readonly document: Y.Doc;
  readonly traffic: Pick<RoomTraffic, 'ofStrategy'>;
  /** Whether there is more than one island. */
  readonly isDivided: boolean;
  /** Whether something is under way in it. */
  readonly isBusy: boolean;
  /** Takes its own end of a connection, before that is opened. `address`: the name in the address. */
  accept(end: Transport, address: ReplicaId): void;
  /** Lets only those of one group talk to one another; all that are in no group are one more. None: all together. */
  setIslands(groups: readonly (readonly ReplicaId[])[]): void;
  /** All records, each replica's in order. */
  records(): Uint8Array[];
  /** Bends a link by itself. Without it, links are bent on the way here, and nobody notices what is lost until there is a new connection. */
  bend?(name: ReplicaId, upstream: LinkFaults, downstream: LinkFaults): void;
}

/** What a relay is made of that is to live in virtual time. */
export interface AroundRelay {
  readonly clock: Clock;
  readonly codec: FrameCodec;
  readonly random: Random;
  /** The replica that is let in first, and so leads; null: any. */
  readonly leader: ReplicaId | null;
}
