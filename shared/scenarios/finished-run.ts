/** What is known of a run that is over, for those who check it. */
import type { Ledger } from '../analysis/ledger.ts';
import type { Verdicts } from '../analysis/verdicts/verdicts.ts';
import type { VersionVector } from '../clocks/version-vector.ts';
import type { ReplicaId } from '../clocks/dot.ts';
import type { FieldId, FieldValue, Schema } from '../document/schema.ts';
import type { EditRecord, JournalRecord, StrategyId } from '../history/record.ts';
import type { LastWriterWins } from '../strategies/last-writer-wins/last-writer-wins.ts';
import type { StrategySettings } from '../strategies/registry.ts';
import type { Siblings } from '../strategies/siblings/siblings.ts';

export interface FinishedRun {
  readonly schema: Schema;
  readonly settings: StrategySettings;
  readonly strategies: readonly StrategyId[];
  readonly records: readonly JournalRecord[];
  readonly ledger: Ledger;
  /** Of the strategies that were judged. */
  readonly verdicts: Readonly<Partial<Record<StrategyId, Verdicts>>>;
  /**
   * Whether a program was killed before the journal had all that its document had. Then the
   * document may hold, or lack, what no record tells of, and nobody can say whose doing that was.
   */
  readonly hasUntold: boolean;
  /**
   * Whether all replicas were up and connected in the end (one that is down may have more to tell),
   * on one island, over good links, and time enough went by for copies to compare what they have.
   */
  readonly isHealed: boolean;
  /** Whether moreover nothing was under way. */
  readonly isSettled: boolean;
  /** How many records replicas sent that the relay had, where no fault of a link asked for that. */
  readonly sentAgain: ReadonlyMap<ReplicaId, number>;
  /** The replicas that are up; at least one. */
  readonly replicas: readonly FinishedReplica[];
  /** Those of the first of them. */
  readonly lastWriterWins: LastWriterWins;
  readonly siblings: Siblings;
}

export interface FinishedReplica {
  readonly id: ReplicaId;
  readonly clock: VersionVector;
  /** In the order in which they took effect there. */
  readonly records: readonly JournalRecord[];
  /** Own edits that the relay has not confirmed. */
  readonly waiting: number;
  /** Own edits of which a coordinated strategy has not said how they ended. */
  readonly open: (strategy: StrategyId) => number;
  readonly digest: (strategy: StrategyId) => string;
  readonly value: (strategy: StrategyId, field: FieldId) => FieldValue;
}

/** The edits of a field that a strategy accepted where they were made. */
export function acceptedEdits(
  edits: readonly EditRecord[],
  strategy: StrategyId,
  field: FieldId,
): EditRecord[] {
  return edits.filter(
    (edit) => edit.field === field && edit.traces[strategy]?.outcome === 'accepted',
  );
}
