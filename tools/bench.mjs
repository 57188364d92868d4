// npm run bench [-- NAME… [--json]]: bundles and runs the benchmarks in bench/ (all, or those of these names). They print what they measured; with
// --json those that can print it as JSON. `relay` has cases: --case NAME…, --server NAME…, --runs N; --against FOLDER runs
// the relay of another checkout, with its packages, beside this one's.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { bundleProgram } from './bundle-program.mjs';
import { findBrowser } from './find-browser.mjs';
import { prepare } from './prepare.mjs';
import { fail, root, StepError } from './steps.mjs';

const folder = fileURLToPath(root);
const names = readdirSync(join(folder, 'bench')).filter((file) => file.endsWith('.bench.ts')).map((file) => file.replace('.bench.ts', ''));

async function main() {
  const { values, positionals: wanted } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean', default: false }, case: { type: 'string', multiple: true }, server: { type: 'string', multiple: true }, runs: { type: 'string' }, against: { type: 'string' } } });
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new StepError(`there is no benchmark "${unknown}"; there are ${names.join(', ')}`);
  await prepare();
  await build({ silentWhenFresh: true });
  process.env.REJOIN_BROWSER ??= (await findBrowser()) ?? '';
  const former = values.against === undefined ? undefined : await bundled(resolve(values.against), 'relay');
  const runs = values.runs === undefined ? undefined : Number(values.runs);
  const options = { json: values.json, only: values.case, servers: values.server, runs, former };
  for (const name of wanted.length > 0 ? wanted : names) await run(name, options);
}

/**
 * @param {string} name
 * @param {{ json: boolean, only?: string[], servers?: string[], runs?: number, former?: string }} options
 */
async function run(name, options) {
  await (await import(pathToFileURL(await bundled(folder, name)).href)).default(folder, options);
}

/**
 * One file of a benchmark, of this checkout or another one with its packages.
 * @param {string} checkout
 * @param {string} name
 */
function bundled(checkout, name) {
  return bundleProgram(checkout, join('bench', `${name}.bench.ts`));
}

main().catch(fail);
