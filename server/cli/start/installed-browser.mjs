/** Finds an installed Chromium, Chrome or Edge: these can show a page as a window without browser controls. Plain JavaScript: tools run it before anything is built. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge-stable', 'microsoft-edge', 'chrome', 'msedge'];

/**
 * REJOIN_BROWSER if it is set, else the first one on the PATH or where browsers are usually installed; null if there is none.
 * @param {NodeJS.ProcessEnv} environment
 * @returns {string | null}
 */
export function installedBrowser(environment = process.env) {
  const asked = environment['REJOIN_BROWSER'];
  const candidates = asked ? [asked] : [...onPath(environment), ...usualPlaces(environment)];
  return candidates.find(works) ?? null;
}

/** @param {NodeJS.ProcessEnv} environment */
function onPath(environment) {
  const folders = (environment['PATH'] ?? environment['Path'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const ending = process.platform === 'win32' ? '.exe' : '';
  return names.flatMap((name) => folders.map((folder) => join(folder, name + ending)));
}

/** @param {NodeJS.ProcessEnv} environment */
function usualPlaces(environment) {
  if (process.platform === 'darwin') {
    const folders = ['/Applications', join(environment['HOME'] ?? '/', 'Applications')];
    return ['Chromium', 'Google Chrome', 'Microsoft Edge'].flatMap((name) => folders.map((folder) => join(folder, `${name}.app`, 'Contents', 'MacOS', name)));
  }
  if (process.platform === 'win32') {
    const folders = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => environment[name] ?? []);
    return folders.flatMap((folder) => [['Google', 'Chrome', 'Application', 'chrome.exe'], ['Microsoft', 'Edge', 'Application', 'msedge.exe'], ['Chromium', 'Application', 'chrome.exe']].map((path) => join(folder, path.join('/'))));
  }
  return ['/usr/lib/chromium/chromium', '/opt/google/chrome/chrome', '/opt/microsoft/msedge/msedge'];
}

/**
 * Whether a browser can be started by this path.
 * @param {string} path
 */
export function works(path) {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  // On some Linux systems a browser's name is a stand-in that only says how to install it.
  const answer = spawnSync(path, ['--version'], { timeout: 20_000, encoding: 'utf8' });
  return answer.status === 0 && /\d+\.\d+/.test(answer.stdout);
}
