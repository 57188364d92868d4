/** What the words after `rejoin start` and `rejoin relay` have in common: what they ask for, their options, and their help. */
import type { Environment } from '../command.ts';
import { type Options, optionsOf, type OptionValues, textOption, wholeNumber } from '../options.ts';
import { UsageError } from '../usage-error.ts';
import { type LogLevel, logLevels } from './log-levels.ts';
import { readServerOptions, type ServerOptions, serverOptions } from './server-options.ts';
import { withTokenValue } from './token-options.ts';

export interface LabRequest extends ServerOptions {
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

/** The room that windows open where none is named. */
export const labRoom = 'lab';

const labOptions = {
  ...serverOptions,
  port: { type: 'string' },
  data: { type: 'string' },
  repair: { type: 'boolean' },
  log: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} satisfies Options;

export const labOptionsHelp = `  --port P       port to listen on; the next free one if it is taken (default 1234; 0: any)
  --host H       address of this machine to listen on (default 127.0.0.1); one that other machines reach, such as 0.0.0.0, needs --token
  --token [T]    what every client must bring, 16 characters or more (fewer than 22 may be guessed); without T one is made up and told
  --token-file F
                 a file with the token on one line; then no list of processes shows it, as with the variable REJOIN_TOKEN
  --read-token T
                 a token of clients that only read (or the variable REJOIN_READ_TOKEN); beside --token
  --token-query N
                 a further name for the token in addresses: with auth, ?auth=T does what ?token=T does
  --tls-cert F   certificate and key, in PEM, for https and wss
  --tls-key F
  --host-name N  a further name that this machine is called by, such as lab.example; may be given several times
  --data DIR     folder for all that is kept (default: your data folder for Rejoin)
  --repair       first copy the data folder, then rebuild it from all that can be read of it (docs/relay.md, "Repair")
  --allow-origin O
                 pages and apps of this origin may use the relay: http://localhost:5173, https://*.example.com (one or more labels), capacitor://localhost, vscode-webview://*, file:// or null; may be given several times
  --trusted-proxy A
                 a proxy's address or range (10.0.0.0/8) whose X-Forwarded-For and X-Forwarded-Proto count; may be given several times
  --gc off       documents keep what was deleted, for apps that keep versions (Y.Snapshot); default on
  --log LEVEL    tell what happens on standard error, a JSON object a line: error, warn, info or debug (default: only trouble, as plain lines)
  --max-rooms N                  rooms in memory (default 10000)
  --max-sessions N               sessions in one room (default 20000)
  --max-sessions-per-address N   connections from one address (default 256; from this machine: any)
  --max-document-mib N           size of one room's document (default 128)
  --max-payload-mib N            size of one message (default 16)
  --max-presence-kib N           size of what one client says of itself (awareness; default 64)
  --max-room-presence-kib N      size of that of all clients of a room (default 16384)
  --json         print only one line of JSON on standard output, when ready
  --help, -h     this text`;

/** The values of the options that both have, and of those of the command's own; null: help is asked for. */
export function labValues(command: LabRequest['command'], words: readonly string[], own: Options): OptionValues | null {
  const values: OptionValues = optionsOf(command, withTokenValue(words), { ...labOptions, ...own }, false).values;
  return values['help'] ? null : values;
}

/** What both commands ask for alike. Throws a UsageError. */
export function readLabOptions(command: LabRequest['command'], values: OptionValues, environment: Environment): ServerOptions & Pick<LabRequest, 'port' | 'data' | 'repair' | 'json'> {
  return {
    port: wholeNumber(`${command}: --port`, textOption(command, values, 'port') ?? '1234', 0, 65_535),
    ...readServerOptions(command, values, environment),
    data: textOption(command, values, 'data'),
    repair: values['repair'] === true,
    json: values['json'] === true,
  };
}

/** Null: no structured lines. Throws a UsageError. */
export function readLogLevel(command: LabRequest['command'], values: OptionValues): LogLevel | null {
  if (values['log'] === undefined) return null;
  const word = textOption(command, values, 'log');
  const level = logLevels.find((each) => each === word);
  if (level) return level;
  throw new UsageError(`rejoin ${command}: --log is one of ${logLevels.join(', ')}, not "${word}"`);
}
