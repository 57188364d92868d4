/** The built desktop program in a real Electron. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { until } from './until.ts';

export interface Desktop {
  readonly app: ElectronApplication;
  /** The page of a window, by its path: "/" or "/replica/A". Waits until it is there. */
  page(path: string): Promise<Page>;
  /** All that the program said on standard error and output. */
  output(): string;
  close(): Promise<void>;
}

export interface DesktopOptions {
  /** Variables of the program: those of the screen, REJOIN_URL and so on. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts the program with a data folder of its own, which goes with it. */
export async function openDesktop({ environment }: DesktopOptions): Promise<Desktop> {
  const executablePath = process.env['REJOIN_ELECTRON'];
  if (!executablePath) throw new Error('no Electron: REJOIN_ELECTRON is not set; run the tests by npm test, or by npx vitest, which finds one');
  const data = await mkdtemp(join(tmpdir(), 'rejoin-desktop-'));
  const app = await _electron.launch({
    executablePath,
    args: [...desktopFlags(), fileURLToPath(new URL('../..', import.meta.url))],
    env: { ...withoutUndefined(process.env), REJOIN_DATA: data, ...environment },
  });
  let said = '';
  for (const stream of [app.process().stdout, app.process().stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return {
    app,
    page: (path) => until(() => app.windows().find((window) => new URL(window.url()).pathname === path), `a window that shows ${path}`),
    output: () => said,
    async close() {
      await app.close();
      await rm(data, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Chromium's sandbox does not work as root, and a virtual screen has no graphics processor. */
export function desktopFlags(): string[] {
  return [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...(process.env['REJOIN_SCREEN'] === 'virtual' ? ['--disable-gpu'] : [])];
}

function withoutUndefined(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[0] !== 'ELECTRON_RUN_AS_NODE'));
}
