// Whether tests can open real Electron windows here: the runtime and a screen. Never downloads anything.
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './steps.mjs';

/** @type {Partial<Record<NodeJS.Platform, string>>} */
const executableNames = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
const executableName = executableNames[process.platform] ?? 'electron';

/** The runtime in ELECTRON_OVERRIDE_DIST_PATH, else the one that the electron package has fetched, as { executable, folder, version }; null where there is none. */
export function findElectron(environment = process.env) {
  const override = environment.ELECTRON_OVERRIDE_DIST_PATH;
  const folder = override !== undefined && override !== '' ? override : fileURLToPath(new URL('node_modules/electron/dist', root));
  const executable = join(folder, executableName);
  if (!existsSync(executable)) return null;
  const versionFile = join(folder, 'version');
  const version = existsSync(versionFile) ? readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') : 'unknown';
  return { executable, folder, version };
}

/** Whether windows can be shown: on this person's own screen, or on a virtual one that the tests start. */
export function findScreen(environment = process.env) {
  if (process.platform === 'darwin' || process.platform === 'win32') return 'own';
  if ((environment.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'Xvfb')))) return 'virtual';
  return environment.DISPLAY || environment.WAYLAND_DISPLAY ? 'own' : null;
}

/** Why Electron windows cannot be tested here, in one sentence; null when they can. */
export function electronTrouble(environment = process.env) {
  if (findElectron(environment) === null) return 'no Electron runtime (get it by: npx install-electron, or set ELECTRON_OVERRIDE_DIST_PATH to the folder of one)';
  if (findScreen(environment) === null) return 'no screen (set DISPLAY, or install Xvfb)';
  return null;
}
