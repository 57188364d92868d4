/** What a replica is made of, and what it tells. */
import type { ReplicaId } from '../clocks/dot.ts';
import type { Schema } from '../document/schema.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import type { Transport } from '../ports/transport.ts';
import type { FrameCodec } from '../protocol/codec.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { CoordinatedStrategy } from '../strategies/coordinated-strategy.ts';

export interface ReplicaOptions {
  readonly id: ReplicaId;
  /** Names this copy of the replica's storage; the relay binds it to the id. */
  readonly instance: string;
  readonly schema: Schema;
  readonly strategies: readonly Strategy[];
  /** Strategies that have to ask the copies at other replicas. */
  readonly coordinated?: readonly CoordinatedStrategy[];
  readonly clock: Clock;
  readonly store: Store;
  readonly transport: Transport;
  /** How frames are written and read. Default: as they come. */
  readonly codec?: FrameCodec;
}

export type ReplicaEvent =
  /** Values, clock or waiting edits changed. */
  | { readonly kind: 'changed' }
  /** Something went wrong that the person must know; null when it is mended. */
  | { readonly kind: 'trouble'; readonly trouble: string | null }
  /** The room was emptied on purpose while this replica was away: its data belong to a life of the room that is over. */
  | { readonly kind: 'emptied' };
