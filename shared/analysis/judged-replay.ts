/** What is to be said of a replay: the ledger, the scorecard's rows, how consistent each strategy was, and what was lost, in sentences. */
import type { StrategyId } from '../history/record.ts';
import type { Replayed } from '../replica/replayed.ts';
import { type Ledger, ledgerOf } from './ledger.ts';
import type { ShownNow } from './observed-room.ts';
import { type ReviewEntry, reviewOf } from './review.ts';
import { type RoomLimits, roomVerdicts } from './room-verdicts.ts';
import type { ScorecardRow } from './scorecard-csv.ts';
import { unknown } from './verdicts/verdict.ts';
import type { Verdicts } from './verdicts/verdicts.ts';

export interface JudgedReplay {
  readonly ledger: Ledger;
  readonly scorecard: readonly ScorecardRow[];
  readonly verdicts: Partial<Record<StrategyId, Verdicts>>;
  /** What did not simply survive, the greatest losses first. */
  readonly review: readonly ReviewEntry[];
}

/** What a command can spend: some seconds for the longest history. */
export const replayLimits = { stepsMax: 200_000, operationsMax: 4_000, advice: 'of one file: 4,000 are the most' } as const satisfies RoomLimits;

export function judgeReplay(replayed: Replayed, limits: RoomLimits = replayLimits): JudgedReplay {
  const { schema, records, strategies, converged } = replayed;
  const whole = ledgerOf(replayed);
  const ledger = { ...whole, totals: whole.totals.filter(({ strategy }) => strategies.includes(strategy)) };
  const scorecard = ledger.totals.map((totals): ScorecardRow => ({ ...totals, converged: converged[totals.strategy] ?? null }));
  const now = shownNow(replayed, ledger);
  const verdicts = roomVerdicts(schema, records, now, strategies, limits);
  for (const strategy of strategies) if (!now[strategy]) verdicts[strategy] = withoutEnd(verdicts[strategy]!);
  return { ledger, scorecard, verdicts, review: reviewOf(ledger, schema, '', strategies).sort((a, b) => weightOf(b) - weightOf(a)) };
}

/** What was carried out anew was delivered to all replicas in the end; what was recorded may not have been. */
function shownNow({ records, converged, everywhere }: Replayed, { values }: Ledger): Partial<Record<StrategyId, ShownNow>> {
  const atMs = records.reduce((latest, { wallMs }) => Math.max(latest, wallMs), 0);
  const replicas = everywhere.entries().map(([replica]) => replica);
  return Object.fromEntries([...values].flatMap(([strategy, value]) => (converged[strategy] ? [[strategy, { atMs, replicas, value }]] : [])));
}

function withoutEnd(verdicts: Verdicts): Verdicts {
  const { eventual, linearizable } = verdicts.levels;
  const isSaidOfAll = eventual.verdict === 'unknown' && linearizable.verdict === 'unknown' && eventual.reason === linearizable.reason;
  if (eventual.verdict !== 'unknown' || isSaidOfAll) return verdicts;
  return { ...verdicts, levels: { ...verdicts.levels, eventual: unknown('The history does not say what the replicas showed in the end.') } };
}

/** Characters weigh as much as whole edits of other fields. */
function weightOf({ edits, charactersLost }: ReviewEntry): number {
  return Object.values(charactersLost).reduce((most, lost) => Math.max(most, lost), edits);
}
