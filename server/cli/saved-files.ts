/** Files that are there whole or not at all: each is written under a temporary name, and all get their names when all are written. */
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface NewFile {
  readonly name: string;
  readonly parts: Iterable<string>;
}

/** Writes files into a folder, which is made where it is missing. What was there under their names is replaced. When it fails, nothing of it stays. */
export async function saveFiles(folder: string, files: readonly NewFile[]): Promise<void> {
  const made = await mkdir(folder, { recursive: true });
  const drafts = files.map(({ name }) => join(folder, `.${name}.${process.pid}.part`));
  try {
    for (const [i, { parts }] of files.entries()) await pipeline(Readable.from(parts), createWriteStream(drafts[i]!, { flags: 'wx' }));
    for (const [i, { name }] of files.entries()) await rename(drafts[i]!, join(folder, name));
  } catch (error) {
    await Promise.all(drafts.map((draft) => rm(draft, { force: true })));
    if (made !== undefined) await rmdir(folder).catch(() => {});
    throw error;
  }
}

/** Writes a file whole or not at all. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.part`;
  try {
    await writeFile(draft, text, { flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
