// npm run test:extensive -- [--minutes N] [--from SEED]: the checks of correctness, and attacks on the relay, for as long as there is time, on seeds that the gate does not see.
// Prints runs, faults and failures of each check; each failure with the command that repeats it. Exit code 1 where something failed.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { prepare } from './prepare.mjs';
import { fail, root, say, StepError } from './steps.mjs';

/**
 * What came of a check so far. `perRun`: the seconds that one run of it took.
 * @typedef {{ runs: number, edits: number, faults: number, failures: string[], seconds: number, perRun: number | null, seeds: number }} Total
 * @typedef {{ file: string, names: string[], atFirst?: number, most?: number }} Suite
 */

const folder = fileURLToPath(root);
const rejoin = join(folder, 'dist', 'server', 'rejoin.mjs');
const vitest = join(folder, 'node_modules', 'vitest', 'vitest.mjs');

/** The strategies by themselves, then all six at once: the same document, other settings. */
const strategies = ['crdt', 'last-writer-wins', 'siblings', 'quorum', 'consensus', 'single-leader', null];
/**
 * What else is checked on seeds, by the names of test/support/suite-counts.ts: copies by themselves with their histories, memberships that grow, deliveries in
 * any order, the room of the real relay; then attacks on a real relay, and relays that are killed. `atFirst`: so many before it is known how long one takes.
 * @type {Suite[]}
 */
const suites = [
  { file: 'simulation/conversing-consensus', names: ['consensus'] },
  { file: 'simulation/conversing-quorum', names: ['quorum', 'quorum-histories'] },
  { file: 'simulation/conversing-single-leader', names: ['single-leader-majority', 'single-leader-elected', 'single-leader-asynchronous'] },
  { file: 'simulation/growing-membership', names: ['growing-membership'] },
  { file: 'simulation/metamorphic', names: ['metamorphic'] },
  { file: 'server/frame-fuzz', names: ['frame-attacks'], atFirst: 1_000, most: 5_000 },
  { file: 'server/hostile-updates', names: ['hostile-updates'], atFirst: 200 },
  { file: 'server/kill-cycles', names: ['kill-cycles'], atFirst: 5 },
  { file: 'server/room-races', names: ['room-races'], atFirst: 20 },
  { file: 'server/relay-memory', names: ['rooms-left'], atFirst: 10_000, most: 50_000 },
];
/** How long each check goes on before the next one has its turn, in seconds. */
const turnSeconds = 20;

async function main() {
  const { minutes, from } = options();
  await prepare();
  await build({ silentWhenFresh: true });
  const endMs = Date.now() + minutes * 60_000;
  /** @type {Map<string, Total>} */
  const totals = new Map();
  // Seeds of a round of their own, so that no two look at the same ones.
  for (let seed = from; Date.now() < endMs; seed += 1_000_000) {
    for (const strategy of strategies) {
      await turn(endMs, totals, `random runs, ${strategy ?? 'all six strategies'}`, (total) => randomRuns(strategy, seed, total));
    }
    for (const suite of suites) await turn(endMs, totals, suite.names.join(', '), (total) => seededTest(suite, seed, total));
  }
  report(totals, minutes);
}

function options() {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' }, from: { type: 'string', default: '1000000' } } });
  const minutes = Number(values.minutes);
  const from = Number(values.from);
  if (!(minutes > 0)) throw new StepError(`--minutes is a number above 0, not "${values.minutes}"`);
  if (!Number.isSafeInteger(from) || from < 0) throw new StepError(`--from is a whole number from 0, not "${values.from}"`);
  return { minutes, from };
}

/**
 * @param {number} endMs
 * @param {Map<string, Total>} totals
 * @param {string} name
 * @param {(total: Total) => Promise<void>} work
 */
async function turn(endMs, totals, name, work) {
  if (Date.now() >= endMs) return;
  const total = totals.get(name) ?? { runs: 0, edits: 0, faults: 0, failures: [], seconds: 0, perRun: null, seeds: 0 };
  totals.set(name, total);
  say(name);
  await work(total);
}

/**
 * As many as fit into a turn, by what the last ones took.
 * @param {Total} total
 * @param {number} atFirst
 */
function howMany(total, atFirst) {
  return total.perRun === null ? atFirst : Math.max(1, Math.round(turnSeconds / total.perRun));
}

/**
 * @param {Total} total
 * @param {{ runs: number, edits?: number, faults?: number, failures: string[], seconds: number }} more
 */
function add(total, { runs, edits = 0, faults = 0, failures, seconds }) {
  total.runs += runs;
  total.edits += edits;
  total.faults += faults;
  total.seconds += seconds;
  total.failures.push(...failures);
  total.perRun = runs > 0 ? seconds / runs : total.perRun;
}

/** @param {string | null} strategy @param {number} first @param {Total} total */
async function randomRuns(strategy, first, total) {
  const count = howMany(total, 100);
  const seed = first + total.seeds;
  total.seeds += count;
  const { out } = await run([rejoin, 'run', '--random', '--json', '--seed', String(seed % 2 ** 32), '--seeds', String(count), ...(strategy ? ['--strategy', strategy] : [])]);
  /** @type {{ runs: number, edits: number, faults: number, seconds: number, failed: { wrong: string[], repeat: string }[] }} */
  const found = JSON.parse(out);
  add(total, { runs: found.runs, edits: found.edits, faults: found.faults, seconds: found.seconds, failures: found.failed.map(({ wrong, repeat }) => `${wrong.join('; ')}\n    ${repeat}`) });
}

/** @param {Suite} suite @param {number} first @param {Total} total */
async function seededTest({ file, names, atFirst = 100, most = Infinity }, first, total) {
  const count = Math.min(most, howMany(total, atFirst));
  const seed = first + total.seeds;
  total.seeds += count;
  const started = Date.now();
  const environment = { REJOIN_FIRST_SEED: String(seed), REJOIN_COUNT: names.map((name) => `${name}=${count}`).join(','), NO_COLOR: '1' };
  const { code, out } = await run([vitest, 'run', '--project', 'unit', `test/${file}.test.ts`], environment);
  const failures = code === 0 ? [] : [out.split('\n').filter((line) => /repeat with|Error|FAIL/.test(line)).slice(0, 6).join('\n    ') || `ended with code ${code}`];
  add(total, { runs: count, seconds: (Date.now() - started) / 1_000, failures });
}

/**
 * @param {string[]} words
 * @param {Record<string, string>} environment
 * @returns {Promise<{ code: number | null, out: string }>}
 */
function run(words, environment = {}) {
  const child = spawn(process.execPath, words, { cwd: folder, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', () => {});
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out }));
  });
}

/** @param {Map<string, Total>} totals @param {number} minutes */
function report(totals, minutes) {
  let failed = 0;
  console.log(`${minutes} minutes`);
  for (const [name, { runs, edits, faults, failures, seconds }] of totals) {
    const more = edits > 0 ? `, ${edits.toLocaleString('en-US')} edits, ${faults.toLocaleString('en-US')} faults` : '';
    console.log(`${name}: ${runs.toLocaleString('en-US')} runs${more}, ${failures.length} failed, ${seconds.toFixed(0)} s`);
    for (const failure of failures) console.log(`  ✗ ${failure}`);
    failed += failures.length;
  }
  console.log(failed === 0 ? 'nothing failed' : `${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

main().catch(fail);
