/** What the words after `rejoin` ask for. Throws a UsageError for anything that makes no sense. */
import { roomNameProblem } from '../../shared/protocol/room-name.ts';
import { type DoctorCommand, readDoctorCommandLine } from './doctor/doctor-command-line.ts';
import { type Options, optionsOf, wholeNumber } from './options.ts';
import { type LogLevel, logLevels } from './lab/log-levels.ts';
import { readReplayCommandLine, type ReplayCommand } from './replay/replay-command-line.ts';
import { readRunCommandLine, type RunCommand } from './run/run-command-line.ts';
import { readServerOptions, type ServerOptions, serverOptions } from './lab/server-options.ts';
import { withTokenValue } from './lab/token-options.ts';
import { UsageError } from './usage-error.ts';

export interface LabCommand extends ServerOptions {
  readonly command: 'start' | 'relay';
  /** How many replica windows; 0 for the relay alone. */
  readonly replicas: number;
  readonly port: number;
  /** Null: the user's own data folder. */
  readonly data: string | null;
  /** The Redis that the rooms are shared through, redis:// or rediss://; null: they are this relay's own. */
  readonly redis: string | null;
  /** Whether the data folder is to be rebuilt from what can be read of it before it is opened. */
  readonly repair: boolean;
  /** Whether windows are to be opened. */
  readonly open: boolean;
  readonly room: string;
  /** A scenario's file, or its name in the catalogue; null: the lab's own document. */
  readonly scenario: string | null;
  /** How much of what happens is told on standard error, as JSON; null: only trouble, as plain lines. */
  readonly log: LogLevel | null;
  readonly json: boolean;
}

export type HelpTopic = (typeof commands)[number] | null;

const commands = ['start', 'relay', 'run', 'replay', 'doctor'] as const;
const commandNames = 'start, relay, run, replay and doctor';

export type CommandLine = LabCommand | DoctorCommand | ReplayCommand | RunCommand | { readonly command: 'help'; readonly topic: HelpTopic } | { readonly command: 'version' };

const relayOptions = {
  ...serverOptions,
  port: { type: 'string' },
  data: { type: 'string' },
  repair: { type: 'boolean' },
  log: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} satisfies Options;

const onlyRelayOptions = { ...relayOptions, redis: { type: 'string' } } satisfies Options;

const startOptions = { ...relayOptions, replicas: { type: 'string' }, room: { type: 'string' }, scenario: { type: 'string' }, 'no-open': { type: 'boolean' } } satisfies Options;

export const replicasMax = 9;

export function readCommandLine(words: readonly string[], environment: Environment = process.env): CommandLine {
  const [command, ...rest] = words;
  if (command === '--help' || command === '-h' || command === 'help') return { command: 'help', topic: helpTopic(rest[0]) };
  if (command === '--version' || command === '-V') return { command: 'version' };
  if (command === 'replay') return readReplayCommandLine(rest) ?? { command: 'help', topic: command };
  if (command === 'run') return readRunCommandLine(rest) ?? { command: 'help', topic: command };
  if (command === 'doctor') return readDoctorCommandLine(rest) ?? { command: 'help', topic: command };
  if (command !== 'start' && command !== 'relay') {
    throw new UsageError(`rejoin: ${command === undefined ? 'a command is missing' : `"${command}" is not a command`}; there are ${commandNames} (see rejoin --help)`);
  }
  const values = optionsOf(command, withTokenValue(rest), command === 'start' ? startOptions : onlyRelayOptions, false).values as LabValues;
  if (values['help']) return { command: 'help', topic: command };
  return labCommand(command, values, environment);
}

type Environment = Readonly<Record<string, string | undefined>>;
type LabValues = Record<string, string | boolean | readonly string[] | undefined>;

function labCommand(command: 'start' | 'relay', values: LabValues, environment: Environment): LabCommand {
  const text = (name: string): string | null => {
    const value = values[name];
    if (value === '') throw new UsageError(`rejoin ${command}: --${name} must not be empty`);
    return typeof value === 'string' ? value : null;
  };
  const open = command === 'start' && !values['no-open'];
  const scenario = command === 'start' ? text('scenario') : null;
  const redis = text('redis');
  if (redis !== null && values['data'] !== undefined) throw new UsageError('rejoin relay: with --redis all is kept in Redis; leave out --data or --redis');
  if (redis !== null && values['repair']) throw new UsageError('rejoin relay: --repair rebuilds a data folder, and with --redis there is none; leave out --repair or --redis');
  if (scenario !== null && values['replicas'] !== undefined) throw new UsageError('rejoin start: the scenario says how many replicas there are; leave out --replicas or --scenario');
  return {
    command,
    open,
    replicas: command === 'relay' ? 0 : wholeNumber(`${command}: --replicas`, text('replicas') ?? '3', open ? 1 : 0, replicasMax),
    port: wholeNumber(`${command}: --port`, text('port') ?? '1234', 0, 65_535),
    ...readServerOptions(command, values, environment),
    data: text('data'),
    redis: redis === null ? null : redisUrl(redis),
    repair: values['repair'] === true,
    room: roomName(text('room') ?? roomOf(scenario)),
    scenario,
    log: values['log'] === undefined ? null : logLevel(command, text('log') ?? ''),
    json: values['json'] === true,
  };
}

function logLevel(command: string, word: string): LogLevel {
  const level = logLevels.find((each) => each === word);
  if (level) return level;
  throw new UsageError(`rejoin ${command}: --log is one of ${logLevels.join(', ')}, not "${word}"`);
}

function helpTopic(word: string | undefined): HelpTopic {
  const topic = commands.find((each) => each === word);
  if (word === undefined || topic) return topic ?? null;
  throw new UsageError(`rejoin: there is no help for "${word}"; there are ${commandNames}`);
}

/** Never repeats the text: there may be a password in it. */
function redisUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && ['redis:', 'rediss:'].includes(url.protocol) && url.hostname !== '' && /^(\/[0-9]*)?$/.test(url.pathname) && url.search === '') return text;
  throw new UsageError('rejoin relay: --redis is an address such as redis://127.0.0.1:6379 or rediss://USER:PASSWORD@redis.example:6379/0');
}

/** A scenario empties its room: it gets one of its own. */
function roomOf(scenario: string | null): string {
  if (scenario === null) return 'lab';
  const name = scenario.split(/[\\/]/).at(-1)!.replace(/\.(ya?ml|json)$/, '').replaceAll(/[^A-Za-z0-9_-]+/g, '-').slice(0, 64);
  return name === '' ? 'scenario' : name;
}

function roomName(text: string): string {
  const problem = roomNameProblem(text);
  if (problem !== null) throw new UsageError(`rejoin start: --room: ${problem}`);
  return text;
}
