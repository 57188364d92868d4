/** Files that are there whole or not at all: each is written under a temporary name, and all get their names when all are written. */
import { createWriteStream } from 'node:fs';
import { mkdir, realpath, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface NewFile {
  readonly name: string;
  readonly parts: Iterable<string>;
}

/** Somebody else's place cannot be written: a full disk, a folder that may not be changed. Its message is one line. */
export class UnwritableError extends Error {}

function asUnwritable(error: unknown): unknown {
  return (error as NodeJS.ErrnoException).code === undefined ? error : new UnwritableError((error as Error).message, { cause: error });
}

async function writable<Value>(writing: Promise<Value>): Promise<Value> {
  return writing.catch((error: unknown) => {
    throw asUnwritable(error);
  });
}

/** Makes a folder and those around it; resolves to the first one that was made. Node's own way never ends where the system says of a folder that is there that it is not (in /proc). */
async function makeFolder(folder: string): Promise<string | undefined> {
  try {
    await mkdir(folder);
    return folder;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return undefined;
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error;
  }
  const made = await makeFolder(dirname(folder));
  await mkdir(folder);
  return made ?? folder;
}

/** Writes files into a folder, which is made where it is missing. What was there under their names is replaced. When it fails, nothing of it stays. */
export async function saveFiles(folder: string, files: readonly NewFile[]): Promise<void> {
  const made = await writable(makeFolder(resolve(folder)));
  const drafts = files.map(({ name }) => join(folder, `.${name}.${process.pid}.part`));
  try {
    for (const [i, { parts }] of files.entries()) await pipeline(Readable.from(parts), createWriteStream(drafts[i]!, { flags: 'wx' }));
    for (const [i, { name }] of files.entries()) await rename(drafts[i]!, join(folder, name));
  } catch (error) {
    await Promise.all(drafts.map((draft) => rm(draft, { force: true })));
    if (made !== undefined) await rmdir(folder).catch(() => {});
    throw asUnwritable(error);
  }
}

/** Writes a file whole or not at all. What is there and is no file (a pipe, a device) is written into and stays what it is. */
export async function saveWhole(named: string, text: string): Promise<void> {
  // The file that a link leads to: the link itself stays.
  const path = await realpath(named).catch(() => named);
  if (await stat(path).then((stats) => !stats.isFile() && !stats.isDirectory(), () => false)) return writable(writeFile(path, text));
  const draft = `${path}.${process.pid}.part`;
  try {
    await writeFile(draft, text, { flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw asUnwritable(error);
  }
}
