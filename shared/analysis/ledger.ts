/**
 * The ledger: how every intent ended under every strategy, with the reason and the edit that caused it.
 *
 * A pure function of the history (and, for the CRDT, of the Y.Doc that the history led to). Exact and complete: for each strategy the
 * dispositions add up to all edits, and to all actions, that were meant for it.
 */
import type * as Y from 'yjs';
import { type DotKey, dotKey } from '../clocks/dot.ts';
import type { VersionVector } from '../clocks/version-vector.ts';
import type { FieldId, FieldValue, Schema } from '../document/schema.ts';
import { type EditRecord, isEdit, isRead, type JournalRecord, type StrategyId } from '../history/record.ts';
import type { LastWriterWins } from '../strategies/last-writer-wins/last-writer-wins.ts';
import type { Siblings } from '../strategies/siblings/siblings.ts';
import { Actions } from '../history/actions.ts';
import { compareCausally } from '../history/causal-order.ts';
import { coordinatedIds, isCoordinated } from '../strategies/registry.ts';
import { fatesUnderCoordination } from './fates/coordinated-chains.ts';
import { concurrentEdits } from './concurrency.ts';
import { actionFate, type Part } from './fates/action-fate.ts';
import type { TextRun } from './fates/column.ts';
import { crdtFates } from './fates/crdt-fates.ts';
import type { Fate, LedgerAction, LedgerRow } from './fates/fate.ts';
import { lastWriterWinsFates } from './fates/last-writer-wins-fates.ts';
import { siblingsFates } from './fates/siblings-fates.ts';
import type { StrategyFates } from './fates/strategy-fates.ts';
import { filtered } from './filtered.ts';
import { readFigures } from './read-figures.ts';
import { brokenRules, choicesIn, latencyOf, oversoldUnder, totalsOf } from './scorecard.ts';
import { Outcomes } from './outcomes.ts';
import { ShelvedMap } from './shelved-map.ts';
import { eachOf, mapped, runWhole, type Sliced, sorted } from './slices.ts';
import { staleReadsSliced } from './stale-reads.ts';
import type { StrategyTotals } from './strategy-figures.ts';
import { type TouchingPlace, touchingPlaces } from './touching.ts';

export type { Disposition, Fate, LedgerAction, LedgerRow, LossReason } from './fates/fate.ts';

export interface LedgerInput {
  readonly schema: Schema;
  /** The whole history as far as it is known here, in any order that keeps each replica's own. */
  readonly records: readonly JournalRecord[];
  /** The strategies to judge, with their live state after these records. */
  readonly lastWriterWins?: LastWriterWins;
  readonly siblings?: Siblings;
  /** The Y.Doc of the CRDT. */
  readonly crdt?: Y.Doc;
  /** Those that run: they are judged even where no edit was meant for them yet. Missing: those above. The records alone tell how edits ended under strategies whose copies talk. */
  readonly strategies?: readonly StrategyId[];
  /** What every replica has: an edit outside it is pending. */
  readonly everywhere: VersionVector;
}

export interface Ledger {
  /** Edit by edit, in causal order. */
  readonly rows: readonly LedgerRow[];
  /** The same by action, in the order in which they were begun: what people count. */
  readonly actions: readonly LedgerAction[];
  /** Where actions touch in the CRDT's texts. */
  readonly touching: readonly TouchingPlace[];
  readonly totals: readonly StrategyTotals[];
  /** Edits with a concurrent edit of another replica on the same field, and how many actions they are of. */
  readonly concurrentEdits: number;
  readonly concurrentActions: number;
  /** What the records make of a field under each strategy that was judged. */
  readonly values: ReadonlyMap<StrategyId, (field: FieldId) => FieldValue>;
  /** Of text fields: which edit each part of the text comes from. */
  readonly runs: ReadonlyMap<StrategyId, (field: FieldId) => Sliced<readonly TextRun[]>>;
}

/** [ALL7] The ledger of a history. Costs time in proportion to the history. */
export function ledgerOf(input: LedgerInput): Ledger {
  return runWhole(ledgerSliced(input));
}

/** The same in slices. The strategies and the document must not change meanwhile. */
export function* ledgerSliced(input: LedgerInput): Sliced<Ledger> {
  const { schema, records, everywhere } = input;
  const edits = yield* filtered(records, isEdit);
  const outcomes = yield* Outcomes.sliced(edits, records);
  const ordered = yield* sorted(edits, compareCausally);
  const judged = yield* fatesOfAll(input, ordered, outcomes);
  // What a pause in typing gathers was counted when it was typed.
  const concurrent = yield* concurrentEdits(yield* filtered(edits, ({ gathers }) => gathers === undefined));
  const rows = yield* mapped(ordered, (record): LedgerRow => {
    const fates: Partial<Record<StrategyId, Fate>> = {};
    for (const { strategy, fateOf } of judged) {
      const fate = fateUnder(record, strategy, fateOf, everywhere);
      if (fate) fates[strategy] = fate;
    }
    return { record, fates, concurrent: concurrent.has(dotKey(record.dot)) };
  });
  const actions = yield* actionsOf(rows);
  const touching = input.crdt ? yield* touchingPlaces(schema, actions, input.crdt) : [];
  const reads = yield* filtered(records, isRead);
  const totals: StrategyTotals[] = [];
  for (const { strategy, valueOf } of judged) {
    totals.push(yield* totalsOf(strategy, actions, {
      ruleBroken: brokenRules(schema, valueOf),
      oversold: yield* oversoldUnder(strategy, schema, edits, outcomes),
      staleReads: (yield* staleReadsSliced(schema, records, strategy)).length,
      ...(yield* latencyOf(strategy, edits, outcomes)),
      ...(yield* readFigures(strategy, reads)),
      choices: strategy === 'siblings' && input.siblings ? yield* choicesIn(schema, input.siblings) : 0,
      touching: strategy === 'crdt' ? touching.length : 0,
    }));
  }
  return {
    rows,
    actions,
    touching,
    totals,
    concurrentEdits: concurrent.size,
    concurrentActions: (yield* filtered(actions, (action) => action.concurrent)).length,
    values: new Map(judged.map(({ strategy, valueOf }) => [strategy, valueOf])),
    runs: new Map(judged.map(({ strategy, runsOf }) => [strategy, runsOf])),
  };
}

/** The actions of these edits, in the order in which they were begun. */
export function* actionsOf(rows: readonly LedgerRow[]): Sliced<LedgerAction[]> {
  const names = new Actions();
  const byStart = new ShelvedMap<LedgerRow[]>();
  const started: { readonly key: DotKey; readonly rows: readonly LedgerRow[] }[] = [];
  yield* eachOf(rows, (row) => {
    const key = names.startOf(row.record);
    byStart.getOrMake(key, () => {
      const ofAction: LedgerRow[] = [];
      started.push({ key, rows: ofAction });
      return ofAction;
    }).push(row);
  });
  return yield* mapped(started, ({ key, rows: ofAction }) => actionOf(key, ofAction));
}

function actionOf(key: DotKey, rows: readonly LedgerRow[]): LedgerAction {
  if (rows.length === 1) return { key, rows, fates: rows[0]!.fates, concurrent: rows[0]!.concurrent };
  const strategies = new Set(rows.flatMap(({ fates }) => Object.keys(fates) as StrategyId[]));
  const fates = [...strategies].map((strategy) => [strategy, actionFate(partsUnder(strategy, rows))] as const);
  return { key, rows, fates: Object.fromEntries(fates), concurrent: rows.some(({ concurrent }) => concurrent) };
}

function partsUnder(strategy: StrategyId, rows: readonly LedgerRow[]): Part[] {
  return rows.flatMap(({ record, fates }) => (fates[strategy] ? [{ record, fate: fates[strategy] }] : []));
}

/** `edits` in causal order. */
function* fatesOfAll(input: LedgerInput, edits: readonly EditRecord[], outcomes: Outcomes): Sliced<StrategyFates[]> {
  const { schema, crdt, lastWriterWins, siblings } = input;
  const fates: StrategyFates[] = [];
  const isUsed = (strategy: StrategyId): boolean => input.strategies?.includes(strategy) === true || edits.some(({ traces }) => traces[strategy]);
  // What is off, and never ran, has nothing to tell.
  const isJudged = (strategy: StrategyId): boolean => input.strategies === undefined || isUsed(strategy);
  if (crdt) fates.push(yield* crdtFates(schema, edits, crdt));
  if (lastWriterWins && isJudged('last-writer-wins')) fates.push(yield* lastWriterWinsFates(schema, edits, lastWriterWins));
  if (siblings && isJudged('siblings')) fates.push(yield* siblingsFates(schema, edits, siblings));
  for (const strategy of coordinatedIds) {
    if (isUsed(strategy)) fates.push(yield* fatesUnderCoordination(strategy, schema, edits, outcomes));
  }
  return fates;
}

/** What became of an edit under a strategy; undefined if it was not meant for it. */
function fateUnder(record: EditRecord, strategy: StrategyId, fateOf: (record: EditRecord) => Fate, everywhere: VersionVector): Fate | undefined {
  const trace = record.traces[strategy];
  if (!trace) return undefined;
  if (trace.outcome === 'refused') return { disposition: 'refused', refusal: trace.reason };
  if (trace.outcome === 'pending' && !isCoordinated(strategy)) return { disposition: 'pending' };
  const fate = fateOf(record);
  // Those whose copies ask each other have said yes or no: what others have of it changes nothing.
  if (isCoordinated(strategy) || everywhere.includes(record.dot) || fate.disposition === 'pending') return fate;
  return { disposition: 'pending', soFar: fate };
}
