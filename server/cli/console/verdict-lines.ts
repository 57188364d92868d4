/** How consistent each strategy was, in lines for a terminal. */
import { type Level, levels } from '../../../shared/analysis/verdicts/levels.ts';
import type { Verdict } from '../../../shared/analysis/verdicts/verdict.ts';
import type { Verdicts } from '../../../shared/analysis/verdicts/verdicts.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import { strategyNames } from '../../../shared/strategies/registry.ts';
import { listed } from './listed.ts';
import { figuresTable } from './plain-table.ts';

/** A line for each verdict, with the levels that share it; a single one where all that can be said is the same for all strategies. */
export function verdictLines(verdicts: Readonly<Partial<Record<StrategyId, Verdicts>>>): string[] {
  const lines = (Object.entries(verdicts) as [StrategyId, Verdicts][]).flatMap(([strategy, each]) => verdictsOf(each).map((line) => [strategyNames[strategy], line] as const));
  const only = new Set(lines.map(([, line]) => line));
  return only.size === 1 ? [`Consistency ${[...only][0]!}`] : lines.map(([name, line]) => `${name}: ${line}`);
}

function verdictsOf(verdicts: Verdicts): string[] {
  const groups = new Map<string, Level[]>();
  for (const level of levels) {
    const words = wordsOf(verdicts.levels[level]);
    groups.set(words, [...(groups.get(words) ?? []), level]);
  }
  return [...groups].map(([words, each]) => (each.length === levels.length ? words : `${listed(each.map((level) => level.replaceAll('-', ' ')))} ${words}`));
}

function wordsOf(verdict: Verdict): string {
  switch (verdict.verdict) {
    case 'holds': return 'holds.';
    case 'broken': return `broken: ${verdict.witness.sentence}`;
    case 'unknown': return `not known: ${verdict.reason}`;
  }
}

const levelHeads: Readonly<Record<Level, string>> = {
  linearizable: 'linearizable', sequential: 'sequential', causal: 'causal', 'read-your-writes': 'read your\nwrites', 'monotonic-reads': 'monotonic\nreads',
  'monotonic-writes': 'monotonic\nwrites', 'writes-follow-reads': 'writes\nfollow reads', eventual: 'eventual',
};
const signs = { holds: 'yes', broken: 'no', unknown: '?' } as const;

/** A row a strategy, a column a level: yes it holds, no it is broken, ? nobody can tell. Turned where `columns` are too few. Ends without a line end. */
export function verdictTable(verdicts: Readonly<Partial<Record<StrategyId, Verdicts>>>, columns: number | null): string {
  const rows = (Object.entries(verdicts) as [StrategyId, Verdicts][]).map(([strategy, each]) => ({ name: strategyNames[strategy], cells: levels.map((level) => signs[each.levels[level].verdict]) }));
  return figuresTable({ corner: 'strategy', heads: levels.map((level) => levelHeads[level]), align: 'center', rows }, columns);
}

/** For each strategy the strongest level that is broken, with what proves it. */
export function witnessLines(verdicts: Readonly<Partial<Record<StrategyId, Verdicts>>>): string[] {
  return (Object.entries(verdicts) as [StrategyId, Verdicts][]).flatMap(([strategy, each]) => {
    const told = new Set<string>();
    return levels.flatMap((level) => {
      const verdict = each.levels[level];
      if (verdict.verdict !== 'broken' || told.has(verdict.witness.sentence) || (told.size > 0 && level === 'sequential')) return [];
      told.add(verdict.witness.sentence);
      return [`- ${strategyNames[strategy]} is not ${level}: ${verdict.witness.sentence}`];
    });
  });
}
