/** The texts of --help: of the whole, and of each command. */
import { type CommandName, commandNamed, commands } from './commands.ts';

/** A command; null: the whole. */
export type HelpTopic = CommandName | null;

const longest = commands.reduce((most, { name }) => Math.max(most, name.length), 0);

const overview = `Rejoin, an offline-first sync lab.

Usage: rejoin COMMAND [options]

Commands:
${commands.map(({ name, summary }) => `  ${name.padEnd(longest)}  ${summary}`).join('\n')}

Examples:
  rejoin start
  rejoin start --replicas 4
  rejoin relay --port 1234
  rejoin run last-seat
  rejoin replay history.jsonl
  rejoin doctor phone.bin laptop.bin

rejoin COMMAND --help tells more about a command; rejoin --version says which one this is.

In a terminal, text and tables are as wide as the terminal; the variable COLUMNS sets another width. In a file or a pipe no line is broken, unless COLUMNS is set.
`;

export function helpText(topic: HelpTopic): string {
  return topic === null ? overview : commandNamed(topic).help;
}
