// Makes what `npm pack` packs of the library: ECMAScript modules, and the declarations of what they export.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { root, StepError } from './steps.mjs';

const folder = fileURLToPath(root);
const entries = ['index', 'indexeddb', 'websocket', 'contracts'];

/** The packages that whoever installs the library has. */
const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const packages = Object.keys({ ...dependencies, ...peerDependencies });

/**
 * Writes NAME.js for each entry, what they share as chunks, and `types` with the same folders as the sources.
 * @param {string} outDir
 */
export async function bundleLibrary(outDir) {
  await bundleModules(outDir);
  await writeDeclarations(outDir);
}

/** @param {string} outDir */
async function bundleModules(outDir) {
  const made = await rolldown({
    input: Object.fromEntries(entries.map((name) => [name, join(folder, 'library', `${name}.ts`)])),
    external: packages.flatMap((name) => [name, new RegExp(`^${name}/`)]),
    platform: 'neutral',
    transform: { target: 'es2022' },
    tsconfig: false,
  });
  try {
    await made.write({ dir: outDir, format: 'esm', chunkFileNames: 'chunks/[name].js', entryFileNames: '[name].js' });
  } finally {
    await made.close();
  }
}

/** @param {string} outDir */
async function writeDeclarations(outDir) {
  const all = join(outDir, 'all-types');
  const compiler = join(folder, 'node_modules/typescript-native/bin/tsc');
  const words = ['-p', join(folder, 'library/tsconfig.declarations.json'), '--outDir', all];
  try {
    await promisify(execFile)(process.execPath, [compiler, ...words]);
  } catch (error) {
    throw new StepError(`the declarations cannot be made: ${/** @type {{ stdout?: string }} */ (error).stdout ?? error}`);
  }
  copyReached(all, join(outDir, 'types'), entries.map((name) => join('library', `${name}.d.ts`)));
  rmSync(all, { recursive: true });
}

/** The relative files that a declaration imports. */
const importedFile = /(from |import\()(['"])(\.[^'"]+)\.ts\2/g;

/**
 * Copies only what the entries' declarations import, directly or through others: most files are used inside only.
 * @param {string} from
 * @param {string} to
 * @param {string[]} paths
 */
function copyReached(from, to, paths) {
  const reached = new Set(paths);
  for (const path of reached) {
    const text = readFileSync(join(from, path), 'utf8');
    for (const match of text.matchAll(importedFile)) reached.add(join(dirname(path), `${match[3]}.d.ts`));
    mkdirSync(join(to, dirname(path)), { recursive: true });
    // By the names of the modules that they describe: older compilers know no others.
    writeFileSync(join(to, path), text.replace(importedFile, '$1$2$3.js$2'));
  }
}
