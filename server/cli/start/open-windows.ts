/**
 * Opens the lab's windows the best way that this machine has: real Electron windows, else tiled windows of an installed browser, else by
 * telling the addresses. Always says which, and why.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ChildProgram } from './child-program.ts';
import { findElectron } from './electron-runtime.ts';
import { installedBrowser } from './installed-browser.mjs';
import { screenSize, tiles } from './window-tiles.ts';

export interface WindowsOptions {
  /** "http://127.0.0.1:1234" */
  readonly url: string;
  /** What the server wants to see; null: nothing. */
  readonly token: string | null;
  readonly room: string;
  readonly replicas: readonly string[];
  readonly dataFolder: string;
  /** The folder with package.json and dist. */
  readonly project: string;
  readonly say: (line: string) => void;
  /** Aborted when the lab ends: nothing is opened any more then. */
  readonly ending: AbortSignal;
}

/** Windows that are open. */
export class OpenWindows {
  constructor(private readonly programs: readonly ChildProgram[]) {}

  /** Resolves when the last of them is closed. */
  async closed(): Promise<void> {
    await Promise.all(this.programs.map((program) => program.ended));
  }

  async end(): Promise<void> {
    await Promise.all(this.programs.map((program) => program.end()));
  }

  kill(): void {
    for (const program of this.programs) program.kill();
  }
}

/** A program that ends with an error this soon, in milliseconds, did not get as far as its windows. */
const startMs = 5_000;

const browserFlags = [
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--password-store=basic',
];

/** Null when there is no way to open windows here, or the lab is ending; the addresses have been told then. `opened` gets programs as they are started. */
export async function openWindows(options: WindowsOptions, opened: (windows: OpenWindows) => void): Promise<OpenWindows | null> {
  if (!hasDisplay()) return tellAddresses(options, 'there is no display');
  const electron = await openElectron(options, opened);
  if (options.ending.aborted) return null;
  if (typeof electron !== 'string') return electron;
  const browser = installedBrowser();
  if (browser === null) return tellAddresses(options, `${electron}, and no Chromium, Chrome or Edge is installed`);
  options.say(`Opening windows of ${browser}: ${electron}.`);
  const windows = openBrowser(browser, options);
  opened(windows);
  return windows;
}

/** The addresses that a person can open. */
export function addresses({ url, token, room, replicas }: Pick<WindowsOptions, 'url' | 'token' | 'room' | 'replicas'>): string[] {
  const parts = [...(room === 'lab' ? [] : [`room=${encodeURIComponent(room)}`]), ...(token === null ? [] : [`token=${encodeURIComponent(token)}`])];
  const query = parts.length === 0 ? '' : `?${parts.join('&')}`;
  return [`${url}/${query}`, ...replicas.map((replica) => `${url}/replica/${replica}${query}`)];
}

function tellAddresses(options: WindowsOptions, why: string): null {
  options.say(`No windows were opened: ${why}. Open these addresses in a browser:`);
  for (const address of addresses(options)) options.say(`  ${address}`);
  return null;
}

/** The windows, or why there are none. */
async function openElectron(options: WindowsOptions, opened: (windows: OpenWindows) => void): Promise<OpenWindows | string> {
  const { project, url, say } = options;
  if (options.token !== null) return 'the desktop program uses only a lab without a token';
  if (!/^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):/.test(url)) return 'the desktop program uses only a lab on a loopback address';
  if (!existsSync(join(project, 'dist', 'main', 'main.cjs'))) return 'the desktop program is not built';
  const { executable, why } = await findElectron(project, say, options.ending);
  if (executable === null) return why;
  if (options.ending.aborted) return 'the lab is ending';
  say(`Opening Electron windows: ${why}.`);
  const program = new ChildProgram(executable, [...(isRoot() ? ['--no-sandbox', '--disable-gpu'] : []), project], electronEnvironment(options));
  const windows = new OpenWindows([program]);
  opened(windows);
  const early = await Promise.race([program.ended, new Promise<null>((resolve) => setTimeout(resolve, startMs, null).unref())]);
  if (early === null || early.code === 0 || options.ending.aborted) return windows;
  const lastLine = early.said.trim().split('\n').at(-1)?.slice(0, 160);
  return `Electron ended at once with code ${early.code}${lastLine ? ` (${lastLine})` : ''}`;
}

function electronEnvironment({ url, room, replicas, dataFolder }: WindowsOptions): NodeJS.ProcessEnv {
  const { ELECTRON_RUN_AS_NODE: _asNode, ...inherited } = process.env;
  return { ...inherited, REJOIN_URL: url, REJOIN_ROOM: room, REJOIN_REPLICAS: replicas.join(','), REJOIN_DATA: dataFolder };
}

function openBrowser(browser: string, options: WindowsOptions): OpenWindows {
  const pages = addresses(options);
  const places = tiles(pages.length, screenSize());
  // A profile each: else one process would hold all windows, at one place, and they could not be ended by themselves.
  const names = ['control-room', ...options.replicas];
  const sandbox = isRoot() ? ['--no-sandbox', '--test-type'] : [];
  return new OpenWindows(pages.map((page, i) => {
    const { x, y, width, height } = places[i]!;
    const profile = join(options.dataFolder, 'browser', names[i]!);
    return new ChildProgram(browser, [`--app=${page}`, `--user-data-dir=${profile}`, `--window-position=${x},${y}`, `--window-size=${width},${height}`, ...browserFlags, ...sandbox]);
  }));
}

function hasDisplay(): boolean {
  if (process.platform === 'darwin' || process.platform === 'win32') return true;
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

/** Chromium's sandbox does not work for root on Linux. */
function isRoot(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0;
}
