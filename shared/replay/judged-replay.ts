/** What is to be said of a replay: the ledger, the scorecard's rows, how consistent each strategy was, and what was lost, in sentences. */
import type { StrategyId } from '../history/record.ts';
import type { Replayed } from './replayed.ts';
import { convergedInEnd } from '../analysis/final-reads.ts';
import { commandLimits, historyVerdicts } from '../analysis/history-verdicts.ts';
import type { Disposition } from '../analysis/fates/fate.ts';
import { type Ledger, ledgerOf } from '../analysis/ledger.ts';
import type { ShownNow } from '../analysis/observed-room.ts';
import { replicationFigures } from '../analysis/replication/replication-figures.ts';
import { type ReviewEntry, reviewOf } from '../analysis/review.ts';
import type { RoomLimits } from '../analysis/room-verdicts.ts';
import type { ScorecardRow } from '../analysis/scorecard-csv.ts';
import type { Verdicts } from '../analysis/verdicts/verdicts.ts';

export interface JudgedReplay {
  readonly ledger: Ledger;
  readonly scorecard: readonly ScorecardRow[];
  readonly verdicts: Partial<Record<StrategyId, Verdicts>>;
  /** What did not simply survive, the greatest losses first. */
  readonly review: readonly ReviewEntry[];
}

export function judgeReplay(replayed: Replayed, limits: RoomLimits = commandLimits): JudgedReplay {
  const { schema, records, events, strategies } = replayed;
  const converged = { ...convergedInEnd(events), ...replayed.converged };
  const whole = ledgerOf(replayed);
  const ledger = { ...whole, totals: whole.totals.filter(({ strategy }) => strategies.includes(strategy)) };
  const replication = replicationFigures(schema, records, events);
  const scorecard = ledger.totals.map((totals): ScorecardRow => ({ ...totals, ...replication(totals.strategy), converged: converged[totals.strategy] ?? null }));
  const verdicts = historyVerdicts({ schema, records, events, anew: shownAnew(replayed, ledger) }, strategies, limits);
  return { ledger, scorecard, verdicts, review: greatestFirst(reviewOf(ledger, schema, '', strategies)) };
}

/** What was carried out anew was delivered to all replicas in the end. */
function shownAnew({ records, converged, everywhere }: Replayed, { values }: Ledger): Partial<Record<StrategyId, ShownNow>> {
  const atMs = records.reduce((latest, { wallMs }) => Math.max(latest, wallMs), 0);
  const replicas = everywhere.entries().map(([replica]) => replica);
  return Object.fromEntries([...values].flatMap(([strategy, value]) => (converged[strategy] ? [[strategy, { atMs, replicas, value }]] : [])));
}

/** What is lost stands first, what only waits for a person last; of the same kind the greatest. */
export function greatestFirst<Entry extends Pick<ReviewEntry, 'edits' | 'charactersLost' | 'fates'>>(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((a, b) => kindOf(a) - kindOf(b) || weightOf(b) - weightOf(a));
}

function kindOf({ fates }: Pick<ReviewEntry, 'fates'>): number {
  const has = (...all: readonly Disposition[]): boolean => fates.some(({ disposition }) => all.includes(disposition));
  return has('lost') ? 0 : has('refused', 'resurrected', 'unknown') ? 1 : 2;
}

/** Characters weigh as much as whole edits of other fields. */
function weightOf({ edits, charactersLost }: Pick<ReviewEntry, 'edits' | 'charactersLost'>): number {
  return Object.values(charactersLost).reduce((most, lost) => Math.max(most, lost), edits);
}
