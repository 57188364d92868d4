/** Runs a lab, as `start` and `relay` do, until a person ends it. */
import { createLab, type Lab, type LabOptions } from '../../control/lab.ts';
import type { Interruption } from '../command.ts';
import type { Output } from '../console/output.ts';
import { analysisProgram, projectFolder, scenariosFolder } from '../program-folders.ts';
import type { LabRequest } from './lab-command-line.ts';
import { readTls } from './server-options.ts';
import { type ReadTokens, readTokens } from './token-options.ts';

/** Windows that are open beside a lab. */
export interface WindowsBeside {
  end(): Promise<void>;
  /** At once. */
  kill(): void;
}

export interface RunningLab {
  readonly lab: Lab;
  readonly tokens: ReadTokens;
}

/** What differs between the commands that run a lab. */
export interface LabParts {
  /** Opens what the rooms are kept in. `report` gets trouble with it, a line each. */
  openStore(report: (line: string) => void): Promise<LabOptions['store']>;
  /** The folder of the built pages; null: none are served. */
  pagesFolder(project: string): string | null;
  /** The lab runs now: gives it what it is to show, and tells people where it is. */
  announce(running: RunningLab): Promise<void> | void;
  /** Opens windows; `opened` gets them as soon as there are any. Left out: there are none. */
  openWindows?(running: RunningLab, project: string, opened: (windows: WindowsBeside) => void): Promise<void>;
}

/** How many ports after the wanted one are tried. */
const portsTried = 100;

/** Runs until it is interrupted, then ends windows and relay in that order. Resolves to whether all changes are stored. */
export async function runLab(request: LabRequest, parts: LabParts, output: Output, { ending, onKill }: Interruption): Promise<boolean> {
  const tls = await readTls(request, request.command);
  const tokens = await readTokens(request, request.command, output.warn);
  // Only for whoever asks: it takes a while to load.
  const log = request.log === null ? null : (await import('./relay-log.ts')).relayLog(request.log);
  const report = log?.warn ?? output.warn;
  const store = await parts.openStore(report);
  let windows: WindowsBeside | null = null;
  let lab: Lab | null = null;
  let unsavedRooms: readonly string[] = [];
  try {
    const project = projectFolder();
    const pagesDir = parts.pagesFolder(project);
    const { host, hostNames, allowOrigins, trustedProxies, tokenQuery, gc, limits } = request;
    const { token, readToken } = tokens;
    const admission = { host, hostNames, allowOrigins, trustedProxies, token, readToken, tokenQuery, tls };
    lab = await startLab(request, { ...limits, ...admission, gc, store, pagesDir, scenariosDir: scenariosFolder(project), analysisProgram: analysisProgram(), report }, output);
    log?.follow(lab.relay);
    const running: RunningLab = { lab, tokens };
    await parts.announce(running);
    const opening = parts.openWindows?.(running, project, (opened) => {
      windows = opened;
      onKill(() => opened.kill());
    });
    // Somebody may want to end it while the windows are still on their way.
    await Promise.race([opening, aborted(ending)]);
    await aborted(ending);
  } finally {
    await (windows as WindowsBeside | null)?.end();
    unsavedRooms = (await lab?.close()) ?? [];
    await store.close();
  }
  return unsavedRooms.length === 0;
}

async function startLab({ host, port: wanted }: LabRequest, options: LabOptions, output: Output): Promise<Lab> {
  for (let port = wanted; ; port++) {
    try {
      const lab = await createLab({ ...options, port });
      if (port !== wanted) output.say(`Port ${wanted} is taken; using ${port}.`);
      return lab;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE' && port < Math.min(65_535, wanted + portsTried)) continue;
      throw new Error(`cannot listen on ${host} port ${port}: ${message}`);
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));
}
