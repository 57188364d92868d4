/** What a preset's sentence says is what a scenario shows: each is played, and would not hold under other settings. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isRead, type StrategyId, strategyIds } from '../../../shared/history/record.ts';
import { type CheckedRun, checkScenario } from '../../../shared/scenarios/check-scenario.ts';
import { readScenario } from '../../../shared/scenarios/read-scenario.ts';
import type { Scenario } from '../../../shared/scenarios/scenario.ts';
import { presetOf, presets, withPreset } from '../../../shared/strategies/presets.ts';
import { defaultStrategySettings, type StrategySettings } from '../../../shared/strategies/registry.ts';
import { projectRoot } from '../../tidy/source-files.ts';

const folder = `${projectRoot}shared/scenarios/presets/`;
const seeds = [1, 2, 3, 4, 5];

function parseScenario(id: string): Scenario {
  return readScenario(readFileSync(`${folder}${id}.yaml`, 'utf8'), `${id}.yaml`);
}

type Change = { readonly [Part in keyof StrategySettings]?: Partial<StrategySettings[Part]> };

function changed(settings: StrategySettings, change: Change): StrategySettings {
  return Object.fromEntries(Object.entries(settings).map(([part, value]) => [part, { ...(value as object), ...change[part as keyof Change] }])) as unknown as StrategySettings;
}

function brokenIn({ broken, run }: CheckedRun): string[] {
  return [...broken, ...run.judgements.filter(({ outcome }) => outcome !== 'holds').map(({ sentence }) => sentence)];
}

const waits: Change = { singleLeader: { replication: 'majority' } };
const doesNotWait: Change = { singleLeader: { replication: 'asynchronous' } };
const anybody: Change = { singleLeader: { promotion: 'anybody' } };
const localReads: Change = { consensus: { localReads: true } };

/** Settings under which the system would be another one: the scenario must not hold. */
const others: Readonly<Record<string, readonly Change[]>> = {
  postgresql: [waits],
  mysql: [waits],
  mongodb: [anybody, doesNotWait],
  hbase: [doesNotWait, { singleLeader: { replication: 'all' } }],
  zookeeper: [anybody, doesNotWait],
  'redis-cluster': [waits],
  cassandra: [{ quorum: { r: 2 } }, { quorum: { w: 2 } }, { lastWriterWins: { granularity: 'document' } }],
  dynamodb: [anybody, doesNotWait, { quorum: { r: 2 } }, { quorum: { w: 1 } }],
  couchdb: [{ siblings: { numbers: 'sum' } }],
  riak: [{ quorum: { sloppy: false } }],
  cockroachdb: [localReads],
  spanner: [localReads],
  pnuts: [waits],
};

/** Who was answered a read, by the column that answered. What a sentence says of reads is not in the scorecard, where they are refused. */
const answered: Readonly<Record<string, Readonly<Partial<Record<StrategyId, readonly string[]>>>>> = {
  postgresql: { 'single-leader': ['B'] },
  mysql: { 'single-leader': ['C'] },
  zookeeper: { 'single-leader': ['C'] },
  cassandra: { 'last-writer-wins': ['A', 'C'], quorum: ['A', 'C'] },
  dynamodb: { quorum: ['C'], 'single-leader': ['C'] },
  riak: { siblings: ['A', 'B'], quorum: ['A', 'B'] },
  cockroachdb: { consensus: ['C'] },
  spanner: { consensus: ['A', 'B', 'C', 'C'] },
  pnuts: { 'single-leader': ['C'] },
};

function readersIn({ run }: CheckedRun): Partial<Record<StrategyId, readonly string[]>> {
  const reads = run.records.filter(isRead);
  const of = (strategy: StrategyId): string[] => reads.filter(({ seen }) => seen.some((each) => each.strategy === strategy)).map(({ dot }) => dot.replica).sort();
  return Object.fromEntries(strategyIds.map((id) => [id, of(id)] as const).filter(([, readers]) => readers.length > 0));
}

test('each preset has a scenario, and each scenario is of a preset', () => {
  const ids = presets.map(({ id }) => id).sort();
  expect(readdirSync(folder).map((file) => file.replace(/\.yaml$/, '')).sort()).toEqual(ids);
  expect(Object.keys(others).sort()).toEqual(ids);
});

describe.each(presets.map(({ id }) => id))('%s', (id) => {
  const preset = presetOf(id);
  const scenario = parseScenario(id);

  test('the scenario quotes its sentence, has its settings and runs its columns', () => {
    expect(scenario.lookAt).toBe(preset.sentence);
    expect(scenario.settings).toEqual(withPreset(defaultStrategySettings, preset));
    expect([...scenario.strategies].sort()).toEqual([preset.strategy, ...(preset.also ?? [])].sort());
    expect(new Set(scenario.expectations.map(({ strategy }) => strategy))).toEqual(new Set(scenario.strategies));
  });

  test.each(seeds)('it holds, seed %i', async (seed) => {
    const checked = await checkScenario(scenario, { seed });
    expect(brokenIn(checked)).toEqual([]);
    expect(checked.outcome).toBe('holds');
    expect(readersIn(checked)).toEqual(answered[id] ?? {});
  });

  test.each(others[id] ?? [])('it does not hold with %j', async (change) => {
    expect((await checkScenario({ ...scenario, settings: changed(scenario.settings, change) }, { seed: 1 })).outcome).toBe('broken');
  });
});
