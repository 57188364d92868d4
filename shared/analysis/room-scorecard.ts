/** The scorecard of a room from its journal and its Y.Doc alone, for whoever runs no strategies: the relay. */
import type * as Y from 'yjs';
import type { VersionVector } from '../clocks/version-vector.ts';
import type { Schema } from '../document/schema.ts';
import type { JournalRecord } from '../history/record.ts';
import type { LabSettings, StrategyTotals } from '../protocol/control.ts';
import { LastWriterWins } from '../strategies/last-writer-wins/last-writer-wins.ts';
import { Siblings } from '../strategies/siblings/siblings.ts';
import { ledgerOf } from './ledger.ts';

/**
 * `records`: each replica's in order; `everywhere`: what all replicas have, the rest is pending. What the copies of
 * strategies that talk said of an edit is among the records.
 */
export function roomScorecard(schema: Schema, records: readonly JournalRecord[], doc: Y.Doc, everywhere: VersionVector, settings: LabSettings): readonly StrategyTotals[] {
  const lastWriterWins = new LastWriterWins(schema);
  lastWriterWins.take(...records);
  const siblings = new Siblings(schema, settings.siblings);
  siblings.take(...records);
  return ledgerOf({ schema, records, lastWriterWins, siblings, crdt: doc, strategies: settings.enabled, everywhere }).totals;
}
