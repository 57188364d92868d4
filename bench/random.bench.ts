/**
 * Random runs, as `rejoin run --random` makes them, on one core: how many a second, and how many there would be if nothing had to be done but the bare
 * merging of the same edits. Prints a table, or with --json one JSON document; judges nothing.
 */
import type { StrategyId } from '../shared/history/record.ts';
import { labSchema } from '../shared/document/schema.ts';
import { labRunTemplate } from '../shared/scenarios/run-template.ts';
import { RandomRuns } from '../shared/scenarios/random-runs.ts';
import { type BareRun, bareRun, inBareLastWriterWins, inBareYjs } from './bare-runs.ts';
import { printTable, shown } from './figure-table.ts';
import { spread, tookMs } from './figures.ts';

/** Runs of one turn, and turns of each, after two to warm up. */
const runsATurn = 60;
const turns = 5;
const warmTurns = 2;
const replicas = ['A', 'B', 'C', 'D', 'E'];

export default async function random(_project: string, { json = false }: { readonly json?: boolean } = {}): Promise<void> {
  const [crdt, lastWriterWins] = [runsOf('crdt'), runsOf('last-writer-wins')];
  const [crdtRuns, lastWriterWinsRuns] = [await bareOf(crdt), await bareOf(lastWriterWins)];
  const contestants: Record<string, () => void | Promise<void>> = {
    'CRDT: random runs': () => allOf(crdt),
    'CRDT: bare Yjs, update by update': () => crdtRuns.forEach((run) => inBareYjs(run, false)),
    'CRDT: bare Yjs, what is missing in one transaction': () => crdtRuns.forEach((run) => inBareYjs(run, true)),
    'Last writer wins: random runs': () => allOf(lastWriterWins),
    'Last writer wins: the bare strategy': () => lastWriterWinsRuns.forEach(inBareLastWriterWins),
  };
  const times = Object.fromEntries(Object.keys(contestants).map((name) => [name, [] as number[]]));
  for (let turn = -warmTurns; turn < turns; turn++) {
    for (const [name, run] of Object.entries(contestants)) {
      const ms = await tookMs(run);
      if (turn >= 0) times[name]!.push(ms / runsATurn);
    }
  }
  const figures = Object.entries(times).map(([name, ms]) => ({ name, msARun: spread(ms).median, runsASecond: 1_000 / spread(ms).median }));
  const edits = crdtRuns.reduce((sum, run) => sum + run.edits.length, 0) / runsATurn;
  if (json) return console.log(JSON.stringify({ replicas: replicas.length, editsARun: edits, figures }, null, 2));
  printTable(
    `Random runs on one core: ${replicas.length} replicas, ${shown(edits)} edits that took effect a run; medians of ${turns} turns of ${runsATurn} runs`,
    ['', 'ms a run', 'runs a second'],
    figures.map(({ name, msARun, runsASecond }) => [name, shown(msARun), shown(runsASecond)]),
  );
}

function runsOf(strategy: StrategyId): RandomRuns {
  return new RandomRuns({ ...labRunTemplate(replicas), strategies: [strategy] });
}

async function allOf(runs: RandomRuns): Promise<void> {
  for (let seed = 1; seed <= runsATurn; seed++) await runs.run(seed);
}

async function bareOf(runs: RandomRuns): Promise<BareRun[]> {
  const all: BareRun[] = [];
  for (let seed = 1; seed <= runsATurn; seed++) all.push(bareRun(labSchema, replicas, (await runs.run(seed)).run.records));
  return all;
}
