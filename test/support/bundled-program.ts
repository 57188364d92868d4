/** Programs of the project bundled as they are published, for tests that run them as processes of their own. */
import { mkdir, mkdtemp } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { projectRoot } from '../tidy/source-files.ts';

/** A new folder for them: inside node_modules, so that what stays external is found. Whoever asks removes it. */
export async function programFolder(name: string): Promise<string> {
  const cache = join(projectRoot, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  return mkdtemp(join(cache, `${name}-`));
}

/** Bundles a source file, named from the top of the project, into one file. */
export async function bundleProgram(source: string, file: string): Promise<void> {
  const made = await rolldown({
    input: join(projectRoot, source),
    platform: 'node',
    external: ['classic-level', 'bufferutil', 'utf-8-validate', /^node:/, ...builtinModules],
    tsconfig: false,
    onLog: () => {},
  });
  await made.write({ file, format: 'esm', codeSplitting: false });
  await made.close();
}
