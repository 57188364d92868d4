/** What the words after `rejoin` ask for. Throws a UsageError for anything that makes no sense. */
import type { Environment } from './command.ts';
import { commandNamed, commands } from './commands.ts';
import { listed } from './console/listed.ts';
import type { HelpTopic } from './help-text.ts';
import { UsageError } from './usage-error.ts';

type CommandRequests = NonNullable<ReturnType<(typeof commands)[number]['read']>>;

export type CommandLine = CommandRequests | { readonly command: 'help'; readonly topic: HelpTopic } | { readonly command: 'version' };

const commandNames = listed(commands.map(({ name }) => name));

export function readCommandLine(words: readonly string[], environment: Environment = process.env): CommandLine {
  const [command, ...rest] = words;
  if (command === '--help' || command === '-h' || command === 'help') return { command: 'help', topic: helpTopic(rest[0]) };
  if (command === '--version' || command === '-V') return { command: 'version' };
  const row = commandNamed(command);
  if (row === undefined) {
    throw new UsageError(`rejoin: ${command === undefined ? 'a command is missing' : `"${command}" is not a command`}; there are ${commandNames} (see rejoin --help)`);
  }
  return row.read(rest, environment) ?? { command: 'help', topic: row.name };
}

function helpTopic(word: string | undefined): HelpTopic {
  if (word === undefined) return null;
  const row = commandNamed(word);
  if (row) return row.name;
  throw new UsageError(`rejoin: there is no help for "${word}"; there are ${commandNames}`);
}
