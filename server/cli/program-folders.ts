/** Where the program and the user's data are. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The user's data folder for Rejoin, by the habits of each system. */
export function defaultDataFolder(environment: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform, home = homedir()): string {
  if (platform === 'win32') return join(environment['APPDATA'] || join(home, 'AppData', 'Roaming'), 'Rejoin');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Rejoin');
  return join(environment['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'rejoin');
}

/** The project's folder: the nearest one above this file with our package.json, wherever this file was bundled to. */
export function projectFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  for (let folder = here; folder !== dirname(folder); folder = dirname(folder)) if (isProject(folder)) return folder;
  return join(here, '..', '..');
}

/** The version that the project's package.json names. */
export function programVersion(project: string): string {
  return (JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { version: string }).version;
}

/** Folder of the built pages; null when they are not built. */
export function pagesFolder(project: string): string | null {
  const folder = join(project, 'dist', 'renderer');
  return existsSync(join(folder, 'index.html')) ? folder : null;
}

/** Folder of the scenarios, beside the built server: `catalogue` and `presets`. */
export function scenariosFolder(project: string): string {
  return join(project, 'dist', 'server', 'scenarios');
}

/** The thread that goes through long histories, beside the built server; null where this runs from its sources. */
export function analysisProgram(): URL | null {
  const file = new URL('./analysis-worker.mjs', import.meta.url);
  return existsSync(file) ? file : null;
}

function isProject(folder: string): boolean {
  try {
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: unknown }).name === 'rejoin';
  } catch {
    return false;
  }
}
