// Prepares, builds and becomes the built command line.
import { existsSync } from 'node:fs';
import { pathToFileURL, fileURLToPath } from 'node:url';
import { fail, root } from './steps.mjs';

const program = fileURLToPath(new URL('dist/server/rejoin.mjs', root));

/**
 * Runs `rejoin WORDS…` inside this process: there is no second Node process between the terminal and the lab, so Ctrl-C, signals and
 * exit codes are its own. Builds first where sources are at hand; a copy that was published with its build runs as it is.
 * @param {string[]} words
 */
export async function runCommand(words) {
  try {
    if (existsSync(new URL('tools/build.mjs', root)) && existsSync(new URL('server', root))) await makeReady(words);
  } catch (error) {
    return fail(error);
  }
  process.argv = [process.execPath, program, ...words];
  await import(pathToFileURL(program).href);
}

/**
 * Everything for the lab with its windows; only the command line itself for the other commands, and for help.
 * @param {string[]} words
 */
async function makeReady(words) {
  const { prepare } = await import('./prepare.mjs');
  await prepare();
  const { build } = await import('./build.mjs');
  const needsPages = words[0] === 'start' && !words.includes('--help') && !words.includes('-h');
  await build({ ...(needsPages ? {} : { only: ['server'] }), silentWhenFresh: true });
}
