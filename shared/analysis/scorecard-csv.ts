/** The scorecard as comma-separated values (RFC 4180): a row a strategy, a column a figure, named as in JSON; empty where there is nothing to say. */
import type { ReplicationFigures, StrategyFigures, StrategyTotals } from './strategy-figures.ts';

/** A row of a scorecard. What only a relay can tell may be missing. */
export type ScorecardRow = StrategyTotals & Partial<Pick<StrategyFigures, 'converged' | 'bytesSent' | keyof ReplicationFigures>>;

const columns = [
  'strategy', 'actions', 'edits', 'kept', 'superseded', 'lost', 'toResolve', 'resurrected', 'refused', 'unknown', 'pending', 'wasUnknown', 'putBack', 'touching', 'choices', 'charactersTyped', 'charactersLost', 'ruleBroken', 'oversold', 'staleReads', 'reads', 'readsRefused',
  'converged', 'latencyMs', 'latencyP95Ms', 'readLatencyMs', 'readLatencyP95Ms', 'lagMs', 'lagWorstMs', 'divergedMs', 'bytesSent',
] as const satisfies readonly (keyof ScorecardRow)[];

/** Every value is a number, true, false or the id of a strategy, so that nothing needs quotes. */
export function scorecardCsv(rows: readonly ScorecardRow[]): string {
  return [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))].map((cells) => `${cells.join(',')}\r\n`).join('');
}
