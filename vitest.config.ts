// The five kinds of test. Run one by: npx vitest run --project unit
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { availableParallelism } from 'node:os';
import { gateFiles, testTags } from './test/support/suite-counts.ts';
import { findBrowser } from './tools/find-browser.mjs';
import { electronTrouble, findElectron, findScreen } from './tools/find-electron.mjs';
import { findRedis, redisTrouble } from './tools/find-redis.mjs';

const browser = await findBrowser();
const noElectron = electronTrouble();
const electron = findElectron();

/** The files of a kind of test; none, said aloud, where it cannot run here. tools/test.mjs lists those with the reason at its end. */
function filesUnless(trouble: string | null, ...include: string[]): string[] {
  if (trouble === null || include.length === 0) return include;
  console.error(`not run: ${include.join(', ')}: ${trouble}`);
  return [];
}
const noBrowser = browser === null ? 'no Chromium, Chrome or Edge was found (REJOIN_BROWSER may name one)' : null;

/** What `npm test` leaves to the gate, where only that is wanted; else all files of a kind of test. */
const isGate = process.env['REJOIN_FILES'] === 'gate';
const leftToGate = (project: 'unit' | 'browser' | 'redis', ...all: string[]): string[] => (isGate ? gateFiles(project) : all);
const ifAll = (...all: string[]): string[] => (isGate ? [] : all);

// Vitest would leave one core to itself; but it only waits. One file more than there are cores, as tests in windows wait for them, and others for Redis.
const maxWorkers = availableParallelism() + 1;

// Tests in windows wait for real processes: longer time-outs.
const windows = { environment: 'node', testTimeout: 60_000, hookTimeout: 60_000 } as const;

// Files share processes, not isolated: to load the program anew for each of 170 files takes a third of all the time. So what a file starts must end with its tests.
const projects: TestProjectInlineConfiguration[] = [
  {
    test: {
      name: 'unit',
      isolate: false,
      include: leftToGate('unit', 'test/{library,shared,server,main,renderer,simulation,tidy,tools}/**/*.test.ts', 'test/contracts/**/*.test.ts'),
      exclude: ['**/*.browser.test.ts'],
      environment: 'node',
      testTimeout: 60_000,
      hookTimeout: 60_000,
      // Commands lay out what they print for this width; a person who runs the tests may have one of their own.
      env: { COLUMNS: '' },
    },
  },
  {
    test: {
      name: 'browser-stores',
      include: filesUnless(noBrowser, ...ifAll('test/contracts/**/*.browser.test.ts')),
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
      isolate: false,
      include: filesUnless(noBrowser, ...leftToGate('browser', 'test/browser/**/*.test.ts', 'examples/**/*.test.ts')),
      env: { REJOIN_BROWSER: browser ?? '' },
      ...windows,
    },
  },
  {
    test: {
      name: 'redis',
      isolate: false,
      include: filesUnless(redisTrouble(), ...leftToGate('redis', 'test/redis/**/*.test.ts')),
      env: { REJOIN_REDIS_SERVER: findRedis() ?? '' },
      environment: 'node',
      testTimeout: 40_000,
      hookTimeout: 40_000,
    },
  },
  {
    test: {
      name: 'electron',
      include: filesUnless(noElectron, ...ifAll('test/electron/**/*.test.ts')),
      env: { REJOIN_ELECTRON: electron?.executable ?? '', REJOIN_SCREEN: findScreen() ?? '' },
      maxWorkers: 1,
      sequence: { groupOrder: 1 },
      ...windows,
    },
  },
];

/** A worker that goes on to another project begins anew: so one project after the other. Random runs before what is quick, or one core would have nothing left to do. */
const order = [/\/test\/redis\//, /\/(test\/browser|examples)\//, /\/test\/simulation\//];

class ByProject extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = order.findIndex((each) => each.test(moduleId));
      return found < 0 ? order.length : found;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

export default defineConfig({ test: { projects, tags: [...testTags], maxWorkers, passWithNoTests: true, sequence: { sequencer: ByProject } } });
