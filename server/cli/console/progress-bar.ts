/** A progress bar on standard error, for work that keeps a person at a terminal waiting. */
import { Presets, SingleBar } from 'cli-progress';

/** Sooner there is nothing to show, in milliseconds. */
const patienceMs = 500;
/** The clock is looked at once in so many steps. */
const stepsPerLookUsual = 64;

export interface ProgressBar {
  readonly show: (done: number, total: number) => void;
  readonly end: () => void;
}

/** Draws only on a terminal, and only when it takes longer than `patience`, in milliseconds. */
export function progressBar(what: string, stream: NodeJS.WriteStream = process.stderr, patience = patienceMs, stepsPerLook = stepsPerLookUsual): ProgressBar {
  if (!stream.isTTY) return { show: () => {}, end: () => {} };
  const startedMs = performance.now();
  let bar: SingleBar | null = null;
  return {
    show(done, total) {
      if (done % stepsPerLook !== 0 || performance.now() - startedMs < patience) return;
      if (!bar) (bar = new SingleBar({ format: `${what} {bar} {percentage} %`, stream, clearOnComplete: true }, Presets.shades_classic)).start(total, done);
      bar.update(done);
    },
    end: () => bar?.stop(),
  };
}
