/** Carries out the commands that end by themselves: help, run, replay and doctor. */
import { type CommandLine, readCommandLine } from './command-line.ts';
import { helpText } from './help-text.ts';
import { laidOut } from './console/laid-out.ts';
import type { Output } from './console/standard-streams.ts';
import { programVersion, projectFolder } from './program-folders.ts';
import { UsageError } from './usage-error.ts';

/** A command that goes on until a person ends it. */
export type LabCommand = Extract<CommandLine, { readonly command: 'start' | 'relay' }>;

/**
 * Reads the words after `rejoin`. Returns the exit code of a command that has ended by itself: 2, with
 * one line on standard error, where the words make no sense. Of any other returns the command.
 */
export async function carryOut(
  words: readonly string[],
  output: Output,
): Promise<number | LabCommand> {
  let command: CommandLine;
  try {
    command = readCommandLine(words);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    output.err(`${error.message}\n`);
    return 2;
  }
  switch (command.command) {
    case 'help':
      output.out(laidOut(helpText(command.topic), output.columns, 0));
      return 0;
    case 'version':
      output.out(`${programVersion(projectFolder())}\n`);
      return 0;
    case 'run':
      return (await import('./run/run-scenarios.ts')).runScenarios(command, output);
    case 'replay':
      return (await import('./replay/run-replay.ts')).runReplay(command, output);
    case 'doctor':
      return (await import('./doctor/run-doctor.ts')).runDoctor(command, output);
    default:
      return command;
  }
}
