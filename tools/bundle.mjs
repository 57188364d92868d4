// How each part is bundled: node tools/bundle.mjs pages|desktop|server|library. Use build.mjs, which calls this when it is needed.
import { cpSync, rmSync, renameSync, existsSync, mkdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { basename, join } from 'node:path';
import { rolldown } from 'rolldown';
import { build as viteBuild } from 'vite';
import { bundleLibrary } from './bundle-library.mjs';
import { fail, root, StepError } from './steps.mjs';

const folder = fileURLToPath(root);
const nodeBuiltins = [/^node:/, ...builtinModules];

/** The floor of what runs the desktop program and, inside it, the server: the Node of Electron 25. */
const nodeTarget = 'node18.15';

async function bundlePages() {
  await intoPlace('dist/renderer', (outDir) =>
    viteBuild({ root: join(folder, 'renderer'), configFile: join(folder, 'vite.config.ts'), logLevel: 'warn', build: { outDir, emptyOutDir: true } }));
}

async function bundleDesktop() {
  await intoPlace('dist/main', async (outDir) => {
    for (const name of ['main', 'preload', 'server-process']) {
      await bundle(join(folder, 'main', `${name}.ts`), join(outDir, `${name}.cjs`), { format: 'cjs', external: ['electron', ...nodeBuiltins] });
    }
  });
}

async function bundleServer() {
  // classic-level holds native code; bufferutil and utf-8-validate are optional extras of ws that are not installed.
  await intoPlace('dist/server', async (outDir) => {
    // The workers are threads that rejoin starts.
    for (const source of ['cli/rejoin', 'cli/run/random-worker', 'control/analysis/analysis-worker']) {
      await bundle(join(folder, `server/${source}.ts`), join(outDir, `${basename(source)}.mjs`), {
        format: 'esm',
        external: ['classic-level', 'bufferutil', 'utf-8-validate', ...nodeBuiltins],
      });
    }
    for (const scenarios of ['catalogue', 'presets']) cpSync(join(folder, 'shared/scenarios', scenarios), join(outDir, 'scenarios', scenarios), { recursive: true });
  });
}

/**
 * @param {string} input
 * @param {string} file
 * @param {{ format: 'cjs' | 'esm', external: (string | RegExp)[] }} options
 */
async function bundle(input, file, { format, external }) {
  /** @type {string[]} */
  const warnings = [];
  const made = await rolldown({
    input,
    external,
    platform: 'node',
    transform: { target: nodeTarget },
    tsconfig: false,
    onLog: (level, log) => {
      if (level === 'warn') warnings.push(log.message);
    },
  });
  try {
    await made.write({ file, format, sourcemap: true, codeSplitting: false, comments: { legal: true, annotation: true } });
  } finally {
    await made.close();
  }
  const unresolved = warnings.find((message) => message.includes('UNRESOLVED'));
  if (unresolved !== undefined) throw new StepError(unresolved);
}

/**
 * Makes a folder beside its place and then swaps it in, so that a build that fails leaves the last good one,
 * and two builds at once do not mix.
 * @param {string} path
 * @param {(outDir: string) => Promise<unknown>} make
 */
async function intoPlace(path, make) {
  const place = join(folder, path);
  const fresh = join(folder, 'dist', '.build', `${path.replaceAll('/', '-')}-${process.pid}`);
  const old = `${fresh}-old`;
  mkdirSync(join(folder, 'dist', '.build'), { recursive: true });
  try {
    await make(fresh);
    if (existsSync(place)) renameSync(place, old);
    renameSync(fresh, place);
  } finally {
    for (const left of [fresh, old]) rmSync(left, { recursive: true, force: true });
  }
}

/** @type {Record<string, () => Promise<void>>} */
const bundlers = {
  pages: bundlePages,
  desktop: bundleDesktop,
  server: bundleServer,
  library: () => intoPlace('dist/library', bundleLibrary),
};

const asked = process.argv[2] ?? '';
const bundler = bundlers[asked];
if (bundler === undefined) fail(new StepError(`there is no part "${asked}" to bundle; there are ${Object.keys(bundlers).join(', ')}`));
// What a bundler complains of is in the message; where in the bundler it was found helps nobody.
await bundler().catch((error) => fail(new StepError(error.message)));
