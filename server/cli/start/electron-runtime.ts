/** Finds Electron's runtime without asking the electron package, which would fetch it, and fetches it where that makes sense. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export type FoundElectron = { readonly executable: string; readonly why: string } | { readonly executable: null; readonly why: string };

const fetchSeconds = 120;

/** `say` tells of slow steps, which `ending` cuts short. Never rejects. */
export async function findElectron(project: string, say: (line: string) => void, ending: AbortSignal, environment: NodeJS.ProcessEnv = process.env): Promise<FoundElectron> {
  const override = environment['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override) {
    const executable = join(override, executableName());
    return existsSync(executable) ? { executable, why: 'ELECTRON_OVERRIDE_DIST_PATH names its runtime' } : { executable: null, why: `ELECTRON_OVERRIDE_DIST_PATH names ${override}, which has no ${executableName()}` };
  }
  const folder = join(project, 'node_modules', 'electron');
  const executable = join(folder, 'dist', executableName());
  if (existsSync(executable)) return { executable, why: "Electron's runtime is installed" };
  const installer = join(folder, 'install.js');
  if (!existsSync(installer)) return { executable: null, why: 'Electron is not installed' };
  if (environment['ELECTRON_SKIP_BINARY_DOWNLOAD']) return { executable: null, why: "Electron's runtime is not installed" };
  say("Fetching Electron's runtime (about 100 MB, only this once) …");
  const trouble = await fetchRuntime(installer, ending);
  if (trouble === null && existsSync(executable)) return { executable, why: "Electron's runtime was fetched" };
  return { executable: null, why: `Electron's runtime could not be fetched (${trouble ?? 'it is not there afterwards'})` };
}

function executableName(): string {
  return { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform as string] ?? 'electron';
}

/** Why it failed, in a few words; null when it did not. */
function fetchRuntime(installer: string, ending: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [installer], { stdio: ['ignore', 'ignore', 'pipe'], signal: ending, killSignal: 'SIGKILL' });
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      resolve(`no answer within ${fetchSeconds} s`);
    }, fetchSeconds * 1_000);
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(0, 10_000)));
    const done = (trouble: string | null): void => {
      clearTimeout(late);
      resolve(trouble);
    };
    child.once('error', (error) => done(error.message));
    child.once('close', (code) => done(code === 0 ? null : reasonIn(said)));
  });
}

/** The line with the error itself, out of a stack trace. */
function reasonIn(said: string): string {
  const lines = said.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  return (lines.find((line) => /\b\w*Error\b/.test(line)) ?? lines[0] ?? 'no reason was given').slice(0, 160);
}
