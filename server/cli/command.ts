/** What the command line knows of a command: a row of the table in commands.ts. */
import type { StandardStreams } from './console/standard-streams.ts';

/** Variables of the environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a command line asks for, as the command itself read it. */
export interface CommandRequest {
  /** The name of its row. */
  readonly command: string;
}

/** How a person ends a command that goes on: the first signal ends it in order, the second at once. */
export interface Interruption {
  /** Aborted by the first signal. */
  readonly ending: AbortSignal;
  /** Says what the second signal has to end before this process is gone. */
  onKill(kill: () => void): void;
}

/** What a command has of the process that it runs in. */
export interface CommandHost {
  readonly streams: StandardStreams;
  /**
   * For a command that goes on until a person ends it: from now on signals do not end the process. When the command has run,
   * the process ends, whatever is still open. `stillEnding` is called when ending takes long.
   */
  listenToSignals(stillEnding: () => void): Interruption;
}

export interface Command<Request extends CommandRequest = CommandRequest, Name extends string = string> {
  readonly name: Name;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Reads the words after the name; null: help is asked for. Throws a UsageError. */
  read(words: readonly string[], environment: Environment): Request | null;
  /** Runs what `read` of the same command made. Resolves to the exit code. */
  run(request: Request, host: CommandHost): Promise<number>;
  /** The text of --help. */
  readonly help: string;
}
