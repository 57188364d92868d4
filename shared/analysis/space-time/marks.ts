/** The marks of a timeline: what each action did, who had seen what, and how it ended. */
import { dotKey, type DotKey, type ReplicaId } from '../../clocks/dot.ts';
import { fieldOf, type Schema } from '../../document/schema.ts';
import type { EditRecord, StrategyId } from '../../history/record.ts';
import { trueMsOf } from '../acknowledgements.ts';
import { editsByKey, type EditsByKey } from '../edit-index.ts';
import { editsOf, editWithFate } from '../fates/action-fate.ts';
import type { LedgerAction } from '../fates/fate.ts';
import { historyNames, type HistoryNames } from '../history-names.ts';
import type { Ledger } from '../ledger.ts';
import { dotsOf, phraseOf } from '../phrases.ts';
import { shortReason } from '../short-reasons.ts';
import { mapped, type Sliced } from '../slices.ts';
import { fateLetter, type Mark } from './timeline.ts';

/** A mark whose arrivals are still to be noted. */
export type MadeMark = Omit<Mark, 'arrivedMs'> & { readonly arrivedMs: (number | null)[] };

interface Names extends HistoryNames {
  readonly schema: Schema;
  readonly lanes: readonly ReplicaId[];
  readonly laneOf: ReadonlyMap<ReplicaId, number>;
  readonly strategies: readonly StrategyId[];
  readonly byKey: EditsByKey;
}

/** Making one takes some tens of microseconds. */
const marksInPart = 16;

export function* marksOf(
  schema: Schema,
  { rows, actions }: Pick<Ledger, 'rows' | 'actions'>,
  lanes: readonly ReplicaId[],
  strategies: readonly StrategyId[],
): Sliced<MadeMark[]> {
  const names: Names = {
    ...(yield* historyNames(schema, rows)),
    schema,
    lanes,
    strategies,
    laneOf: new Map(lanes.map((replica, lane) => [replica, lane])),
    byKey: yield* editsByKey(yield* mapped(rows, ({ record }) => record)),
  };
  return yield* mapped(actions, (action) => markOf(action, names), marksInPart);
}

function markOf(action: LedgerAction, names: Names): MadeMark {
  const { schema, lanes, laneOf, strategies, numbers, label } = names;
  const edits = editsOf(action);
  const [first, last] = [edits[0]!, edits.at(-1)!];
  const { type, label: field } = fieldOf(schema, first.field);
  const [fromMs, toMs] = spanOf(edits);
  return {
    key: action.key,
    isHere: true,
    lane: laneOf.get(first.dot.replica)!,
    fromMs,
    toMs,
    kind: type,
    field,
    text: phraseOf(edits, label),
    dots: dotsOf(edits, numbers),
    numbers: [numbers.rangeOf(first.dot)[0], numbers.of(last.dot)],
    clock: numbers.clockOf(last.context.with(last.dot)).toString(),
    first: first.dot.counter,
    last: last.dot.counter,
    seen: lanes.map((replica) => first.context.get(replica)),
    arrivedMs: lanes.map((_, lane) => (lane === laneOf.get(first.dot.replica) ? toMs : null)),
    fates: strategies.map((strategy) => fateLetter(action.fates[strategy]?.disposition)).join(''),
    reasons: reasonsOf(action, names),
  };
}

/** A clock that was set back within a run of typing gives no run that ends before it began. */
function spanOf(edits: readonly EditRecord[]): readonly [number, number] {
  const times = edits.map(trueMsOf);
  return [times[0]!, times.reduce((latest, ms) => Math.max(latest, ms), times[0]!)];
}

function reasonsOf(action: LedgerAction, { strategies, byKey }: Names): Mark['reasons'] {
  const reasons: Partial<Record<StrategyId, string>> = {};
  for (const strategy of strategies) {
    const fate = action.fates[strategy];
    if (
      !fate ||
      fate.disposition === 'visible' ||
      fate.disposition === 'superseded' ||
      fate.disposition === 'pending'
    )
      continue;
    const cause = fate.cause && byKey.get(dotKey(fate.cause) satisfies DotKey);
    const reason = shortReason(strategy, fate, editWithFate([action], strategy, fate), cause, '');
    if (reason !== '') reasons[strategy] = reason;
  }
  return reasons;
}
