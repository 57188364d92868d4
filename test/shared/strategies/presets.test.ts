import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { settingsChangeSchema } from '../../../shared/control/schemas.ts';
import { defaultSettings } from '../../../shared/control/lab-settings.ts';
import { type StrategyId, strategyIds } from '../../../shared/history/record.ts';
import { Consensus } from '../../../shared/strategies/consensus/consensus.ts';
import { type Preset, presetOf, presets, presetWords, withPreset } from '../../../shared/strategies/presets.ts';
import { presetsTable } from '../../support/presets-page.ts';
import { Quorum } from '../../../shared/strategies/quorum/quorum.ts';
import { defaultQuorumSettings, mustBeQuorum } from '../../../shared/strategies/quorum/settings.ts';
import { defaultConsensusSettings } from '../../../shared/strategies/consensus/settings.ts';
import { defaultSingleLeaderSettings } from '../../../shared/strategies/single-leader/settings.ts';
import { SingleLeader } from '../../../shared/strategies/single-leader/single-leader.ts';
import { CoordinatedRun, endOf, runSchema, type AnyCoordinated } from '../../simulation/coordinated-run.ts';
import { defaultStrategySettings, type StrategySettings } from '../../../shared/strategies/registry.ts';

const page = new URL('../../../docs/presets.md', import.meta.url);
const writePage = 'REJOIN_WRITE_DOCS=1 npx vitest run --project unit test/shared/strategies/presets.test.ts';

const settingsOf: Readonly<Record<Exclude<StrategyId, 'crdt'>, keyof StrategySettings>> = {
  'last-writer-wins': 'lastWriterWins', siblings: 'siblings', quorum: 'quorum', consensus: 'consensus', 'single-leader': 'singleLeader',
};

function columnsOf({ strategy, also = [] }: Preset): StrategyId[] {
  return [strategy, ...also];
}

test('there are thirteen, in this order, each with an id of its own', () => {
  expect(presets.map(({ name }) => name)).toEqual([
    'PostgreSQL', 'MySQL', 'MongoDB', 'HBase', 'ZooKeeper', 'Redis Cluster', 'Cassandra', 'DynamoDB', 'CouchDB', 'Riak', 'CockroachDB', 'Spanner', 'PNUTS',
  ]);
  expect(new Set(presets.map(({ id }) => id)).size).toBe(13);
  for (const { id } of presets) expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
});

test('what a preset sets is told in words', () => {
  expect(presetWords(presetOf('mongodb'))).toBe('Single leader: waits for a majority, a promotion takes a majority');
  expect(presetWords(presetOf('postgresql'))).toBe('Single leader: asynchronous, anybody can be promoted');
});

test('a preset is found by its id; an unknown one is an error that names those there are', () => {
  for (const preset of presets) expect(presetOf(preset.id)).toBe(preset);
  expect(() => presetOf('oracle')).toThrow(new RangeError(`there is no preset "oracle"; there are ${presets.map(({ id }) => id).join(', ')}`));
});

describe.each(presets)('$name', (preset) => {
  test('what it says is short and whole, and its source can be opened', () => {
    for (const text of [preset.sentence, preset.notTrue, preset.note]) {
      if (text === undefined) continue;
      expect(text).toMatch(/^[A-Z].*\.$/);
      expect(text.length, text).toBeLessThanOrEqual(200);
    }
    expect(['PA/EL', 'PA/EC', 'PC/EC', 'PC/EL']).toContain(preset.pacelc);
    expect(new URL(preset.source.url).protocol).toBe('https:');
    expect(preset.source.title).not.toBe('');
  });

  test('it sets just its columns, completely, to values that they and the control API take', () => {
    const columns = columnsOf(preset);
    expect(strategyIds).toEqual(expect.arrayContaining(columns));
    expect(new Set(columns).size).toBe(columns.length);
    expect(Object.keys(preset.settings).sort()).toEqual(columns.map((id) => settingsOf[id as keyof typeof settingsOf]).sort());
    for (const [key, value] of Object.entries(preset.settings)) {
      expect(Object.keys(value).sort()).toEqual(Object.keys(defaultStrategySettings[key as keyof StrategySettings]).sort());
    }
    expect(settingsChangeSchema.parse(preset.settings)).toEqual(preset.settings);
    if (preset.settings.quorum) mustBeQuorum({ ...defaultQuorumSettings, ...preset.settings.quorum }, 3);
    expect(presetWords(preset).split('; ').every((words) => /^[^:]+: ./.test(words))).toBe(true);
  });

  test('it changes only what it names', () => {
    const before: StrategySettings = {
      lastWriterWins: { granularity: 'document', clock: 'hybrid' },
      siblings: { sets: 'union', numbers: 'maximum' },
      quorum: { r: 3, w: 3, readRepair: false, writeBack: true, sloppy: true, antiEntropy: false },
      consensus: { localReads: true },
      singleLeader: { replication: 'asynchronous', promotion: 'anybody' },
    };
    const kept = structuredClone(before);
    expect(withPreset(before, preset)).toEqual({ ...kept, ...preset.settings });
    expect(before).toEqual(kept);
    expect(withPreset(defaultSettings, preset).enabled).toBe(defaultSettings.enabled);
  });
});

function columnOf(settings: StrategySettings, column: string): AnyCoordinated {
  switch (column) {
    case 'quorum': return new Quorum(runSchema, { ...defaultQuorumSettings, ...settings.quorum });
    case 'consensus': return new Consensus(runSchema, { ...defaultConsensusSettings, ...settings.consensus });
    case 'single-leader': return new SingleLeader(runSchema, { ...defaultSingleLeaderSettings, ...settings.singleLeader });
    default: throw new RangeError(`copies of ${column} do not talk`);
  }
}

describe('replica A, which leads where anybody does, is cut off from B and C', () => {
  test.each([
    ['postgresql', 'single-leader', 'accepted', 'refused'],
    ['mysql', 'single-leader', 'accepted', 'refused'],
    ['mongodb', 'single-leader', 'refused', 'refused'],
    ['hbase', 'single-leader', 'refused', 'refused'],
    ['zookeeper', 'single-leader', 'refused', 'refused'],
    ['redis-cluster', 'single-leader', 'accepted', 'refused'],
    ['cassandra', 'quorum', 'accepted', 'accepted'],
    ['dynamodb', 'single-leader', 'refused', 'refused'],
    ['dynamodb', 'quorum', 'refused', 'accepted'],
    ['riak', 'quorum', 'accepted', 'accepted'],
    ['cockroachdb', 'consensus', 'refused', 'accepted'],
    ['spanner', 'consensus', 'refused', 'accepted'],
    ['pnuts', 'single-leader', 'accepted', 'refused'],
  ] as const)('%s, %s: an edit at A is %s, one at B before anybody is promoted %s', async (id, column, atA, atB) => {
    const settings = withPreset(defaultStrategySettings, presetOf(id));
    const run = new CoordinatedRun<AnyCoordinated>(1, () => columnOf(settings, column), undefined, undefined, ['A', 'B', 'C']);
    await run.lines.run(1000);
    run.lines.islands(['A'], ['B', 'C']);
    await run.lines.run(1000);
    const edits = [run.edit('A', 'votes', { kind: 'increment', by: 1 }), run.edit('B', 'votes', { kind: 'increment', by: 1 })];
    await run.lines.run(8000);
    expect(edits.map(endOf)).toEqual([atA, atB]);
  });
});

test('docs/presets.md is what the presets say', () => {
  if (process.env['REJOIN_WRITE_DOCS'] === '1') writeFileSync(page, presetsTable());
  expect(readFileSync(page, 'utf8'), `docs/presets.md is out of date; write it anew by: ${writePage}`).toBe(presetsTable());
});
