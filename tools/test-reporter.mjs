// What tools/run-tests.mjs needs to know of a run of vitest, written as JSON to REJOIN_TEST_RESULTS: counts, what failed with the
// command that repeats it, what was skipped with its reason, and how long each suite took.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/**
 * @import { TestCase, TestModule, Vitest } from 'vitest/node'
 *
 * What failed. `repeat`: the command that runs it again; `again`: the words by which vitest does.
 * @typedef {{ title: string, repeat: string, why?: string, again?: string[] }} Failed
 * @typedef {{ title: string, reason: string }} Skipped
 * @typedef {{ name: string, runs: number, seconds: number }} Row
 * @typedef {{ passed: number, failed: Failed[], skipped: Skipped[], rows: Row[] }} Results
 */

export default class TestReporter {
  /** @param {Vitest} vitest */
  onInit(vitest) {
    this.vitest = vitest;
  }

  /** @param {readonly TestModule[]} modules @param {readonly { message: string }[]} errors */
  onTestRunEnd(modules, errors) {
    /** @type {Results} */
    const results = { passed: 0, failed: [], skipped: [], rows: rowsOf(modules) };
    for (const module of modules) collect(module, results, isPartial(this.vitest?.config));
    for (const error of errors) results.failed.push({ title: `outside of any test: ${error.message}`, repeat: 'npm test' });
    if (process.env.REJOIN_TEST_RESULTS) writeFileSync(process.env.REJOIN_TEST_RESULTS, JSON.stringify(results));
  }
}

/**
 * Whether only some tests were asked for, by name or by tag.
 * @param {Vitest['config'] | undefined} config
 */
function isPartial(config) {
  return Boolean(config?.testNamePattern) || (config?.tagsFilter ?? []).length > 0;
}

/**
 * The tests that were not asked for are nobody's business.
 * @param {TestModule} module
 * @param {Results} results
 * @param {boolean} partial
 */
function collect(module, results, partial) {
  const file = relative(process.cwd(), module.moduleId).replaceAll('\\', '/');
  // A file or a group of tests may fail by itself: it could not be loaded, or a hook threw.
  const own = [module, ...module.children.allSuites()].filter((part) => part.errors().length > 0);
  for (const part of own) {
    const title = part.type === 'module' ? file : `${file} > ${part.fullName}`;
    results.failed.push({ title, why: firstLine(part.errors()), repeat: `npm test -- ${file}` });
  }
  for (const test of module.children.allTests()) {
    const result = test.result();
    const { state, errors } = result;
    const note = result.state === 'skipped' ? result.note : undefined;
    const title = `${file} > ${test.fullName}`;
    if (state === 'passed') results.passed++;
    else if (state === 'failed') results.failed.push({ title, why: firstLine(errors), again: againOf(test, file), repeat: `npm test -- ${sameRuns(test)}${file} -t ${quoted(test.fullName.split(' > ').join(' '))}` });
    else if (partial && note === undefined) continue;
    else if (own.length === 0) results.skipped.push({ title, reason: note ?? (test.options.mode === 'todo' ? 'still to be written' : 'no reason given') });
    else results.failed.push({ title: `${title} (not reached)`, repeat: `npm test -- ${file}` });
  }
}

/**
 * What vitest is told to run just this test again.
 * @param {TestCase} test
 * @param {string} file
 */
function againOf({ project, fullName }, file) {
  return [`--project=${project.name}`, file, '-t', patternOf(fullName.split(' > ').join(' '))];
}

/**
 * What went wrong, in one line of at most 200 characters: of a long output often only the end is kept.
 * @param {readonly { message: string }[] | undefined} errors
 */
function firstLine(errors) {
  return (errors?.[0]?.message ?? 'no reason given').replaceAll(/\s+/g, ' ').trim().slice(0, 200);
}

/**
 * How many random runs of each suite a test made: test/support/run-counts.ts notes it.
 * @param {TestCase} test
 */
function suiteRunsOf(test) {
  return /** @type {{ suiteRuns?: Record<string, number> }} */ (test.meta()).suiteRuns;
}

/**
 * What makes a suite's random runs the same ones again.
 * @param {TestCase} test
 */
function sameRuns(test) {
  if (suiteRunsOf(test) === undefined) return '';
  const { REJOIN_FIRST_SEED: seed, REJOIN_DEPTH: depth } = process.env;
  return [...(seed ? [`--first-seed ${seed} `] : []), ...(depth === 'gate' ? ['--depth gate '] : [])].join('');
}

/**
 * A row for each suite of random runs, and one for the other tests of each project. Seconds are
 * those of all its tests added up, as several run at the same time.
 * @param {readonly TestModule[]} modules
 */
function rowsOf(modules) {
  /** @type {Map<string, Row>} */
  const rows = new Map();
  /** @param {string} name @param {number} runs @param {number} ms */
  const add = (name, runs, ms) => {
    const row = rows.get(name) ?? { name, runs: 0, seconds: 0 };
    rows.set(name, { name, runs: row.runs + runs, seconds: row.seconds + ms / 1000 });
  };
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const ms = test.diagnostic()?.duration;
      if (ms === undefined) continue;
      const suites = Object.entries(suiteRunsOf(test) ?? {});
      for (const [name, runs] of suites) add(name, runs, ms / suites.length);
      if (suites.length === 0) add(`${module.project.name || 'other'} tests`, 1, ms);
    }
  }
  return [...rows.values()];
}

/**
 * The name as vitest takes it, which is a pattern, in double quotes for any shell.
 * @param {string} name
 */
function quoted(name) {
  return `"${patternOf(name).replace(/(["$`\\])/g, process.platform === 'win32' ? '$1' : '\\$1')}"`;
}

/** @param {string} name */
function patternOf(name) {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
