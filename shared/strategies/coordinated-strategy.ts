/**
 * Coordinated strategies: their copies ask one another before they answer. Quorum, consensus, single leader.
 *
 * `perform` answers at once, "pending" or a refusal; the outcome is reported later, exactly once per edit (an unknown one may be followed by
 * one more, when it settles). They never block: a person goes on typing.
 */
import type { Dot, DotKey, ReplicaId } from '../clocks/dot.ts';
import type { FieldId, FieldValue } from '../document/schema.ts';
import type { Settlement } from '../history/record.ts';
import type { Clock } from '../ports/clock.ts';
import type { CoordinatedId } from './registry.ts';
import type { Strategy } from './strategy.ts';

export type { Settlement } from '../history/record.ts';

/** How a copy of a coordinated strategy reaches the other members, its clock and its disk. */
export interface MemberNetwork {
  readonly self: ReplicaId;
  /**
   * All replicas that hold a copy, this one included, in the order in which they became members, which is the same for all. It grows, by one replica at
   * a time, and never shrinks; whoever still counts by an older list is not heard.
   */
  members(): readonly ReplicaId[];
  /** Sends to another member's copy of this strategy. It may be lost, delayed, repeated or overtaken; it is never changed. */
  send(to: ReplicaId, message: Uint8Array): void;
  /** Tells whether a member can be reached right now, as far as anybody knows: a hint for answering at once, never for safety. */
  reaches(member: ReplicaId): boolean;
  readonly clock: Clock;
  /** Tells how an edit ended. */
  reportOutcome(dot: Dot, settlement: Settlement): void;
  /** Keeps bytes under a key, before anything that depends on them is sent: the promise resolves when they would survive a crash. */
  persist(key: string, bytes: Uint8Array): Promise<void>;
}

/** What a read gave: a value and the edit that made it ('' for the initial value, null where no single edit did), or why there is none. */
export type ReadAnswer =
  | { readonly outcome: 'read'; readonly value: FieldValue; readonly last: DotKey | '' | null }
  | { readonly outcome: 'refused'; readonly reason: string };

export interface CoordinatedStrategy extends Strategy {
  readonly id: CoordinatedId;
  /** Begins to exchange messages. `kept` is what an earlier life of this copy kept. Called once, before anything else. */
  join(network: MemberNetwork, kept: ReadonlyMap<string, Uint8Array>): void;
  /** Sees to it that what the former members decided is held by enough of the present ones; calls back once, with whether it is: then another may become a member. */
  confirmCaughtUp(done: (isCaughtUp: boolean) => void): void;
  /** Asks for a field's value as this strategy reads: of its copies, or of this one. Calls back once, with the value or why there is none. */
  read(field: FieldId, callback: (answer: ReadAnswer) => void): void;
  /** The edits made here whose final outcome is open. */
  openEdits(): readonly Dot[];
  /** Hears another member's copy. Anything malformed, from a stranger, replayed or out of order throws a RangeError that says what was wrong, or is ignored; state is unchanged then. */
  receiveFrom(from: ReplicaId, message: Uint8Array): void;
}
