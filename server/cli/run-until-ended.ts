/** Runs a command that goes on until a person ends it. */
import { errorText } from '../../shared/encoding/error-text.ts';
import type { CommandHost, CommandRequest, Interruption } from './command.ts';
import { createOutput, type Output } from './console/output.ts';
import { UsageError } from './usage-error.ts';

/** `run` resolves to whether all that it had to keep is stored. Returns the exit code: 1 where that is not so, or something failed; 2 where the request makes no sense. */
export async function runUntilEnded(
  { command, json }: CommandRequest & { readonly json: boolean },
  host: CommandHost,
  run: (output: Output, interruption: Interruption) => Promise<boolean>,
): Promise<number> {
  const output = createOutput(host.streams, json);
  const interruption = host.listenToSignals(() => output.say('Still ending; Ctrl-C again ends everything at once.'));
  try {
    return (await run(output, interruption)) ? 0 : 1;
  } catch (error) {
    const isUsage = error instanceof UsageError;
    host.streams.err(`${isUsage ? '' : `rejoin ${command}: `}${errorText(error)}\n`);
    return isUsage ? 2 : 1;
  }
}
