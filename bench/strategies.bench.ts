/**
 * What each of the six strategies costs: intents and deltas a second, bytes on the wire, merging after a long time apart, growth, and how long an outcome
 * takes over the real relay. Prints tables, or with --json one JSON document; judges nothing but whether growth is linear.
 *
 * Each part is measured twice, each time in a process of its own; of each figure the better one is printed.
 */
import { type StrategyId, strategyIds } from '../shared/history/record.ts';
import { strategyNames, coordinatedIds, isCoordinated } from '../shared/strategies/registry.ts';
import { milliseconds, perSecond, printTable, shown, size, whole } from './figure-table.ts';
import type { Figures } from './figures.ts';
import { answerPart, askedPart, medianOfRuns } from './own-process.ts';
import { acceptedEdits, latencyApart, latencyTogether, serveReplica } from './relay-latency.ts';
import { type Growth, growthSizes, journalGrowth, strategyGrowth } from './strategy-growth.ts';
import { intentsApart, strategyMerging } from './strategy-merging.ts';
import { intents, strategyRates } from './strategy-rates.ts';

const runs = { rates: 2, merging: 2, growth: 2, latency: 2 };
/** Up to this ratio of the time of ten times as many, growth counts as linear. */
const linearRatioMax = 15;

const answering = strategyIds.filter((id) => !isCoordinated(id));

type ByStrategy = Readonly<Partial<Record<StrategyId, Figures>>>;

export default async function strategies(_project: string, { json = false }: { readonly json?: boolean } = {}): Promise<void> {
  const rates = await ofEach('rates', runs.rates);
  if (!json) printRates(rates);
  const merging = await ofEach('merging', runs.merging);
  if (!json) printMerging(merging);
  const growth = await ofEach('growth', runs.growth);
  const journal = await medianOfRuns(['journal'], runs.growth);
  if (!json) printGrowth(growth, journal);
  const together = await medianOfRuns(['latency-together'], runs.latency);
  const apart = await medianOfRuns(['latency-apart'], runs.latency);
  if (!json) printLatency(together, apart);
  if (json) console.log(JSON.stringify({ runs, rates, merging, growth, journal, latency: { together, apart } }, null, 2));
}

const part = askedPart();
if (part?.[0] === 'replica') await serveReplica(part[1]!, part[2]!);
else if (part) answerPart(await measured(part));

function measured([name, strategy]: readonly string[]): Promise<Figures> {
  const id = strategy as StrategyId;
  switch (name) {
    case 'rates': return strategyRates(id);
    case 'merging': return strategyMerging(id);
    case 'growth': return strategyGrowth(id);
    case 'journal': return journalGrowth();
    case 'latency-together': return latencyTogether();
    case 'latency-apart': return latencyApart();
    default: throw new Error(`there is no part "${name}"`);
  }
}

async function ofEach(name: string, times: number): Promise<ByStrategy> {
  const figures: Partial<Record<StrategyId, Figures>> = {};
  for (const id of strategyIds) figures[id] = await medianOfRuns([name, id], times);
  return figures;
}

/** A row for each strategy of these. */
function rows(figures: ByStrategy, ids: readonly StrategyId[], cells: (each: Figures, id: StrategyId) => readonly string[]): string[][] {
  return ids.map((id) => [strategyNames[id], ...cells(figures[id]!, id)]);
}

function printRates(rates: ByStrategy): void {
  printTable(
    `Intents a second at one copy (coordinated ones: until accepted, one member); ${whole(intents.answering)} a run, ${whole(intents.coordinated)} for coordinated ones`,
    ['strategy', 'increments', 'all fields'],
    rows(rates, strategyIds, (each) => [perSecond(each['increments/performUs']), perSecond(each['steady/performUs'])]),
  );
  printTable(
    'Edits of another copy taken over a second, one by one, from their bytes',
    ['strategy', 'increments', 'all fields'],
    rows(rates, answering, (each) => [perSecond(each['increments/takeUs']), perSecond(each['steady/takeUs'])]),
  );
  printTable(
    'Three members in one process: edits a second, each after the one before was accepted; messages a second heard by a member that only answers',
    ['strategy', 'edits: increments', 'edits: all fields', 'messages: increments', 'messages: all fields', 'messages it hears an edit'],
    rows(rates, coordinatedIds, (each) => [
      perSecond(each['increments/settleUs']), perSecond(each['steady/settleUs']), perSecond(each['increments/hearUs']), perSecond(each['steady/hearUs']), shown(each['steady/heardPerIntent']),
    ]),
  );
  for (const [load, title] of [['increments', 'an increment'], ['steady', 'an intent of any field']] as const) {
    printTable(
      `Bytes on the wire for ${title}, medians (coordinated ones: all copies' messages, three members)`,
      ['strategy', 'update or messages', 'record of the edit', 'record of the outcome', 'together', 'together, mean', 'messages'],
      rows(rates, strategyIds, (each) => ['ownBytes', 'recordBytes', 'settlementBytes', 'allBytes', 'allBytesMean', 'messages'].map((name) => (name === 'messages' ? shown(each[`${load}/${name}`] || undefined) : whole(each[`${load}/${name}`])))),
    );
  }
}

function printMerging(merging: ByStrategy): void {
  printTable(
    `Two copies after ${whole(intentsApart)} intents each apart: exchanging summaries and deltas`,
    ['strategy', 'time', 'bytes exchanged', 'a copy before', 'a copy after', 'whole process'],
    rows(merging, answering, (each) => [milliseconds(each['mergeMs']), ...['wireBytes', 'apartBytes', 'mergedBytes', 'rssBytes'].map((name) => size(each[name]))]),
  );
  printTable(
    `Five members, one cut off while ${whole(intentsApart)} edits are accepted; then it catches up (messages take 5 virtual ms)`,
    ['strategy', 'accepting', 'catching up', 'in virtual time', 'messages to it', 'bytes to it', 'a copy before', 'a copy after', 'whole process'],
    rows(merging, coordinatedIds, (each) => [
      ...['acceptMs', 'catchUpMs', 'catchUpVirtualMs'].map((name) => milliseconds(each[name])), whole(each['heardMessages']),
      ...['wireBytes', 'apartBytes', 'mergedBytes', 'rssBytes'].map((name) => size(each[name])),
    ]),
  );
}

function printGrowth(growth: ByStrategy, journal: Figures): void {
  const both = 'carried out and taken over by a second copy; coordinated ones: accepted by three members';
  printTable(`Total time of increments: ${both}`, growthColumns('increments'), rows(growth, strategyIds, (each) => growthCells(each, 'increments')));
  printTable(`Total time of intents of any field, of a document that stays small: ${both}`, growthColumns('steady'), rows(growth, strategyIds, (each) => growthCells(each, 'steady')));
  printTable(`Total time of intents of any field, of a document that grows with them: ${both}`, growthColumns('mix'), rows(growth, strategyIds, (each) => growthCells(each, 'mix')));
  printTable('Increments that one of three members makes all at once, until all are accepted', growthColumns('burst'), rows(growth, coordinatedIds, (each) => growthCells(each, 'burst')));
  printTable('Records of two replicas that answered one another, read replica by replica, as when a window is opened', growthColumns('reopened'), [['the journal', ...growthCells(journal, 'reopened')]]);
}

function growthColumns(kind: Growth): string[] {
  const sizes = growthSizes[kind].map((each) => whole(each));
  return ['', ...sizes, ...sizes.slice(1).map((each, i) => `${each} / ${sizes[i]!}`), 'growth'];
}

function growthCells(figures: Figures, kind: Growth): string[] {
  const times = growthSizes[kind].map((each) => figures[`${kind}/${each}`]);
  const ratios = times.slice(1).map((time, i) => (time === undefined ? undefined : time / times[i]!));
  const worst = Math.max(...ratios.map((ratio) => ratio ?? 0));
  return [...times.map(milliseconds), ...ratios.map(shown), worst < linearRatioMax ? 'linear' : `${shown(worst)} times per tenfold`];
}

function printLatency(together: Figures, apart: Figures): void {
  for (const [where, latency] of [['all in one process', together], ['each in a process of its own', apart]] as const) {
    printTable(
      `Five replicas and the relay, ${where}: from an edit to its accepted outcome in its maker's journal (${acceptedEdits} edits one after the other)`,
      ['strategy', 'median', 'p95', 'max', 'accepted', 'refused', 'unknown'],
      coordinatedIds.map((id) => [strategyNames[id], ...['medianMs', 'p95Ms', 'maxMs'].map((name) => milliseconds(latency[`${id}/${name}`])), ...['accepted', 'refused', 'unknown'].map((name) => String(latency[`${id}/${name}`]))]),
    );
  }
}
