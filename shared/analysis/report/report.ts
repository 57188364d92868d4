/** What a report is made of: a run, a replay or a room, judged. */
import type { Schema } from '../../document/schema.ts';
import type { JournalRecord, StrategyId } from '../../history/record.ts';
import type { RoomEvent } from '../../history/room-event.ts';
import type { Verdicts } from '../../protocol/verdicts.ts';
import type { Ledger } from '../ledger.ts';
import type { ScorecardRow } from '../scorecard-csv.ts';

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

const plainWord = /^[A-Za-z0-9_./:=@%+-]+$/;

/** A word as a shell reads it. */
export function shellWord(word: string): string {
  return plainWord.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
