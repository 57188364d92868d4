/** Rejoin as a desktop program: puts its parts together. All else is in the files that it imports. */
import { dirname, join } from 'node:path';
import { app, dialog, ipcMain, protocol, type Session, session } from 'electron';
import type { ReplicaId } from '../shared/clocks/dot.ts';
import { errorText } from '../shared/encoding/error-text.ts';
import { setApplicationMenu } from './application-menu.ts';
import { guardAllContents } from './guard-contents.ts';
import { guardSession } from './guard-session.ts';
import { answerPages } from './host-channel.ts';
import { LabWindows } from './lab-windows.ts';
import { type LaunchSettings, readLaunchSettings } from './launch-settings.ts';
import { type OwnServer, startOwnServer } from './own-server.ts';
import { scheme } from './page-address.ts';
import { watchParent } from './parent-watch.ts';

/** The folder with the built main, server and pages. */
const distFolder = dirname(__dirname);
/** Longest time that closing may take before the program ends anyway, in milliseconds. */
const closingMsMax = 8000;

protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: false } }]);

void start();

async function start(): Promise<void> {
  const settings = settingsOrExit();
  if (settings.dataFolder !== null) app.setPath('userData', join(settings.dataFolder, 'desktop'));
  if (!app.requestSingleInstanceLock()) {
    console.error(`Rejoin is open already with the data folder ${app.getPath('userData')}; its windows were brought to the front.`);
    return app.exit(0);
  }
  let server: OwnServer | null = null;
  endWith(() => server?.stop());
  const opening = (async () => {
    await app.whenReady();
    setApplicationMenu();
    if (settings.server === null) server = await startOwnServer({ distFolder, dataFolder: join(app.getPath('userData'), 'lab'), onLost: serverLost });
    return openWindows(settings, settings.server ?? server!.url);
  })();
  const openReplica = async (replica: ReplicaId) => (await opening).openReplica(replica);
  guardAllContents(app, (replica) => void openReplica(replica));
  answerPages(ipcMain, openReplica);
  app.on('second-instance', () => void opening.then((windows) => windows.focusAll()));
  try {
    await opening;
    if (server !== null) console.log(`Rejoin is running at ${(server as OwnServer).url}`);
  } catch (error) {
    giveUp(errorText(error));
  }
}

function openWindows({ room, replicas }: LaunchSettings, server: string): LabWindows {
  const guard = (each: Session) => guardSession(each, join(distFolder, 'renderer'), server);
  guard(session.defaultSession);
  const windows = new LabWindows({ server, room, preload: join(__dirname, 'preload.cjs'), guard });
  windows.openAll(replicas);
  return windows;
}

function settingsOrExit(): LaunchSettings {
  try {
    return readLaunchSettings(process.env);
  } catch (error) {
    console.error(errorText(error));
    return process.exit(2);
  }
}

/** Ends the program, and what it started, with its last window, at a signal, or when whoever started it has gone. */
function endWith(stopServer: () => Promise<void> | undefined): void {
  let stopped = false;
  const quit = () => {
    setTimeout(() => app.exit(1), closingMsMax).unref();
    app.quit();
  };
  app.on('window-all-closed', quit);
  app.on('will-quit', (event) => {
    const stopping = stopped ? undefined : stopServer();
    stopped = true;
    if (stopping === undefined) return;
    event.preventDefault();
    void stopping.finally(() => app.quit());
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, quit);
  if (process.env['REJOIN_URL']) watchParent(quit);
}

function serverLost(code: number): void {
  giveUp(`The lab's server ended unexpectedly (code ${code}).`);
}

function giveUp(message: string): void {
  console.error(message);
  if (app.isPackaged && app.isReady()) dialog.showErrorBox('Rejoin cannot go on', message);
  app.exit(1);
}
