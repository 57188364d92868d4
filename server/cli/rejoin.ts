/** The command `rejoin`. Exit codes: 0 done, it holds, or ended by the person; 1 it failed, something is broken, or ended with changes that could not be stored; 2 the command line or a file makes no sense, standard output cannot be written, or nobody can tell. */
import { errorText } from '../../shared/encoding/error-text.ts';
import { carryOut } from './carry-out.ts';
import { laidOut } from './console/laid-out.ts';
import { standardOutput } from './console/standard-streams.ts';
import type { Voice } from './lab/run-lab.ts';
import { UsageError } from './usage-error.ts';

/** When ending takes longer than this, in milliseconds, the person hears why. */
const slowEndMs = 500;

void main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<void> {
  let isUnwritable = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that goes away (rejoin --help | head) is no error.
    if (error.code === 'EPIPE' || isUnwritable) return;
    isUnwritable = true;
    process.stderr.write(`rejoin: standard output cannot be written: ${error.message}\n`);
    process.exitCode = 2;
  });
  process.stderr.on('error', () => {});
  const command = await carryOut(words, standardOutput);
  if (typeof command === 'number') {
    if (!isUnwritable) process.exitCode = command;
    return;
  }
  const end = new AbortController();
  let killWindows = (): void => {};
  const voice = voiceOf(command.json);
  listenToSignals(end, voice, () => killWindows());
  try {
    const { runLab } = await import('./lab/run-lab.ts');
    const isStored = await runLab(command, voice, end.signal, (kill) => (killWindows = kill));
    process.exitCode = isStored ? 0 : 1;
  } catch (error) {
    const isUsage = error instanceof UsageError;
    standardOutput.err(`${isUsage ? '' : `rejoin ${command.command}: `}${errorText(error)}\n`);
    process.exitCode = isUsage ? 2 : 1;
  }
  // Nothing of ours runs any more; a listener on standard input or a slow timer must not keep the person waiting.
  process.exit();
}

/** The first signal ends the lab in order, the second at once. */
function listenToSignals(end: AbortController, voice: Voice, killWindows: () => void): void {
  const onSignal = (): void => {
    if (end.signal.aborted) {
      killWindows();
      process.exit(130);
    }
    end.abort();
    setTimeout(() => voice.say('Still ending; Ctrl-C again ends everything at once.'), slowEndMs).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
}

function voiceOf(json: boolean): Voice {
  const toError = (line: string): void => standardOutput.err(`${line}\n`);
  return {
    say: json ? toError : (line) => standardOutput.out(laidOut(`${line}\n`, standardOutput.columns)),
    warn: toError,
    json: (value) => json && process.stdout.write(`${JSON.stringify(value)}\n`),
  };
}
