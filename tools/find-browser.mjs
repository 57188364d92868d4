// Finds an installed Chromium, Chrome or Edge, for the tests.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { spawnSync } from 'node:child_process';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge-stable', 'microsoft-edge', 'chrome', 'msedge'];

/**
 * The path of a browser that works, or null. Looks at REJOIN_BROWSER, then along the PATH, then at the places where browsers are installed,
 * then for a copy that Playwright fetched.
 */
export async function findBrowser(environment = process.env) {
  const asked = environment.REJOIN_BROWSER;
  if (asked !== undefined && asked !== '') return works(asked) ? asked : null;
  for (const candidate of [...onPath(environment), ...wellKnown(environment)]) if (works(candidate)) return candidate;
  const fetched = await playwrightsOwn();
  return fetched !== null && works(fetched) ? fetched : null;
}

function onPath(environment) {
  const endings = process.platform === 'win32' ? ['.exe'] : [''];
  const folders = (environment.PATH ?? environment.Path ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending))));
}

function wellKnown(environment) {
  switch (process.platform) {
    case 'darwin':
      return ['Chromium', 'Google Chrome', 'Microsoft Edge'].flatMap((name) => ['/Applications', join(environment.HOME ?? '/', 'Applications')]
        .map((folder) => join(folder, `${name}.app`, 'Contents', 'MacOS', name)));
    case 'win32':
      return [environment.PROGRAMFILES, environment['PROGRAMFILES(X86)'], environment.LOCALAPPDATA].filter((folder) => folder !== undefined)
        .flatMap((folder) => [join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'), join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
          join(folder, 'Chromium', 'Application', 'chrome.exe')]);
    default:
      return ['/usr/lib/chromium/chromium', '/opt/google/chrome/chrome', '/opt/microsoft/msedge/msedge'];
  }
}

async function playwrightsOwn() {
  try {
    const { chromium } = await import('playwright-core');
    return chromium.executablePath();
  } catch {
    return null;
  }
}

/** On Linux a browser's name may be a stand-in that only says how to install it, so it is asked for its version. */
function works(path) {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  const answer = spawnSync(path, ['--version'], { timeout: 20_000, encoding: 'utf8' });
  return answer.status === 0 && /\d+\.\d+/.test(answer.stdout);
}
