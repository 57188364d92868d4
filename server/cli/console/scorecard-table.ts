/** The scorecard as a table for a terminal, with the words of the control room. */
import { answerPhrase, duration, lagPhrase } from '../../../shared/analysis/phrases.ts';
import type { ScorecardRow } from '../../../shared/analysis/scorecard-csv.ts';
import { strategyNames } from '../../../shared/strategies/registry.ts';
import { figuresTable } from './plain-table.ts';

interface Figure {
  readonly name: string;
  /** Null or undefined: nothing is known. */
  readonly of: (row: ScorecardRow) => number | string | null | undefined;
  /** Left out where no strategy has any. */
  readonly rare?: boolean;
}

const figures: readonly Figure[] = [
  { name: 'kept', of: (row) => row.kept },
  { name: 'superseded', of: (row) => row.superseded },
  { name: 'lost', of: (row) => row.lost },
  { name: 'to resolve', of: (row) => row.toResolve, rare: true },
  { name: 'came back', of: (row) => row.resurrected, rare: true },
  { name: 'refused', of: (row) => row.refused },
  { name: 'unknown', of: (row) => row.unknown, rare: true },
  { name: 'pending', of: (row) => row.pending, rare: true },
  { name: 'rule broken', of: (row) => row.ruleBroken, rare: true },
  { name: 'oversold', of: (row) => row.oversold, rare: true },
  { name: 'touching', of: (row) => row.touching, rare: true },
  { name: 'stale reads', of: (row) => row.staleReads, rare: true },
  { name: 'reads refused', of: (row) => row.readsRefused, rare: true },
  { name: 'converged', of: ({ converged }) => (converged === true ? 'yes' : converged === false ? 'no' : null) },
  { name: 'answer', of: ({ latencyMs }) => latencyMs === null ? null : answerPhrase(latencyMs) },
  { name: 'read answer', of: ({ readLatencyMs }) => readLatencyMs === null ? null : answerPhrase(readLatencyMs), rare: true },
  { name: 'lag', of: ({ lagMs = null, lagWorstMs = null }) => lagMs === null ? null : lagPhrase(lagMs, lagWorstMs), rare: true },
  { name: 'diverged', of: ({ divergedMs }) => (divergedMs === null || divergedMs === undefined ? null : duration(divergedMs)), rare: true },
  { name: 'bytes sent', of: ({ bytesSent }) => bytesSent, rare: true },
];

/**
 * A row a strategy, turned where `columns` are too few; takes a room's StrategyFigures as well as the StrategyTotals of a replay or a run. Ends without a line
 * end.
 */
export function scorecardTable(rows: readonly ScorecardRow[], columns: number | null): string {
  const shown = figures.filter(({ rare, of }) => !rare || rows.some((row) => (of(row) ?? 0) !== 0));
  const named = rows.map((row) => ({ name: strategyNames[row.strategy], cells: shown.map(({ of }) => cell(of(row))) }));
  return figuresTable({ corner: 'strategy', heads: shown.map(({ name }) => name), align: 'right', rows: named }, columns);
}

function cell(value: number | string | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'number' ? value.toLocaleString('en-US') : value;
}
