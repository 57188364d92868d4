/** `rejoin start` and `rejoin relay`: runs the lab until somebody ends it. */
import { join, resolve } from 'node:path';
import { createLab, type Lab, type LabOptions } from '../../control/lab.ts';
import type { Store } from '../../../shared/ports/store.ts';
import { systemClock } from '../../relay/system-clock.ts';
import { repairLevelFolder } from '../../storage/level-folder.ts';
import { openDataFolder } from '../../storage/data-folder.ts';
import { openLevelStore } from '../../storage/level-store.ts';
import { openRedisSharedStore } from '../../storage/redis-shared-store.ts';
import type { SharedStore } from '../../../shared/ports/shared-store.ts';
import type { LabCommand } from '../command-line.ts';
import { addresses, type OpenWindows, openWindows } from '../start/open-windows.ts';
import { readScenarioFile } from '../scenario-files.ts';
import { analysisProgram, defaultDataFolder, pagesFolder, projectFolder, scenariosFolder } from '../program-folders.ts';
import { originsFromOutside, readTls } from './server-options.ts';
import { type ReadTokens, readTokens } from './token-options.ts';

/** Where a person reads: `say` for news, `warn` for trouble. */
export interface Voice {
  readonly say: (line: string) => void;
  readonly warn: (line: string) => void;
  /** The one line that programs read, with --json. */
  readonly json: (value: unknown) => void;
}

const letters = 'ABCDEFGHI';

/** The command, with the names of its replicas and its tokens. */
interface NamedLab extends Omit<LabCommand, 'token' | 'readToken'>, ReadTokens {
  readonly names: readonly string[];
}

/** How many ports after the wanted one are tried. */
const portsTried = 100;

/**
 * Runs until `ending` is aborted, then ends windows and relay in that order. `kill` is told how to end the windows at once.
 * Resolves to whether all changes are stored.
 */
export async function runLab(asked: LabCommand, voice: Voice, ending: AbortSignal, kill: (now: () => void) => void): Promise<boolean> {
  // Before anything is opened: a mistake in it is told at once.
  const chosen = asked.scenario === null ? null : await readScenarioFile(asked.scenario, 'start');
  const tls = await readTls(asked, asked.command);
  const tokens = await readTokens(asked, asked.command, voice.warn);
  const command: NamedLab = { ...asked, ...tokens, names: chosen?.scenario.replicas ?? [...letters].slice(0, asked.replicas) };
  const dataFolder = resolve(command.data ?? defaultDataFolder());
  // Only for whoever asks: it takes a while to load.
  const log = command.log === null ? null : (await import('./relay-log.ts')).relayLog(command.log);
  const report = log?.warn ?? voice.warn;
  const store = command.redis === null ? await openOwnStore(dataFolder, command.repair, report) : await openSharedStore(command.redis, voice);
  let windows: OpenWindows | null = null;
  let lab: Lab | null = null;
  let unsavedRooms: readonly string[] = [];
  try {
    const project = projectFolder();
    const pagesDir = command.command === 'start' ? pagesFolder(project) : null;
    if (command.command === 'start' && pagesDir === null) voice.warn('The pages are not built, so the windows will be empty; npm start builds them.');
    const { host, hostNames, allowOrigins, trustedProxies, token, readToken, tokenQuery } = command;
    const entrance = { host, hostNames, allowOrigins, trustedProxies, token, readToken, tokenQuery, tls };
    lab = await startLab(command, { ...command.limits, ...entrance, gc: command.gc, store, pagesDir, scenariosDir: scenariosFolder(project), analysisProgram: analysisProgram(), report }, voice);
    log?.follow(lab.relay);
    if (chosen) await lab.chooseScenario(command.room, chosen.name === null ? { text: chosen.text } : { name: chosen.name });
    announce(command, lab, dataFolder, voice);
    const opening = command.open && open(command, lab, dataFolder, project, voice, ending, (opened) => {
      windows = opened;
      kill(() => opened.kill());
    });
    // Somebody may want to end it while the windows are still on their way.
    await Promise.race([opening, aborted(ending)]);
    await aborted(ending);
  } finally {
    await (windows as OpenWindows | null)?.end();
    unsavedRooms = (await lab?.close()) ?? [];
    await store.close();
  }
  return unsavedRooms.length === 0;
}

async function openOwnStore(dataFolder: string, repair: boolean, report: (line: string) => void): Promise<Store> {
  const doubt = await openDataFolder(dataFolder);
  if (doubt !== null) report(doubt);
  const folder = join(dataFolder, 'rooms');
  if (repair) {
    const copy = await repairLevelFolder(folder);
    if (copy !== null) report(`The data folder ${folder} was rebuilt from what could be read; as it was before, it is in ${copy}`);
  }
  return openLevelStore(folder, { report });
}

function openSharedStore(url: string, { warn }: Voice): Promise<SharedStore> {
  const password = process.env['REJOIN_REDIS_PASSWORD'];
  return openRedisSharedStore({ url, clock: systemClock, report: warn, ...(password ? { password } : {}) });
}

async function startLab(command: NamedLab, options: LabOptions, voice: Voice): Promise<Lab> {
  for (let port = command.port; ; port++) {
    try {
      const lab = await createLab({ ...options, port });
      if (port !== command.port) voice.say(`Port ${command.port} is taken; using ${port}.`);
      return lab;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE' && port < Math.min(65_535, command.port + portsTried)) continue;
      throw new Error(`cannot listen on ${command.host} port ${port}: ${message}`);
    }
  }
}

function announce(command: NamedLab, lab: Lab, data: string, { say, json }: Voice): void {
  const { url } = lab;
  const token = shownToken(command);
  const socket = `${url.replace('http', 'ws')}/ROOM${token === null ? '' : `?token=${encodeURIComponent(token)}`}`;
  if (command.command === 'relay') {
    say(`Rejoin relay is running at ${url}`);
    say(`Connect y-websocket clients to ${socket}`);
    if (command.redis !== null) say(`Its rooms are shared through Redis at ${new URL(command.redis).host}`);
  } else {
    say(`Rejoin is running at ${url}`);
    if (!command.open) for (const address of addresses({ url, token, room: command.room, replicas: command.names })) say(`  ${address}`);
  }
  if (token !== null) tellToken(command, url, token, say);
  json({ url, ...(token === null || command.isSecret ? {} : { token }), port: lab.port, socket, room: command.room, replicas: command.names, ...(command.redis === null ? { data } : { redis: new URL(command.redis).host }) });
}

/** A token from the environment or a file is known to who started this, and may not be meant for their terminal's log. */
function shownToken({ token, isSecret }: NamedLab): string | null {
  return token !== null && isSecret ? 'TOKEN' : token;
}

/** People type addresses on phones: the ones that work from there, as they are to be typed. */
function tellToken(command: NamedLab, url: string, token: string, say: (line: string) => void): void {
  const outside = originsFromOutside(command.host, url);
  say('Everybody needs the token, in the address or as "Authorization: Bearer TOKEN":');
  if (command.command === 'relay') for (const origin of outside.length > 0 ? outside : [url]) say(`  ${origin.replace('http', 'ws')}/ROOM?token=${encodeURIComponent(token)}`);
  else for (const origin of outside.length > 0 ? outside : [url]) say(`  ${addresses({ url: origin, token, room: command.room, replicas: [] })[0]}`);
}

async function open(command: NamedLab, lab: Lab, dataFolder: string, project: string, { say }: Voice, ending: AbortSignal, opened: (windows: OpenWindows) => void): Promise<void> {
  const windows = await openWindows({ url: lab.url, token: command.token, room: command.room, replicas: command.names, dataFolder, project, say, ending }, opened);
  void windows?.closed().then(() => {
    if (!ending.aborted) say('All windows are closed; the relay goes on. Ctrl-C ends it.');
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));
}
