/** The command `rejoin` carried out here, without a process: what it says, and its exit code. */
import { carryOut } from '../../server/cli/carry-out.ts';
import type { Ended } from './built-command.ts';

/**
 * Carries out a command that ends by itself. `folder` is where it runs; default: where the tests do.
 * `columns`: how wide its terminal is; default: it writes into a pipe.
 * For what only a process has (signals, memory, threads, how soon it starts) take `buildCommand`.
 */
export async function runHere(
  words: readonly string[],
  folder?: string,
  columns: number | null = null,
): Promise<Ended> {
  const said = { out: '', err: '' };
  const before = process.cwd();
  if (folder !== undefined) process.chdir(folder);
  try {
    const code = await carryOut(words, {
      streams: {
        columns,
        out: (text) => void (said.out += text),
        err: (text) => void (said.err += text),
      },
      listenToSignals: () => {
        throw new Error(`rejoin ${words.join(' ')} does not end by itself`);
      },
    });
    return { code, ...said };
  } finally {
    process.chdir(before);
  }
}
