// Packages the desktop program for this system, or for those that the arguments name.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { findElectron } from './find-electron.mjs';
import { prepare } from './prepare.mjs';
import { fail, root } from './steps.mjs';

/** @param {string[]} words */
export async function packageDesktop(words) {
  try {
    await prepare();
    await build();
  } catch (error) {
    return fail(error);
  }
  // Else electron-builder fetches the runtime of the version in package-lock.json.
  const own = process.env.ELECTRON_OVERRIDE_DIST_PATH ? findElectron() : null;
  const runtime = own === null ? [] : [`-c.electronDist=${own.folder}`, `-c.electronVersion=${own.version}`];
  const program = fileURLToPath(new URL('node_modules/electron-builder/cli.js', root));
  const child = spawn(process.execPath, [program, 'build', '--config', 'electron-builder.yml', '--publish', 'never', ...runtime, ...words], { cwd: fileURLToPath(root), stdio: 'inherit' });
  child.on('error', fail);
  child.on('close', (code) => (process.exitCode = code ?? 1));
}
