/** What the words after `rejoin replay` ask for, and its help. */
import { type StrategyId, strategyIds } from '../../../shared/history/record.ts';
import type { TraceTimes } from '../../../shared/replay/replay-trace.ts';
import { optionsOf, strategiesNamed, wholeNumber } from '../options.ts';
import { UsageError } from '../usage-error.ts';

export interface ReplayRequest {
  readonly command: 'replay';
  readonly file: string;
  /** Null: those that the file is about. */
  readonly strategies: readonly StrategyId[] | null;
  /** When a recording's edits were made; null: as it says, or causal where it says nothing. */
  readonly times: TraceTimes | null;
  /** At most so many losses are told in sentences. */
  readonly sentences: number;
  readonly json: boolean;
  /** File for an HTML report; null: none. */
  readonly report: string | null;
  /** Folder for the exports; null: none. */
  readonly out: string | null;
}

export const replayHelp = `Replays a saved history, or a recording of people typing, through the strategies, and prints the scorecard: what each would have kept, lost and refused, and why.

Usage: rejoin replay FILE [options]

FILE is a history (JSON Lines, as a window or the relay saves it; - is standard input) or an editing trace (JSON, kind "concurrent"), plain or gzipped; which it is shows in its content.

Options:
  --strategy S   judge only this strategy; may be repeated: ${strategyIds.join(', ')} (default: those of the history; of an editing trace crdt and last-writer-wins)
  --times T      when the edits of an editing trace were made: recorded, causal or file (see docs/replay.md)
  --sentences N  tell at most N losses in sentences (default 10)
  --json         print only JSON on standard output
  --report FILE  also write a report, as one HTML file that opens without a network
  --out DIR      also write history.jsonl, scorecard.csv, scorecard.json and shiviz.log into this folder
  --help, -h     this text

Exit code: 0 replayed, 2 the file or the command line makes no sense, or the report cannot be written.

Examples:
  rejoin replay friendsforever.json.gz
  rejoin replay history.jsonl --strategy crdt --strategy last-writer-wins
  rejoin replay history.jsonl --json --out report
  curl http://127.0.0.1:1234/-/api/rooms/lab/history > history.jsonl
`;

const options = {
  strategy: { type: 'string', multiple: true },
  times: { type: 'string' },
  sentences: { type: 'string' },
  json: { type: 'boolean' },
  report: { type: 'string' },
  out: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const traceTimes: readonly TraceTimes[] = ['recorded', 'causal', 'file'];

/** Null: help is asked for. */
export function readReplayCommandLine(words: readonly string[]): ReplayRequest | null {
  const { values, positionals } = optionsOf('replay', words, options, true);
  if (values.help) return null;
  const [file, ...more] = positionals;
  if (!file) throw new UsageError('rejoin replay: a file is missing (see rejoin replay --help)');
  if (more.length > 0) throw new UsageError(`rejoin replay: one file at a time, not also "${more[0]!}"`);
  for (const name of ['report', 'out'] as const) if (values[name] === '') throw new UsageError(`rejoin replay: --${name} must not be empty`);
  const sentences = wholeNumber('replay: --sentences', values.sentences ?? '10', 0, 999_999);
  const times = traceTimes.find((each) => each === values.times) ?? null;
  if (values.times !== undefined && times === null) throw new UsageError(`rejoin replay: --times is recorded, causal or file, not "${values.times}"`);
  return { command: 'replay', file, strategies: strategiesNamed('replay', values.strategy), times, sentences, json: values.json === true, report: values.report ?? null, out: values.out ?? null };
}
