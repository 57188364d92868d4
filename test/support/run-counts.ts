/** What a suite of random runs asks: how many runs, with which seeds; and what repeats a failure. */
import { TestRunner } from 'vitest';
import { SeededRandom } from '../../shared/network/seeded-random.ts';
import { type Depth, type SuiteName, suiteCounts } from './suite-counts.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws an Error of one line where REJOIN_DEPTH is neither depth. Without it: the sample. */
export function depthOf(environment: Environment = process.env): Depth {
  const depth = environment['REJOIN_DEPTH'] ?? 'sample';
  if (depth === 'sample' || depth === 'gate') return depth;
  throw new Error(`REJOIN_DEPTH is sample or gate, not "${depth}"`);
}

/** How many runs a suite makes. Throws an Error of one line where REJOIN_COUNT makes no sense. */
export function countOf(name: SuiteName, environment: Environment = process.env): number {
  return chosenCounts(environment).get(name) ?? suiteCounts[name][depthOf(environment)];
}

/** What REJOIN_COUNT says: "ledgers=400,metamorphic=20". */
function chosenCounts(environment: Environment): ReadonlyMap<string, number> {
  const words = (environment['REJOIN_COUNT'] ?? '').split(',').filter((word) => word !== '');
  return new Map(words.map((word) => chosenCount(word)));
}

function chosenCount(word: string): [name: string, count: number] {
  const [name, count] = word.split('=') as [string, string | undefined];
  const names = Object.keys(suiteCounts).join(', ');
  if (!(name in suiteCounts)) {
    throw new Error(`REJOIN_COUNT: there is no suite "${name}"; there are ${names}`);
  }
  if (!/^\d{1,9}$/.test(count ?? '')) {
    throw new Error(`REJOIN_COUNT: a suite and a whole number were expected, not "${word}"`);
  }
  return [name, Number(count)];
}

/** The seed that all suites begin at. `npm test` makes up another one each time and prints it. */
export function firstSeed(environment: Environment = process.env): number {
  const text = environment['REJOIN_FIRST_SEED'] ?? '1';
  if (!/^\d{1,10}$/.test(text))
    throw new Error(`REJOIN_FIRST_SEED is a whole number, not "${text}"`);
  return Number(text);
}

/** One of several files that share a suite's runs: number 0 … of−1. */
export interface Part {
  readonly number: number;
  readonly of: number;
}

const whole: Part = { number: 0, of: 1 };

/** The seeds of a suite, one after another; of a part its share. Notes them for the table. */
export function seedsOf(name: SuiteName, { number, of }: Part = whole): readonly number[] {
  const first = firstSeed();
  const count = countOf(name);
  const from = Math.ceil((count * number) / of);
  const to = Math.ceil((count * (number + 1)) / of);
  noteRuns(name, to - from);
  return Array.from({ length: to - from }, (_, i) => first + from + i);
}

/** The same for a property of fast-check, which adds to its seed what repeats a failure: a path. */
export function propertyRuns(name: SuiteName): { readonly numRuns: number; readonly seed: number } {
  const numRuns = countOf(name);
  noteRuns(name, numRuns);
  return { numRuns, seed: firstSeed() };
}

/** The same where properties make different numbers of runs: the suite's count is the part of them that is made, in hundredths. */
export function partsOf(name: SuiteName): PropertyParts {
  const part = (all: number): number => (all * countOf(name)) / 100;
  return {
    runs(all) {
      const numRuns = Math.ceil(part(all));
      noteRuns(name, numRuns);
      return { numRuns, seed: firstSeed() };
    },
    areAll: countOf(name) >= 100,
    atLeast: (ofAll) => (countOf(name) >= 100 ? ofAll : -1),
  };
}

export interface PropertyParts {
  /** Of so many runs those that are made. */
  readonly runs: (all: number) => { readonly numRuns: number; readonly seed: number };
  /** Whether all are made. */
  readonly areAll: boolean;
  /** What has to be found so often in all runs, as expect's toBeGreaterThan takes it; where only a part is made, chance decides, and any number will do. */
  readonly atLeast: (ofAll: number) => number;
}

/** As many of these as the suite's count says, in their own order; which ones, the seed decides. */
export function someOf<Item>(name: SuiteName, items: readonly Item[]): readonly Item[] {
  const random = new SeededRandom(firstSeed());
  const chosen = new Set(items.keys());
  const count = countOf(name);
  while (chosen.size > count) chosen.delete(random.pick([...chosen]));
  return items.filter((_, at) => chosen.has(at));
}

/** What a failure says: the command that makes these runs again, from this seed on. */
export function repeatWith(name: SuiteName, seed: number, count = 1): string {
  const { project, file } = suiteCounts[name];
  const settings = `REJOIN_FIRST_SEED=${seed} REJOIN_COUNT=${name}=${count}`;
  return `repeat with: ${settings} npx vitest run --project ${project} ${file}`;
}

declare module 'vitest' {
  interface TaskMeta {
    /** Runs of each suite that a test made, for the table that the test reporter prints. */
    suiteRuns?: Partial<Record<SuiteName, number>>;
  }
}

/** Notes for the table how many runs of a suite the test makes that is going on. */
export function noteRuns(name: SuiteName, count: number): void {
  const test = TestRunner.getCurrentTest();
  if (!test) return;
  if (!test.tags?.includes('runs')) throw new Error(`"${test.name}" makes runs of ${name}: it needs the tag runs, or the gate leaves it out`);
  test.meta.suiteRuns = { ...test.meta.suiteRuns, [name]: count };
}
