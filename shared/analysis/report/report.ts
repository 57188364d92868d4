/** What a report is made of: a run, a replay or a room, judged. */
import type { Schema } from '../../document/schema.ts';
import type { JournalRecord, StrategyId } from '../../history/record.ts';
import type { RoomEvent } from '../../history/room-event.ts';
import type { Ledger } from '../ledger.ts';
import { counted } from '../phrases.ts';
import type { ScorecardRow } from '../scorecard-csv.ts';
import type { Verdicts } from '../verdicts/verdicts.ts';

export interface Report {
  readonly title: string;
  /** Whether what was expected holds; null where nothing was. */
  readonly result: { readonly outcome: 'holds' | 'broken' | 'unknown'; readonly words: string } | null;
  /** Beside the result: "last-seat", "seed 7". */
  readonly facts: readonly string[];
  readonly schema: Schema;
  readonly strategies: readonly StrategyId[];
  /** In causal order. */
  readonly records: readonly JournalRecord[];
  readonly events: readonly RoomEvent[];
  readonly ledger: Ledger;
  readonly scorecard: readonly ScorecardRow[];
  readonly verdicts: Readonly<Partial<Record<StrategyId, Verdicts>>>;
  /** Lines: the command that makes the same again, then what was expected and did not come. */
  readonly again: readonly string[];
}

/** How one expectation of a scenario ended; `path` says where it stands in the file. */
export interface Judged {
  readonly path: string;
  readonly outcome: 'holds' | 'broken' | 'unknown';
  readonly sentence: string;
}

const signs = { broken: '✗', unknown: '?' } as const;

/** "holds: 3 expectations", "broken: 1 of 3 expectations" */
export function expectationWords(outcome: Judged['outcome'], judgements: readonly Judged[]): string {
  const all = counted(judgements.length, 'expectation');
  return outcome === 'holds' ? `holds: ${all}` : `${outcome}: ${judgements.filter((each) => each.outcome !== 'holds').length} of ${all}`;
}

/** A line for each that does not hold, as far as is known. */
export function unmetLines(judgements: readonly Judged[]): string[] {
  return judgements.flatMap(({ outcome, path, sentence }) => (outcome === 'holds' ? [] : [`${signs[outcome]} ${path}: ${sentence}`]));
}

const plainWord = /^[A-Za-z0-9_./:=@%+-]+$/;

/** A word as a shell reads it. */
export function shellWord(word: string): string {
  return plainWord.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
