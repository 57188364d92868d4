/**
 * The checks themselves: each variant breaks one line of the program, is bundled with the random runs and their checks, and must be caught.
 * A variant whose line is not found fails too, so that none goes stale in silence.
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, describe, expect, test } from 'vitest';
import { noteRuns, someOf } from '../support/run-counts.ts';
import type { Variant } from '../support/shared-variant.ts';
import { variants } from './broken-variants.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(project, 'node_modules', '.cache', `broken-variants-${process.pid}`);
const seedsMax = 80;

afterAll(() => rm(folder, { recursive: true, force: true }));

/** The random runs and their checks with one line changed, as a module of their own. */
async function broken({ file, find, put }: Variant, name: string): Promise<{ randomRun(seed: number): Promise<unknown>; checkRun(lab: unknown, seed: number): void }> {
  const path = join(project, file);
  const source = await readFile(path, 'utf8');
  expect(source.split(find).length - 1, `the line that this variant breaks is in ${file} once`).toBe(1);
  const bundle = await rolldown({
    input: join(project, 'test/support/check-run.ts'),
    platform: 'node',
    tsconfig: false,
    external: [/^yjs$/],
    plugins: [{ name: 'break', transform: (code: string, id: string) => (id === path ? code.replace(find, () => put) : undefined) }],
    onLog: () => {},
  });
  await mkdir(folder, { recursive: true });
  const target = join(folder, `${name}.mjs`);
  await bundle.write({ file: target, format: 'esm', codeSplitting: false });
  await bundle.close();
  return (await import(/* @vite-ignore */ pathToFileURL(target).href)) as never;
}

async function seedThatCatches(each: Variant, name: string): Promise<number | null> {
  const { randomRun, checkRun } = await broken(each, name);
  for (let seed = 1; seed <= seedsMax; seed++) {
    try {
      checkRun(await randomRun(seed), seed);
    } catch {
      return seed;
    }
  }
  return null;
}

describe('broken variants are caught', () => {
  test('the unbroken program is not', { timeout: 120_000 }, async () => {
    const none: Variant = { name: 'none', file: 'shared/strategies/yjs/descriptor.ts', find: "name: 'CRDT (Yjs)'", put: "name: 'CRDT (Yjs)'" };
    const { randomRun, checkRun } = await broken(none, 'none');
    for (let seed = 1; seed <= 5; seed++) checkRun(await randomRun(seed), seed);
  });

  const numbered = variants.map((each, i) => ({ ...each, i }));
  test.each(someOf('broken-variants', numbered))('$name', { timeout: 600_000, tags: ['runs'] }, async (each) => {
    noteRuns('broken-variants', 1);
    expect(await seedThatCatches(each, `variant-${each.i}`), `not caught within ${seedsMax} runs`).not.toBe(null);
  });
});
