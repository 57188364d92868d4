/**
 * Records: the journal's entries. A record is one intent with its name, what its replica had seen, and what each strategy made of it there.
 *
 * Values that the person saw are kept as names, not as copies (the dots that a last-writer-wins write replaced, the Yjs ids that a
 * transaction deleted): every seen value can be rebuilt from them.
 */
import type { Dot, DotKey, ReplicaId } from '../clocks/dot.ts';
import type { HybridTimestamp } from '../clocks/hybrid-logical-clock.ts';
import type { VersionVector } from '../clocks/version-vector.ts';
import type { Intent } from '../document/intent.ts';
import type { FieldId, FieldValue } from '../document/schema.ts';

const ids = ['crdt', 'last-writer-wins', 'siblings', 'quorum', 'consensus', 'single-leader'] as const;

export type StrategyId = (typeof ids)[number];

/** In the order of their columns. */
export const strategyIds: readonly StrategyId[] = ids;

/** An intent as its replica took it, before the strategies. */
export interface Edit {
  readonly dot: Dot;
  /** What the replica had seen, its own earlier edits included, this one not. */
  readonly context: VersionVector;
  readonly field: FieldId;
  readonly intent: Intent;
  /** The replica's wall clock, skew included, in milliseconds since the Unix epoch. */
  readonly wallMs: number;
  readonly hybrid: HybridTimestamp;
  /** The strategies that the edit is meant for, if not all: a lost edit is put back only where it was lost. */
  readonly only?: readonly StrategyId[];
  /** How many edits of one pause in typing this one gathers, for strategies that take one edit a pause. */
  readonly gathers?: number;
  /** Of a splice: whether it continues the run of typing before it (actions.ts). Not there in edits of earlier versions. */
  readonly continues?: boolean;
  /** How far the replica's wall clock was off, in milliseconds, where it was: what true time is reckoned from. */
  readonly skewMs?: number;
  /** The first of the lost edits that this one puts back, so that nobody puts them back twice. */
  readonly restores?: DotKey;
}

/** What an edit may have beside its field and intent. */
export interface EditOptions extends Pick<Edit, 'only' | 'restores' | 'gathers'> {
  /** The strategy in whose column it is made; indexes of text are that column's. Default: one column for all edits. */
  readonly column?: StrategyId;
  /** Whether a splice continues the run before it, where the caller knows. Default: decided by time and caret. */
  readonly continues?: boolean;
}

/** What one strategy made of an edit where it was made. `details` belongs to the strategy and is checked by it. */
export type Trace =
  | { readonly outcome: 'accepted'; readonly details: unknown }
  | { readonly outcome: 'refused'; readonly reason: string }
  /** The strategy has to ask other replicas first; its answer comes later. */
  | { readonly outcome: 'pending' };

export interface EditRecord extends Edit {
  readonly traces: Readonly<Partial<Record<StrategyId, Trace>>>;
}

/** How an edit ended that was pending. */
export type Settlement =
  /** It took effect; `details` belongs to the strategy and says where in its order of values the edit stands. */
  | { readonly outcome: 'accepted'; readonly details: unknown }
  | { readonly outcome: 'refused'; readonly reason: string }
  /** Nobody here can say whether it happened; `details`, where the strategy gives them, say where it stands if it did. */
  | { readonly outcome: 'unknown'; readonly reason: string; readonly details?: unknown }
  /** A single leader's copy took it off its log: what `details` names of an accepted edit is gone. Any copy may tell, and more than one. */
  | { readonly outcome: 'rolled-back'; readonly reason: string; readonly details: unknown };

/** What a strategy answered later, as an event of its own: records never change. */
export interface OutcomeRecord extends Pick<Edit, 'dot' | 'context' | 'wallMs' | 'hybrid' | 'skewMs'> {
  /** The edit that it settles. */
  readonly settles: Dot;
  readonly strategy: StrategyId;
  readonly settlement: Settlement;
}

/** What a person was shown of one field under one strategy. */
export interface Seen {
  readonly field: FieldId;
  readonly strategy: StrategyId;
  readonly value: FieldValue;
  /** The edit that made the value, or '' for the initial value; null where no single edit did (the CRDT) or nobody knows. */
  readonly last: DotKey | '' | null;
  /** How long the whole read took, in whole milliseconds: this value was read within that time. */
  readonly tookMs: number;
  /** How long this strategy's answer took, in whole milliseconds. Not there in reads of earlier versions. */
  readonly answerMs?: number;
}

/** A field that a strategy did not answer for. */
export interface RefusedRead extends Pick<Seen, 'field' | 'strategy'> {
  readonly reason: string;
}

/** A person at the record's replica read from some replica: their own, or another one that they roamed to. */
export interface ReadRecord extends Pick<Edit, 'dot' | 'context' | 'wallMs' | 'hybrid' | 'skewMs'> {
  /** Whose copies answered. */
  readonly readAt: ReplicaId;
  /** What that replica had when it answered. */
  readonly had: VersionVector;
  readonly seen: readonly Seen[];
  /** What gave no answer. Not there where all did, nor in reads of earlier versions. */
  readonly refused?: readonly RefusedRead[];
}

export type JournalRecord = EditRecord | OutcomeRecord | ReadRecord;

export function isEdit(record: JournalRecord): record is EditRecord {
  return 'traces' in record;
}

export function isOutcome(record: JournalRecord): record is OutcomeRecord {
  return 'settles' in record;
}

export function isRead(record: JournalRecord): record is ReadRecord {
  return 'readAt' in record;
}
