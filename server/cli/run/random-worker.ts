/** A thread that makes random runs: it is told the work once, then gets seeds, and answers with what came of them. */
import { parentPort, workerData } from 'node:worker_threads';
import { RandomRuns } from '../../../shared/scenarios/random-runs.ts';
import { type RandomWork, tallyOf } from './random-work.ts';

const { template, options } = workerData as RandomWork;
const runs = new RandomRuns(template, options);

parentPort!.on('message', (seeds: readonly number[]) => {
  void tallyOf(runs, seeds).then((tally) => parentPort!.postMessage(tally));
});
