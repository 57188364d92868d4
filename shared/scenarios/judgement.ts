/** Whether what was expected of a scenario came true. A pure function of what is known of the run when it is over. */
import type { StrategyFigures } from '../analysis/strategy-figures.ts';
import { type Level, levels } from '../analysis/verdicts/levels.ts';
import type { Verdicts } from '../analysis/verdicts/verdicts.ts';
import { canonicalJson } from '../document/digest.ts';
import { fieldOf, type FieldId, type FieldValue, type Schema } from '../document/schema.ts';
import type { StrategyId } from '../history/record.ts';
import { strategyNames } from '../strategies/registry.ts';
import { plain } from './action-intent.ts';
import type { FieldMinimums } from './field-minimums.ts';
import type { Bounds, Expectation } from './scenario.ts';

/** What is known of a run when it is over. */
export interface RunEnding {
  readonly schema: Schema;
  readonly figures: readonly StrategyFigures[];
  readonly verdicts: Readonly<Partial<Record<StrategyId, Verdicts>>>;
  /** What every replica shows; null where they do not show the same. */
  readonly value: (strategy: StrategyId, field: FieldId) => FieldValue | null;
  readonly minimums: Pick<FieldMinimums, 'of'>;
}

export type Outcome = 'holds' | 'broken' | 'unknown';

export interface Judgement {
  readonly expectation: Expectation;
  readonly outcome: Outcome;
  /** "Last writer wins: lost is 2; 0 was expected." */
  readonly sentence: string;
}

export function judge(expectation: Expectation, ending: RunEnding): Judgement {
  const { outcome, said } = found(expectation, ending);
  return { expectation, outcome, sentence: `${strategyNames[expectation.strategy]}: ${said}` };
}

/** Broken if anything is; else unknown if anything is. */
export function overall(judgements: readonly Pick<Judgement, 'outcome'>[]): Outcome {
  if (judgements.some(({ outcome }) => outcome === 'broken')) return 'broken';
  return judgements.some(({ outcome }) => outcome === 'unknown') ? 'unknown' : 'holds';
}

interface Found {
  readonly outcome: Outcome;
  readonly said: string;
}

function found(expectation: Expectation, ending: RunEnding): Found {
  const { strategy } = expectation;
  switch (expectation.kind) {
    case 'figure': {
      const value = ending.figures.find((each) => each.strategy === strategy)?.[expectation.figure] ?? null;
      if (value === null) return unknown(`${expectation.figure} cannot be told`);
      const { atLeast, atMost } = expectation.bounds;
      return told(value >= atLeast && value <= atMost, `${expectation.figure} is ${value}`, boundsText(expectation.bounds));
    }
    case 'converged': {
      const converged = ending.figures.find((each) => each.strategy === strategy)?.converged ?? null;
      if (converged === null) return expectation.converged ? { outcome: 'broken', said: 'not all replicas were connected and had everything in the end, so they cannot have converged' } : holding('not all replicas were connected in the end');
      return told(converged === expectation.converged, converged ? 'all replicas show the same' : 'replicas show different things', expectation.converged ? 'the same' : 'different things');
    }
    case 'level': return levelFound(expectation.level, expectation.verdict, ending.verdicts[strategy]);
    case 'strongest': return strongestFound(expectation.level, ending.verdicts[strategy]);
    case 'value': {
      const value = ending.value(strategy, expectation.field);
      if (value === null) return { outcome: 'broken', said: `replicas show different values of ${expectation.field}; ${canonicalJson(expectation.value)} was expected` };
      const seen = canonicalJson(plain(fieldOf(ending.schema, expectation.field), value));
      return told(seen === canonicalJson(expectation.value), `${expectation.field} is ${seen}`, canonicalJson(expectation.value));
    }
    case 'never-below': {
      const low = ending.minimums.of(strategy, expectation.field);
      if (low === null) return unknown(`nobody looked at ${expectation.field}`);
      return told(low >= expectation.least, `${expectation.field} was ${low} at its lowest`, `never below ${expectation.least}`);
    }
  }
}

function levelFound(level: Level, expected: 'holds' | 'broken', verdicts: Verdicts | undefined): Found {
  const verdict = verdicts?.levels[level];
  if (!verdict) return unknown(`${level} was not judged`);
  if (verdict.verdict === 'unknown') return unknown(`whether it is ${level} nobody can tell: ${verdict.reason}`);
  const said = verdict.verdict === 'holds' ? `it is ${level}` : `it is not ${level}: ${verdict.witness.sentence.replace(/\.$/, '')}`;
  return told(verdict.verdict === expected, said, expected === 'holds' ? `that it is ${level}` : `that it is not ${level}`);
}

/** All stronger levels are broken, and this one holds. */
function strongestFound(level: Level, verdicts: Verdicts | undefined): Found {
  if (!verdicts) return unknown('how consistent it is was not judged');
  const upToThis = levels.slice(0, levels.indexOf(level) + 1);
  const stronger = upToThis.find((each) => each !== level && verdicts.levels[each].verdict === 'holds');
  if (stronger !== undefined) return told(false, `it is ${stronger}`, `${level} and nothing stronger`);
  if (verdicts.levels[level].verdict === 'broken') return levelFound(level, 'holds', verdicts);
  const open = upToThis.find((each) => verdicts.levels[each].verdict === 'unknown');
  return open === undefined ? holding(`the strongest level that holds is ${level}`) : levelFound(open, 'holds', verdicts);
}

function told(isTrue: boolean, said: string, expected: string): Found {
  return isTrue ? holding(said) : { outcome: 'broken', said: `${said}; ${expected} was expected` };
}

function holding(said: string): Found {
  return { outcome: 'holds', said };
}

function unknown(said: string): Found {
  return { outcome: 'unknown', said };
}

function boundsText({ atLeast, atMost }: Bounds): string {
  if (atLeast === atMost) return String(atLeast);
  if (atMost === Infinity) return `at least ${atLeast}`;
  return atLeast === -Infinity ? `at most ${atMost}` : `${atLeast} to ${atMost}`;
}
