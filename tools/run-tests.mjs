// All checks, one after another, and what came of them.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { prepare } from './prepare.mjs';
import { fail, root, say, step } from './steps.mjs';

const folder = fileURLToPath(root);

const help = `npm test                                 every check that this machine can run
npm test -- test/shared                  only the tests of these files or folders
npm test -- test/shared -t "a tie"       only the tests whose name has this
npm test -- --project unit               only one kind: unit, browser-stores, browser, redis, electron
Other arguments go to vitest (npx vitest --help). With arguments, typecheck and lint are left out.`;

export async function runTests(words) {
  if (words.includes('--help') || words.includes('-h')) return console.log(help);
  try {
    await prepare();
  } catch (error) {
    fail(error);
  }
  const results = { passed: 0, failed: [], skipped: [] };
  const check = async (name, repeat, work) => {
    try {
      await work();
      results.passed++;
    } catch (error) {
      say(String(error.message ?? error));
      results.failed.push({ title: name, repeat });
    }
  };
  await check('build', 'npm run build', () => build({ silentWhenFresh: true }));
  if (words.length === 0) {
    const beside = { beside: true };
    await Promise.all([
      check('typecheck', 'npm run typecheck', () => step('typecheck', () => tool('typescript/bin/tsc', ['-b', '--pretty', 'false']), beside)),
      check('lint', 'npm run lint', () => step('lint', () => tool('eslint/bin/eslint.js', ['.']), beside)),
    ]);
  }
  await addVitest(words, results);
  process.exitCode = report(results);
}

/** Runs a program of node_modules; rejects with all that it said when it fails. */
function tool(program, words) {
  const child = spawn(process.execPath, [join(folder, 'node_modules', program), ...words], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(said.trim()))));
  });
}

async function addVitest(words, results) {
  const { electronTrouble } = await import('./find-electron.mjs');
  const { redisTrouble } = await import('./find-redis.mjs');
  const { getBrowser } = await import('./get-browser.mjs');
  const browser = await getBrowser();
  // The whole gate makes more random runs than somebody who waits at a terminal wants.
  const environment = { REJOIN_RUNS: '2000', ...process.env, ...(browser.path === undefined ? {} : { REJOIN_BROWSER: browser.path }) };
  if (browser.path !== undefined) say(`browser: ${browser.path}`);

  const scratch = mkdtempSync(join(tmpdir(), 'rejoin-test-'));
  const file = join(scratch, 'results.json');
  try {
    const code = await vitest(words, { ...environment, REJOIN_TEST_RESULTS: file });
    const found = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passed: 0, failed: [], skipped: [] };
    results.passed += found.passed;
    results.failed.push(...found.failed);
    results.skipped.push(...found.skipped);
    if (code !== 0 && found.failed.length === 0) results.failed.push({ title: `vitest ended with code ${code}`, repeat: ['npm test', ...(words.length > 0 ? ['--', ...words] : [])].join(' ') });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  if (words.length > 0) return;
  if (browser.path === undefined) results.skipped.push(...notRun('test/browser', '.test.ts', browser.trouble), ...notRun('examples', '.test.ts', browser.trouble), ...notRun('test/contracts', '.browser.test.ts', browser.trouble));
  const trouble = electronTrouble(environment);
  if (trouble !== null) results.skipped.push(...notRun('test/electron', '.test.ts', trouble));
  const noRedis = redisTrouble(environment);
  if (noRedis !== null) results.skipped.push(...notRun('test/redis', '.test.ts', noRedis));
}

function vitest(words, env) {
  const reporters = ['--reporter=default', `--reporter=${join(folder, 'tools/test-reporter.mjs')}`];
  const child = spawn(process.execPath, [join(folder, 'node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...words], { cwd: folder, stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** The test files of a kind that cannot run here, each with the reason. */
function notRun(path, ending, reason) {
  const full = join(folder, path);
  const files = existsSync(full) ? readdirSync(full, { recursive: true }).map(String).filter((name) => name.endsWith(ending) && !name.includes('node_modules')) : [];
  return files.sort().map((name) => ({ title: `${path}/${name}`, reason }));
}

/** Prints what failed and what did not run, then the totals alone on the last line. Returns the exit code. */
function report({ passed, failed, skipped }) {
  if (failed.length > 0) console.log(`\nFailed; each with the command that repeats it:\n${failed.map(({ title, repeat }) => `  ${title}\n    ${repeat}`).join('\n')}`);
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

function byReason(skipped) {
  const groups = new Map();
  for (const each of skipped) groups.set(each.reason, [...(groups.get(each.reason) ?? []), each]);
  return groups;
}
