/**
 * A copy of what one window has, for the ledger to be gone through where nobody waits for it: in a worker, in the page, or in a test.
 *
 * Guarantees: what is found is true of one moment, as nothing is taken while a question is answered. Costs memory for the records and the document once more.
 */
import * as Y from 'yjs';
import { VersionVector } from '../clocks/version-vector.ts';
import type { ReplicaId } from '../clocks/dot.ts';
import type { Schema } from '../document/schema.ts';
import type { JournalRecord, StrategyId } from '../history/record.ts';
import type { StrategyTotals } from '../protocol/control.ts';
import { LastWriterWins } from '../strategies/last-writer-wins/last-writer-wins.ts';
import { Siblings, type SiblingsSettings } from '../strategies/siblings/siblings.ts';
import { YjsStrategy } from '../strategies/yjs/yjs-strategy.ts';
import { ledgerSliced } from './ledger.ts';
import { historyNames } from './history-names.ts';
import { type KnownRejoin, rejoinFinder, type RejoinView, rejoinViews } from './rejoin-views.ts';
import { type ReviewEntry, reviewSliced } from './review.ts';
import { inParts, type Sliced } from './slices.ts';

/** The entries of a version vector. */
export type PlainVector = readonly (readonly [replica: ReplicaId, counter: number])[];

/** Plain data, so that it can go to a worker. */
export interface LedgerQuestion {
  /** What all open replicas and the relay have, as entries of a version vector: edits beyond it are still under way. */
  readonly everywhere: PlainVector;
  readonly enabled: readonly StrategyId[];
  readonly siblings: SiblingsSettings;
  /** Who reads the review, and the strategies that it tells of. */
  readonly viewer: ReplicaId;
  readonly shown: readonly StrategyId[];
  /** The rejoins of this window, oldest first. */
  readonly rejoins: readonly PlainRejoin[];
}

export interface PlainRejoin extends Omit<KnownRejoin, 'had' | 'others'> {
  readonly had: PlainVector;
  readonly others: PlainVector;
}

export interface LedgerFindings {
  readonly totals: readonly StrategyTotals[];
  readonly concurrentActions: number;
  /** Newest first. */
  readonly review: readonly ReviewEntry[];
  /** What met at each rejoin, oldest first. */
  readonly rejoins: readonly RejoinView[];
}

export class LedgerMirror {
  private readonly doc = new Y.Doc();
  private readonly lastWriterWins: LastWriterWins;
  private readonly siblings: Siblings;
  private readonly records: JournalRecord[] = [];
  private carriedOut = 0;

  constructor(private readonly schema: Schema) {
    new YjsStrategy(schema, this.doc);
    this.lastWriterWins = new LastWriterWins(schema);
    this.siblings = new Siblings(schema);
  }

  /** Records that are new, each replica's in order. */
  takeRecords(records: readonly JournalRecord[]): void {
    for (const record of records) this.records.push(record);
  }

  /** Throws where the update is malformed. */
  takeUpdate(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update);
  }

  *findings({ everywhere, enabled, siblings: settings, viewer, shown, rejoins: plain }: LedgerQuestion): Sliced<LedgerFindings> {
    const { schema, records, doc: crdt, lastWriterWins, siblings } = this;
    for (const part of inParts(records.slice(this.carriedOut), 16)) {
      lastWriterWins.takeAll(part);
      siblings.takeAll(part);
      this.carriedOut += part.length;
      yield;
    }
    siblings.configure(settings);
    const ledger = yield* ledgerSliced({ schema, records, crdt, lastWriterWins, siblings, strategies: enabled, everywhere: VersionVector.of(everywhere) });
    const { totals, concurrentActions } = ledger;
    const rejoins = plain.map((each) => ({ ...each, had: VersionVector.of(each.had), others: VersionVector.of(each.others) }));
    const names = yield* historyNames(schema, ledger.rows);
    return {
      totals,
      concurrentActions,
      review: yield* reviewSliced(ledger, { schema, viewer, strategies: shown, names, rejoinOf: rejoinFinder(rejoins) }),
      rejoins: yield* rejoinViews(ledger, schema, rejoins, names.label),
    };
  }
}
