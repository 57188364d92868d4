/** The programs that build, start and test; they are plain JavaScript, so that they run before anything is installed. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { suiteCounts, testTags } from '../support/suite-counts.ts';

const project = fileURLToPath(new URL('../../', import.meta.url));
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- plain JavaScript without declarations
const load = (name: string): Promise<any> => import(/* @vite-ignore */ `${project}tools/${name}.mjs`);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rejoin-tools-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('Node too old', () => {
  test.each(['18.20.0', '20.18.9', '16.0.0'])('%s is refused in one line', async (version) => {
    const { nodeTrouble } = await load('node-version');
    expect(nodeTrouble(version)).toMatch(/^Rejoin needs Node 20\.19 or newer; this is Node .*$/);
  });

  test.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('%s will do', async (version) => {
    const { nodeTrouble } = await load('node-version');
    expect(nodeTrouble(version)).toBeNull();
  });
});

describe('what must be built again', () => {
  test('a part is made from the names and contents of its files, not from their times', async () => {
    const { contentKey } = await load('build-record');
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'src', 'a.ts'), '1');
    const first = contentKey(['src', 'missing'], folder);
    writeFileSync(join(folder, 'src', 'a.ts'), '1');
    expect(contentKey(['src', 'missing'], folder)).toBe(first);
    writeFileSync(join(folder, 'src', 'a.ts'), '2');
    const second = contentKey(['src', 'missing'], folder);
    writeFileSync(join(folder, 'src', 'b.ts'), '');
    expect(new Set([first, second, contentKey(['src', 'missing'], folder)]).size).toBe(3);
  });
});

describe('the desktop runtime', () => {
  test('it is found in ELECTRON_OVERRIDE_DIST_PATH, with its version', async () => {
    const { findElectron, electronTrouble } = await load('find-electron');
    expect(electronTrouble({ ELECTRON_OVERRIDE_DIST_PATH: folder })).toContain('no Electron runtime');
    const name = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform as string] ?? 'electron';
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), '');
    writeFileSync(join(folder, 'version'), 'v45.0.0\n');
    expect(findElectron({ ELECTRON_OVERRIDE_DIST_PATH: folder })).toMatchObject({ folder, version: '45.0.0' });
  });

  test('without a screen its windows cannot be tested, and the reason is told', { skip: process.platform !== 'linux' }, async () => {
    const { findScreen } = await load('find-electron');
    expect(findScreen({ PATH: folder })).toBeNull();
    expect(findScreen({ PATH: folder, DISPLAY: ':0' })).toBe('own');
    writeFileSync(join(folder, 'Xvfb'), '');
    expect(findScreen({ PATH: folder })).toBe('virtual');
  });
});

describe('finding a browser', { skip: process.platform === 'win32' }, () => {
  const stub = (name: string, answer: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${answer}\n`);
    chmodSync(join(folder, name), 0o755);
    return join(folder, name);
  };

  test('the one in REJOIN_BROWSER and no other', async () => {
    const { findBrowser } = await load('find-browser');
    const works = stub('works', 'echo Chromium 120.0.1');
    expect(await findBrowser({ REJOIN_BROWSER: works, PATH: '' })).toBe(works);
    expect(await findBrowser({ REJOIN_BROWSER: join(folder, 'missing'), PATH: '' })).toBeNull();
  });

  test('a stand-in that only says how to install one is passed over', { skip: process.platform !== 'linux' }, async () => {
    const { findBrowser } = await load('find-browser');
    stub('chromium', 'echo "install it with another command" >&2; exit 1');
    const chrome = stub('google-chrome', 'echo Google Chrome 120.0.1');
    expect(await findBrowser({ PATH: folder })).toBe(chrome);
  });
});

interface Results {
  readonly passed: number;
  readonly failed: readonly { readonly title: string; readonly why: string; readonly repeat: string }[];
  readonly skipped: readonly { readonly title: string; readonly reason: string }[];
  readonly rows: readonly { readonly name: string; readonly runs: number; readonly seconds: number }[];
}

describe('npm test', () => {
  /** Runs vitest with our reporter over a made-up test file; returns what the reporter wrote. */
  function report(source: string, words: readonly string[] = [], environment: Record<string, string> = {}) {
    // Within the project, so that it can import vitest, but where no other check looks.
    const made = join(project, 'dist', `made-up-${process.pid}`);
    const results = join(folder, 'results.json');
    mkdirSync(made, { recursive: true });
    writeFileSync(join(made, 'a.test.ts'), source);
    try {
      const config = join(folder, 'vitest.config.mjs');
      writeFileSync(config, `export default { root: ${JSON.stringify(project)}, test: { include: ['dist/made-up-${process.pid}/a.test.ts'], tags: ${JSON.stringify(testTags)} } };`);
      spawnSync(process.execPath, [`${project}node_modules/vitest/vitest.mjs`, 'run', '--config', config, `--reporter=${project}tools/test-reporter.mjs`, ...words], {
        cwd: project, env: { ...process.env, REJOIN_TEST_RESULTS: results, ...environment },
      });
      return JSON.parse(readFileSync(results, 'utf8').replaceAll(`made-up-${process.pid}`, 'made-up')) as Results;
    } finally {
      rmSync(made, { recursive: true, force: true });
    }
  }

  test('a failure comes with its reason and the command that repeats it, a skip with its reason', () => {
    const found = report(`
      import { describe, expect, test } from 'vitest';
      test('holds', () => {});
      describe('a group', () => { test('breaks (N=3 "quoted")', () => expect(1).toBe(2)); });
      test('cannot run', (context) => context.skip('no such machine'));
    `);
    expect(found).toEqual({
      passed: 1,
      failed: [{ title: 'dist/made-up/a.test.ts > a group > breaks (N=3 "quoted")', why: 'expected 1 to be 2 // Object.is equality', again: ['--project=', 'dist/made-up/a.test.ts', '-t', 'a group breaks \\(N=3 "quoted"\\)'], repeat: expect.stringMatching(/^npm test -- dist\/made-up\/a\.test\.ts -t "a group breaks .*N=3/) }],
      skipped: [{ title: 'dist/made-up/a.test.ts > cannot run', reason: 'no such machine' }],
      rows: [{ name: 'other tests', runs: 2, seconds: expect.any(Number) }],
    });
  });

  test('a file that cannot be loaded is a failure, and so is a hook that throws', { tags: ['gate'] }, () => {
    expect(report(`throw new Error('at the top');`).failed).toHaveLength(1);
    const hook = report(`import { beforeAll, describe, test } from 'vitest'; describe('a group', () => { beforeAll(() => { throw new Error('in a hook'); }); test('is not reached', () => {}); });`);
    expect(hook.passed).toBe(0);
    expect(hook.failed.length).toBeGreaterThan(0);
    expect(hook.skipped).toEqual([]);
  });

  test('random runs are counted by suite, and come with their seed and depth when they fail', () => {
    const runs = `${project}test/support/run-counts.ts`;
    const source = `
      import { expect, test } from 'vitest';
      import { seedsOf } from ${JSON.stringify(runs)};
      test('a suite', { tags: ['runs'] }, () => expect(seedsOf('ledgers')).toEqual([]));
      test('another', { tags: ['runs'] }, () => expect(seedsOf('metamorphic')).toHaveLength(3));
    `;
    const environment = {
      REJOIN_DEPTH: 'gate',
      REJOIN_FIRST_SEED: '77',
      REJOIN_COUNT: 'metamorphic=3,ledgers=5',
    };
    const { failed, rows } = report(source, [], environment);
    const repeat = 'npm test -- --first-seed 77 --depth gate dist/made-up/a.test.ts -t "a suite"';
    expect(failed).toMatchObject([{ repeat }]);
    expect(rows.map(({ name, runs: count }) => [name, count])).toEqual([
      ['ledgers', 5],
      ['metamorphic', 3],
    ]);
  });

  test('runs of a test that the gate would leave out, as it lacks the tag, are a failure', () => {
    const source = `import { test } from 'vitest'; import { seedsOf } from ${JSON.stringify(`${project}test/support/run-counts.ts`)}; test('a suite', () => void seedsOf('ledgers'));`;
    expect(report(source)).toMatchObject({ passed: 0, failed: [{ title: 'dist/made-up/a.test.ts > a suite' }] });
  });

  test('tests that a tag leaves out are not told as skipped', { tags: ['gate'] }, () => {
    const source = `import { test } from 'vitest'; test('one', () => {}); test('two', { tags: ['gate'] }, () => {}); test('three', { tags: ['runs'] }, () => {});`;
    expect(report(source, ['--tags-filter=!gate'])).toMatchObject({ passed: 2, failed: [], skipped: [] });
    expect(report(source, ['--tags-filter=gate || runs'])).toMatchObject({ passed: 2, failed: [], skipped: [] });
  });

  test('tests that a name leaves out are not told as skipped', () => {
    expect(report(`import { test } from 'vitest'; test('one', () => {}); test('two', () => {});`, ['-t', 'one'])).toMatchObject({ passed: 1, failed: [], skipped: [] });
  });
});

describe('installing', () => {
  test('a failure is one line that says why', { skip: process.platform === 'win32' }, () => {
    mkdirSync(join(folder, 'tools'));
    for (const name of ['prepare', 'steps']) cpSync(`${project}tools/${name}.mjs`, join(folder, 'tools', `${name}.mjs`));
    writeFileSync(join(folder, 'package.json'), '{"name":"made-up","version":"1.0.0"}');
    writeFileSync(join(folder, 'package-lock.json'), '{"broken');
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'tools', 'prepare.mjs')], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr.trim().split('\n').at(-1)).toMatch(/^npm ci failed \(code \d+\): /);
  });
});

describe('what npm test is asked for', () => {
  test('without words: everything, the sample, from another seed each time', async () => {
    const { planOf } = await load('run-tests');
    const plan = planOf([], {}, () => 0.5);
    expect(plan).toMatchObject({ words: [], files: 'all', depth: 'sample', isWhole: true });
    expect(planOf([], {}, () => 0.25).firstSeed).not.toBe(plan.firstSeed);
  });

  test('the gate: what npm test leaves, from seed 1', async () => {
    const { planOf } = await load('run-tests');
    const gate = { words: [], files: 'gate', depth: 'gate', firstSeed: '1', isWhole: true };
    expect(planOf(['--gate'], {})).toEqual(gate);
  });

  test('a file, a name, a depth and a seed; other words are for vitest', async () => {
    const { planOf } = await load('run-tests');
    const words = ['test/a.test.ts', '--depth', 'gate', '-t', 'a tie', '--first-seed=12'];
    expect(planOf(words, {})).toEqual({
      words: ['test/a.test.ts', '-t', 'a tie'],
      files: 'all',
      depth: 'gate',
      firstSeed: '12',
      isWhole: false,
    });
  });

  test.each([
    [['--depth', 'deep'], '--depth is sample or gate, not "deep"'],
    [['--depth'], '--depth needs a value'],
    [['--first-seed', '-1'], '--first-seed is a whole number, not "-1"'],
  ])('%j is refused in one line', async (words, message) => {
    const { planOf } = await load('run-tests');
    expect(() => planOf(words, {})).toThrow(message);
  });

  test('extensive runs name suites that there are', () => {
    const text = readFileSync(`${project}tools/extensive.mjs`, 'utf8');
    const named = [...text.matchAll(/names: \[([^\]]*)\]/g)].flatMap(([, list]) =>
      [...list!.matchAll(/'([\w-]+)'/g)].map(([, name]) => name!),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !(name in suiteCounts))).toEqual([]);
  });
});

describe('a test that failed beside others', () => {
  const failed = (project: string, title: string) => ({ title, again: [`--project=${project}`, 'a.test.ts', '-t', title], repeat: 'npm test' });
  const resultsOf = (...all: object[]) => ({ passed: 10, failed: all, passedAlone: [] as object[] });
  const outcome = (passes: boolean) => ({ passed: passes ? 1 : 0, failed: passes ? [] : [{}] });

  test('runs once more, alone, if it waits for windows; what passes then is told apart from what passed at once', async () => {
    const { runAgainAlone } = await load('run-tests');
    const [slow, wrong] = [failed('browser', 'slow'), failed('electron', 'wrong')];
    const results = resultsOf(slow, wrong);
    await runAgainAlone(results, async (again: string[]) => outcome(again.at(-1) === 'slow'));
    expect(results).toEqual({ passed: 11, failed: [wrong], passedAlone: [slow] });
  });

  test.each([
    ['it computes', [failed('unit', 'wrong')]],
    ['another one computes and failed, too', [failed('browser', 'slow'), failed('unit', 'wrong')]],
    ['something failed outside of any test', [failed('browser', 'slow'), { title: 'outside of any test', repeat: 'npm test' }]],
    ['there are more than three', ['a', 'b', 'c', 'd'].map((title) => failed('browser', title))],
  ])('runs once only where %s', async (_, all) => {
    const { runAgainAlone } = await load('run-tests');
    const results = resultsOf(...all);
    await runAgainAlone(results, async () => outcome(true));
    expect(results).toEqual(resultsOf(...all));
  });
});
