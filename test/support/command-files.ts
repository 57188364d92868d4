/** The built command and a folder for its files, as the tests of a command share them. */
import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type BuiltCommand, buildCommand } from './built-command.ts';

export interface CommandFiles {
  /** There once tests run. */
  readonly rejoin: Pick<BuiltCommand, 'program' | 'run'>;
  /** Empty when the first test begins; removed after the last one. */
  readonly folder: string;
  /** Writes a file into the folder, and resolves to its path. */
  fileOf(name: string, content: string | Uint8Array): Promise<string>;
}

/** `prefix` begins the folder's name. */
export function useCommandFiles(prefix: string): CommandFiles {
  const folder = join(tmpdir(), `${prefix}${randomUUID()}`);
  let built: BuiltCommand | undefined;

  beforeAll(async () => {
    built = await buildCommand();
    await mkdir(folder);
  }, 60_000);

  afterAll(async () => {
    await built?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  return {
    rejoin: {
      get program() {
        return built!.program;
      },
      run: (words, options) => built!.run(words, options),
    },
    folder,
    fileOf: async (name, content) => {
      const file = join(folder, name);
      await writeFile(file, content);
      return file;
    },
  };
}
