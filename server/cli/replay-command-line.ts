/** What the words after `rejoin replay` ask for, and its help. */
import { parseArgs } from 'node:util';
import { isStrategyId } from '../../shared/history/record-codec.ts';
import { type StrategyId, strategyIds } from '../../shared/history/record.ts';
import type { TraceTimes } from '../../shared/replica/replay-trace.ts';
import { UsageError } from './usage-error.ts';

export interface ReplayCommand {
  readonly command: 'replay';
  readonly file: string;
  /** Null: those that the file is about. */
  readonly strategies: readonly StrategyId[] | null;
  /** When a recording's edits were made; null: as it says, or causal where it says nothing. */
  readonly times: TraceTimes | null;
  /** At most so many losses are told in sentences. */
  readonly sentences: number;
  readonly json: boolean;
  /** Folder for the exports; null: none. */
  readonly out: string | null;
}

export const replayHelp = `Replays a saved history, or a recording of people typing, through the strategies, and prints the scorecard: what each
would have kept, lost and refused, and why.

Usage: rejoin replay FILE [options]

FILE is a history (JSON Lines, as a window or the relay saves it) or an editing trace (JSON, kind "concurrent"), plain or
gzipped; which it is shows in its content.

Options:
  --strategy S   judge only this strategy; may be repeated: ${strategyIds.join(', ')}
                 (default: those of the history; of an editing trace crdt and last-writer-wins)
  --times T      when the edits of an editing trace were made: recorded, causal or file (see docs/replay.md)
  --sentences N  tell at most N losses in sentences (default 10)
  --json         print only JSON on standard output
  --out DIR      also write history.jsonl, scorecard.csv, scorecard.json and shiviz.log into this folder
  --help, -h     this text

Exit code: 0 replayed, 2 the file or the command line makes no sense.

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
  out: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const traceTimes: readonly TraceTimes[] = ['recorded', 'causal', 'file'];

/** Null: help is asked for. */
export function readReplayCommandLine(words: readonly string[]): ReplayCommand | null {
  const { values, positionals } = parsed(words);
  if (values.help) return null;
  const [file, ...more] = positionals;
  if (!file) throw new UsageError('rejoin replay: a file is missing (see rejoin replay --help)');
  if (more.length > 0) throw new UsageError(`rejoin replay: one file at a time, not also "${more[0]!}"`);
  if (values.out === '') throw new UsageError('rejoin replay: --out must not be empty');
  const sentences = values.sentences ?? '10';
  if (!/^[0-9]{1,6}$/.test(sentences)) throw new UsageError(`rejoin replay: --sentences is a whole number from 0, not "${sentences}"`);
  const times = traceTimes.find((each) => each === values.times) ?? null;
  if (values.times !== undefined && times === null) throw new UsageError(`rejoin replay: --times is recorded, causal or file, not "${values.times}"`);
  return { command: 'replay', file, strategies: values.strategy ? strategiesOf(values.strategy) : null, times, sentences: Number(sentences), json: values.json === true, out: values.out ?? null };
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    const first = (error instanceof Error ? error.message : String(error)).split(/\.\s|\n/)[0] ?? '';
    throw new UsageError(`rejoin replay: ${first.charAt(0).toLowerCase()}${first.slice(1)} (see rejoin replay --help)`);
  }
}

function strategiesOf(names: readonly string[]): StrategyId[] {
  const unknown = names.find((name) => !isStrategyId(name));
  if (unknown !== undefined) throw new UsageError(`rejoin replay: --strategy is one of ${strategyIds.join(', ')}, not "${unknown}"`);
  return strategyIds.filter((id) => names.includes(id));
}
