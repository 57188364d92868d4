/** What met at each rejoin of one window, field by field, and how it ended under each strategy. */
import type { Dot, ReplicaId } from '../clocks/dot.ts';
import type { VersionVector } from '../clocks/version-vector.ts';
import type { FieldId, Schema } from '../document/schema.ts';
import type { StrategyId } from '../history/record.ts';
import { getOrMake } from './concurrency.ts';
import { editsOf } from './fates/action-fate.ts';
import type { Fate, LedgerAction } from './fates/fate.ts';
import type { Ledger } from './ledger.ts';
import { markOf } from './edit-marks.ts';
import { counted, signed } from './phrases.ts';
import { stateFiguresOf, totalsOf } from './scorecard.ts';
import { eachOf, type Sliced } from './slices.ts';
import { stepOf } from './step-sums.ts';
import type { StrategyTotals } from './strategy-figures.ts';

/** So many edits of one person stand beside a field. */
const marksMax = 4;

/** One time that a window met others again. */
export interface KnownRejoin {
  /** When the window had lost those that it met, and whether it was offline itself then; missing where nobody noted it. */
  readonly cutMs?: number;
  readonly wasOffline?: boolean;
  /** In milliseconds since the Unix epoch; `endedMs` null: something that the others had has not arrived. */
  readonly beganMs: number;
  readonly endedMs: number | null;
  readonly met: readonly ReplicaId[];
  /** What the window had, and what those that it met had. */
  readonly had: VersionVector;
  readonly others: VersionVector;
}

export interface MetEdit {
  readonly author: ReplicaId;
  /** "+1", "Offsite in Rome" */
  readonly mark: string;
  /** How much it added to a number; missing where the field is none. */
  readonly step?: number;
}

export interface MetField {
  readonly field: FieldId;
  readonly here: readonly MetEdit[];
  readonly there: readonly MetEdit[];
  /** By strategy, how many of these actions can be seen; so far, where that may still change. */
  readonly kept: Readonly<Partial<Record<StrategyId, number>>>;
}

/** Plain data. */
export interface RejoinView extends Pick<KnownRejoin, 'cutMs' | 'wasOffline' | 'beganMs' | 'endedMs' | 'met'> {
  /** How many actions this window had and the others lacked, and how many came. */
  readonly here: number;
  readonly there: number;
  /** In the schema's order; fields where nothing met are left out. */
  readonly fields: readonly MetField[];
  /** Whether it is known how the actions ended; else nothing is kept, and there are no totals. */
  readonly isJudged: boolean;
  /** Of the actions that met alone. */
  readonly totals: readonly StrategyTotals[];
}

/** Which rejoin an action of one window belongs to: the one that brought it, or what it lost to. */
export type RejoinOf = (action: LedgerAction, cause: Dot | undefined) => number | null;

/** By its place among `rejoins`. */
export function rejoinFinder(rejoins: readonly KnownRejoin[]): RejoinOf {
  const cameWith = (dot: Dot): number => lastIndex(rejoins, ({ had, others }) => others.includes(dot) && !had.includes(dot));
  const metAt = (dot: Dot): number => lastIndex(rejoins, ({ had, others }) => had.includes(dot) && !others.includes(dot));
  return (action, cause) => {
    const own = action.rows[0]!.record.dot;
    const at = Math.max(cameWith(own), cause ? cameWith(cause) : metAt(own));
    return at < 0 ? null : at;
  };
}

/** The index of the last item that fits; -1 if none does. */
function lastIndex<Item>(items: readonly Item[], fits: (item: Item) => boolean): number {
  let at = items.length - 1;
  while (at >= 0 && !fits(items[at]!)) at--;
  return at;
}

/** One view for each rejoin, in their order. */
export function* rejoinViews(ledger: Ledger, schema: Schema, rejoins: readonly KnownRejoin[], label: (item: string) => string): Sliced<RejoinView[]> {
  const views: RejoinView[] = [];
  for (const rejoin of rejoins) views.push(yield* rejoinView(ledger, schema, rejoin, label, true));
  return views;
}

/** The view of one rejoin. `isJudged`: whether fates and totals are known. */
export function* rejoinView(
  { actions, totals: ofAll }: Pick<Ledger, 'actions' | 'totals'>, schema: Schema, { had, others, ...known }: KnownRejoin, label: (item: string) => string, isJudged: boolean,
): Sliced<RejoinView> {
  const here: LedgerAction[] = [];
  const there: LedgerAction[] = [];
  yield* eachOf(actions, (action) => {
    const { dot } = action.rows.at(-1)!.record;
    if (had.includes(dot) && !others.includes(dot)) here.push(action);
    else if (others.includes(dot) && !had.includes(dot)) there.push(action);
  });
  const totals: StrategyTotals[] = [];
  for (const each of ofAll) totals.push(yield* totalsOf(each.strategy, [...here, ...there], stateFiguresOf(each)));
  const [hereByField, thereByField] = [yield* marksByField(here, label), yield* marksByField(there, label)];
  const keptByField = yield* keptIn([...here, ...there]);
  const fields = schema.map(({ id }): MetField => ({ field: id, here: hereByField.get(id) ?? [], there: thereByField.get(id) ?? [], kept: keptByField.get(id) ?? {} }));
  return { ...known, here: here.length, there: there.length, fields: fields.filter((field) => field.here.length + field.there.length > 0), isJudged, totals };
}

function* marksByField(actions: readonly LedgerAction[], label: (item: string) => string): Sliced<ReadonlyMap<FieldId, readonly MetEdit[]>> {
  const byField = new Map<FieldId, MetEdit[]>();
  yield* eachOf(actions, (action) => {
    const edits = editsOf(action);
    const { field, dot } = edits[0]!;
    const step = edits.reduce((sum, { intent }) => sum + stepOf(intent), 0);
    getOrMake(byField, field, () => []).push({ author: dot.replica, mark: markOf(edits, label), ...(step === 0 ? {} : { step }) });
  });
  return byField;
}

function* keptIn(actions: readonly LedgerAction[]): Sliced<ReadonlyMap<FieldId, Partial<Record<StrategyId, number>>>> {
  const byField = new Map<FieldId, Partial<Record<StrategyId, number>>>();
  yield* eachOf(actions, ({ rows, fates }) => {
    const kept = getOrMake(byField, rows[0]!.record.field, (): Partial<Record<StrategyId, number>> => ({}));
    for (const [strategy, fate] of Object.entries(fates) as [StrategyId, Fate][]) {
      if ((fate.soFar ?? fate).disposition === 'visible') kept[strategy] = (kept[strategy] ?? 0) + 1;
    }
  });
  return byField;
}

/** "+1, +1"; of many edits their sum, "+250 in 250 edits", or the first of them, "+food, +rome, −paris, +bus and 9 more". */
export function metWords(edits: readonly MetEdit[]): string {
  if (edits.length <= marksMax) return edits.map(({ mark }) => mark).join(', ');
  if (edits.every(({ step }) => step !== undefined)) return `${signed(edits.reduce((sum, { step }) => sum + step!, 0))} in ${counted(edits.length, 'edit')}`;
  const firstMarks = edits.slice(0, marksMax).map(({ mark }) => mark);
  return `${firstMarks.join(', ')} and ${edits.length - marksMax} more`;
}
