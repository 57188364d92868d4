// What tools/test.mjs needs to know of a run of vitest, written as JSON to REJOIN_TEST_RESULTS: counts, what failed with the command
// that repeats it, and what was skipped with its reason.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

export default class TestReporter {
  onInit(vitest) {
    this.vitest = vitest;
  }

  onTestRunEnd(modules, errors) {
    const results = { passed: 0, failed: [], skipped: [] };
    for (const module of modules) collect(module, results, Boolean(this.vitest.config.testNamePattern));
    for (const error of errors) results.failed.push({ title: `outside of any test: ${error.message}`, repeat: 'npm test' });
    if (process.env.REJOIN_TEST_RESULTS) writeFileSync(process.env.REJOIN_TEST_RESULTS, JSON.stringify(results));
  }
}

/** With a name asked for, the tests that it leaves out are nobody's business. */
function collect(module, results, named) {
  const file = relative(process.cwd(), module.moduleId).replaceAll('\\', '/');
  // A file or a group of tests may fail by itself: it could not be loaded, or a hook threw.
  const own = [module, ...module.children.allSuites()].filter((part) => part.errors().length > 0);
  for (const part of own) results.failed.push({ title: `${file}${part === module ? '' : ` > ${part.fullName}`}`, repeat: `npm test -- ${file}` });
  for (const test of module.children.allTests()) {
    const { state, note } = test.result();
    const title = `${file} > ${test.fullName}`;
    if (state === 'passed') results.passed++;
    else if (state === 'failed') results.failed.push({ title, repeat: `npm test -- ${file} -t ${quoted(test.fullName.split(' > ').join(' '))}` });
    else if (named && note === undefined) continue;
    else if (own.length === 0) results.skipped.push({ title, reason: note ?? (test.options.mode === 'todo' ? 'still to be written' : 'no reason given') });
    else results.failed.push({ title: `${title} (not reached)`, repeat: `npm test -- ${file}` });
  }
}

/** The name as vitest takes it, which is a pattern, in double quotes for any shell. */
function quoted(name) {
  const pattern = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return `"${pattern.replace(/(["$`\\])/g, process.platform === 'win32' ? '$1' : '\\$1')}"`;
}
