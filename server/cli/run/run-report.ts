/** What a run of a scenario found, for people and for programs. */
import { basename } from 'node:path';
import * as Y from 'yjs';
import { reviewOf } from '../../../shared/analysis/review.ts';
import { scorecardCsv } from '../../../shared/analysis/scorecard-csv.ts';
import { shiVizLog } from '../../../shared/analysis/shiviz-log.ts';
import { jsonHistoryLines } from '../../../shared/history/json-lines.ts';
import type { CheckedRun } from '../../../shared/scenarios/check-scenario.ts';
import { isAbout, unmetFirst } from '../../../shared/scenarios/evidence.ts';
import type { Expectation } from '../../../shared/scenarios/scenario.ts';
import type { JUnitSuite } from './junit-report.ts';
import { oneLine } from '../console/one-line.ts';
import { reviewJson } from '../review-json.ts';
import { simulationVersion } from '../../../shared/simulation/simulated-room.ts';
import { strategyNames } from '../../../shared/strategies/registry.ts';
import type { NewFile } from '../saved-files.ts';
import { scorecardTable } from '../console/scorecard-table.ts';
import { verdictTable, witnessLines } from '../console/verdict-lines.ts';

export interface FinishedScenario {
  /** As the person named it. */
  readonly file: string;
  readonly checked: CheckedRun;
  readonly seconds: number;
}

/** At most so many sentences about edits that did not simply survive. */
const reviewMax = 12;

const marks = { holds: '✓', broken: '✗', unknown: '?' } as const;

export function runJson({ file, checked: { run, broken, outcome } }: FinishedScenario): object {
  return {
    file,
    title: run.scenario.title,
    seed: run.seed,
    simulation: simulationVersion,
    outcome,
    brokenPromises: broken,
    expectations: run.judgements.map(({ expectation, outcome: each, sentence }) => ({ path: expectation.path, strategy: expectation.strategy, outcome: each, sentence })),
    scorecard: run.figures,
    verdicts: run.verdicts,
    review: reviewJson(run.review, run.records).map((told, at) => ({ ...told, fates: run.review[at]!.fates.map(({ strategy, disposition }) => ({ strategy, disposition })) })),
  };
}

/** One line: what it is and whether it holds. */
export function runLine({ file, checked: { run, outcome } }: FinishedScenario): string {
  return oneLine(`${marks[outcome]} ${outcome.padEnd(7)} ${file}${run.seed === 1 ? '' : `, seed ${run.seed}`}: ${run.scenario.title} (${run.judgements.length} expectations)`);
}

/** All that there is to say, in lines without line ends. `columns`: how wide tables may be; null: as wide as they get. */
export function runLines(finished: FinishedScenario, columns: number | null): string[] {
  const { run, broken } = finished.checked;
  const { scenario, judgements, review } = run;
  const isUnmet = judgements.some(({ outcome }) => outcome !== 'holds');
  const told = unmetFirst(review, judgements, scenario.schema).slice(0, reviewMax);
  return [
    oneLine(`${scenario.title} (${finished.file}, seed ${run.seed})`),
    ...(scenario.lookAt === '' ? [] : [oneLine(scenario.lookAt)]),
    '',
    scorecardTable(run.figures, columns),
    '',
    'How consistent it was, by what people did and read',
    verdictTable(run.verdicts, columns),
    ...witnessLines(run.verdicts).map(oneLine),
    ...(told.length > 0 ? ['', `What did not simply survive, and why${review.length > told.length ? ` (${told.length} of ${review.length}${isUnmet ? ', what was not expected first' : ''})` : ''}:`] : []),
    ...told.map(({ label, sentence }) => oneLine(`- ${label}: ${sentence}`)),
    '',
    ...troubleLines(finished),
    ...broken.map((sentence) => `${marks.broken} a promise of the program: ${sentence}`),
    ...judgements.filter(({ outcome }) => outcome !== 'holds').map(({ outcome, expectation, sentence }) => oneLine(`${marks[outcome]} ${expectation.path}: ${sentence}`)),
    ...(judgements.length === 0 ? ['Nothing was expected: there is no "expect" in the file.'] : []),
    runLine(finished),
  ];
}

/** What is broken or unknown, and of that what to look at. */
export function troubleSummary(finished: FinishedScenario): string[] {
  const { run, broken } = finished.checked;
  return [
    ...broken.map((sentence) => `    a promise of the program: ${sentence}`),
    ...run.judgements.filter(({ outcome }) => outcome !== 'holds').flatMap(({ outcome, expectation, sentence }) => [oneLine(`  ${marks[outcome]} ${expectation.path}: ${sentence}`), ...evidence(finished, expectation).map((line) => oneLine(`      ${line}`))]),
  ];
}

/** The sentences about the edits that an expectation is about, under its strategy alone, for whoever asks why. */
function evidence({ checked: { run } }: FinishedScenario, expectation: Expectation): string[] {
  const { schema } = run.scenario;
  return reviewOf(run.ledger, schema, '', [expectation.strategy]).filter((entry) => isAbout(expectation, schema, entry)).slice(0, 3).map(({ label, sentence }) => `${label}: ${sentence}`);
}

function troubleLines({ checked: { run } }: FinishedScenario): string[] {
  return run.room.troubles.slice(0, 3).map((trouble) => `! ${trouble}`);
}

export function suiteOf(finished: FinishedScenario): JUnitSuite {
  const { run, broken } = finished.checked;
  return {
    name: `${run.scenario.title} (${finished.file}, seed ${run.seed})`,
    seconds: finished.seconds,
    cases: [
      { name: 'what the program promises of every run', failure: broken.length > 0 ? broken.join('\n') : null, error: null },
      ...run.judgements.map(({ expectation, outcome, sentence }) => ({
        name: caseName(expectation),
        failure: outcome === 'broken' ? [sentence, ...evidence(finished, expectation)].join('\n') : null,
        error: outcome === 'unknown' ? sentence : null,
      })),
    ],
  };
}

/** What is expected of every strategy is a case for each. */
function caseName({ path, strategy }: CheckedRun['run']['judgements'][number]['expectation']): string {
  return path.startsWith('expect.every.') ? `${path} (${strategyNames[strategy]})` : path;
}

/** Names for these files' folders, each once: of two files with one name the second has a number. */
export function folderNames(files: readonly string[]): string[] {
  const taken = new Set<string>();
  return files.map((file) => {
    const stem = basename(file).replace(/\.(ya?ml|json)$/, '').replaceAll(/[^A-Za-z0-9_-]+/g, '-');
    let name = stem;
    for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${stem}-${count}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

export function filesOf(finished: FinishedScenario): NewFile[] {
  const { scenario, records, document } = finished.checked.run;
  const { schema, strategies, replicas } = scenario;
  return [
    { name: 'history.jsonl', parts: jsonHistoryLines({ schema, strategies, replicas, records, events: finished.checked.run.events, document: Y.encodeStateAsUpdate(document) }) },
    { name: 'scorecard.csv', parts: [scorecardCsv(finished.checked.run.figures)] },
    { name: 'scorecard.json', parts: [`${JSON.stringify(runJson(finished), null, 2)}\n`] },
    { name: 'shiviz.log', parts: shiVizLog(schema, records) },
  ];
}

