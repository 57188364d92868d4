/** What the words after `rejoin run` ask for, and its help. */
import { type StrategyId, strategyIds } from '../../../shared/history/record.ts';
import { simulationVersion } from '../../../shared/simulation/simulated-room.ts';
import { optionsOf, strategiesNamed, wholeNumber } from '../options.ts';
import { UsageError } from '../usage-error.ts';

/** Behind a seed in commands that repeat a run: it gives the same run only there. */
export const ofThisSimulation = `--simulation ${simulationVersion}`;

export interface RunRequest {
  readonly command: 'run';
  /** Files, or names in the catalogue; none: the lab's own document, with `random`. */
  readonly files: readonly string[];
  /** Whether people and network do what chance says, in the place of the files' steps. */
  readonly random: boolean;
  /** The first seed, and how many. */
  readonly seed: number;
  readonly seeds: number;
  /** Null: those that the scenario names. */
  readonly strategies: readonly StrategyId[] | null;
  readonly replicas: number;
  readonly edits: number;
  readonly faults: number;
  /** Per cent. */
  readonly reads: number;
  /** How many workers make random runs; null: one a core. */
  readonly workers: number | null;
  readonly list: boolean;
  readonly json: boolean;
  /** File for a JUnit report; null: none. */
  readonly junit: string | null;
  /** File for an HTML report of the one run; null: none. */
  readonly report: string | null;
  /** Folder for the runs; null: none. */
  readonly out: string | null;
}

export const runHelp = `Runs scenarios without windows, in virtual time, with the code that the windows run.

Usage: rejoin run FILE… [options]
       rejoin run --random [FILE] [options]

FILE is a scenario (YAML or JSON, see docs/scenarios.md), or the name of one in the catalogue (--list; of a preset: presets/cassandra), or - for standard input.
Under single leader the first of its replicas leads at first, or the one that it names (leader: B).

Options:
  --list         list the catalogue
  --seed S       seed of all that chance decides (default 1); the same seed gives the same run, byte for byte
  --simulation V the version of the simulation that the seed is of (now ${simulationVersion}); another one is refused, as it gave other runs
  --seeds N      N runs of each scenario, with the seeds S, S+1, … (default 1)
  --strategy S   run only this strategy; may be repeated: ${strategyIds.join(', ')}
  --random       random edits and faults (cuts, islands, lost, repeated and overtaken messages, crashes, wrong clocks) on the document of FILE, or on the lab's own; every run is checked, and a failure is made as small as it gets
  --replicas N   replicas of the lab's own document (2 to 26, default 5); with --random
  --edits N      edits of a random run (default 200)
  --faults N     faults of a random run, at least (default 15)
  --reads N      of the edits of a random run so many per cent are reads instead (default 3)
  --workers N    how many processor cores make random runs (default: all)
  --json         print only JSON on standard output
  --junit FILE   also write a JUnit report
  --report FILE  also write a report of the one run, as one HTML file that opens without a network
  --out DIR      also write each run: history.jsonl, scorecard.json, scorecard.csv, shiviz.log; DIR/latest is the last one
  --help, -h     this text

Exit code: 0 all holds, 1 something is broken, 2 nobody can tell, or the input makes no sense.

Examples:
  rejoin run last-seat
  rejoin run my-document.yaml --junit report.xml
  rejoin run last-seat --report last-seat.html
  rejoin run --random --seeds 10000 --strategy crdt
  rejoin run --random my-document.yaml --seeds 500
`;

const options = {
  random: { type: 'boolean' },
  list: { type: 'boolean' },
  seed: { type: 'string' },
  seeds: { type: 'string' },
  simulation: { type: 'string' },
  strategy: { type: 'string', multiple: true },
  replicas: { type: 'string' },
  edits: { type: 'string' },
  faults: { type: 'string' },
  reads: { type: 'string' },
  workers: { type: 'string' },
  json: { type: 'boolean' },
  junit: { type: 'string' },
  report: { type: 'string' },
  out: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Null: help is asked for. */
export function readRunCommandLine(words: readonly string[]): RunRequest | null {
  const { values, positionals } = optionsOf('run', words, options, true);
  if (values.help) return null;
  const random = values.random === true;
  if (positionals.length === 0 && !random && !values.list) throw new UsageError('rejoin run: a file is missing (rejoin run --list names the catalogue; see rejoin run --help)');
  if (random && positionals.length > 1) throw new UsageError(`rejoin run: --random takes the document of one file, not also of "${positionals[1]!}"`);
  for (const name of ['replicas', 'edits', 'faults', 'reads', 'workers'] as const) if (values[name] !== undefined && !random) throw new UsageError(`rejoin run: --${name} belongs to --random`);
  if (values.replicas !== undefined && positionals.length > 0) throw new UsageError('rejoin run: the file says how many replicas there are; --replicas is for the lab\'s own document');
  for (const name of ['junit', 'report', 'out'] as const) if (values[name] === '') throw new UsageError(`rejoin run: --${name} must not be empty`);
  mustBeThisSimulation(values.simulation);
  const seeds = wholeNumber('run: --seeds', values.seeds ?? '1', 1, 100_000_000);
  if (values.report !== undefined && (random || positionals.length !== 1 || seeds !== 1)) throw new UsageError('rejoin run: --report is of one run: one file and one seed, without --random');
  return {
    command: 'run',
    files: positionals,
    random,
    seed: wholeNumber('run: --seed', values.seed ?? '1', 0, 2 ** 32 - 1),
    seeds,
    strategies: strategiesNamed('run', values.strategy),
    replicas: wholeNumber('run: --replicas', values.replicas ?? '5', 2, 26),
    edits: wholeNumber('run: --edits', values.edits ?? '200', 1, 10_000),
    faults: wholeNumber('run: --faults', values.faults ?? '15', 0, 10_000),
    reads: wholeNumber('run: --reads', values.reads ?? '3', 0, 100),
    workers: values.workers === undefined ? null : wholeNumber('run: --workers', values.workers, 1, 64),
    list: values.list === true,
    json: values.json === true,
    junit: values.junit ?? null,
    report: values.report ?? null,
    out: values.out ?? null,
  };
}

function mustBeThisSimulation(asked: string | undefined): void {
  if (asked === undefined) return;
  const version = wholeNumber('run: --simulation', asked, 1, 1_000_000);
  if (version !== simulationVersion) throw new UsageError(`rejoin run: the seed is of version ${version} of the simulation, and this program has version ${simulationVersion}, where it gives another run`);
}
