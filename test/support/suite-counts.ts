/**
 * What `npm test` runs and what it leaves to the gate. How often each suite of random runs does its work, by depth: the one place that says
 * so. `npm test` takes the sample, `npm run test:gate` the gate's count, and REJOIN_COUNT any other, by name.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What tests are marked with, for the depths; tools/run-tests.mjs goes by it. */
export const testTags = [
  { name: 'runs', description: 'random runs: some in npm test, all in the gate' },
  { name: 'gate', description: 'left to the gate: not a main path, and dear' },
] as const;

/** How much of the same tests: some of the seeds, or as many as the gate asks for. */
export type Depth = 'sample' | 'gate';

export interface SuiteCount {
  /** The test file that makes the runs, or the folder of its parts, from the top of the project. */
  readonly file: string;
  readonly project: 'unit' | 'browser' | 'redis';
  /** What the runs are of, for a person who reads the table. */
  readonly runs: string;
  readonly sample: number;
  readonly gate: number;
}

function suite(path: string, sample: number, gate: number, runs: string): SuiteCount {
  const file = path.endsWith('/') ? `test/${path}` : `test/${path}.test.ts`;
  return { file, project: projectOf(file), runs, sample, gate };
}

const coordinated = 'simulation/coordinated';
const edits = 'five members, 60 edits, 20 faults';

export const suiteCounts = {
  'random-runs': suite('simulation/random-runs/', 10, 2_000, 'six strategies, 200 edits'),
  metamorphic: suite('simulation/metamorphic', 15, 500, 'deliveries in another order'),
  consensus: suite(`${coordinated}-consensus`, 100, 2_000, edits),
  quorum: suite(`${coordinated}-quorum`, 100, 2_000, edits),
  'quorum-histories': suite(`${coordinated}-quorum`, 100, 2_000, 'histories of a register'),
  'single-leader-majority': suite(`${coordinated}-single-leader`, 100, 2_000, edits),
  'single-leader-asynchronous': suite(`${coordinated}-single-leader`, 100, 2_000, edits),
  'single-leader-elected': suite(`${coordinated}-single-leader`, 50, 1_000, edits),
  'growing-membership': suite('simulation/growing-membership', 16, 100, edits),
  'long-ledgers': suite('shared/analysis/ledger-slices', 20_000, 200_000, 'records of one history'),
  'long-verdicts': suite('shared/analysis/verdict-slices', 20_000, 200_000, 'records of one history'),
  ledgers: suite('shared/analysis/fates/coordinated-runs', 15, 100, edits),
  'past-states': suite('shared/analysis/past/past-states', 3, 60, 'six strategies, 100 edits, every moment'),
  'broken-variants': suite('simulation/broken-variants', 3, 60, 'programs with one line broken'),
  'relay-variants': suite('simulation/relay-variants', 1, 20, 'relays with one line broken'),
  'promise-variants': suite('shared/scenarios/broken-promises', 3, 40, 'lines broken, by scenario'),
  'lesson-variants': suite('shared/scenarios/catalogue', 8, 100, 'lines broken, by lesson'),
  'step-properties': suite('shared/analysis/verdicts/steps', 25, 100, 'of 100, made-up histories of counters'),
  'verdict-properties': suite('shared/analysis/verdicts/properties', 25, 100, 'of 100, made-up histories'),
  'doctor-properties': suite('shared/analysis/doctor/doctor-properties', 25, 100, 'of 100, made-up documents'),
  'damaged-histories': suite('shared/replay/hostile-history', 2, 6, 'histories under 250 changes'),
  'strategy-contracts': suite('contracts/strategies', 20, 60, 'copies apart, by promise'),
  'large-documents': suite('shared/analysis/doctor/hostile-updates', 1, 20, 'files made to take long'),
  'damaged-bytes': suite('shared/analysis/doctor/hostile-updates', 300, 3_000, 'damaged files'),
  'queued-edits': suite('simulation/lone-writer', 2_000, 10_000, 'edits of one person at once'),
  'membership-variants': suite('simulation/growing-membership', 1, 3, 'broken rules of members'),
  'mutated-frames': suite('shared/relay/malformed-frames', 150, 600, 'frames with changed bytes'),
  'document-pieces': suite('shared/document/document-pieces', 75, 300, 'documents sent in pieces'),
  'frame-attacks': suite('server/relay/frame-fuzz', 100, 2_000, 'malformed frames and handshakes'),
  'hostile-updates': suite(
    'shared/relay/document/hostile-updates',
    40,
    400,
    'documents under 40 attacks',
  ),
  'update-mutants': suite('shared/relay/document/plain-update', 1_000, 5_000, 'mutated updates'),
  'kill-cycles': suite('server/relay/kill-cycles', 3, 20, 'kills of the relay'),
  'command-kills': suite('server/cli/rejoin-command', 3, 20, 'kills of rejoin relay'),
  'room-races': suite('shared/relay/room/room-races', 5, 25, 'rooms loaded and let go of'),
  'rooms-left': suite('server/relay/relay-memory', 1_000, 3_000, 'rooms opened and left'),
  'idle-connections': suite('server/relay/relay-memory', 2_000, 2_000, 'silent connections'),
  'link-faults': suite('shared/relay/faults/random-faults', 5, 30, 'windows over bent links'),
  'island-moves': suite('shared/relay/faults/island-moves', 4, 15, 'moves between islands'),
  'relays-in-redis': suite('redis/random-relays', 2, 6, 'three relays in one Redis'),
  'same-run': suite('browser/same-run', 2, 20, 'in Node and in Chromium'),
  'played-scenarios': suite('browser/scenarios', 1, 17, 'scenarios in windows'),
} as const satisfies Readonly<Record<string, SuiteCount>>;

export type SuiteName = keyof typeof suiteCounts;

/** The files of a project of which `npm test` leaves something to the gate: runs of a suite, or tests with the tag. */
export function gateFiles(project: SuiteCount['project']): string[] {
  const deeper = Object.values<SuiteCount>(suiteCounts).filter((each) => each.gate > each.sample);
  const files = deeper.filter((each) => each.project === project).map(({ file }) => file);
  const suites = files.map((file) => (file.endsWith('/') ? `${file}*.test.ts` : file));
  return [...new Set([...suites, ...filesWithGateTests().filter((file) => projectOf(file) === project)])];
}

function filesWithGateTests(): string[] {
  const folder = fileURLToPath(new URL('..', import.meta.url));
  const files = readdirSync(folder, { recursive: true }).map((name) => `test/${String(name).replaceAll('\\', '/')}`);
  return files.filter((file) => file.endsWith('.test.ts') && /tags: \['gate'\]/.test(readFileSync(`${folder}../${file}`, 'utf8')));
}

function projectOf(file: string): SuiteCount['project'] {
  const folder = file.split('/')[1];
  return folder === 'browser' || folder === 'redis' ? folder : 'unit';
}
