/**
 * Strategies whose copies must talk to one another before they can answer: quorum, consensus, single leader.
 *
 * `perform` answers at once, "pending" or a refusal; the outcome comes later over the line, exactly once per edit (an unknown one may be followed by
 * one more, when it settles). They never block: a person goes on typing.
 */
import type { Dot, ReplicaId } from '../clocks/dot.ts';
import type { Settlement } from '../history/record.ts';
import type { Clock } from '../ports/clock.ts';
import type { Strategy } from './strategy.ts';

export type { Settlement } from '../history/record.ts';

/** What a conversing strategy is given to talk with. */
export interface Line {
  readonly self: ReplicaId;
  /** All replicas that hold a copy, this one included, in the order of their names. It grows, by one replica at a time, and never shrinks. */
  members(): readonly ReplicaId[];
  /** Sends to another member's copy of this strategy. It may be lost, delayed, repeated or overtaken; it is never changed. */
  send(to: ReplicaId, message: Uint8Array): void;
  /** Tells whether a member can be reached right now, as far as anybody knows: a hint for answering at once, never for safety. */
  reaches(member: ReplicaId): boolean;
  readonly clock: Clock;
  /** Tells how an edit ended. */
  settle(dot: Dot, settlement: Settlement): void;
  /** Keeps bytes under a key, before anything that depends on them is sent: the promise resolves when they would survive a crash. */
  keep(key: string, bytes: Uint8Array): Promise<void>;
}

export interface ConversingStrategy extends Strategy {
  /** Begins to talk. `kept` is what an earlier life of this copy kept. Called once, before anything else. */
  join(line: Line, kept: ReadonlyMap<string, Uint8Array>): void;
  /** Hears another member's copy. Anything malformed, from a stranger, replayed or out of order throws a RangeError that says what was wrong, or is ignored; state is unchanged then. */
  hear(from: ReplicaId, message: Uint8Array): void;
}
