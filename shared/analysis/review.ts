/**
 * The review after rejoining: the actions that did not simply survive, as a person reads them. Steps of one replica that follow each other and ended
 * alike are one entry.
 */
import { dotKey, type DotKey, type ReplicaId } from '../clocks/dot.ts';
import { fieldOf, type FieldId, type FieldSpec, type Schema } from '../document/schema.ts';
import { type EditRecord, type StrategyId, strategyIds } from '../history/record.ts';
import { editsOf } from './fates/action-fate.ts';
import type { Disposition, Fate, Fates, LedgerAction } from './fates/fate.ts';
import type { Ledger } from './ledger.ts';
import { markOf } from './edit-marks.ts';
import { type HistoryNames, historyNames } from './history-names.ts';
import { personOf } from './phrases.ts';
import { type PutBack, putBackOf } from './put-back.ts';
import type { RejoinOf } from './rejoin-views.ts';
import { fateText, type ReviewContext, sentencesOf } from './review-sentences.ts';
import { eachOf, mapped, runWhole, type Sliced } from './slices.ts';

export interface ReviewEntry {
  /** Stable while the history grows. */
  readonly key: string;
  readonly author: ReplicaId;
  /** What it did, as a mark beside the field: "+1", "Offsite in Rome". */
  readonly mark: string;
  /** Which rejoin of the window it belongs to, by its place; null where none is known. */
  readonly rejoin: number | null;
  /** The field's label: "Votes". */
  readonly label: string;
  readonly field: FieldId;
  /** "your +1 (A:9) was lost to B's votes 4 (B:4) under Last writer wins. Neither had seen the other." */
  readonly sentence: string;
  /** How many actions it tells about, and of how many edits they are. */
  readonly actions: number;
  readonly edits: number;
  /** How many typed characters are lost, by strategy, where any are. */
  readonly charactersLost: Readonly<Partial<Record<StrategyId, number>>>;
  /** Of the edit and, where there is one, of the edit that caused its fate: its name and what its maker had seen, in numbers of edits: "A:9 {A:9 B:3}". */
  readonly clocks: readonly string[];
  /** What each strategy made of it, in the order of the columns. */
  readonly fates: readonly { readonly strategy: StrategyId; readonly disposition: Disposition; readonly text: string }[];
  /** Whether somebody put it back. */
  readonly isPutBack: boolean;
  /** What puts it back, where it was lost; null when there is nothing to put back, or somebody has. */
  readonly putBack: PutBack | null;
}

/** The dispositions that a person is told about: all but kept, superseded and pending. */
const toldAbout: ReadonlySet<Disposition> = new Set(['lost', 'sibling', 'resurrected', 'refused', 'unknown']);

/** The review for one reader, newest first. `viewer` is the replica whose window shows it; only the fates under `strategies` are told. */
export function reviewOf(ledger: Ledger, schema: Schema, viewer: ReplicaId, strategies: readonly StrategyId[] = strategyIds): ReviewEntry[] {
  return runWhole(reviewSliced(ledger, { schema, viewer, strategies }));
}

export interface ReviewOptions {
  readonly schema: Schema;
  readonly viewer: ReplicaId;
  readonly strategies: readonly StrategyId[];
  /** Default: made out anew. */
  readonly names?: HistoryNames;
  /** Default: none, as there is no window that could have rejoined. */
  readonly rejoinOf?: RejoinOf;
  /** Whether pending edits are told of by what is made of them so far. Default: no. */
  readonly isSoFar?: boolean;
}

/** The same in slices. */
export function* reviewSliced(ledger: Ledger, options: ReviewOptions): Sliced<ReviewEntry[]> {
  const { runs, context, restored, rejoinOf } = yield* toldRuns(ledger, options);
  return yield* mapped(runs, (run) => entryOf(run, ledger, context, restored, rejoinOf), entriesInSlice);
}

/** What the review tells about: actions of one replica that follow each other and ended alike together, newest first. */
export interface ToldRuns {
  readonly runs: readonly (readonly LedgerAction[])[];
  /** The place of each one's first action among all actions. */
  readonly orders: readonly number[];
  readonly context: ReviewContext;
  /** By the edit that was put back: the edit that did so. */
  readonly restored: ReadonlyMap<DotKey, EditRecord>;
  readonly rejoinOf: RejoinOf;
}

export function* toldRuns(ledger: Ledger, { schema, viewer, strategies, names, rejoinOf = () => null, isSoFar = false }: ReviewOptions): Sliced<ToldRuns> {
  const actions = yield* mapped(ledger.actions, (action): LedgerAction => ({ ...action, fates: fatesUnder(strategies, action, isSoFar) }));
  const actionOf = new Map<DotKey, LedgerAction>();
  yield* eachOf(actions, (action) => {
    for (const { record } of action.rows) actionOf.set(dotKey(record.dot), action);
  });
  const { label, numbers, restored } = names ?? (yield* historyNames(schema, ledger.rows));
  const { runs, orders } = yield* runsOf(actions);
  return { runs: runs.reverse(), orders: orders.reverse(), context: { schema, viewer, actionOf, label, numbers }, restored, rejoinOf };
}

/** So many are made between two yields: an entry may look through a long text for its place. */
const entriesInSlice = 8;

function fatesUnder(strategies: readonly StrategyId[], { fates }: LedgerAction, isSoFar: boolean): Fates {
  return Object.fromEntries(strategies.flatMap((strategy) => {
    const fate = fates[strategy];
    if (!fate) return [];
    return [[strategy, isSoFar && fate.soFar ? { ...fate.soFar, isSoFar: true } : fate] as const];
  }));
}

/** Actions to be told about, in the order in which they were begun; steps of one replica that follow each other and ended alike together. */
function* runsOf(actions: readonly LedgerAction[]): Sliced<{ readonly runs: LedgerAction[][]; readonly orders: number[] }> {
  const runs: LedgerAction[][] = [];
  const orders: number[] = [];
  const open = new Map<string, LedgerAction[]>();
  yield* eachOf(actions, (action, at) => {
    const { record } = action.rows[0]!;
    const place = `${record.dot.replica} ${record.field}`;
    const run = open.get(place);
    if (toldFates(action).length === 0) open.delete(place);
    else if (run && isAlike(run.at(-1)!, action)) run.push(action);
    else {
      const started = [action];
      runs.push(started);
      orders.push(at);
      open.set(place, started);
    }
  });
  return { runs, orders };
}

function isAlike(previous: LedgerAction, next: LedgerAction): boolean {
  const [before, after] = [previous.rows[0]!.record, next.rows[0]!.record];
  if (before.intent.kind !== 'increment' || after.intent.kind !== 'increment') return false;
  return !before.restores && !after.restores && fingerprint(previous) === fingerprint(next);
}

/** What must be alike in one entry: the fates that it tells about. */
function fingerprint(action: LedgerAction): string {
  return toldFates(action).map(([strategy, fate]) => JSON.stringify([strategy, fate.disposition, fate.reason, fate.cause && dotKey(fate.cause), fate.refusal, fate.wasUnknown, fate.rolledBack])).sort().join(';');
}

/** The fates of an action that a person is told about. */
export function toldFates({ fates }: LedgerAction): [StrategyId, Fate][] {
  return (Object.entries(fates) as [StrategyId, Fate][]).filter(([, fate]) => toldAbout.has(fate.disposition));
}

function entryOf(run: readonly LedgerAction[], ledger: Ledger, context: ReviewContext, restored: ReadonlyMap<DotKey, EditRecord>, rejoinOf: RejoinOf): ReviewEntry {
  const [first] = run;
  const spec: FieldSpec = fieldOf(context.schema, first!.rows[0]!.record.field);
  const told = toldFates(first!);
  const restoredBy = restored.get(first!.key);
  const ending = restoredBy ? ` Put back by ${personOf(restoredBy.dot.replica, context.viewer)} (${context.numbers.nameOf(restoredBy.dot)}).` : '';
  const edits = run.flatMap(editsOf);
  const fates = Object.entries(first!.fates) as [StrategyId, Fate][];
  return {
    key: first!.key,
    author: edits[0]!.dot.replica,
    mark: markOf(edits, context.label),
    rejoin: told.reduce<number | null>((latest, [, { cause }]) => later(latest, rejoinOf(first!, cause)), null),
    label: spec.label,
    field: spec.id,
    sentence: sentencesOf(run, told, context) + ending,
    actions: run.length,
    edits: edits.length,
    charactersLost: charactersLost(first!),
    clocks: clocksOf(run, told, context),
    fates: fates.map(([strategy, fate]) => ({ strategy, disposition: fate.disposition, text: fateText(fate, context) })),
    isPutBack: restoredBy !== undefined,
    putBack: restoredBy ? null : putBackOf(run, told, spec, ledger),
  };
}

export function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

function charactersLost({ fates }: LedgerAction): Partial<Record<StrategyId, number>> {
  return Object.fromEntries((Object.entries(fates) as [StrategyId, Fate][]).flatMap(([strategy, { characters }]) => (characters && characters.lost > 0 ? [[strategy, characters.lost] as const] : [])));
}

/** The last edit of these actions, and what these fates name, each with what its maker had seen. */
export function clocksOf(run: readonly LedgerAction[], told: readonly [StrategyId, Fate][], { actionOf, numbers }: ReviewContext): string[] {
  const causes = new Map(told.flatMap(([, { cause }]) => (cause ? [[dotKey(cause), cause] as const] : [])));
  const records = [...causes.keys()].flatMap((key) => actionOf.get(key)?.rows.find(({ record }) => dotKey(record.dot) === key)?.record ?? []);
  return [run.at(-1)!.rows.at(-1)!.record, ...records].map((record) => numbers.wordsOf(record));
}
