/** The lab's server as a process of this program, for when nobody else has started one. */
import { join } from 'node:path';
import { utilityProcess } from 'electron';
import { serverOrigin } from './launch-settings.ts';

export interface OwnServer {
  /** Its origin: http://127.0.0.1:PORT */
  readonly url: string;
  /** Ends it; resolves when it has closed its store and is gone, after 5 seconds at the latest. */
  stop(): Promise<void>;
}

export interface OwnServerOptions {
  /** The folder with the built main, server and pages. */
  readonly distFolder: string;
  readonly dataFolder: string;
  /** Called when it ends without having been asked to. */
  readonly onLost: (code: number) => void;
}

/** Starts the server and waits until it says where it runs. Rejects with what it said when it ends before that. */
export function startOwnServer({ distFolder, dataFolder, onLost }: OwnServerOptions): Promise<OwnServer> {
  // A packaged program keeps these files beside its archive, as another process must read them.
  const unpacked = distFolder.replace(/\bapp\.asar(?!\.unpacked)/, 'app.asar.unpacked');
  const file = (folder: string, name: string) => join(unpacked, folder, name);
  const child = utilityProcess.fork(file('main', 'server-process.cjs'), [file('server', 'rejoin.mjs'), 'start', '--no-open', '--data', dataFolder], {
    serviceName: 'Rejoin server',
    stdio: 'pipe',
  });
  let said = '';
  let stopping = false;
  const gone = new Promise<number>((resolve) => child.once('exit', resolve));
  const stop = async () => {
    stopping = true;
    child.postMessage('stop');
    const late = setTimeout(() => child.kill(), 5000);
    await gone;
    clearTimeout(late);
  };
  return new Promise((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-20_000);
      const url = /Rejoin is running at (\S+)/.exec(said)?.[1];
      if (url !== undefined) resolve({ url: serverOrigin(url), stop });
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', (chunk: Buffer) => {
      process.stderr.write(chunk);
      listen(chunk);
    });
    void gone.then((code) => {
      reject(new Error(`the lab's server ended (code ${code}): ${said.trim() || 'it said nothing'}`));
      if (!stopping) onLost(code);
    });
  });
}
