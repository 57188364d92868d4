// Installs node_modules when it is missing or the lock file changed since it was installed.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { fail, isProgram, root, say, step, StepError } from './steps.mjs';

const lockFile = new URL('package-lock.json', root);
const installed = new URL('node_modules/.package-lock.json', root);
const stamp = new URL('node_modules/.rejoin-lock-hash', root);

/** Runs `npm ci` if it is needed. Throws a StepError of one line when it fails. */
export async function prepare() {
  const wanted = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  if (existsSync(installed) && samePackages()) return void writeFileSync(stamp, wanted);
  say('Installing packages (npm ci); the first time this takes a minute or two.');
  await step('install', install);
  writeFileSync(stamp, wanted);
}

/** Whether what npm says it installed is what the lock file asks for: then a person's own `npm install` will do. */
function samePackages() {
  /**
   * @param {URL} url
   * @returns {Record<string, { version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }>}
   */
  const read = (url) => JSON.parse(readFileSync(url, 'utf8')).packages;
  const have = read(installed);
  return Object.entries(read(lockFile)).every(([path, wanted]) => path === '' || wanted.optional === true || wanted.devOptional === true || wanted.peer === true
    || have[path]?.version === wanted.version);
}

/** @returns {Promise<void>} */
function install() {
  const windows = process.platform === 'win32';
  const child = spawn(windows ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: fileURLToPath(root),
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: windows,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new StepError(`npm could not be started: ${error.message}. It comes with Node; is it on the PATH?`)));
    child.on('close', (code) => {
      if (code === 0) return resolve();
      const lines = said.split('\n').filter((line) => line.trim() !== '' && !line.includes('A complete log of this run'));
      reject(new StepError(`npm ci failed (code ${code}): ${lines.slice(0, 8).join(' | ') || 'it said nothing'}`));
    });
  });
}

if (isProgram(import.meta.url)) prepare().catch(fail);
