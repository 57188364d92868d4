/** What random runs are made of, and what comes of them, as it goes from thread to thread. */
import { errorText } from '../../../shared/encoding/error-text.ts';
import type { RunTemplate, RandomOptions } from '../../../shared/scenarios/random-scenario.ts';
import { type RandomRuns, wrongOf } from '../../../shared/scenarios/random-runs.ts';
import type { StrategyId } from '../../../shared/history/record.ts';

export interface RandomWork {
  readonly template: RunTemplate;
  readonly options: RandomOptions;
}

/** Some runs, added up. */
export interface RandomTally {
  runs: number;
  edits: number;
  faults: number;
  /** Runs of which something was expected that nobody can tell. */
  unknown: number;
  /** Runs in which a program was killed before its disk had all; there, what the CRDT's ledger says was not checked. */
  untold: number;
  /** Over all runs, by strategy. */
  readonly kept: Partial<Record<StrategyId, number>>;
  readonly lost: Partial<Record<StrategyId, number>>;
  readonly failed: { readonly seed: number; readonly wrong: readonly string[] }[];
}

export function emptyTally(): RandomTally {
  return { runs: 0, edits: 0, faults: 0, unknown: 0, untold: 0, kept: {}, lost: {}, failed: [] };
}

export function addTally(sum: RandomTally, more: RandomTally): void {
  for (const name of ['runs', 'edits', 'faults', 'unknown', 'untold'] as const) sum[name] += more[name];
  for (const column of ['kept', 'lost'] as const) for (const [strategy, count] of Object.entries(more[column]) as [StrategyId, number][]) sum[column][strategy] = (sum[column][strategy] ?? 0) + count;
  for (const each of more.failed) sum.failed.push(each);
}

const faultKinds: ReadonlySet<string> = new Set(['online', 'offline', 'island', 'fault', 'crash', 'restart']);

/** The runs of these seeds. What a run throws is a failure of it. */
export async function tallyOf(runs: RandomRuns, seeds: Iterable<number>): Promise<RandomTally> {
  const tally = emptyTally();
  for (const seed of seeds) {
    tally.runs++;
    try {
      const checked = await runs.run(seed);
      const { ledger, room, figures } = checked.run;
      tally.edits += ledger.rows.length;
      tally.faults += room.events.filter(({ kind }) => faultKinds.has(kind)).length;
      if (checked.outcome === 'unknown') tally.unknown++;
      if (room.replicas.some(({ diedUntold }) => diedUntold)) tally.untold++;
      for (const { strategy, kept, lost } of figures) addTally(tally, { ...emptyTally(), kept: { [strategy]: kept }, lost: { [strategy]: lost } });
      const wrong = wrongOf(checked);
      if (wrong.length > 0) tally.failed.push({ seed, wrong });
    } catch (error) {
      tally.failed.push({ seed, wrong: [errorText(error)] });
    }
  }
  return tally;
}
