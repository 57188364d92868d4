/**
 * What was promised beyond a stock, as items of the review: the last reservations that people were told yes to, as many as exceed the stock less what was
 * released. Their units add up to the scorecard's `oversold`, also where the number shown hides it. Source: 3-semantics, "Rule broken".
 */
import type { ReplicaId } from '../clocks/dot.ts';
import { fieldOf, type FieldId } from '../document/schema.ts';
import type { EditRecord, StrategyId } from '../history/record.ts';
import { isCoordinated } from '../strategies/registry.ts';
import { getOrMake } from './concurrency.ts';
import { markOf } from './edit-marks.ts';
import type { LedgerAction } from './fates/fate.ts';
import { filtered } from './filtered.ts';
import type { Ledger } from './ledger.ts';
import { listOf, personOf } from './phrases.ts';
import { later, type ToldRuns } from './review.ts';
import type { ReviewItem } from './review-item.ts';
import { eachOf, type Sliced } from './slices.ts';

/** A reservation or a release, and its place among all actions. */
interface Step {
  readonly action: LedgerAction;
  readonly record: EditRecord;
  /** What it takes from the stock; negative: what it gives back. */
  readonly taken: number;
  readonly order: number;
}

interface Excess {
  readonly step: Step;
  /** How many of what it took exceed the stock. */
  readonly units: number;
  /** Of other replicas, told yes too, neither having seen the other. */
  readonly rivals: readonly Step[];
  readonly isOnly: boolean;
  readonly sum: string;
}

export function* brokenReservations(ledger: Ledger, told: ToldRuns, strategies: readonly StrategyId[]): Sliced<ReviewItem[]> {
  const steps = yield* stepsByField(ledger);
  const items: ReviewItem[] = [];
  for (const [field, ofField] of steps) {
    const alike = new Map<string, ReviewItem>();
    for (const strategy of strategies) {
      for (const excess of yield* excessOf(strategy, field, ofField, ledger, told)) {
        const item = itemOf(excess, strategy, field, told);
        const key = JSON.stringify([item.key, item.parts, item.release]);
        const same = alike.get(key);
        alike.set(key, same ? { ...same, strategies: [...same.strategies, strategy] } : item);
      }
    }
    yield* eachOf([...alike.values()], (item) => void items.push({ ...item, key: `${item.key} ${item.strategies.join(' ')}` }));
  }
  return items;
}

function* stepsByField({ actions }: Ledger): Sliced<ReadonlyMap<FieldId, readonly Step[]>> {
  const byField = new Map<FieldId, Step[]>();
  yield* eachOf(actions, (action, order) => {
    const { record } = action.rows[0]!;
    const { field, intent } = record;
    if (intent.kind !== 'reserve' && intent.kind !== 'release') return;
    getOrMake(byField, field, () => []).push({ action, record, order, taken: intent.kind === 'reserve' ? intent.amount : -intent.amount });
  });
  return byField;
}

function* excessOf(strategy: StrategyId, field: FieldId, all: readonly Step[], ledger: Ledger, { context }: ToldRuns): Sliced<Excess[]> {
  const promised: Step[] = [];
  yield* eachOf(all, (step) => {
    if (wasToldYes(step.action, strategy)) promised.push(step);
  });
  const initial = fieldOf(context.schema, field).initial as number;
  let exceeding = -promised.reduce((left, { taken }) => left - taken, initial);
  const total = exceeding;
  if (total <= 0) return [];
  const sum = sumOf(initial, promised, ledger.values.get(strategy)?.(field) as number);
  const found: Excess[] = [];
  for (let at = promised.length - 1; at >= 0 && exceeding > 0; at--) {
    const step = promised[at]!;
    if (step.taken <= 0) continue;
    const units = Math.min(step.taken, exceeding);
    const rivals = yield* filtered(promised, (other) => other.taken > 0 && areConcurrent(step.record, other.record));
    found.push({ step, units, rivals, isOnly: total === 1, sum });
    exceeding -= units;
  }
  return found;
}

/** At once, or by an answer: also where it was lost or rolled back since. */
function wasToldYes({ rows, fates }: LedgerAction, strategy: StrategyId): boolean {
  const fate = fates[strategy];
  if (!fate) return false;
  if (!isCoordinated(strategy)) return rows[0]!.record.traces[strategy]?.outcome === 'accepted';
  return !['refused', 'unknown', 'pending'].includes((fate.soFar ?? fate).disposition);
}

function areConcurrent(a: EditRecord, b: EditRecord): boolean {
  return a.dot.replica !== b.dot.replica && !a.context.includes(b.dot) && !b.context.includes(a.dot);
}

/** So many steps are written out. */
const stepsInSumMax = 6;

/** "1 − 1 − 1 = −1." where that is what is shown; else how the number shown hides it. */
function sumOf(initial: number, promised: readonly Step[], shown: number): string {
  const sum = promised.reduce((left, { taken }) => left - taken, initial);
  const number = String(shown).replace('-', '−');
  if (sum !== shown || promised.length > stepsInSumMax) return `The number shown is ${number}.`;
  return `${initial}${promised.map(({ taken }) => (taken < 0 ? ` + ${-taken}` : ` − ${taken}`)).join('')} = ${number}.`;
}

function itemOf({ step, units, rivals, isOnly, sum }: Excess, strategy: StrategyId, field: FieldId, { context, rejoinOf }: ToldRuns): ReviewItem {
  const { schema, viewer, label, numbers } = context;
  const involved = [step, ...rivals];
  const readerFirst = (a: ReplicaId, b: ReplicaId): number => Number(b === viewer) - Number(a === viewer) || (a < b ? -1 : 1);
  const authors = [...new Set(involved.map(({ record }) => record.dot.replica))].sort(readerFirst);
  const mine = involved.find(({ record, action }) => record.dot.replica === viewer && isKept(action, strategy));
  const people = listOf(authors.map((author) => personOf(author, viewer)));
  const thing = thingOf(fieldOf(schema, field).label);
  const unseen = rivals.length > 0 ? ' without having seen each other' : '';
  const isTwice = isOnly && rivals.length === 1 && involved.every(({ taken }) => taken === 1);
  const what = isTwice
    ? ` sold one${thing} twice: ${people} each took the last one.`
    : ` sold ${units}${thing}${units > 1 && thing !== '' ? 's' : ''} more than there were: ${people} reserved${unseen}.`;
  return {
    key: `rule ${step.action.key}`,
    kind: 'rule', field, strategies: [strategy],
    rejoin: involved.reduce<number | null>((latest, { action }) => later(latest, rejoinOf(action, undefined)), null),
    author: step.record.dot.replica,
    mark: markOf([step.record], label),
    parts: [`${what} ${sum}`],
    order: step.order,
    reasons: [], putBack: null, adds: false, isPutBack: false, retry: [], turn: null,
    release: mine ? { kind: 'release', amount: Math.min(units, mine.taken) } : null,
    clocks: involved.slice(0, clocksMax).map(({ record }) => numbers.wordsOf(record)),
  };
}

/** So many reservations are named; thousands may be concurrent. */
const clocksMax = 6;

/** Whether the number shown has it: to release what is lost already would make the number wrong. */
function isKept({ fates }: LedgerAction, strategy: StrategyId): boolean {
  const fate = fates[strategy];
  return (fate?.soFar ?? fate)?.disposition === 'visible';
}

/** " seat" of "Seats left"; empty where the label has no plural. */
function thingOf(label: string): string {
  const [word] = label.toLowerCase().split(' ');
  return /[^s]s$/.test(word!) ? ` ${word!.slice(0, -1)}` : '';
}
