// Builds what runs: the pages, the desktop program and the command line; and the library, where it is asked for. A part
// whose inputs have not changed is left alone.
//   node tools/build.mjs [--only pages|desktop|server|library]… [--force]
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isUpToDate, recordBuild } from './build-record.mjs';
import { fail, isProgram, root, say, step, StepError } from './steps.mjs';

const common = ['shared', 'package-lock.json', 'tsconfig.base.json', 'tools/build.mjs', 'tools/build-record.mjs', 'tools/bundle.mjs'];

/**
 * The parts that there are to build; bundle.mjs makes each.
 * @type {Record<string, import('./build-record.mjs').Part & { title: string }>}
 */
const parts = {
  pages: {
    title: 'build pages',
    inputs: ['renderer', 'vite.config.ts', ...common],
    entries: ['renderer/index.html', 'renderer/replica.html'],
    outputs: ['dist/renderer/index.html', 'dist/renderer/replica.html'],
  },
  desktop: {
    title: 'build desktop program',
    inputs: ['main', ...common],
    entries: ['main/main.ts', 'main/preload.ts', 'main/server-process.ts'],
    outputs: ['dist/main/main.cjs', 'dist/main/preload.cjs', 'dist/main/server-process.cjs'],
  },
  server: {
    title: 'build command line',
    inputs: ['server', ...common],
    entries: ['server/cli/rejoin.ts', 'server/cli/run/random-worker.ts', 'server/control/analysis/analysis-worker.ts'],
    outputs: ['dist/server/rejoin.mjs', 'dist/server/random-worker.mjs', 'dist/server/analysis-worker.mjs', 'dist/server/scenarios'],
  },
  library: {
    title: 'build library',
    inputs: ['library', 'renderer/platform', 'renderer/providers', 'tools/bundle-library.mjs', ...common],
    entries: ['library/index.ts', 'library/tsconfig.declarations.json'],
    outputs: ['dist/library/index.js', 'dist/library/types/library/index.d.ts'],
  },
};

/** What the program needs to run. The library is for `npm pack`, and takes the compiler some seconds. */
const programParts = ['pages', 'desktop', 'server'];

/**
 * Builds the parts asked for (those of the program by default), one after another. Throws a StepError that says which part failed and why;
 * the other parts have been tried then too.
 */
export async function build({ only = programParts, force = false, silentWhenFresh = false } = {}) {
  /** @type {string[]} */
  const troubles = [];
  for (const name of only) {
    const part = parts[name];
    if (part === undefined) throw new StepError(`there is no part "${name}" to build; there are ${Object.keys(parts).join(', ')}`);
    const { fresh, missing, key } = isUpToDate(name, part);
    if (missing.length > 0) {
      troubles.push(`${part.title}: ${missing.join(' and ')} ${missing.length > 1 ? 'do' : 'does'} not exist`);
    } else if (fresh && !force) {
      if (!silentWhenFresh) say(`${part.title} … up to date`);
    } else {
      await step(part.title, () => bundle(name)).then(() => recordBuild(name, key), (error) => troubles.push(`${part.title}: ${error.message}`));
    }
  }
  if (troubles.length > 0) throw new StepError(troubles.join('\n'));
}

/**
 * In a process of its own: the bundlers' memory and signal handlers have no place in the lab that is started next.
 * @param {string} name
 */
function bundle(name) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('tools/bundle.mjs', root)), name], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(process.stderr.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: undefined }) },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(said.trim() === '' ? undefined : `\n${said.trimEnd()}`);
      else reject(new StepError(said.trim() || `code ${code}`));
    });
  });
}

/** @param {string[]} words */
function readArguments(words) {
  /** @type {string[]} */
  const only = [];
  let force = false;
  for (let at = 0; at < words.length; at++) {
    const [word, next] = words.slice(at);
    if (word === '--only' && next !== undefined) {
      only.push(next);
      at++;
    } else if (word === '--force') {
      force = true;
    } else {
      throw new StepError(`"${word}" is not known; use --only pages|desktop|server|library or --force`);
    }
  }
  return { ...(only.length > 0 ? { only } : {}), force };
}

if (isProgram(import.meta.url)) {
  const { prepare } = await import('./prepare.mjs');
  await prepare().then(() => build(readArguments(process.argv.slice(2)))).catch(fail);
}
