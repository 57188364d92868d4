/** The ledger of a room from its journal and its Y.Doc alone, for whoever runs no strategies: the relay. */
import type * as Y from 'yjs';
import type { VersionVector } from '../clocks/version-vector.ts';
import { documentDigest } from '../document/digest.ts';
import type { Schema } from '../document/schema.ts';
import type { JournalRecord, StrategyId } from '../history/record.ts';
import { LastWriterWins } from '../strategies/last-writer-wins/last-writer-wins.ts';
import type { StrategySettings } from '../strategies/registry.ts';
import { Siblings } from '../strategies/siblings/siblings.ts';
import { type Ledger, ledgerSliced } from './ledger.ts';
import { inParts, runWhole, type Sliced } from './slices.ts';

export interface RoomLedgerSettings extends Pick<StrategySettings, 'siblings'> {
  /** The strategies that carry out edits. */
  readonly enabled: readonly StrategyId[];
}

export interface RoomLedger extends Ledger {
  /** The digest that a replica reports which has all of this; null for a strategy that was not judged. */
  readonly digestOf: (strategy: StrategyId) => string | null;
}

/**
 * `records`: each replica's in order; `everywhere`: what all replicas have, the rest is pending. What the copies of coordinated strategies said of an edit is
 * among the records.
 */
export function roomLedger(schema: Schema, records: readonly JournalRecord[], doc: Y.Doc, everywhere: VersionVector, settings: RoomLedgerSettings): RoomLedger {
  return runWhole(roomLedgerSliced(schema, records, doc, everywhere, settings));
}

/** The same in slices. The document must not change meanwhile; without one the CRDT is not judged. */
export function* roomLedgerSliced(
  schema: Schema,
  records: readonly JournalRecord[],
  doc: Y.Doc | undefined,
  everywhere: VersionVector,
  settings: RoomLedgerSettings,
): Sliced<RoomLedger> {
  const lastWriterWins = new LastWriterWins(schema);
  const siblings = new Siblings(schema, settings.siblings);
  // A branch that begins at an old write takes a moment each.
  for (const part of inParts(records, 16)) {
    lastWriterWins.takeAll(part);
    siblings.takeAll(part);
    yield;
  }
  const ledger = yield* ledgerSliced({ schema, records, lastWriterWins, siblings, crdt: doc, strategies: settings.enabled, everywhere });
  const digestOf = (strategy: StrategyId): string | null => {
    if (strategy === 'siblings') return siblings.digest();
    const value = ledger.values.get(strategy);
    return value ? documentDigest(schema, value) : null;
  };
  return { ...ledger, digestOf };
}
