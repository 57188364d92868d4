/** The same seed gives the same run, byte for byte: again, in another process, in a thread. In a browser: test/browser/same-run.test.ts. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fingerprints } from '../../support/same-run.ts';
import { bundledFingerprints, wantedRuns as withSeeds } from '../../support/same-run-bundle.ts';
import { projectRoot } from '../../tidy/source-files.ts';

/** Some of the random runs; more of them meet in the browser's test. */
const wantedRuns = withSeeds([1, 2, 3, 4, 5, 6, 7, 8]);
let folder: string;
let here: Record<string, string>;

beforeAll(async () => {
  await mkdir(join(projectRoot, 'node_modules/.cache'), { recursive: true });
  folder = await mkdtemp(join(projectRoot, 'node_modules/.cache/same-run-'));
  await writeFile(join(folder, 'same-run.mjs'), await bundledFingerprints('node'));
  await writeFile(join(folder, 'wanted.json'), JSON.stringify(wantedRuns));
  await writeFile(join(folder, 'process.mjs'), `import { readFileSync } from 'node:fs';\nimport { fingerprints } from './same-run.mjs';\nconsole.log(JSON.stringify(await fingerprints(JSON.parse(readFileSync(new URL('wanted.json', import.meta.url), 'utf8')))));\n`);
  await writeFile(join(folder, 'thread.mjs'), `import { parentPort, workerData } from 'node:worker_threads';\nimport { fingerprints } from './same-run.mjs';\nparentPort.postMessage(await fingerprints(workerData));\n`);
  here = await fingerprints(wantedRuns);
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test('all runs are there, each differs from the others', () => {
  expect(Object.keys(here)).toEqual([...Object.keys(wantedRuns.texts), ...wantedRuns.seeds.map((seed) => `random, seed ${seed}`)]);
  expect(new Set(Object.values(here)).size).toBe(Object.keys(here).length);
});

test('again', async () => {
  const some = { texts: wantedRuns.texts, seeds: [8, 3] };
  expect(here).toMatchObject(await fingerprints(some));
});

test('in another process', { timeout: 60_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'process.mjs')]);
  expect(JSON.parse(stdout)).toEqual(here);
});

test('in a thread', { timeout: 60_000 }, async () => {
  const worker = new Worker(join(folder, 'thread.mjs'), { workerData: { ...wantedRuns, seeds: wantedRuns.seeds.slice(0, 2) } });
  const found = await new Promise<Record<string, string>>((resolve, reject) => void worker.once('message', resolve).once('error', reject));
  await worker.terminate();
  expect(here).toMatchObject(found);
  expect(Object.keys(found)).toHaveLength(Object.keys(wantedRuns.texts).length + 2);
});
