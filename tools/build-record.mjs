// Whether a part must be built again: by a hash of the content of everything that it is made from.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { root } from './steps.mjs';

const folder = fileURLToPath(root);
const records = join(folder, 'dist', '.build');

/**
 * What a part reads, what it must start from and what it writes: paths in the checkout.
 * @typedef {{ inputs: string[], entries: string[], outputs: string[] }} Part
 */

/**
 * The state of a part: `fresh` when nothing changed since it was built and its outputs are there, `missing` the entries that are not there.
 * @param {string} name
 * @param {Part} part
 */
export function isUpToDate(name, part) {
  const missing = part.entries.filter((entry) => !existsSync(join(folder, entry)));
  const key = contentKey(part.inputs);
  const record = join(records, name);
  const recorded = existsSync(record) ? readFileSync(record, 'utf8') : '';
  const fresh = recorded === key && part.outputs.every((output) => existsSync(join(folder, output)));
  return { fresh, missing, key };
}

/** @param {string} name @param {string} key */
export function recordBuild(name, key) {
  mkdirSync(records, { recursive: true });
  writeFileSync(join(records, name), key);
}

/**
 * A hash over the names and contents of all files at or under the given paths.
 * @param {string[]} paths
 */
export function contentKey(paths, base = folder) {
  const hash = createHash('sha256');
  for (const path of [...paths].sort()) {
    for (const file of filesUnder(base, path)) hash.update(`${file}\0`).update(readFileSync(join(base, file))).update('\0');
  }
  return hash.digest('hex');
}

/** @param {string} base @param {string} path @returns {string[]} */
function filesUnder(base, path) {
  const full = join(base, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full).sort().flatMap((name) => filesUnder(base, `${path}/${name}`));
}
