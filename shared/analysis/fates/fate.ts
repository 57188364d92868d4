/** How an edit can end under a strategy: exactly one disposition each, by the rules of field-fates.ts. */
import type { Dot, DotKey, ReplicaId } from '../../clocks/dot.ts';
import type { EditRecord, StrategyId } from '../../history/record.ts';

export type Disposition = 'pending' | 'visible' | 'superseded' | 'lost' | 'sibling' | 'resurrected' | 'refused' | 'unknown';

/** Why an edit was lost. */
export type LossReason =
  /** A concurrent edit won. */
  | 'concurrent'
  /** The winner was older causally, or concurrent and made earlier, but its clock was ahead. */
  | 'skew'
  /** A single leader rolled it back. */
  | 'rolled-back'
  /** A Yjs map key keeps one of two concurrent values: by client id, not by time. */
  | 'client-id'
  /** A quorum keeps the higher version, and its author had not read this one. */
  | 'version';

export interface Fate {
  readonly disposition: Disposition;
  readonly reason?: LossReason;
  /** The edit that won, removed or brought back, where one did. */
  readonly cause?: Dot;
  /** The number that the winning edit of a counter wrote, where it wrote a whole one. */
  readonly wrote?: number;
  /** Of a pending edit: what the edits that are here make of it. Missing where only an answer can tell. */
  readonly soFar?: Fate;
  /** It may still end otherwise: not everybody is known to have it. */
  readonly isSoFar?: true;
  /** Why it was refused; of an unknown one, why nobody can say. */
  readonly refusal?: string;
  /** It ended so only after its maker could not say for a while. */
  readonly wasUnknown?: true;
  /** Of what a single leader rolled back: who had acknowledged it, whether no other copy is known to have held it, and what copies say of it. */
  readonly rolledBack?: { readonly leader: ReplicaId; readonly alone: boolean; readonly because: string };
  /** For text: how many characters it typed (a run: and did not erase itself), how many of them are lost, and how many which edits removed that had seen them. */
  readonly characters?: { readonly typed: number; readonly lost: number; readonly superseded?: ReadonlyMap<DotKey, number> };
}

export type Fates = Readonly<Partial<Record<StrategyId, Fate>>>;

/** An edit, and how it ended under each strategy that it was meant for. */
export interface LedgerRow {
  readonly record: EditRecord;
  readonly fates: Fates;
  /** True when an edit of another replica on the same field had not seen this one, nor this one it. */
  readonly concurrent: boolean;
}

/** An action, and how it ended. */
export interface LedgerAction {
  /** The dot of its first edit. */
  readonly key: DotKey;
  /** Its edits, in their order; what a pause gathered of them among them. */
  readonly rows: readonly LedgerRow[];
  readonly fates: Fates;
  /** True when one of its edits is concurrent with another replica's. */
  readonly concurrent: boolean;
}
