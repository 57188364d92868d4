/**
 * One replica of three makes all its edits at once, in a healthy network: how long it takes until all have their outcomes, and whether any is lost or
 * refused. Whole replicas, with journals and disks, in virtual time. Prints a table; judges nothing but whether growth is linear.
 */
import { isOutcome, type StrategyId, strategyIds } from '../shared/history/record.ts';
import { SimulatedRoom } from '../shared/simulation/simulated-room.ts';
import { strategyNames, defaultStrategySettings } from '../shared/strategies/registry.ts';
import { milliseconds, printTable, shown } from './figure-table.ts';
import { spread, tookMs } from './figures.ts';

const sizes = [2_500, 10_000] as const;
/** How often each size is measured; the median counts. */
const runs = 3;

interface Burst {
  readonly tookMs: number;
  readonly virtualMs: number;
  /** Edits that are not in the value that all show. */
  readonly lost: number;
  readonly refused: number;
  readonly unknown: number;
}

export default async function loneWriter(): Promise<void> {
  const rows: string[][] = [];
  for (const strategy of strategyIds) {
    await burst(strategy, 500);
    const [few, many] = [await median(strategy, sizes[0]), await median(strategy, sizes[1])];
    const told = (of: (each: Burst) => number): string => `${of(few)} · ${of(many)}`;
    const cells = [milliseconds(few.tookMs), milliseconds(many.tookMs), shown(many.tookMs / few.tookMs), milliseconds(many.virtualMs)];
    rows.push([strategyNames[strategy], ...cells, told(({ lost }) => lost), told(({ refused }) => refused), told(({ unknown }) => unknown)]);
  }
  printTable(
    'Increments that one of three replicas makes all at once, until all are answered and shown by all; lost, refused and once unknown of 2,500 · 10,000',
    ['strategy', '2,500', '10,000', '10,000 / 2,500', 'virtual, 10,000', 'lost', 'refused', 'unknown'],
    rows,
  );
}

async function median(strategy: StrategyId, size: number): Promise<Burst> {
  const all: Burst[] = [];
  for (let left = runs; left > 0; left--) all.push(await burst(strategy, size));
  return { ...all[0]!, tookMs: spread(all.map((each) => each.tookMs)).median };
}

async function burst(strategy: StrategyId, size: number): Promise<Burst> {
  const room = await SimulatedRoom.open({
    schema: [{ id: 'votes', type: 'counter', label: 'Votes', initial: 0 }], replicas: ['A', 'B', 'C'], strategies: [strategy], settings: defaultStrategySettings, seed: 1,
  });
  const { replica } = room.at('B');
  const beganMs = room.clock.nowMs();
  const took = await tookMs(async () => {
    for (let left = size; left > 0; left--) replica.perform('votes', { kind: 'increment', by: 1 });
    await room.quiet();
  });
  const outcomes = room.records().filter(isOutcome).map(({ settlement }) => settlement.outcome);
  const count = (outcome: string): number => outcomes.filter((each) => each === outcome).length;
  const shownVotes = room.replicas.map((each) => each.replica.value(strategy, 'votes') as number);
  const refused = count('refused');
  return { tookMs: took, virtualMs: room.clock.nowMs() - beganMs, lost: size - refused - Math.min(shownVotes[0]!, shownVotes[1]!, shownVotes[2]!), refused, unknown: count('unknown') };
}
