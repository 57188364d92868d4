/**
 * What is looked at in a folder of LevelDB before LevelDB opens it, since LevelDB says nothing of it: it makes an empty store
 * where CURRENT is missing, and deletes the data files that it finds; it skips damaged parts of a log, and deletes that too.
 */
import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findLogDamage } from './level-log.ts';
import { loadClassicLevel } from './load-classic-level.ts';

/** LevelDB's tables, logs and manifests. */
const dataFile = /^(\d+\.(ldb|sst|log)|MANIFEST-\d+)$/;
const logFile = /^\d+\.log$/;

/** Rejects where the folder has data files but not the file that says which of them count. */
export async function mustHaveCurrent(folder: string): Promise<void> {
  const names = await namesIn(folder);
  if (names.includes('CURRENT')) return;
  const found = names.filter((name) => dataFile.test(name));
  if (found.length === 0) return;
  throw new Error(`the data folder ${folder} has ${found.length} data files but no file CURRENT, which names those that count; ${repairAdvice}`);
}

/** What a person can do about a folder that cannot be opened. */
export const repairAdvice = 'put a backup in its place, or start once with --repair, which rebuilds it from what can be read';

/**
 * Returns one line for each log with a damaged middle. A copy of such a log is put into FOLDER.damaged first: LevelDB deletes
 * the log once it has read what it can.
 */
export async function keepDamagedLogs(folder: string): Promise<string[]> {
  const lines: string[] = [];
  for (const name of (await namesIn(folder)).filter((each) => logFile.test(each)).sort()) {
    const damage = findLogDamage(await readFile(join(folder, name)));
    if (damage === null) continue;
    const copy = await freeName(`${folder}.damaged`, name);
    await cp(join(folder, name), copy);
    lines.push(
      `the data folder's log ${name} is damaged: ${damage.length} bytes at ${damage.offset} cannot be read, and stored edits ` +
        `from there on may be missing; windows that have them bring them back; the damaged log is kept as ${copy}`,
    );
  }
  return lines;
}

/**
 * Rebuilds the folder from all tables and logs that can be read, after copying it to FOLDER.before-repair (with a number where
 * that is taken). Resolves to the name of the copy; null where there is no folder. Rejects when the folder is in use.
 */
export async function repairLevelFolder(folder: string): Promise<string | null> {
  if ((await namesIn(folder)).length === 0) return null;
  const copy = await freeName('', `${folder}.before-repair`);
  await cp(folder, copy, { recursive: true });
  await (await loadClassicLevel()).repair(folder);
  return copy;
}

async function freeName(folder: string, name: string): Promise<string> {
  if (folder !== '') await mkdir(folder, { recursive: true, mode: 0o700 });
  for (let number = 1; ; number++) {
    const path = join(folder, number === 1 ? name : `${name}-${number}`);
    if (!(await exists(path))) return path;
  }
}

async function exists(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    // LevelDB makes a folder that is missing, and says what is wrong with one that cannot be read.
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw new Error(`the data folder ${folder} cannot be read: ${error.message}`);
  });
}
