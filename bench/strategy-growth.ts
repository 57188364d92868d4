/** Whether ten times as many intents take ten times as long. One strategy, or the journal that is read again, in this process. */
import { labSchema } from '../shared/document/schema.ts';
import type { JournalRecord, StrategyId } from '../shared/history/record.ts';
import { Journal } from '../shared/replica/journal.ts';
import { isCoordinated, type CoordinatedId } from '../shared/strategies/registry.ts';
import { type Figures, spread, tookMs } from './figures.ts';
import { InstantLines } from './instant-lines.ts';
import { EditMaker, type Load } from './made-edits.ts';
import { type AnsweringId, answeringCopy, carriedOut, takenOver, talkingCopy } from './strategy-copies.ts';

/** How many intents are made of each kind of load; a document that grows with them has thousands of tasks beyond 10,000. */
export const growthSizes = { increments: [1_000, 10_000, 100_000], steady: [1_000, 10_000, 100_000], mix: [1_000, 10_000], burst: [1_000, 10_000], reopened: [500, 5_000] } as const;
export type Growth = keyof typeof growthSizes;

const members = ['A', 'B', 'C'];
/** A size that would take longer than this, if it grows as the one before it did, is left out. In milliseconds. */
const patienceMs = 6_000;
/** How often the first size only warms up. */
const warmUps = 4;
/** How often a size is measured that should take less than this, in milliseconds; others once. */
const often = { runs: 3, belowMs: 250 };

/** Total milliseconds by kind and size: "mix/1000". Sizes that would take too long are missing. */
export async function strategyGrowth(id: StrategyId): Promise<Figures> {
  const oneByOne = (load: Load, size: number): Promise<number> => (isCoordinated(id) ? settling(id, load, size) : performingAndTaking(id, load, size));
  const figures: Record<string, number> = {};
  for (const load of ['increments', 'steady', 'mix'] as const) Object.assign(figures, await timesOf(load, (size) => oneByOne(load, size)));
  if (isCoordinated(id)) Object.assign(figures, await timesOf('burst', (size) => burst(id, size)));
  return figures;
}

/** Records of two replicas that answered one another, given to a journal replica by replica: as a store gives them when a window is opened. */
export function journalGrowth(): Promise<Figures> {
  return timesOf('reopened', (size) => {
    const records = replicaByReplica(size);
    const journal = new Journal(labSchema);
    return tookMs(() => void journal.add(records));
  });
}

async function timesOf(name: Growth, measure: (size: number) => Promise<number>): Promise<Figures> {
  const figures: Record<string, number> = {};
  const medians: number[] = [];
  for (let left = warmUps; left > 0; left--) await measure(growthSizes[name][0]);
  for (const size of growthSizes[name]) {
    const last = medians.at(-1) ?? 0;
    const expectedMs = last * Math.max(10, last / (medians.at(-2) ?? Infinity));
    if (expectedMs > patienceMs) break;
    const times: number[] = [];
    for (let left = expectedMs < often.belowMs ? often.runs : 1; left > 0; left--) times.push(await measure(size));
    medians.push(spread(times).median);
    figures[`${name}/${size}`] = medians.at(-1)!;
  }
  return figures;
}

/** At one copy, and then from its bytes at another one. */
async function performingAndTaking(id: AnsweringId, load: Load, size: number): Promise<number> {
  const edits = EditMaker.begin(load).edits(size, ['A']);
  const [a, b] = [answeringCopy(id), answeringCopy(id)];
  return tookMs(() => {
    for (const edit of edits) takenOver(b, carriedOut(a, edit));
  });
}

/** Among three members, each edit after the one before is accepted. */
async function settling(id: CoordinatedId, load: Load, size: number): Promise<number> {
  const edits = EditMaker.begin(load).edits(size, members);
  const lines = new InstantLines(members, () => talkingCopy(id, members.length));
  return tookMs(async () => {
    for (const edit of edits) await lines.accepted(edit);
    await lines.quiet();
  });
}

/** One of three members makes them all before the first one has an outcome. */
async function burst(id: CoordinatedId, size: number): Promise<number> {
  const edits = EditMaker.begin('increments').edits(size, ['B']);
  const lines = new InstantLines(members, () => talkingCopy(id, members.length));
  const maker = lines.at('B');
  return tookMs(async () => {
    for (const edit of edits) maker.perform(edit);
    await lines.until(() => lines.outcomes >= size);
    await lines.quiet();
  });
}

function replicaByReplica(size: number): JournalRecord[] {
  const edits = EditMaker.begin('increments').edits(size, ['A', 'B']);
  const records = edits.map((edit): JournalRecord => ({ ...edit, traces: {} }));
  return ['A', 'B'].flatMap((name) => records.filter(({ dot }) => dot.replica === name));
}
