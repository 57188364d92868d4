/**
 * What our own windows and the relay say to one another beside the y-websocket protocol, on the same socket. Grammar: PROTOCOL.md.
 * A relay sends these only to a session that has said `hello`, so that any other y-websocket client never sees them.
 */
import type { ReplicaId } from '../clocks/dot.ts';
import type { VersionVector } from '../clocks/version-vector.ts';
import { type CoordinatedId, coordinatedIds } from '../strategies/coordinated-strategy.ts';

/** The first number of each of our frames; y-websocket uses 0 (sync), 1 (awareness), 2 (auth) and 3 (query awareness). */
export const rejoinFrame = 64;
export const protocolVersion = 1;

/** The close code of a session whose room was emptied on purpose. A window of ours comes back all the same, to start over. */
export const emptiedCode = 4410;

export type Message =
  /** Window → relay, first. `instance` names this copy of the replica's storage; `summary` is what its journal has. */
  | { readonly kind: 'hello'; readonly version: number; readonly replica: ReplicaId; readonly instance: string; readonly summary: VersionVector }
  /** Relay → window, in answer. `epoch` names this life of the room, `discarded` the last lives that people have thrown away (room-life.ts tells all); `summary` is what the relay has. */
  | { readonly kind: 'welcome'; readonly version: number; readonly epoch: string; readonly discarded: readonly string[]; readonly summary: VersionVector }
  /** Either way: encoded records (history/record-codec), each replica's in the order of their counters. */
  | { readonly kind: 'records'; readonly records: readonly Uint8Array[] }
  /** Relay → window: durably stored. `summary`: records; `yjsFrames`: how many of this connection's sync frames that carry an update (step 2 or update), counted from 1 in order. */
  | { readonly kind: 'saved'; readonly summary: VersionVector; readonly yjsFrames: number }
  /**
   * Relay → window, after `welcome` and after each change: who holds copies of the coordinated strategies, in the order in which they became members, and
   * who of all can be reached now. `waiting`: somebody waits to become a member until one of them has said that it settled in.
   */
  | { readonly kind: 'roster'; readonly members: readonly ReplicaId[]; readonly present: readonly ReplicaId[]; readonly waiting: boolean }
  /** Window → relay: what these members decided before is held by enough of them: another one may join. */
  | { readonly kind: 'settled-in'; readonly members: readonly ReplicaId[] }
  /** Window → relay, `peer` is to whom; relay → window, `peer` is from whom. Passed on and never stored. `roster` is how many members the sender counts. */
  | { readonly kind: 'direct'; readonly peer: ReplicaId; readonly channel: DirectChannel; readonly roster: number; readonly payload: Uint8Array }
  /** Relay → window: frames of this connection were lost, either way. Say hello and sync step 1 anew. */
  | { readonly kind: 'again' };

/** What a direct message is for: a coordinated strategy, a question for values, or the answer to one. */
export type DirectChannel = CoordinatedId | 'read' | 'values';

export const directChannels: readonly DirectChannel[] = [...coordinatedIds, 'read', 'values'];

/** What names a copy of a replica's storage, or a life of a room. */
export const instancePattern = /^[A-Za-z0-9_-]{1,64}$/;

/** Most members that a room has. */
export const membersMax = 1_000;

export type MessageOf<Kind extends Message['kind']> = Extract<Message, { kind: Kind }>;
