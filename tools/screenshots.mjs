// npm run screenshots: pictures of every state of the windows, in the sizes of the design's pictures, in the folder screenshots/.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { bundleProgram } from './bundle-program.mjs';
import { findBrowser } from './find-browser.mjs';
import { prepare } from './prepare.mjs';
import { fail, root, StepError } from './steps.mjs';

const folder = fileURLToPath(root);

async function main() {
  await prepare();
  await build({ silentWhenFresh: true });
  process.env.REJOIN_BROWSER ??= (await findBrowser()) ?? '';
  if (process.env.REJOIN_BROWSER === '') throw new StepError('screenshots need Chromium, Chrome or Edge, and none was found');
  const out = join(folder, 'screenshots');
  rmSync(out, { recursive: true, force: true });
  const { takeScreenshots } = await import(pathToFileURL(await bundleProgram(folder, 'test/support/screenshots.ts')).href);
  await takeScreenshots(folder, out);
}

main().catch(fail);
