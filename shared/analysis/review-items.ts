/**
 * The review after rejoining, sentence by sentence: rejoin, field, strategies. Plain data, in the order in which it is read.
 *
 * Guarantees: an action is told of once for each strategy that did not simply keep it; strategies that did the same share one sentence; what waits for a
 * person is told once, however many actions led to it. Design: 6-windows, "After rejoining".
 */
import type { DotKey } from '../clocks/dot.ts';
import { fieldOf } from '../document/schema.ts';
import type { Intent } from '../document/intent.ts';
import { spliceOfEdits } from '../history/actions.ts';
import type { EditRecord, StrategyId } from '../history/record.ts';
import type { Siblings } from '../strategies/siblings/siblings.ts';
import { brokenReservations } from './broken-reservations.ts';
import { getOrMake } from './concurrency.ts';
import { cellMarkOf } from './edit-marks.ts';
import { editsOf, editWithFate } from './fates/action-fate.ts';
import type { Disposition, Fate, LedgerAction, LedgerRow } from './fates/fate.ts';
import type { Ledger } from './ledger.ts';
import { type PutBack, putBackOf } from './put-back.ts';
import { clocksOf, later, toldFates, type ToldRuns } from './review.ts';
import type { FieldIntent, ReviewItem, ReviewKind, ReviewReason, SentencePart } from './review-item.ts';
import { itemSentence } from './review-item-sentences.ts';
import { inReadingOrder } from './review-order.ts';
import { causeOf } from './review-sentences.ts';
import { shortReason } from './short-reasons.ts';
import { eachOf, mapped, type Sliced } from './slices.ts';
import { siblingItems, touchingItems } from './turn-items.ts';

/** Siblings are told of by field, not by action. */
const kindOf: Readonly<Partial<Record<Disposition, ReviewKind>>> = { lost: 'lost', resurrected: 'came back', refused: 'refused', unknown: 'unknown' };

/** An action may look through a long text for its place. */
const runsInSlice = 4;

/** `siblings`: null where that strategy does not run. `strategies`: those told of, in the order of the columns. */
export function* reviewItems(
  ledger: Ledger, told: ToldRuns, strategies: readonly StrategyId[], siblings: Siblings | null,
): Sliced<ReviewItem[]> {
  const restoring = yield* restoringRows(ledger);
  const ofRuns = yield* mapped(told.runs, (run, at) => itemsOf(run, told.orders[at]!, ledger, told, restoring), runsInSlice);
  const items = ofRuns.flat();
  const others = [
    ...(yield* brokenReservations(ledger, told, strategies)),
    ...(strategies.includes('crdt') ? yield* touchingItems(ledger, told) : []),
    ...(siblings && strategies.includes('siblings') ? yield* siblingItems(ledger, told, siblings) : []),
  ];
  return yield* inReadingOrder([...items, ...others], told.context.schema, strategies);
}

/** By the action that was put back: what did so. */
function* restoringRows({ rows }: Ledger): Sliced<ReadonlyMap<DotKey, readonly LedgerRow[]>> {
  const restoring = new Map<DotKey, LedgerRow[]>();
  yield* eachOf(rows, (row) => {
    if (row.record.restores !== undefined) getOrMake(restoring, row.record.restores, () => []).push(row);
  });
  return restoring;
}

interface Group {
  readonly kind: ReviewKind;
  readonly parts: readonly SentencePart[];
  readonly isPutBack: boolean;
  readonly fates: [StrategyId, Fate][];
}

function itemsOf(
  run: readonly LedgerAction[], order: number, ledger: Ledger, { context, rejoinOf }: ToldRuns, restoring: ReadonlyMap<DotKey, readonly LedgerRow[]>,
): ReviewItem[] {
  const edits = run.flatMap(editsOf);
  const { field, dot } = edits[0]!;
  const spec = fieldOf(context.schema, field);
  const mark = cellMarkOf(edits, context.label);
  const reasonOf = (strategy: StrategyId, fate: Fate): ReviewReason => ({
    strategy,
    why: shortReason(strategy, fate, editWithFate(run, strategy, fate), causeOf(fate, context), context.viewer),
    isSoFar: run.some((action) => action.fates[strategy]?.isSoFar === true),
  });
  return groupsOf(run, context, restoring.get(run[0]!.key) ?? []).map(({ kind, parts, isPutBack, fates }): ReviewItem => {
    const strategies = fates.map(([strategy]) => strategy);
    const putBack = isPutBack ? null : putBackOf(run, fates, spec, ledger);
    return {
      key: `${run[0]!.key} ${kind} ${strategies.join(' ')}`,
      kind, field, author: dot.replica, mark, strategies, parts, order, putBack, isPutBack,
      rejoin: fates.reduce<number | null>((latest, [, { cause }]) => later(latest, rejoinOf(run[0]!, cause)), null),
      adds: kind === 'lost' && putBack !== null && addsOnly(putBack),
      reasons: fates.map(([strategy, fate]) => reasonOf(strategy, fate)),
      retry: kind === 'refused' ? intentsOf(edits) : [],
      turn: null,
      release: null,
      clocks: clocksOf(run, fates, context),
    };
  });
}

/** A run of typing is one splice. */
function intentsOf(edits: readonly EditRecord[]): FieldIntent[] {
  const { field } = edits[0]!;
  const typed = spliceOfEdits(edits);
  return typed ? [{ field, intent: typed }] : edits.map(({ intent }) => ({ field, intent }));
}

/** The strategies that did the same, each group with what it did. */
function groupsOf(run: readonly LedgerAction[], context: ToldRuns['context'], restoring: readonly LedgerRow[]): Group[] {
  const groups = new Map<string, Group>();
  for (const [strategy, fate] of toldFates(run[0]!)) {
    const kind = kindOf[fate.disposition];
    if (!kind) continue;
    const parts = itemSentence(run, strategy, fate, context);
    const isPutBack = restoring.some(({ fates: { [strategy]: ofRow } }) => ofRow !== undefined && ofRow.disposition !== 'refused');
    getOrMake(groups, JSON.stringify([kind, parts, isPutBack]), () => ({ kind, parts, isPutBack, fates: [] })).fates.push([strategy, fate]);
  }
  return [...groups.values()];
}

function addsOnly({ columns }: PutBack): boolean {
  return columns.length > 0 && columns.every(({ edits }) => edits.every(({ intent }) => isAddition(intent)));
}

/** Steps, elements, items, text: what replaces nothing that is shown. */
function isAddition(intent: Intent): boolean {
  switch (intent.kind) {
    case 'increment':
    case 'reserve':
    case 'release':
    case 'add':
    case 'insert': return true;
    case 'splice': return intent.removed === '' && intent.inserted !== '';
    default: return false;
  }
}
