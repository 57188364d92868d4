/**
 * The one interface of all strategies.
 *
 * A strategy carries out intents on its own copy of the document and merges what peers did. Deltas are idempotent, commutative
 * and associative to receive. A strategy never reads a clock or the network: whatever it needs stands in the edit.
 */
import type { DotKey } from '../clocks/dot.ts';
import type { FieldId, FieldValue } from '../document/schema.ts';
import type { Edit, JournalRecord, StrategyId, Trace } from '../history/record.ts';

export interface Performed {
  readonly trace: Trace;
  /**
   * A delta that `receive` takes, for strategies that are stored by somebody else (the CRDT): kept with the record until it is known to be
   * safe, so that a crash between the two stores loses nothing.
   */
  readonly carry?: Uint8Array;
}

export interface Strategy {
  readonly id: StrategyId;
  /** Carries out an edit made here. A refusal changes nothing. Throws only on a malformed edit. */
  perform(edit: Edit): Performed;
  /**
   * Takes a record from the journal, whoever made it and whether or not it was meant for this strategy. Idempotent; called in causal order.
   * Strategies whose state travels by another way (the CRDT: its provider) have none.
   */
  take?(record: JournalRecord): void;
  /** The value that this replica shows for a field. */
  value(field: FieldId): FieldValue;
  /** The edit that made the shown value, '' for the initial one; strategies whose values many edits make together have none. */
  lastEdit?(field: FieldId): DotKey | '' | null;
  /** What this copy has, for a peer to compute a delta from. */
  summary(): Uint8Array;
  /** What a peer with this summary lacks. */
  delta(summary: Uint8Array): Uint8Array;
  /** Merges a peer's delta. Throws an Error that says what was wrong; state is unchanged then. */
  receive(delta: Uint8Array): void;
  /** A short digest of the visible state: equal digests, equal values in all fields. */
  digest(): string;
  /** Calls the listener after any change of a visible value, with the fields that changed. Returns a function that stops it. */
  onChange(listener: (fields: ReadonlySet<FieldId>) => void): () => void;
}
