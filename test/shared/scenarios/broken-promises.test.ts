/** What `rejoin run --random` notices: with one line of the program broken, some random run breaks a promise. */
import { describe, expect, test } from 'vitest';
import type { CheckedRun } from '../../../shared/scenarios/check-scenario.ts';
import { labRunTemplate } from '../../../shared/scenarios/run-template.ts';
import type { RunTemplate, RandomOptions } from '../../../shared/scenarios/random-scenario.ts';
import { variants } from '../../simulation/broken-variants.ts';
import { played } from '../../support/played-scenario.ts';
import { noteRuns, someOf } from '../../support/run-counts.ts';
import { loadShared, type Variant } from '../../support/shared-variant.ts';

interface Runs {
  run(seed: number): Promise<CheckedRun>;
}

const template = labRunTemplate(['A', 'B', 'C']);
const half: RandomOptions & { readonly verdicts: boolean } = { edits: 40, faults: 6, verdicts: false };
const seedsMax = 20;

function runsOf(change: Variant | null, more: Partial<RunTemplate> = {}): Runs {
  const { RandomRuns } = loadShared(change)('shared/scenarios/random-runs.ts') as { RandomRuns: new (template: RunTemplate, options: typeof half) => Runs };
  return new RandomRuns({ ...template, ...more }, half);
}

/** What was wrong in the first run that noticed; null where none did. */
async function noticed(runs: Runs, seeds = seedsMax): Promise<string | null> {
  for (let seed = 1; seed <= seeds; seed++) {
    try {
      const { broken } = await runs.run(seed);
      if (broken.length > 0) return broken[0]!;
    } catch (error) {
      return String(error);
    }
  }
  return null;
}

test.each<Partial<RunTemplate>>([
  {},
  { settings: { quorum: { r: 1, w: 1, readRepair: false, antiEntropy: false, sloppy: true }, lastWriterWins: { granularity: 'document', clock: 'hybrid' } } },
  { settings: { quorum: { r: 1, w: 1, writeBack: true }, consensus: { localReads: true }, singleLeader: { replication: 'asynchronous' }, siblings: { sets: 'union', numbers: 'maximum' } } },
  { settings: { singleLeader: { replication: 'all' } }, replicas: ['A', 'B'] },
  { settings: { singleLeader: { promotion: 'majority' } } },
])('the unbroken program keeps its promises, with %j', async (more) => {
  expect(await noticed(runsOf(null, more), 2)).toBe(null);
});

test('nobody is expected to have what waits on an island that nobody is on', async () => {
  const { broken, run } = await played(['islands: [[C, B], [A]]', '{ at: A, reserve: seats }', 'crash: A']);
  expect(broken).toEqual([]);
  expect(run.figures.find(({ strategy }) => strategy === 'crdt')).toMatchObject({ pending: 1, converged: null });
});

test.each([
  ['over a bad link', ['link: { C: { downstream: { cut: true } } }', '{ at: C, add: { tags: train } }', 'offline: C', 'online: C', '{ at: C, remove: { tags: train } }']],
  ['of a program that is down', ['link: { C: { downstream: { cut: true } } }', '{ at: C, add: { tags: train } }', 'offline: C', 'online: C', '{ at: C, remove: { tags: train } }', 'crash: C', 'link: { C: {} }']],
])('a document that is ahead of the journal, %s, breaks no promise', async (_, steps) => {
  const { broken, run } = await played(steps);
  // The removal is in the document, and no record of it has come.
  expect(run.figures.find(({ strategy }) => strategy === 'crdt')).toMatchObject({ actions: 1 });
  expect(run.room.relay.document.getMap('tags').size).toBe(1);
  expect(broken).toEqual([]);
});

/** Beside those of test/simulation. */
const ours: readonly Variant[] = [
  { name: 'a union forgets what only one side has', file: 'shared/strategies/siblings/resolvers.ts', find: '[...new Set((values as readonly (readonly string[])[]).flat())].sort()', put: '(values as readonly (readonly string[])[]).reduce((a, b) => a.filter((each) => b.includes(each)))' },
  { name: 'an edit of the CRDT is dropped', file: 'shared/strategies/yjs/yjs-fields.ts', find: "map.set(String(doc.clientID), (typeof mine === 'number' ? mine : 0) + by);", put: "if (mine !== 3) map.set(String(doc.clientID), (typeof mine === 'number' ? mine : 0) + by);" },
];

/** What each needs to show itself, beside the usual settings; those that are not here show themselves too seldom for a quick test. */
const settings: Readonly<Record<string, Partial<RunTemplate>>> = {
  'version vectors compared with < where ≤ is meant': {},
  'the smallest timestamp wins': {},
  'delivery without causal order': {},
  'a tie goes to whoever arrives last': {},
  'records that wait are never released': {},
  'one counter entry for all': {},
  'stored records do not take effect after a restart': {},
  'the first record that a peer lacks is left out': {},
  'a write covers only the first sibling': {},
  'a write drops its concurrent siblings': {},
  'the ledger forgets what was superseded': {},
  'the totals leave out what was lost': {},
  'wall clocks are used although the hybrid clock was chosen': { settings: { lastWriterWins: { clock: 'hybrid' } } },
  'the maximum is the minimum': { settings: { siblings: { numbers: 'maximum' } } },
  'a union forgets what only one side has': { settings: { siblings: { sets: 'union' } } },
  'an edit of the CRDT is dropped': {},
  'a write by document forgets the fields that it carries along': { settings: { lastWriterWins: { granularity: 'document' } } },
};

describe('a broken program is noticed', () => {
  test.each(someOf('promise-variants', Object.entries(settings)))('%s', { timeout: 120_000, tags: ['runs'] }, async (name, more) => {
    noteRuns('promise-variants', 1);
    const variant = [...variants, ...ours].find((each) => each.name === name);
    expect(variant, 'it is in one of the lists').toBeDefined();
    expect(await noticed(runsOf(variant!, more)), `in ${seedsMax} runs`).not.toBe(null);
  });

  test('there are at least twelve', () => {
    expect(Object.keys(settings).length).toBeGreaterThanOrEqual(12);
  });
});

async function brokenIn(steps: readonly string[], change: Variant | null): Promise<readonly string[]> {
  const load = loadShared(change);
  const { readScenario } = load('shared/scenarios/read-scenario.ts') as { readScenario: (text: string, name: string) => unknown };
  const { checkScenario } = load('shared/scenarios/check-scenario.ts') as { checkScenario: (scenario: unknown) => Promise<CheckedRun> };
  return (await checkScenario(readScenario(steps.join('\n'), 'steps'))).broken;
}

test('[ALL1] a record that comes twice takes effect once; where it does not, that is noticed', async () => {
  const file = ['title: Twice', 'replicas: [A, B]', 'fields: { votes: { type: counter } }', 'steps:', '  - link: { B: { downstream: { duplicateRate: 1 } } }', '  - { at: A, increment: votes }', '  - heal: true'];
  const wrong = { name: 'records are delivered again', file: 'shared/history/causal-order.ts', find: 'if (this.delivered.includes(record.dot)) continue;\n      if (this.isReady', put: 'if (this.isReady' };
  expect(await brokenIn(file, null)).toEqual([]);
  expect((await brokenIn(file, wrong)).join()).toMatch(/the journal of B has \d+ records, and it has seen \d+/);
});

test('[LEAD10] where a promotion takes a majority, no acknowledged step is lost; where whoever asks leads alone, that is noticed', async () => {
  const file = ['title: Elected', 'fields: { votes: { type: counter } }', 'settings: { singleLeader: { promotion: majority } }', 'steps:', '  - islands: [[A, B], [C]]', '  - promote: C', '  - { at: A, increment: votes }', '  - heal: true'];
  const wrong = { name: 'whoever asks leads alone', file: 'shared/strategies/single-leader/candidacy.ts', find: "return this.settings.promotion === 'anybody';", put: 'return true;' };
  expect(await brokenIn(file, null)).toEqual([]);
  expect(await brokenIn(file, wrong)).toEqual(['Single leader: A:1 is lost, though nobody leads without a majority']);
});
