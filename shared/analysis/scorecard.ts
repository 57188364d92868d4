/** The scorecard: totals of the ledger, one row per strategy. */
import { type DotKey, dotKey } from '../clocks/dot.ts';
import type { FieldId, FieldValue, Schema } from '../document/schema.ts';
import type { EditRecord, StrategyId } from '../history/record.ts';
import { isCoordinated } from '../strategies/registry.ts';
import type { Siblings } from '../strategies/siblings/siblings.ts';
import type { Disposition, LedgerAction } from './fates/fate.ts';
import { ascending, medianOf, percentile95Of } from './percentiles.ts';
import type { ReadFigures } from './read-figures.ts';
import { type Outcomes } from './outcomes.ts';
import { eachOf, type Sliced, sorted } from './slices.ts';
import type { StrategyTotals } from './strategy-figures.ts';

/** Where each disposition is counted. */
const columns = {
  visible: 'kept',
  superseded: 'superseded',
  lost: 'lost',
  sibling: 'toResolve',
  resurrected: 'resurrected',
  refused: 'refused',
  unknown: 'unknown',
  pending: 'pending',
} as const satisfies Record<Disposition, keyof StrategyTotals>;

/** What is not counted of actions. */
export type StateFigures = Pick<StrategyTotals, 'ruleBroken' | 'oversold' | 'staleReads' | 'latencyMs' | 'latencyP95Ms' | 'choices' | 'touching'> & ReadFigures;

/** Of totals what does not depend on which actions are counted. */
export function stateFiguresOf({ ruleBroken, oversold, staleReads, latencyMs, latencyP95Ms, choices, touching, reads, readsRefused, readLatencyMs, readLatencyP95Ms }: StrategyTotals): StateFigures {
  return { ruleBroken, oversold, staleReads, latencyMs, latencyP95Ms, choices, touching, reads, readsRefused, readLatencyMs, readLatencyP95Ms };
}

/** Adds up how one strategy's actions ended: kept + superseded + lost + toResolve + resurrected + refused + unknown + pending = actions. */
export function* totalsOf(strategy: StrategyId, actions: readonly LedgerAction[], state: StateFigures): Sliced<StrategyTotals> {
  const totals = {
    strategy, actions: 0, edits: 0, kept: 0, superseded: 0, lost: 0, toResolve: 0, resurrected: 0, refused: 0, unknown: 0, pending: 0, wasUnknown: 0, putBack: 0,
    charactersTyped: 0, charactersLost: 0, ...state,
  };
  const restored = yield* restoredUnder(strategy, actions);
  yield* eachOf(actions, ({ fates, rows }) => {
    const fate = fates[strategy];
    if (!fate) return;
    totals.actions++;
    totals[columns[fate.disposition]]++;
    totals.wasUnknown += fate.wasUnknown ? 1 : 0;
    totals.putBack += fate.disposition !== 'visible' && rows.some(({ record }) => restored.has(dotKey(record.dot))) ? 1 : 0;
    for (const { fates: ofEdit } of rows) {
      if (!ofEdit[strategy]) continue;
      totals.edits++;
      totals.charactersTyped += ofEdit[strategy].characters?.typed ?? 0;
      totals.charactersLost += ofEdit[strategy].characters?.lost ?? 0;
    }
  });
  return totals;
}

/** The edits that somebody put back in this strategy's column. */
function* restoredUnder(strategy: StrategyId, actions: readonly LedgerAction[]): Sliced<ReadonlySet<DotKey>> {
  const restored = new Set<DotKey>();
  yield* eachOf(actions, ({ rows }) => {
    for (const { record: { restores, traces } } of rows) if (restores !== undefined && traces[strategy] && traces[strategy].outcome !== 'refused') restored.add(restores);
  });
  return restored;
}

/** How often a person chose between siblings: by a choice, or by setting the value that covers them. */
export function* choicesIn(schema: Schema, siblings: Siblings): Sliced<number> {
  let choices = 0;
  for (const { id } of schema) {
    yield* eachOf(siblings.graph(id).inOrder(), ({ covers, intent }) => {
      if (covers.length > 1 && (intent.kind === 'resolve' || intent.kind === 'set')) choices++;
    });
  }
  return choices;
}

/** How many stocks are below zero. */
export function brokenRules(schema: Schema, value: (field: FieldId) => FieldValue): number {
  return schema.filter((field) => field.type === 'stock' && (value(field.id) as number) < 0).length;
}

/** How many things of stocks were promised beyond what there was, by the edits that people were told to have gone through. */
export function* oversoldUnder(strategy: StrategyId, schema: Schema, edits: readonly EditRecord[], outcomes: Outcomes): Sliced<number> {
  const left = new Map(schema.flatMap((field) => (field.type === 'stock' ? [[field.id, field.initial as number] as const] : [])));
  yield* eachOf(edits, (edit) => {
    const { field, intent } = edit;
    if (!left.has(field) || !wasAcknowledged(strategy, edit, outcomes)) return;
    if (intent.kind === 'reserve') left.set(field, left.get(field)! - intent.amount);
    if (intent.kind === 'release') left.set(field, left.get(field)! + intent.amount);
  });
  return [...left.values()].reduce((sum, each) => sum + Math.max(0, -each), 0);
}

/** Whether somebody was told that the edit went through, whatever became of it later. */
function wasAcknowledged(strategy: StrategyId, edit: EditRecord, outcomes: Outcomes): boolean {
  if (edit.traces[strategy]?.outcome === 'accepted') return true;
  const ending = isCoordinated(strategy) ? outcomes.of(strategy, edit) : undefined;
  return ending !== undefined && ending.places.length + ending.rolledBack.length > 0;
}

/**
 * Median and 95th percentile of the time from an edit to its answer, in whole milliseconds, over the edits that had to wait for one and got it; 0 for strategies
 * that answer at once, null where there is nothing to measure. Whoever could not say has not answered.
 */
export function* latencyOf(strategy: StrategyId, edits: readonly EditRecord[], outcomes: Outcomes): Sliced<Pick<StrategyTotals, 'latencyMs' | 'latencyP95Ms'>> {
  if (!isCoordinated(strategy)) {
    const atOnce = edits.some(({ traces }) => traces[strategy]) ? 0 : null;
    return { latencyMs: atOnce, latencyP95Ms: atOnce };
  }
  const tookMs: number[] = [];
  yield* eachOf(edits, (edit) => {
    const answeredAfterMs = outcomes.of(strategy, edit)?.answeredAfterMs ?? null;
    if (answeredAfterMs !== null) tookMs.push(answeredAfterMs);
  });
  const inOrder = yield* sorted(tookMs, ascending);
  return { latencyMs: medianOf(inOrder), latencyP95Ms: percentile95Of(inOrder) };
}
