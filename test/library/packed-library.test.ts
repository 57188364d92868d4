/** What `npm pack` packs, and what whoever installs that gets. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { projectRoot } from '../tidy/source-files.ts';

/** Part of what npm says of a tarball. */
interface Packed {
  readonly filename: string;
  /** Of the tarball, and of what is in it, in bytes. */
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

let folder = '';
let packed: Packed;

const run = async (command: string, words: readonly string[], cwd: string): Promise<string> => {
  // On Windows npm is a script, which only a shell can run.
  const shell = command === 'npm' && process.platform === 'win32';
  const options = { cwd, shell, maxBuffer: 16_000_000 };
  return (await promisify(execFile)(command, [...words], options)).stdout;
};

// It builds the library and the command line first, where they are out of date.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rejoin-packed-'));
  const said = await run('npm', ['pack', '--json', '--pack-destination', folder], projectRoot);
  packed = (JSON.parse(said.slice(said.indexOf('['))) as Packed[])[0]!;
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the tarball', () => {
  test('has the library, its declarations, the command, and no other file', () => {
    const needed = [
      /^(package\.json|README\.md|LICENSE)$/,
      /^dist\/library\/(chunks\/)?[a-z-]+\.js$/,
      /^dist\/library\/types\/(library|shared|renderer\/(providers|platform))\/[a-z/-]+\.d\.ts$/,
      /^dist\/server\/[a-z-]+\.mjs$/,
      /^dist\/server\/scenarios\/(catalogue|presets)\/[a-z-]+\.yaml$/,
      // What errors about a scenario point to.
      /^docs\/scenarios?\.(md|schema\.json)$/,
      /^tools\/(node-version|npm-watch|rejoin|run-command|steps)\.mjs$/,
      // npm packs what "main" names, whatever "files" says; Electron needs it there.
      /^dist\/main\/main\.cjs$/,
    ];
    const paths = packed.files.map(({ path }) => path);
    expect(paths.filter((path) => !needed.some((each) => each.test(path)))).toEqual([]);
    const missing = needed.filter((each) => !paths.some((path) => each.test(path)));
    expect(missing.map(String).filter((each) => !each.includes('main'))).toEqual([]);
  });

  test('stays below 2 MB', () => {
    const { filename, size, unpackedSize, files } = packed;
    const [small, whole] = [size, unpackedSize].map((bytes) => `${Math.round(bytes / 1e3)} kB`);
    console.log(`${filename}: ${small}, ${whole} unpacked, ${files.length} files`);
    expect(size).toBeLessThan(2_000_000);
  });

  test('is the one that the example names', async () => {
    const example = await readFile(`${projectRoot}examples/library/package.json`, 'utf8');
    const { dependencies } = JSON.parse(example) as { dependencies: object };
    expect(dependencies).toEqual({ rejoin: `file:../../${packed.filename}` });
  });
});

/** A program in TypeScript that uses each entry. */
const typedProgram = `
import { labSchema, MemoryStore, Replica, type ReplicaOptions } from 'rejoin';
import { StrategySet, systemClock, YjsStrategy } from 'rejoin';
import { storeContract, type TestFunctions } from 'rejoin/contracts';
import { IndexedDbStore } from 'rejoin/indexeddb';
import { RelayConnection } from 'rejoin/websocket';
import * as Y from 'yjs';

export function openReplica(id: string, store = new MemoryStore()): Promise<Replica> {
  const doc = new Y.Doc();
  const strategies = new StrategySet(labSchema, new YjsStrategy(labSchema, doc));
  const server = 'ws://127.0.0.1:1234';
  const transport = new RelayConnection({ server, room: 'trip', name: id, doc });
  const { answering, coordinated } = strategies;
  const parts = { strategies: answering, coordinated, store, transport, clock: systemClock };
  const options: ReplicaOptions = { id, instance: id, schema: labSchema, ...parts };
  return Replica.open(options);
}

export async function votesOf(replica: Replica): Promise<number> {
  replica.perform('votes', { kind: 'increment', by: 1 });
  // @ts-expect-error: there is no such intent
  replica.perform('votes', { kind: 'decrement', by: 1 });
  return replica.value('crdt', 'votes') as number;
}

export function testStore(runner: TestFunctions): void {
  storeContract(runner, 'IndexedDB', (location) => IndexedDbStore.open(location));
}
`;

const contractProgram = `
import { describe, test } from 'node:test';
import { MemoryStore } from 'rejoin';
import { storeContract } from 'rejoin/contracts';

const disks = new Map();
storeContract({ describe, test }, 'memory', async (location) => {
  if (!disks.has(location)) disks.set(location, new Map());
  return new MemoryStore(disks.get(location));
});
`;

/** How npm says that it cannot ask its registry, which it must where its cache does not know. */
const unreachable = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH/;

describe('installed in an empty folder', () => {
  let place = '';
  let isOffline = false;
  const inPlace = (...words: string[]): Promise<string> => run(process.execPath, words, place);

  beforeAll(async () => {
    place = join(folder, 'app');
    await cp(`${projectRoot}examples/library`, place, { recursive: true });
    const tarball = join(folder, packed.filename);
    const words = ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball];
    await run('npm', words, place).catch((error: Error) => {
      isOffline = unreachable.test(error.message);
      if (!isOffline) throw error;
    });
  }, 120_000);

  beforeEach(({ skip }) => skip(isOffline, 'npm cannot reach its registry'));

  test('it brings nothing that only the lab needs', { tags: ['gate'] }, async () => {
    const names = await readdir(join(place, 'node_modules'));
    const installed = names.filter((name) => !name.startsWith('.'));
    const needed = ['idb', 'lib0', 'rejoin', 'y-protocols', 'y-websocket', 'yaml', 'yjs', 'zod'];
    expect(installed).toEqual(expect.arrayContaining(needed));
    const windows = ['electron', 'lit', '@awesome.me', 'd3-scale', 'uplot', 'y-indexeddb'];
    const ofTheLab = [...windows, 'hono', 'classic-level', 'ioredis', 'pino', 'ws', 'vitest'];
    expect(installed.filter((name) => ofTheLab.includes(name))).toEqual([]);
    console.log(`installed: ${installed.join(', ')}`);
    expect(installed.length).toBeLessThan(15);
  });

  test('the example says what each strategy made of the edits', { tags: ['gate'] }, async () => {
    const said = await inPlace('cut-and-heal.mjs');
    const lines = said.split('\n');
    expect(lines.slice(0, 6)).toEqual([
      'CRDT (Yjs) { kept: 3, lost: 1, toResolve: 0, refused: 0, oversold: 1 }',
      'Last writer wins { kept: 2, lost: 2, toResolve: 0, refused: 0, oversold: 1 }',
      'Siblings { kept: 0, lost: 0, toResolve: 4, refused: 0, oversold: 1 }',
      'Quorum { kept: 0, lost: 0, toResolve: 0, refused: 4, oversold: 0 }',
      'Consensus { kept: 0, lost: 0, toResolve: 0, refused: 4, oversold: 0 }',
      'Single leader { kept: 2, lost: 0, toResolve: 0, refused: 2, oversold: 0 }',
    ]);
    expect(said).toContain("A's “Trip to Rome” (A:1) was lost to B's title “Trip to Oslo”");
  });

  const resolutions = [
    ['nodenext', 'nodenext'],
    ['bundler', 'esnext'],
  ] as const;

  test.each(resolutions)('its declarations fit: %s', { tags: ['gate'] }, async (...chosen) => {
    const [moduleResolution, module] = chosen;
    const strict = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false };
    const target = { target: 'es2022', lib: ['es2022', 'dom', 'dom.iterable'], types: [] };
    const compilerOptions = { module, moduleResolution, noEmit: true, ...strict, ...target };
    await writeFile(join(place, 'program.ts'), typedProgram);
    const config = { compilerOptions, files: ['program.ts'] };
    await writeFile(join(place, 'tsconfig.json'), JSON.stringify(config));
    const compiler = join(projectRoot, 'node_modules/typescript-native/bin/tsc');
    const said = inPlace(compiler, '-p', '.').catch(({ stdout }: { stdout: string }) => stdout);
    expect(await said).toBe('');
  });

  test('its contract suites run under node:test', { tags: ['gate'] }, async () => {
    await writeFile(join(place, 'store.test.mjs'), contractProgram);
    const said = await inPlace('--test', '--test-reporter', 'tap', 'store.test.mjs');
    expect(said).toMatch(/^# pass 11$/m);
    expect(said).toMatch(/^# fail 0$/m);
  });

  test('the command plays a scenario, and rooms ask for LevelDB', { tags: ['gate'] }, async () => {
    const command = join(place, 'node_modules/rejoin/tools/rejoin.mjs');
    expect(await inPlace(command, 'run', 'last-seat')).toContain('holds');
    const data = join(folder, 'data');
    const refused = inPlace(command, 'relay', '--port', '0', '--data', data);
    await expect(refused).rejects.toThrow('npm install classic-level');
  });
});
