// Says in one line when Node is too old. Plain old syntax on purpose: this file must be readable by the Node that it refuses,
// so the programs import it first and everything else afterwards, by import().
import { readFileSync } from 'node:fs';

/**
 * The least version that package.json asks for, as [major, minor].
 * @returns {[number, number]}
 */
function required() {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const found = /(\d+)\.(\d+)/.exec(manifest.engines.node);
  if (found === null) throw new Error('package.json does not say which Node is needed');
  return [Number(found[1]), Number(found[2])];
}

/**
 * What is wrong with this version of Node, in one line; null when it will do.
 * @param {string} version
 */
export function nodeTrouble(version) {
  const least = required();
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > least[0] || (major === least[0] && minor >= least[1])) return null;
  return 'Rejoin needs Node ' + least.join('.') + ' or newer; this is Node ' + version + '. Get one from https://nodejs.org and try again.';
}

/** Ends the process with code 2 when this Node is too old. */
export function requireNode() {
  const trouble = nodeTrouble(process.versions.node);
  if (trouble === null) return;
  console.error(trouble);
  process.exit(2);
}
