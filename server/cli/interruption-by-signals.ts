/** How a person ends a command that goes on, by the signals of this process. */
import type { Interruption } from './command.ts';

/** When ending takes longer than this, in milliseconds, the person hears why. */
const slowEndMs = 500;

/** The first signal ends the command in order, the second at once, with exit code 130. */
export function interruptionBySignals(stillEnding: () => void): Interruption {
  const end = new AbortController();
  let killAll = (): void => {};
  const onSignal = (): void => {
    if (end.signal.aborted) {
      killAll();
      process.exit(130);
    }
    end.abort();
    setTimeout(stillEnding, slowEndMs).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  return { ending: end.signal, onKill: (kill) => void (killAll = kill) };
}
