// A program in TypeScript that only developers run, as one file that Node can run.
import { mkdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, join } from 'node:path';

/**
 * `input`: its path inside the checkout, whose own packages it uses. Returns where the file is.
 * @param {string} checkout
 * @param {string} input
 */
export async function bundleProgram(checkout, input) {
  const { rolldown } = await import('rolldown');
  const target = join(checkout, 'node_modules', '.cache', 'rejoin-programs');
  mkdirSync(target, { recursive: true });
  const bundle = await rolldown({
    input: join(checkout, input),
    platform: 'node',
    external: ['classic-level', 'playwright-core', 'bufferutil', 'utf-8-validate', /^node:/, ...builtinModules],
    tsconfig: false,
    onLog: () => {},
  });
  const file = join(target, basename(input).replace(/(\.bench)?\.ts$/, '.mjs'));
  await bundle.write({ file, format: 'esm', codeSplitting: false });
  await bundle.close();
  return file;
}
