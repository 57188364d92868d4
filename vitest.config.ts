// The five kinds of test. Run one by: npx vitest run --project unit
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { findBrowser } from './tools/find-browser.mjs';
import { electronTrouble, findElectron, findScreen } from './tools/find-electron.mjs';
import { findRedis, redisTrouble } from './tools/find-redis.mjs';

const browser = await findBrowser();
const noElectron = electronTrouble();
const electron = findElectron();

/** The files of a kind of test; none, said aloud, where it cannot run here. tools/test.mjs lists those with the reason at its end. */
function filesUnless(trouble: string | null, ...include: string[]): string[] {
  if (trouble === null) return include;
  console.error(`not run: ${include.join(', ')}: ${trouble}`);
  return [];
}
const noBrowser = browser === null ? 'no Chromium, Chrome or Edge was found (REJOIN_BROWSER may name one)' : null;

// Tests in windows wait for real processes: longer time-outs, few files at a time, after the quick ones.
const windows = { environment: 'node', testTimeout: 60_000, hookTimeout: 60_000 } as const;

const projects: TestProjectInlineConfiguration[] = [
  {
    test: {
      name: 'unit',
      include: ['test/{shared,server,main,renderer,simulation,tidy,tools}/**/*.test.ts', 'test/contracts/**/*.test.ts'],
      exclude: ['**/*.browser.test.ts'],
      environment: 'node',
      testTimeout: 20_000,
      hookTimeout: 20_000,
    },
  },
  {
    test: {
      name: 'browser-stores',
      include: filesUnless(noBrowser, 'test/contracts/**/*.browser.test.ts'),
      sequence: { groupOrder: 1 },
      browser: {
        enabled: browser !== null,
        headless: true,
        screenshotFailures: false,
        provider: playwright({ launchOptions: { executablePath: browser ?? '', args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] } }),
        instances: [{ browser: 'chromium' }],
      },
    },
  },
  {
    test: {
      name: 'browser',
      include: filesUnless(noBrowser, 'test/browser/**/*.test.ts', 'examples/**/*.test.ts'),
      env: { REJOIN_BROWSER: browser ?? '' },
      maxWorkers: 2,
      sequence: { groupOrder: 2 },
      ...windows,
    },
  },
  {
    test: {
      name: 'redis',
      include: filesUnless(redisTrouble(), 'test/redis/**/*.test.ts'),
      env: { REJOIN_REDIS_SERVER: findRedis() ?? '' },
      environment: 'node',
      testTimeout: 40_000,
      hookTimeout: 40_000,
    },
  },
  {
    test: {
      name: 'electron',
      include: filesUnless(noElectron, 'test/electron/**/*.test.ts'),
      env: { REJOIN_ELECTRON: electron?.executable ?? '', REJOIN_SCREEN: findScreen() ?? '' },
      maxWorkers: 1,
      sequence: { groupOrder: 3 },
      ...windows,
    },
  },
];

/** Minutes of random runs: begun last, they would keep one core busy while the other has nothing left to do. */
const longest = /\/test\/simulation\//;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(({ moduleId }) => longest.test(moduleId)), ...sorted.filter(({ moduleId }) => !longest.test(moduleId))];
  }
}

export default defineConfig({ test: { projects, passWithNoTests: true, sequence: { sequencer: LongestFirst } } });
