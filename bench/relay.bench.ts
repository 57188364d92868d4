/**
 * Our relay against its peers, in one run on one machine with the same frames: servers on one core, the load program on the other. Prints tables, or with
 * --json one JSON document; judges nothing.
 *
 * A delivery is one edit seen by one session that did not write it: frames that a server merged count as the edits in them, what comes back to its writer
 * does not count. Each figure is the median of the runs, with the lowest and the highest; every run has a new server.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { printTable, shown } from './figure-table.ts';
import { type Figures, spread } from './figures.ts';
import { askedPart } from './own-process.ts';
import { capacity, fanOut, heal, idle, joinAtOnce, pairs, realDocument, side, takeIn } from './relay-loads.ts';
import { updateCheck } from './update-check.ts';
import { type MeasuredServer, serve, type ServerId, type ServerPlace, serverNames, startServer } from './relay-servers.ts';

const peers: readonly ServerId[] = ['y-websocket', 'hocuspocus'];
const ours: readonly ServerId[] = ['rejoin', 'former'];
const everybody: readonly ServerId[] = [...ours, ...peers, 'ws'];
const tuned: readonly ServerId[] = [...ours, 'y-websocket', 'hocuspocus', 'hocuspocus-4ms', 'ws'];

interface Case {
  readonly name: string;
  readonly title: string;
  readonly servers: readonly ServerId[];
  /** Figure and how it is written. */
  readonly columns: readonly (readonly [figure: string, title: string])[];
  /** Null where something is missing for it. */
  readonly prepare: () => ((server: MeasuredServer) => Promise<Figures>) | null;
}

const cpuPerMillion = ['cpuSecondsPerMillion', 'CPU s per million deliveries'] as const;
const latency = [['p50Ms', 'p50 ms'], ['p99Ms', 'p99 ms']] as const;

function cases(project: string): Case[] {
  const trace = join(project, '..', 'shared', 'traces', 'friendsforever.json.gz');
  const real = (): ReturnType<typeof realDocument> => (known ??= realDocument(trace, 10));
  let known: ReturnType<typeof realDocument> = null;
  return [
    { name: 'fan-out-64', title: '64 sessions, 8 writers, 2,000 edits a second', servers: tuned, columns: [cpuPerMillion, ...latency, ['lost', 'lost']], prepare: () => (server) => fanOut(server, { sessions: 64, writers: 8, editsPerSecond: 2_000, seconds: 5 }) },
    { name: 'fan-out-256', title: '256 sessions, 8 writers, 480 edits a second', servers: tuned, columns: [cpuPerMillion, ...latency, ['lost', 'lost']], prepare: () => (server) => fanOut(server, { sessions: 256, writers: 8, editsPerSecond: 480, seconds: 5 }) },
    ...[2, 16, 64].map((sessions): Case => ({ name: `calm-${sessions}`, title: `${sessions} sessions, ${Math.min(8, sessions)} writers, 100 edits a second`, servers: everybody, columns: [...latency, cpuPerMillion], prepare: () => (server) => fanOut(server, { sessions, writers: Math.min(8, sessions), editsPerSecond: 100, seconds: 5 }) })),
    { name: 'overload', title: '64 sessions, 8 writers, 30,000 edits a second for 2.5 seconds', servers: everybody, columns: [['drainMs', 'ms to drain'], ...latency, ['memoryMB', 'memory MB'], ['lost', 'not there after a minute']], prepare: () => (server) => fanOut(server, { sessions: 64, writers: 8, editsPerSecond: 30_000, seconds: 2.5 }) },
    { name: 'capacity', title: '64 sessions, 8 writers: the most edits a second with p99 of at most 100 ms and nothing lost', servers: everybody, columns: [['editsPerSecond', 'edits a second'], ['p99Ms', 'p99 ms']], prepare: () => (server) => capacity(server, { sessions: 64, writers: 8, p99MsMax: 100 }) },
    { name: 'pairs', title: '500 rooms of two', servers: everybody, columns: [['updatesPerSecond', 'updates a second'], ['updatesPerCpuSecond', 'updates a CPU second'], cpuPerMillion], prepare: () => (server) => pairs(server, { rooms: 500, seconds: 4, underway: 20 }) },
    {
      name: 'heal', title: 'Two sides come back with 100,000 random edits each', servers: [...ours, ...peers], columns: [['ms', 'ms'], ['bytesOverLeast', 'bytes, of the least'], ['leastMB', 'least MB'], ['cpuMs', 'CPU ms']],
      prepare: () => {
        const sides = [side(11, 100_000), side(12, 100_000)] as const;
        return (server) => heal(server, sides);
      },
    },
    { name: 'join', title: '32 sessions join a document of 260,780 real edits at once', servers: [...ours, ...peers], columns: [['cpuMs', 'CPU ms'], ['ms', 'ms'], ['documentMB', 'document MB']], prepare: () => { const document = real(); return document && ((server) => joinAtOnce(server, 32, document)); } },
    { name: 'take-in', title: 'A document of real edits comes in, edit by edit', servers: [...ours, ...peers], columns: [['cpuSeconds', 'CPU s'], ['ms', 'ms'], ['edits', 'edits']], prepare: () => { const document = real(); return document && ((server) => takeIn(server, document)); } },
    { name: 'idle', title: '2,000 sessions in one room that say nothing', servers: everybody, columns: [['kilobytesPerSession', 'kB a session'], ['wholeMB', 'whole process MB']], prepare: () => (server) => idle(server, 2_000) },
    { name: 'idle-10000', title: '10,000 sessions in one room that say nothing', servers: ours, columns: [['kilobytesPerSession', 'kB a session'], ['wholeMB', 'whole process MB']], prepare: () => (server) => idle(server, 10_000) },
  ];
}

export interface RelayBenchOptions {
  readonly json?: boolean;
  /** Cases to run; default: all. */
  readonly only?: readonly string[];
  /** Runs of each; default 3. */
  readonly runs?: number;
  /** Servers to run; default: all that a case has. */
  readonly servers?: readonly string[];
  /** The bundle of this benchmark made of another checkout, whose relay runs beside this one's; default: none. */
  readonly former?: string | null;
}

export default async function relay(project: string, { json = false, only = [], runs = 3, servers = [], former = null }: RelayBenchOptions = {}): Promise<void> {
  const folder = join(project, 'bench', 'peers');
  installPeers(folder);
  const core = twoCores();
  const place = { peers: folder, core, former };
  const isAsked = (id: ServerId): boolean => (id !== 'former' || former !== null) && (servers.length === 0 || servers.includes(id));
  const known = cases(project);
  const unknown = only.find((name) => name !== 'check' && !known.some((each) => each.name === name));
  if (unknown !== undefined) throw new Error(`there is no case "${unknown}"; there are ${[...known.map(({ name }) => name), 'check'].join(', ')}`);
  const results: Record<string, Record<string, Figures[]>> = {};
  if (!json && core === undefined) console.log('Servers and load share the cores: fewer than two, or no taskset, on this machine.');
  for (const each of known.filter(({ name }) => only.length === 0 || only.includes(name))) {
    const load = each.prepare();
    if (!load) {
      console.error(`${each.name}: left out, as the recording of real edits is not there`);
      continue;
    }
    const found: Record<string, Figures[]> = (results[each.name] = {});
    for (let run = 0; run < runs; run++) {
      for (const id of each.servers.filter(isAsked)) (found[id] ??= []).push(await measured(id, place, load));
    }
    if (!json) print(each, found);
  }
  const document = only.length === 0 || only.includes('check') ? realDocument(join(project, '..', 'shared', 'traces', 'friendsforever.json.gz'), 10) : null;
  const check = document && (await updateCheck(document));
  if (check && !json) printCheck(check);
  if (json) console.log(JSON.stringify({ node: process.version, cores: availableParallelism(), runs, results, check }, null, 2));
}

const part = askedPart();
if (part?.[0] === 'server') void serve(part[1] as Exclude<ServerId, 'former'>, part[2]!);

async function measured(id: ServerId, place: ServerPlace, load: (server: MeasuredServer) => Promise<Figures>): Promise<Figures> {
  const server = await startServer(id, place);
  try {
    return await load(server);
  } finally {
    await server.end();
  }
}

function print({ title, columns }: Case, found: Readonly<Record<string, readonly Figures[]>>): void {
  printTable(title, ['', ...columns.map(([, name]) => name)], Object.entries(found).map(([id, figures]) => [serverNames[id as ServerId], ...columns.map(([figure]) => cell(figures.map((each) => each[figure]!)))]));
}

function printCheck({ checkUs, decodeUs, roomUs, oneByOneUs }: Figures): void {
  printTable('One real edit at the relay, without sockets', ['', 'µs'], [
    ['to know that it may be passed on (plain-update.ts)', shown(checkUs)],
    ['to decode it with Yjs, as before', shown(decodeUs)],
    ['to take it: the check, and its part of integrating 500 at once', shown(roomUs)],
    ['to apply it with Yjs, by itself', shown(oneByOneUs)],
  ]);
}

/** "1.23 (1.20–1.31)" */
function cell(values: readonly number[]): string {
  const { median, min, max } = spread(values);
  return min === max || values.length < 2 ? shown(median) : `${shown(median)} (${shown(min)}–${shown(max)})`;
}

/** The peers are not part of the project: they have a lock file of their own. */
function installPeers(folder: string): void {
  if (existsSync(join(folder, 'node_modules', '@hocuspocus', 'server'))) return;
  console.error('installing the peers…');
  execFileSync('npm', ['ci', '--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Keeps this program on the second core. Returns the core for servers; undefined where that cannot be had. */
function twoCores(): number | undefined {
  if (availableParallelism() < 2) return undefined;
  return spawnSync('taskset', ['-a', '-p', '-c', '1', String(process.pid)]).status === 0 ? 0 : undefined;
}
