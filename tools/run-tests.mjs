// All checks, one after another, and what came of them.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { prepare } from './prepare.mjs';
import { fail, messageOf, root, say, step, StepError } from './steps.mjs';

/**
 * @import { Failed, Results, Row, Skipped } from './test-reporter.mjs'
 * @typedef {ReturnType<typeof planOf>} Plan
 * @typedef {Results & { passedAlone: Failed[] }} AllResults
 */

const folder = fileURLToPath(root);

const help = `npm test                                 every check that this machine can run; of random runs a sample, with other seeds each time
npm run test:gate                        what npm test leaves of the gate: the rest of the random runs, and all scenarios in windows
npm test -- test/shared                  only the tests of these files or folders
npm test -- test/shared -t "a tie"       only the tests whose name has this
npm test -- --project unit               only one kind: unit, browser-stores, browser, redis, electron
npm test -- --depth gate FILE            as many random runs as the gate makes
npm test -- --first-seed N FILE          the random runs that began at this seed, again
Other arguments go to vitest (npx vitest --help). With arguments, typecheck and lint are left out.`;

/** @param {string[]} given */
export async function runTests(given) {
  if (given.includes('--help') || given.includes('-h')) return console.log(help);
  const startedMs = Date.now();
  let plan;
  try {
    plan = planOf(given);
    await prepare();
  } catch (error) {
    fail(error);
  }
  /** @type {AllResults} */
  const results = { passed: 0, failed: [], passedAlone: [], skipped: [], rows: [] };
  /** @param {string} name @param {string} repeat @param {() => unknown} work */
  const check = async (name, repeat, work) => {
    const beganMs = Date.now();
    try {
      await work();
      results.passed++;
    } catch (error) {
      say(messageOf(error));
      results.failed.push({ title: name, repeat });
    }
    results.rows.push({ name, runs: 1, seconds: (Date.now() - beganMs) / 1000 });
  };
  await check('build', 'npm run build', () => build({ silentWhenFresh: true }));
  if (plan.isWhole && plan.files === 'all') {
    const beside = { beside: true };
    await Promise.all([
      check('typecheck', 'npm run typecheck', () => step('typecheck', () => tool('typescript-native/bin/tsc', ['-b', '--pretty', 'false']), beside)),
      check('lint', 'npm run lint', () => step('lint', () => tool('eslint/bin/eslint.js', ['.']), beside)),
    ]);
  }
  await addVitest(plan, results);
  await printTable(results.rows, (Date.now() - startedMs) / 1000);
  process.exitCode = report(results);
}

/**
 * What the words after `npm test --` ask for. Throws a StepError of one line where they make no sense.
 * `words` go to vitest; `files` are all, or only those of which `npm test` leaves something to the gate.
 * @param {readonly string[]} given
 */
export function planOf(given, environment = process.env, random = Math.random) {
  const words = [...given];
  const files = take(words, '--gate', false) === undefined ? 'all' : 'gate';
  const depth = take(words, '--depth', true) ?? (files === 'gate' ? 'gate' : 'sample');
  if (depth !== 'sample' && depth !== 'gate') throw new StepError(`--depth is sample or gate, not "${depth}"`);
  // The gate says the same of the same program each time: a failure there is of the change, not of the seeds.
  const usual = depth === 'gate' ? '1' : String(1 + Math.floor(random() * 1_000_000_000));
  const firstSeed = take(words, '--first-seed', true) ?? environment.REJOIN_FIRST_SEED ?? usual;
  if (!/^\d{1,10}$/.test(firstSeed)) throw new StepError(`--first-seed is a whole number, not "${firstSeed}"`);
  return { words, files, depth, firstSeed, isWhole: words.length === 0 };
}

/**
 * Takes an option out of the words. Returns its value, or '' of one without; undefined where it is not there.
 * @param {string[]} words
 * @param {string} name
 * @param {boolean} hasValue
 */
function take(words, name, hasValue) {
  const at = words.findIndex((word) => word === name || (hasValue && word.startsWith(`${name}=`)));
  const word = words[at];
  if (word === undefined) return undefined;
  words.splice(at, 1);
  if (!hasValue) return '';
  const value = word === name ? words.splice(at, 1)[0] : word.slice(name.length + 1);
  if (value === undefined) throw new StepError(`${name} needs a value`);
  return value;
}

/**
 * Runs a program of node_modules; rejects with all that it said when it fails.
 * @param {string} program
 * @param {string[]} words
 * @returns {Promise<void>}
 */
function tool(program, words) {
  const child = spawn(process.execPath, [join(folder, 'node_modules', program), ...words], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(said.trim()))));
  });
}

/** @param {Plan} plan @param {AllResults} results */
async function addVitest(plan, results) {
  const { electronTrouble } = await import('./find-electron.mjs');
  const { redisTrouble } = await import('./find-redis.mjs');
  const { getBrowser } = await import('./get-browser.mjs');
  const browser = await getBrowser();
  const { words, files, depth, firstSeed } = plan;
  const environment = {
    ...process.env,
    REJOIN_DEPTH: depth,
    REJOIN_FIRST_SEED: firstSeed,
    REJOIN_FILES: files,
    ...(browser.path === undefined ? {} : { REJOIN_BROWSER: browser.path }),
  };
  if (browser.path !== undefined) say(`browser: ${browser.path}`);
  const again = `npm ${files === 'gate' ? 'run test:gate' : 'test'} -- --first-seed ${firstSeed}`;
  say(`random runs: the ${depth}, from seed ${firstSeed} (the same again: ${again})`);

  const scratch = mkdtempSync(join(tmpdir(), 'rejoin-test-'));
  try {
    /**
     * @param {string[]} given
     * @param {boolean} isAlone
     * @returns {Promise<Results & { code: number }>}
     */
    const run = async (given, isAlone) => {
      const file = join(mkdtempSync(join(scratch, 'run-')), 'results.json');
      const code = await vitest(given, { ...environment, REJOIN_TEST_RESULTS: file }, isAlone);
      return { code, ...(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passed: 0, failed: [], skipped: [], rows: [] }) };
    };
    await Promise.all(vitestRuns(plan).map(async ({ given, isAlone }) => {
      const { code, ...found } = await run(given, isAlone);
      results.passed += found.passed;
      results.failed.push(...found.failed);
      results.skipped.push(...found.skipped);
      results.rows.push(...found.rows);
      if (code !== 0 && found.failed.length === 0) results.failed.push({ title: `vitest ended with code ${code}`, repeat: ['npm test', ...(words.length > 0 ? ['--', ...words] : [])].join(' ') });
    }));
    if (plan.isWhole) await runAgainAlone(results, (again) => run(again, false));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  if (!plan.isWhole) return;
  const [noElectron, noRedis] = [electronTrouble(environment), redisTrouble(environment)];
  if (files === 'gate') {
    /** @type {[kind: string, reason: string | null][]} */
    const left = [['browser', browser.path === undefined ? browser.trouble : null], ['redis', noRedis]];
    for (const [kind, reason] of left) {
      if (reason !== null) results.skipped.push({ title: `what the gate has in test/${kind}`, reason });
    }
    return;
  }
  if (browser.path === undefined) results.skipped.push(...notRun('test/browser', '.test.ts', browser.trouble), ...notRun('examples', '.test.ts', browser.trouble), ...notRun('test/contracts', '.browser.test.ts', browser.trouble));
  if (noElectron !== null) results.skipped.push(...notRun('test/electron', '.test.ts', noElectron));
  if (noRedis !== null) results.skipped.push(...notRun('test/redis', '.test.ts', noRedis));
}

/** The kinds of test that wait for processes, sockets and screens: a machine that is busy with other tests may be too slow for one of them. */
const waiting = ['redis', 'browser', 'browser-stores', 'electron'];
/** More failures than so many are no matter of chance. */
const mostAgain = 3;

/**
 * Tests that failed while the machine was busy with others run once more, alone. Which passed only then is said at the end: each is a race to find (decision 39).
 * `run` runs one of them, and returns how many passed and which failed.
 * @param {AllResults} results
 * @param {(again: string[]) => Promise<{ passed: number, failed: Failed[] }>} run
 */
export async function runAgainAlone(results, run) {
  /** @param {Failed} failed */
  const isOfWindows = ({ again }) => again !== undefined && waiting.some((kind) => again[0] === `--project=${kind}`);
  if (results.failed.length > mostAgain || !results.failed.every(isOfWindows)) return;
  for (const failed of [...results.failed]) {
    if (failed.again === undefined) continue;
    say(`once more, alone: ${failed.title}`);
    const found = await run(failed.again);
    if (found.passed !== 1 || found.failed.length > 0) continue;
    results.passed++;
    results.failed.splice(results.failed.indexOf(failed), 1);
    results.passedAlone.push(failed);
  }
}

/**
 * The runs of vitest, beside each other. Where all is run there are two: tests that wait for windows, servers and Redis, one file at a time, and those that compute, on every
 * core. One run could not do that: its processes begin anew whenever they go on to a file of another project.
 * @param {Plan} plan
 */
function vitestRuns({ words, files, isWhole }) {
  // Only whole runs leave something out: whoever names a test means it.
  if (!isWhole) return [{ given: words, isAlone: true }];
  const chosen = `--tags-filter=${files === 'gate' ? 'gate || runs' : '!gate'}`;
  return [
    { given: [chosen, '--project=unit', `--maxWorkers=${availableParallelism()}`], isAlone: false },
    { given: [chosen, ...waiting.map((name) => `--project=${name}`), '--maxWorkers=1'], isAlone: false },
  ];
}

/** @param {string[]} words @param {NodeJS.ProcessEnv} env @param {boolean} isAlone @returns {Promise<number>} */
function vitest(words, env, isAlone) {
  const reporters = ['--reporter=default', `--reporter=${join(folder, 'tools/test-reporter.mjs')}`];
  // Two that redraw one screen would overwrite each other: their lines are passed on.
  /** @type {import('node:child_process').StdioOptions} */
  const stdio = isAlone ? 'inherit' : ['ignore', 'pipe', 'pipe'];
  const colours = !isAlone && process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
  const child = spawn(process.execPath, [join(folder, 'node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...words], { cwd: folder, stdio, env: { ...env, ...colours } });
  child.stdout?.on('data', (chunk) => process.stdout.write(chunk));
  child.stderr?.on('data', (chunk) => process.stderr.write(chunk));
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/**
 * The test files of a kind that cannot run here, each with the reason.
 * @param {string} path
 * @param {string} ending
 * @param {string} reason
 */
function notRun(path, ending, reason) {
  const full = join(folder, path);
  const files = existsSync(full) ? readdirSync(full, { recursive: true }).map(String).filter((name) => name.endsWith(ending) && !name.includes('node_modules')) : [];
  return files.sort().map((name) => ({ title: `${path}/${name}`, reason }));
}

/**
 * Prints how often and how long each suite ran. They run beside each other: the last line is less than their sum.
 * @param {Row[]} rows
 * @param {number} seconds
 */
async function printTable(rows, seconds) {
  const { default: Table } = await import('cli-table3');
  const table = new Table({
    head: ['suite', 'runs', 'seconds'],
    colAligns: ['left', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const { name, runs, seconds: each } of rows) {
    table.push([name, runs.toLocaleString('en-US'), each.toFixed(1)]);
  }
  table.push(['in all, several at a time', '', seconds.toFixed(0)]);
  console.log(`\n${table.toString()}`);
}

/**
 * Prints what failed, what passed only alone, and what did not run, then the totals alone on the last line. Returns the exit code.
 * @param {AllResults} results
 */
function report({ passed, failed, passedAlone, skipped }) {
  if (failed.length > 0) console.log(`\nFailed; each with the command that repeats it:\n${linesOf(failed)}`);
  if (passedAlone.length > 0) console.log(`\nFailed beside other tests, and passed alone; each is a race to find:\n${linesOf(passedAlone)}`);
  if (skipped.length > 0) {
    console.log('\nNot run:');
    for (const [reason, titles] of byReason(skipped)) {
      console.log(`  ${reason}`);
      for (const { title } of titles) console.log(`    ${title}`);
    }
  }
  console.log(`\n${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
  return failed.length > 0 ? 1 : 0;
}

/** @param {Failed[]} failed */
function linesOf(failed) {
  return failed.map(({ title, why, repeat }) => [`  ${title}`, ...(why ? [`    ${why}`] : []), `    ${repeat}`].join('\n')).join('\n');
}

/** @param {Skipped[]} skipped */
function byReason(skipped) {
  /** @type {Map<string, Skipped[]>} */
  const groups = new Map();
  for (const each of skipped) groups.set(each.reason, [...(groups.get(each.reason) ?? []), each]);
  return groups;
}
