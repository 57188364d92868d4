/** What the words after `rejoin` ask for. Throws a UsageError for anything that makes no sense. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { readReplayCommandLine, type ReplayCommand } from './replay-command-line.ts';
import { UsageError } from './usage-error.ts';

export interface LabCommand {
  readonly command: 'start' | 'relay';
  /** How many replica windows; 0 for the relay alone. */
  readonly replicas: number;
  readonly port: number;
  readonly host: string;
  /** Null: the user's own data folder. */
  readonly data: string | null;
  /** Whether windows are to be opened. */
  readonly open: boolean;
  readonly room: string;
  readonly json: boolean;
}

export type HelpTopic = 'start' | 'relay' | 'replay' | null;

export type CommandLine = LabCommand | ReplayCommand | { readonly command: 'help'; readonly topic: HelpTopic };

type Options = NonNullable<ParseArgsConfig['options']>;

const relayOptions = {
  port: { type: 'string' },
  host: { type: 'string' },
  data: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} satisfies Options;

const startOptions = { ...relayOptions, replicas: { type: 'string' }, room: { type: 'string' }, 'no-open': { type: 'boolean' } } satisfies Options;

export const replicasMax = 9;

export function readCommandLine(words: readonly string[]): CommandLine {
  const [command, ...rest] = words;
  if (command === '--help' || command === '-h' || command === 'help') return { command: 'help', topic: helpTopic(rest[0]) };
  if (command === 'replay') return readReplayCommandLine(rest) ?? { command: 'help', topic: command };
  if (command !== 'start' && command !== 'relay') {
    throw new UsageError(`rejoin: ${command === undefined ? 'a command is missing' : `"${command}" is not a command`}; there are start, relay and replay (see rejoin --help)`);
  }
  const values = optionsOf(command, rest);
  if (values['help']) return { command: 'help', topic: command };
  return labCommand(command, values);
}

function labCommand(command: 'start' | 'relay', values: Record<string, string | boolean | undefined>): LabCommand {
  const text = (name: string): string | null => {
    const value = values[name];
    if (value === '') throw new UsageError(`rejoin ${command}: --${name} must not be empty`);
    return typeof value === 'string' ? value : null;
  };
  const open = command === 'start' && !values['no-open'];
  return {
    command,
    open,
    replicas: command === 'relay' ? 0 : whole(`rejoin ${command}: --replicas`, text('replicas') ?? '3', open ? 1 : 0, replicasMax),
    port: whole(`rejoin ${command}: --port`, text('port') ?? '1234', 0, 65_535),
    host: loopback(command, text('host') ?? '127.0.0.1'),
    data: text('data'),
    room: roomName(text('room') ?? 'lab'),
    json: values['json'] === true,
  };
}

function optionsOf(command: 'start' | 'relay', words: readonly string[]): Record<string, string | boolean | undefined> {
  try {
    const options: Options = command === 'start' ? startOptions : relayOptions;
    return { ...parseArgs({ args: [...words], options, allowPositionals: false }).values } as Record<string, string | boolean | undefined>;
  } catch (error) {
    // Node's message goes on with advice about positional arguments, of which there are none here.
    const first = (error instanceof Error ? error.message : String(error)).split(/\.\s|\n/)[0] ?? '';
    throw new UsageError(`rejoin ${command}: ${first.charAt(0).toLowerCase()}${first.slice(1)} (see rejoin ${command} --help)`);
  }
}

function helpTopic(word: string | undefined): HelpTopic {
  if (word === undefined || word === 'start' || word === 'relay' || word === 'replay') return word ?? null;
  throw new UsageError(`rejoin: there is no help for "${word}"; there are start, relay and replay`);
}

function whole(option: string, text: string, min: number, max: number): number {
  const number = /^[0-9]{1,6}$/.test(text) ? Number(text) : NaN;
  if (!(number >= min && number <= max)) throw new UsageError(`${option} is a whole number from ${min} to ${max}, not "${text}"`);
  return number;
}

/** Other machines may reach the lab only with a token, which there is not yet. */
function loopback(command: string, host: string): string {
  if (host === 'localhost' || host === '::1' || /^127(\.[0-9]{1,3}){3}$/.test(host)) return host;
  throw new UsageError(`rejoin ${command}: --host is an address of this machine alone (127.0.0.1, ::1 or localhost), not "${host}": there is no password yet`);
}

function roomName(text: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(text)) throw new UsageError(`rejoin start: --room is 1 to 64 of A–Z a–z 0–9 _ -, not "${text}"`);
  return text;
}
