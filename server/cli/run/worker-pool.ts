/** Makes random runs on several processor cores. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { RandomRuns } from '../../../shared/scenarios/random-runs.ts';
import { addTally, emptyTally, type RandomTally, type RandomWork, tallyOf } from './random-work.ts';

/** So many runs at once go to a thread: enough that asking costs nothing, few enough that all end at about the same time. */
const chunkRuns = 8;

/** A run makes much that is soon forgotten; with room for it, it is not copied about first. */
const maxYoungGenerationSizeMb = 64;

export interface PoolOptions {
  readonly first: number;
  readonly count: number;
  /** Null: one thread a core. */
  readonly workers: number | null;
  /** No new runs are begun once so many have failed. */
  readonly failuresMax: number;
  readonly progress: (done: number) => void;
  /** Ends it early: what has been done by then is told. */
  readonly ending?: AbortSignal;
}

/** The runs of `count` seeds from `first` on. Failures come in the order of their seeds. */
export async function runOnCores(work: RandomWork, { first, count, workers, failuresMax, progress, ending }: PoolOptions): Promise<RandomTally> {
  const total = emptyTally();
  let next = 0;
  const take = (): number[] => {
    if (total.failed.length >= failuresMax || ending?.aborted) return [];
    const seeds = Array.from({ length: Math.min(chunkRuns, count - next) }, (_, i) => (first + next + i) % 2 ** 32);
    next += seeds.length;
    return seeds;
  };
  const note = (tally: RandomTally): void => {
    addTally(total, tally);
    progress(total.runs);
  };
  const threads = Math.min(workers ?? availableParallelism(), Math.ceil(count / chunkRuns));
  if (threads <= 1) await alone(work, take, note);
  else await Promise.all(Array.from({ length: threads }, () => onThread(work, take, note)));
  total.failed.sort((a, b) => a.seed - b.seed);
  return total;
}

async function alone({ template, options }: RandomWork, take: () => number[], note: (tally: RandomTally) => void): Promise<void> {
  const runs = new RandomRuns(template, options);
  for (let seeds = take(); seeds.length > 0; seeds = take()) note(await tallyOf(runs, seeds));
}

async function onThread(work: RandomWork, take: () => number[], note: (tally: RandomTally) => void): Promise<void> {
  const worker = new Worker(new URL('./random-worker.mjs', import.meta.url), { workerData: work, resourceLimits: { maxYoungGenerationSizeMb } });
  try {
    await new Promise<void>((resolve, reject) => {
      const more = (): void => {
        const seeds = take();
        if (seeds.length > 0) worker.postMessage(seeds);
        else resolve();
      };
      worker.on('error', reject);
      worker.on('message', (tally: RandomTally) => {
        note(tally);
        more();
      });
      more();
    });
  } finally {
    await worker.terminate();
  }
}
