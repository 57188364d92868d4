/** How often suites of random runs run: each by its own name, and the gate as often as it has to. */
import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { variants } from '../simulation/broken-variants.ts';
import { countOf, depthOf, firstSeed, repeatWith } from '../support/run-counts.ts';
import { type SuiteName, suiteCounts } from '../support/suite-counts.ts';
import { projectRoot, readSources, type SourceFile } from './source-files.ts';

const names = Object.keys(suiteCounts) as SuiteName[];
const tests = readSources(['test']).filter(({ path }) => !/^test\/(tidy|tools)\//.test(path));

/** Where a suite's count is asked for. */
function askersOf(name: string, files: readonly SourceFile[]): string[] {
  const asks = new RegExp(String.raw`\b(?:seedsOf|countOf|someOf|propertyRuns|partsOf)\(\s*'${name}'`, 'g');
  return files.flatMap(({ path, text }) => [...text.matchAll(asks)].map(() => path));
}

/** What the gate has to do, of the figures in the table of correctness and those of the relay. */
const gateLeast: Partial<Record<SuiteName, number>> = {
  'random-runs': 2_000,
  consensus: 2_000,
  quorum: 2_000,
  'single-leader-majority': 2_000,
  'single-leader-asynchronous': 2_000,
  'quorum-histories': 2_000,
  metamorphic: 500,
  'kill-cycles': 20,
  'command-kills': 20,
  'frame-attacks': 2_000,
  'idle-connections': 2_000,
  'same-run': 20,
};

describe('each suite', () => {
  test.each(names)('%s is asked for in one place, which is there', (name) => {
    expect(askersOf(name, tests)).toHaveLength(1);
    expect(existsSync(projectRoot + suiteCounts[name].file)).toBe(true);
  });

  test('a suite that two tests ask for is found', () => {
    const text = "seedsOf('consensus'); countOf(\n  'consensus')";
    expect(askersOf('consensus', [{ path: 'test/a.test.ts', text }])).toHaveLength(2);
  });

  test('no other variable says how often', () => {
    const others = /process\.env(?:\.|\[')REJOIN_\w*(?:RUNS|COUNT|SEEDS?)\b/;
    const files = tests.filter(({ path }) => path !== 'test/support/run-counts.ts');
    expect(files.filter(({ text }) => others.test(text)).map(({ path }) => path)).toEqual([]);
    expect(others.test("Number(process.env['REJOIN_RUNS'] ?? 200)")).toBe(true);
  });

  test.each(names)(
    '%s: the gate does not less than the sample, and the sample something',
    (name) => {
      const { sample, gate } = suiteCounts[name];
      expect(sample).toBeGreaterThan(0);
      expect(gate).toBeGreaterThanOrEqual(Math.max(sample, gateLeast[name] ?? 0));
    },
  );

  test('the gate tries all broken variants', () => {
    expect(suiteCounts['broken-variants'].gate).toBeGreaterThanOrEqual(variants.length);
  });

  test('the gate plays all scenarios in windows', () => {
    const catalogue = readdirSync(`${projectRoot}shared/scenarios/catalogue`);
    expect(suiteCounts['played-scenarios'].gate).toBeGreaterThanOrEqual(catalogue.length);
  });
});

describe('how many runs', () => {
  test('the sample, unless the gate is asked for', () => {
    expect(countOf('metamorphic', {})).toBe(suiteCounts.metamorphic.sample);
    expect(countOf('metamorphic', { REJOIN_DEPTH: 'gate' })).toBe(500);
    expect(() => depthOf({ REJOIN_DEPTH: 'deep' })).toThrow(
      'REJOIN_DEPTH is sample or gate, not "deep"',
    );
  });

  test('another number, of the suites that are named and no other', () => {
    const chosen = { REJOIN_COUNT: 'ledgers=400,metamorphic=20' };
    expect(countOf('ledgers', chosen)).toBe(400);
    expect(countOf('metamorphic', chosen)).toBe(20);
    expect(countOf('consensus', chosen)).toBe(suiteCounts.consensus.sample);
  });

  test.each([
    ['ledger=4', /^REJOIN_COUNT: there is no suite "ledger"; there are random-runs, /],
    ['ledgers', /a suite and a whole number were expected, not "ledgers"$/],
    ['ledgers=-4', /not "ledgers=-4"$/],
    ['2000', /there is no suite "2000"/],
  ])('%s is refused in one line', (chosen, message) => {
    expect(() => countOf('ledgers', { REJOIN_COUNT: chosen })).toThrow(message);
  });

  test('seeds begin at 1, or where REJOIN_FIRST_SEED says', () => {
    expect([firstSeed({}), firstSeed({ REJOIN_FIRST_SEED: '77' })]).toEqual([1, 77]);
    expect(() => firstSeed({ REJOIN_FIRST_SEED: 'x' })).toThrow(
      'REJOIN_FIRST_SEED is a whole number',
    );
  });

  test('the command that repeats a failure names the suite, its seed and its file', () => {
    expect(repeatWith('quorum-histories', 12)).toBe(
      'repeat with: REJOIN_FIRST_SEED=12 REJOIN_COUNT=quorum-histories=1 ' +
        'npx vitest run --project unit test/simulation/coordinated-quorum.test.ts',
    );
  });
});
