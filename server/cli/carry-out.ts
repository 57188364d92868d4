/** Carries out what a command line asks for. */
import type { Command, CommandHost } from './command.ts';
import { type CommandLine, readCommandLine } from './command-line.ts';
import { commandNamed } from './commands.ts';
import { laidOut } from './console/laid-out.ts';
import { helpText } from './help-text.ts';
import { programVersion, projectFolder } from './program-folders.ts';
import { UsageError } from './usage-error.ts';

/**
 * Reads the words after `rejoin` and does what they say. Resolves to the exit code: 2, with one line on
 * standard error, where the words make no sense.
 */
export async function carryOut(words: readonly string[], host: CommandHost): Promise<number> {
  const { streams } = host;
  let line: CommandLine;
  try {
    line = readCommandLine(words);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    streams.err(`${error.message}\n`);
    return 2;
  }
  switch (line.command) {
    case 'help':
      streams.out(laidOut(helpText(line.topic), streams.columns, 0));
      return 0;
    case 'version':
      streams.out(`${programVersion(projectFolder())}\n`);
      return 0;
    default: {
      const command: Command = commandNamed(line.command);
      return command.run(line, host);
    }
  }
}
