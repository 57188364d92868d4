/** What a command that goes on tells: lines for people and, with --json, one line for programs. */
import { laidOut } from './laid-out.ts';
import type { StandardStreams } from './standard-streams.ts';

/** Where a person reads: `say` for news, `warn` for trouble. */
export interface Output {
  readonly say: (line: string) => void;
  readonly warn: (line: string) => void;
  /** The one line that programs read, with --json. */
  readonly json: (value: unknown) => void;
}

/** `isJson`: standard output is for programs, so that all that people read goes to standard error. */
export function createOutput(streams: StandardStreams, isJson: boolean): Output {
  const warn = (line: string): void => streams.err(`${line}\n`);
  return {
    say: isJson ? warn : (line) => streams.out(laidOut(`${line}\n`, streams.columns)),
    warn,
    json: (value) => isJson && streams.out(`${JSON.stringify(value)}\n`),
  };
}
