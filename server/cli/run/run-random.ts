/** `rejoin run --random`: random edits and faults on a document, many times over, each run checked, and failures made small. */
import { join } from 'node:path';
import { stringify } from 'yaml';
import { strategyIds } from '../../../shared/history/record.ts';
import { reusableExpectationsOf } from '../../../shared/scenarios/reusable-expectations.ts';
import { junitReport } from './junit-report.ts';
import { labRunTemplate } from '../../../shared/scenarios/run-template.ts';
import { RandomRuns, type SmallFailure } from '../../../shared/scenarios/random-runs.ts';
import type { RunTemplate } from '../../../shared/scenarios/random-scenario.ts';
import type { RawScenario } from '../../../shared/scenarios/scenario-format.ts';
import { simulationVersion } from '../../../shared/simulation/simulated-room.ts';
import { strategyNames } from '../../../shared/strategies/registry.ts';
import type { StandardStreams } from '../console/standard-streams.ts';
import { progressBar } from '../console/progress-bar.ts';
import type { RandomTally, RandomWork } from './random-work.ts';
import { ofThisSimulation, type RunRequest } from './run-command-line.ts';
import { saveFiles, saveWhole } from '../saved-files.ts';
import { rawOf, readScenarioFile } from '../scenario-files.ts';
import { laidOut, wrapped } from '../console/laid-out.ts';
import { UsageError } from '../usage-error.ts';
import { runOnCores } from './worker-pool.ts';

/** So many failures are told; the first one is made small. */
const failuresMax = 5;

export async function runRandom(request: RunRequest, streams: StandardStreams): Promise<number> {
  const { template, leftOut } = await runTemplateOf(request);
  const work: RandomWork = { template, options: { edits: request.edits, faults: request.faults, reads: request.reads / 100 } };
  const startedMs = performance.now();
  const bar = progressBar('random runs', process.stderr, undefined, 1);
  const tally = await runOnCores(work, { first: request.seed, count: request.seeds, workers: request.workers, failuresMax, progress: (done) => bar.show(done, request.seeds) });
  bar.end();
  const seconds = (performance.now() - startedMs) / 1_000;
  const [first] = tally.failed;
  const small = first ? await new RandomRuns(template, work.options).small(first.seed) : null;
  if (request.out !== null && small) await saveFiles(request.out, [{ name: `${nameOf(small)}.yaml`, parts: [yamlOf(small, request, null)] }]);
  if (request.json) streams.out(`${JSON.stringify(jsonOf(request, leftOut, tally, small, seconds))}\n`);
  else {
    streams.out(laidOut(`${linesOf(request, template, leftOut, tally, small, seconds).join('\n')}\n`, streams.columns));
    if (small) streams.out(`\n${yamlOf(small, request, streams.columns)}\n`);
  }
  if (request.junit !== null) await saveWhole(request.junit, reportOf(request, tally, seconds));
  return tally.failed.length > 0 ? 1 : tally.unknown > 0 ? 2 : 0;
}

/** The document of the file, or the lab's own, and what is expected of the file's steps alone. */
async function runTemplateOf(request: RunRequest): Promise<{ readonly template: RunTemplate; readonly leftOut: readonly string[] }> {
  const [file] = request.files;
  const raw: RunTemplate = file === undefined ? labRunTemplate(replicaNames(request.replicas)) : withoutSteps(rawOf(await readScenarioFile(file)));
  const left = (raw.strategies ?? strategyIds).filter((id) => request.strategies?.includes(id) ?? true);
  if (left.length === 0) throw new UsageError(`rejoin run: ${file}: none of the strategies that it runs was asked for; it runs ${raw.strategies?.join(', ')}`);
  const asked = Object.entries(raw.expect).filter(([name]) => name === 'every' || (left as readonly string[]).includes(name));
  const { expect, leftOut } = reusableExpectationsOf(Object.fromEntries(asked));
  return { template: { ...raw, ...(request.strategies ? { strategies: left } : {}), expect }, leftOut };
}

function withoutSteps({ steps, ...template }: RawScenario): RunTemplate {
  void steps;
  return template;
}

function replicaNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String.fromCharCode(65 + i));
}

/** The command that makes the same run again. */
function repeatOf({ files, strategies, edits, faults, reads, replicas }: RunRequest, seed: number): string {
  const words = ['npx rejoin run --random', ...files.map(asWord), `--seed ${seed}`, ...(strategies ?? []).map((id) => `--strategy ${id}`)];
  if (edits !== 200) words.push(`--edits ${edits}`);
  if (faults !== 15) words.push(`--faults ${faults}`);
  if (reads !== 3) words.push(`--reads ${reads}`);
  if (replicas !== 5) words.push(`--replicas ${replicas}`);
  return [...words, ofThisSimulation].join(' ');
}

/** As a shell takes it for one word. */
function asWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The command that runs the small one by itself. */
function ownRunOf(small: SmallFailure): string {
  return `npx rejoin run ${nameOf(small)}.yaml --seed ${small.seed} ${ofThisSimulation}`;
}

function nameOf({ seed }: SmallFailure): string {
  return `seed-${seed}`;
}

/** `columns`: how wide its lines may be, where YAML can break them; null: any width. */
function yamlOf(small: SmallFailure, request: RunRequest, columns: number | null): string {
  const { lookAt, ...scenario } = small.scenario;
  const title = `${scenario.title}, made small from seed ${small.seed}`.slice(0, 120);
  const comments = [
    `${small.steps} of ${small.stepsBefore} steps of: ${repeatOf(request, small.seed)}`,
    ...small.wrong.map((sentence) => sentence.replaceAll(/\s+/g, ' ')),
    ownRunOf(small),
  ];
  return [
    ...comments.map((comment) => wrapped(comment, columns ?? Infinity, { first: '# ', rest: '#   ' })),
    stringify({ ...scenario, title, ...(lookAt === '' ? {} : { lookAt }) }, { lineWidth: columns ?? 0 }),
  ].join('\n');
}

function jsonOf(request: RunRequest, leftOut: readonly string[], tally: RandomTally, small: SmallFailure | null, seconds: number): object {
  return {
    outcome: tally.failed.length > 0 ? 'broken' : tally.unknown > 0 ? 'unknown' : 'holds',
    simulation: simulationVersion,
    notAsked: leftOut,
    ...tally,
    seconds,
    failed: tally.failed.map((failure) => ({ ...failure, repeat: repeatOf(request, failure.seed) })),
    small: small && { ...small, repeat: ownRunOf(small) },
  };
}

function linesOf(request: RunRequest, template: RunTemplate, leftOut: readonly string[], tally: RandomTally, small: SmallFailure | null, seconds: number): string[] {
  const counted = (count: number): string => count.toLocaleString('en-US');
  const names = (template.strategies ?? strategyIds).map((id) => strategyNames[id]).join(', ');
  const rate = tally.runs / seconds;
  return [
    `${template.title}: ${template.replicas.length} replicas, ${counted(request.edits)} edits and at least ${counted(request.faults)} faults a run, under ${names}`,
    ...(leftOut.length > 0 ? [`Not asked of random runs, as only the steps of the file bring it about: ${leftOut.join(', ')}`] : []),
    `${counted(tally.runs)} ${tally.runs === 1 ? 'run' : 'runs'}, ${counted(tally.edits)} edits, ${counted(tally.faults)} faults in ${seconds.toFixed(1)} s (${rate < 10 ? rate.toFixed(1) : Math.round(rate)} runs a second); ${counted(tally.failed.length)} failed${tally.unknown > 0 ? `, of ${counted(tally.unknown)} nobody can tell` : ''}`,
    ...(tally.untold > 0 && (template.strategies ?? strategyIds).includes('crdt') ? [`In ${counted(tally.untold)} of them a program was killed before its disk had all that it did; there the CRDT's ledger is not compared with what edits say.`] : []),
    ...Object.entries(tally.kept).map(([id, kept]) => `  ${strategyNames[id as keyof typeof strategyNames]}: ${counted(kept)} kept, ${counted(tally.lost[id as keyof typeof tally.lost] ?? 0)} lost`),
    ...tally.failed.slice(0, failuresMax).flatMap(({ seed, wrong }) => ['', `✗ seed ${seed}`, ...wrong.slice(0, 5).map((sentence) => `    ${sentence}`), `  repeat it: ${repeatOf(request, seed)}`]),
    ...(small ? ['', `Seed ${small.seed}, made small (${small.steps} of ${small.stepsBefore} steps)${request.out === null ? `; save it as ${nameOf(small)}.yaml` : `, is in ${join(request.out, `${nameOf(small)}.yaml`)}`}:`] : []),
  ];
}

function reportOf(request: RunRequest, tally: RandomTally, seconds: number): string {
  const failed = tally.failed.map(({ seed, wrong }) => ({ name: `seed ${seed}`, failure: [...wrong, repeatOf(request, seed)].join('\n'), error: null }));
  const passed = { name: `${tally.runs - tally.failed.length} other runs`, failure: null, error: tally.unknown > 0 ? `of ${tally.unknown} nobody can tell` : null };
  return junitReport([{ name: 'random runs', seconds, cases: [passed, ...failed] }]);
}
