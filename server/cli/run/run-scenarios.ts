/** `rejoin run`: scenarios without windows. Returns exit codes: 0 all holds, 1 something is broken, 2 nobody can tell, the input makes no sense, or a report cannot be written. */
import { rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errorText } from '../../../shared/encoding/error-text.ts';
import { checkScenario } from '../../../shared/scenarios/check-scenario.ts';
import type { Outcome } from '../../../shared/scenarios/judgement.ts';
import { junitReport, type JUnitSuite } from './junit-report.ts';
import { ImpossibleStep } from '../../../shared/scenarios/player.ts';
import type { Scenario } from '../../../shared/scenarios/scenario.ts';
import { reportHtml } from '../../../shared/analysis/report/report-html.ts';
import { reportOfRun } from './report-of-run.ts';
import { laidOut } from '../console/laid-out.ts';
import type { StandardStreams } from '../console/standard-streams.ts';
import { progressBar } from '../console/progress-bar.ts';
import type { RunRequest } from './run-command-line.ts';
import { filesOf, type FinishedScenario, folderNames, runJson, runLine, runLines, suiteOf, troubleSummary } from './run-report.ts';
import { saveFiles, UnwritableError, saveWhole } from '../saved-files.ts';
import { catalogueNames, readScenarioFile, type ScenarioFile } from '../scenario-files.ts';
import { UsageError } from '../usage-error.ts';

const exitCodes: Readonly<Record<Outcome, number>> = { holds: 0, broken: 1, unknown: 2 };

export async function runScenarios(request: RunRequest, streams: StandardStreams): Promise<number> {
  try {
    if (request.list) return await list(request, streams);
    if (request.random) return await (await import('./run-random.ts')).runRandom(request, streams);
    // All are read before the first one runs: a mistake in the last is told at once.
    const files = await Promise.all(request.files.map((file) => readScenarioFile(file)));
    return await runFiles(files, request, streams);
  } catch (error) {
    streams.err(`${error instanceof UsageError ? error.message : `rejoin run: ${errorText(error)}`}\n`);
    return error instanceof UsageError || error instanceof UnwritableError ? 2 : 1;
  }
}

async function runFiles(files: readonly ScenarioFile[], request: RunRequest, streams: StandardStreams): Promise<number> {
  const total = files.length * request.seeds;
  // A room is large: of each run only what is told of it is kept.
  const [lines, told, suites]: [string[], object[], JUnitSuite[]] = [[], [], []];
  const worst = new Worst();
  const names = folderNames(files.map(({ file }) => file));
  const bar = progressBar('running', process.stderr, undefined, 1);
  for (const [at, file] of files.entries()) {
    for (let run = 0; run < request.seeds; run++) {
      const finished = await runOne(file, request.seed + run, request);
      worst.note(finished.checked.outcome);
      bar.show(at * request.seeds + run + 1, total);
      if (request.out !== null) await keep(request.out, `${names[at]!}-seed-${finished.checked.run.seed}`, finished);
      if (request.report !== null) await saveWhole(request.report, reportHtml(reportOfRun(finished)));
      if (request.junit !== null) suites.push(suiteOf(finished));
      if (request.json) told.push(runJson(finished));
      else {
        const said = total === 1 ? runLines(finished, streams.columns) : [runLine(finished), ...troubleSummary(finished)];
        for (const line of said) lines.push(line);
      }
    }
  }
  bar.end();
  if (request.json) streams.out(`${JSON.stringify({ outcome: worst.outcome, runs: told })}\n`);
  else streams.out(laidOut(`${lines.join('\n')}\n`, streams.columns));
  if (request.junit !== null) await saveWhole(request.junit, junitReport(suites));
  return exitCodes[worst.outcome];
}

/** What all runs together come to. */
class Worst {
  outcome: Outcome = 'holds';

  note(outcome: Outcome): void {
    if (outcome === 'broken' || (outcome === 'unknown' && this.outcome === 'holds')) this.outcome = outcome;
  }
}

async function runOne({ file, scenario }: ScenarioFile, seed: number, request: RunRequest): Promise<FinishedScenario> {
  const startedMs = performance.now();
  try {
    const checked = await checkScenario(only(scenario, request, file), { seed: seed % 2 ** 32, notesMessages: request.out !== null });
    return { file, checked, seconds: (performance.now() - startedMs) / 1_000 };
  } catch (error) {
    if (error instanceof ImpossibleStep) throw new UsageError(`rejoin run: ${file}${error.step.line === null ? '' : `:${error.step.line}`}: ${error.message}`);
    throw error;
  }
}

/** The scenario with only the strategies that were asked for; expectations of others are left out. */
function only(scenario: Scenario, { strategies }: RunRequest, file: string): Scenario {
  if (!strategies) return scenario;
  const left = scenario.strategies.filter((id) => strategies.includes(id));
  if (left.length === 0) throw new UsageError(`rejoin run: ${file}: none of the strategies that it runs was asked for; it runs ${scenario.strategies.join(', ')}`);
  return { ...scenario, strategies: left, expectations: scenario.expectations.filter(({ strategy }) => left.includes(strategy)) };
}

async function keep(out: string, folder: string, finished: FinishedScenario): Promise<void> {
  await saveFiles(join(out, folder), filesOf(finished));
  await latest(out, folder);
}

/** Makes DIR/latest the run of this folder. Where links are not to be had, it is left out: the runs are there all the same. */
async function latest(out: string, folder: string): Promise<void> {
  const fresh = join(out, `.latest.${process.pid}`);
  try {
    await symlink(folder, fresh, 'dir');
    await rename(fresh, join(out, 'latest'));
  } catch {
    await rm(fresh, { force: true });
  }
}

async function list({ json }: RunRequest, streams: StandardStreams): Promise<number> {
  const files = await Promise.all(catalogueNames().map((name) => readScenarioFile(name)));
  const longest = files.reduce((most, { file }) => Math.max(most, file.length), 0);
  if (json) streams.out(`${JSON.stringify(files.map(({ file, scenario: { title, lookAt } }) => ({ name: file, title, lookAt })))}\n`);
  else streams.out(laidOut(files.map(({ file, scenario: { lookAt } }) => `${file.padEnd(longest)}  ${lookAt}\n`).join(''), streams.columns));
  return 0;
}
