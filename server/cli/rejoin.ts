/** The command `rejoin`. Exit codes: 0 done, it holds, or ended by the person; 1 it failed, something is broken, or ended with changes that could not be stored; 2 the command line or a file makes no sense, standard output cannot be written, or nobody can tell. */
import { carryOut } from './carry-out.ts';
import { standardStreams } from './console/standard-streams.ts';
import { interruptionBySignals } from './interruption-by-signals.ts';

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
  let goesOn = false;
  const code = await carryOut(words, {
    streams: standardStreams,
    listenToSignals: (stillEnding) => {
      goesOn = true;
      return interruptionBySignals(stillEnding);
    },
  });
  if (goesOn || !isUnwritable) process.exitCode = code;
  // Nothing of ours runs any more; a listener on standard input or a slow timer must not keep the person waiting.
  if (goesOn) process.exit();
}
