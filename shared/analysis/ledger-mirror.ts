/**
 * A copy of what one window has, for the ledger to be gone through where nobody waits for it: in a worker, in the page, or in a test.
 *
 * Guarantees: what is found is true of one moment, as nothing is taken while a question is answered. Costs memory for the records and the document once more.
 */
import * as Y from 'yjs';
import { VersionVector } from '../clocks/version-vector.ts';
import type { ReplicaId } from '../clocks/dot.ts';
import type { FieldId, Schema } from '../document/schema.ts';
import { compareCausally } from '../history/causal-order.ts';
import { isEdit, type JournalRecord, type StrategyId } from '../history/record.ts';
import type { ShownEdits } from '../history/room-event.ts';
import { LastWriterWins } from '../strategies/last-writer-wins/last-writer-wins.ts';
import { Siblings } from '../strategies/siblings/siblings.ts';
import { YjsStrategy } from '../strategies/yjs/yjs-strategy.ts';
import { type Authors, authorsOf } from './authors.ts';
import { filtered } from './filtered.ts';
import { ledgerSliced } from './ledger.ts';
import { historyNames } from './history-names.ts';
import { metView } from './met-view.ts';
import { type KnownRejoin, rejoinFinder, type RejoinView, rejoinViews } from './rejoin-views.ts';
import { toldRuns } from './review.ts';
import type { ReviewItem } from './review-item.ts';
import { reviewItems } from './review-items.ts';
import type { LedgerAction } from './fates/fate.ts';
import { type PastState, PastStates } from './past/past-states.ts';
import { eachOf, inParts, type Sliced, sorted } from './slices.ts';
import type { StrategyTotals } from './strategy-figures.ts';
import type { SiblingsSettings } from '../strategies/siblings/settings.ts';

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
  /** Lines under values tell who wrote what since. */
  readonly since: PlainVector;
}

export interface PlainRejoin extends Omit<KnownRejoin, 'had' | 'others'> {
  readonly had: PlainVector;
  readonly others: PlainVector;
}

export interface LedgerFindings {
  readonly totals: readonly StrategyTotals[];
  readonly concurrentActions: number;
  /** The review as it is read, sentence by sentence. */
  readonly items: readonly ReviewItem[];
  /** What met at each rejoin, oldest first. */
  readonly rejoins: readonly RejoinView[];
  /** Who wrote what is shown. */
  readonly authors: Authors;
  /** By field: how many actions of the reader not everybody is known to have. */
  readonly waiting: Readonly<Record<FieldId, number>>;
}

/** What a window asks about an earlier moment. Plain data. */
export interface PastQuestion {
  /** What its replica had then, and which edits its fields showed. */
  readonly has: PlainVector;
  readonly shows: ShownEdits;
  /** Lines under values tell who wrote what since. */
  readonly since: PlainVector;
  readonly strategies: readonly StrategyId[];
}

export class LedgerMirror {
  private readonly doc = new Y.Doc();
  private readonly lastWriterWins: LastWriterWins;
  private readonly siblings: Siblings;
  private readonly records: JournalRecord[] = [];
  /** Those that are not carried out yet. */
  private readonly noted: JournalRecord[] = [];
  private clock = VersionVector.empty;
  /** Made when somebody asks for it, and again after something has come. */
  private past: PastStates | null = null;

  constructor(private readonly schema: Schema) {
    new YjsStrategy(schema, this.doc);
    this.lastWriterWins = new LastWriterWins(schema);
    this.siblings = new Siblings(schema);
  }

  /** Notes records that are new, each replica's in order. */
  note(records: readonly JournalRecord[]): void {
    for (const record of records) this.noted.push(record);
  }

  /** Takes those that are noted by now, and carries them out. */
  *takeNoted(): Sliced<void> {
    for (const part of inParts(this.noted.slice(), 16)) {
      for (const record of part) {
        this.records.push(record);
        this.clock = this.clock.with(record.dot);
      }
      this.noted.splice(0, part.length);
      this.lastWriterWins.takeAll(part);
      this.siblings.takeAll(part);
      this.past = null;
      yield;
    }
  }

  /** Throws where the update is malformed. */
  takeUpdate(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update);
    this.past = null;
  }

  /** Whether all of this is here. */
  covers(has: PlainVector): boolean {
    return this.clock.covers(VersionVector.of(has));
  }

  /** What was shown then. It may be asked for while a question is under way. */
  *pastState({ has, shows, strategies }: PastQuestion): Sliced<PastState> {
    return (yield* this.pastStates()).at({ has: VersionVector.of(has), shows }, strategies);
  }

  /** Who wrote what was shown then. */
  *pastAuthors({ has, since, strategies }: PastQuestion): Sliced<Authors> {
    return yield* (yield* this.pastStates()).authorsAt({ has: VersionVector.of(has), since: VersionVector.of(since) }, strategies);
  }

  private *pastStates(): Sliced<PastStates> {
    if (this.past) return this.past;
    const { schema, records, doc, lastWriterWins, siblings } = this;
    const { length } = records;
    const past = yield* PastStates.of({ schema, records: records.slice(), doc, lastWriterWins, siblings });
    if (records.length === length) this.past = past;
    return past;
  }

  /** What met at the latest rejoin, before it is known how it ended; null where there was none. Noted records count. */
  *met({ rejoins }: Pick<LedgerQuestion, 'rejoins'>): Sliced<RejoinView | null> {
    const latest = rejoins.at(-1);
    if (!latest) return null;
    const edits = yield* sorted(yield* filtered([...this.records, ...this.noted], isEdit), compareCausally);
    return yield* metView(edits, this.schema, knownOf(latest));
  }

  *findings({ everywhere, enabled, siblings: settings, viewer, shown, rejoins: plain, since }: LedgerQuestion): Sliced<LedgerFindings> {
    const { schema, records, doc: crdt, lastWriterWins, siblings } = this;
    siblings.configure(settings);
    const allHave = VersionVector.of(everywhere);
    const ledger = yield* ledgerSliced({ schema, records, crdt, lastWriterWins, siblings, strategies: enabled, everywhere: allHave });
    const { totals, concurrentActions } = ledger;
    const rejoins = plain.map(knownOf);
    const names = yield* historyNames(schema, ledger.rows);
    const told = yield* toldRuns(ledger, { schema, viewer, strategies: shown, names, rejoinOf: rejoinFinder(rejoins), isSoFar: true });
    return {
      totals,
      concurrentActions,
      items: yield* reviewItems(ledger, told, shown, siblings),
      rejoins: yield* rejoinViews(ledger, schema, rejoins, names.label),
      authors: yield* authorsOf(ledger, schema, shown, VersionVector.of(since)),
      waiting: yield* waitingIn(ledger.actions, viewer, allHave),
    };
  }
}

function knownOf(rejoin: PlainRejoin): KnownRejoin {
  return { ...rejoin, had: VersionVector.of(rejoin.had), others: VersionVector.of(rejoin.others) };
}

function* waitingIn(actions: readonly LedgerAction[], author: ReplicaId, allHave: VersionVector): Sliced<Record<FieldId, number>> {
  const waiting: Record<FieldId, number> = {};
  yield* eachOf(actions, ({ rows }) => {
    const { dot, field } = rows.at(-1)!.record;
    if (dot.replica === author && !allHave.includes(dot)) waiting[field] = (waiting[field] ?? 0) + 1;
  });
  return waiting;
}
