// Gets a browser for the tests where none is installed: as root on Debian or Ubuntu by apt, else by Playwright's own download.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findBrowser } from './find-browser.mjs';
import { messageOf, root, step } from './steps.mjs';

/** @typedef {[name: string, commands: [command: string, ...words: string[]][]]} Way */

/** { path } of a browser, or { trouble }: in one sentence why there is none. */
export async function getBrowser() {
  const found = await findBrowser();
  if (found !== null) return { path: found };
  if (process.env.REJOIN_BROWSER) return { trouble: `the browser in REJOIN_BROWSER (${process.env.REJOIN_BROWSER}) does not work` };
  const tried = [];
  for (const [name, commands] of ways()) {
    try {
      await step(`get a browser by ${name}`, async () => {
        for (const [command, ...words] of commands) await run(command, words);
      });
    } catch (error) {
      tried.push(`${name}: ${messageOf(error)}`);
      continue;
    }
    const path = await findBrowser();
    if (path !== null) return { path };
    tried.push(`${name}: what it installed does not start`);
  }
  return { trouble: `no Chromium, Chrome or Edge is installed, and none could be got (${tried.join('; ')})` };
}

function ways() {
  /** @type {Way} */
  const apt = ['apt', [['apt-get', 'update', '-q'], ['apt-get', 'install', '-y', '-q', '--no-install-recommends', 'chromium']]];
  /** @type {Way} */
  const playwright = ["Playwright's download", [[process.execPath, fileURLToPath(new URL('node_modules/playwright-core/cli.js', root)), 'install', 'chromium']]];
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get') ? [apt, playwright] : [playwright];
}

/** @param {string} command @param {string[]} words @returns {Promise<void>} */
function run(command, words) {
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(said.trim().split('\n').at(-1) || `code ${code}`))));
  });
}
