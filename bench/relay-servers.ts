/** The servers that are measured, each in a process of its own: ours with its store on disk, the peers as they come, and a relay that only passes frames on. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';
import { createLab } from '../server/control/lab.ts';
import { openLevelStore } from '../server/storage/level-store.ts';
import { answerRequests, requestsTo } from './own-process.ts';

export const serverNames = { rejoin: 'Rejoin', 'y-websocket': 'y-websocket 2.1.0', hocuspocus: 'Hocuspocus 4.7', 'hocuspocus-4ms': 'Hocuspocus, flushDelay 4 ms', ws: 'plain ws', former: 'Rejoin before' } as const;
export type ServerId = keyof typeof serverNames;

export interface MeasuredServer {
  readonly id: ServerId;
  readonly port: number;
  /** Processor time that it has used, in seconds, of all its threads. */
  cpuSeconds(): Promise<number>;
  /** Memory of the whole process, in bytes: as it is, or after a collection, which stops the server for a while. */
  memoryBytes(collects: boolean): Promise<number>;
  end(): Promise<void>;
}

export interface ServerPlace {
  /** Folder of the peers. */
  readonly peers: string;
  /** The core that is not the load's; undefined where they share. */
  readonly core: number | undefined;
  /** The bundle of this benchmark made of another checkout of Rejoin; null where there is none. */
  readonly former: string | null;
}

export async function startServer(id: ServerId, { peers, core, former }: ServerPlace): Promise<MeasuredServer> {
  const runs = id === 'former' ? 'rejoin' : id;
  const { ask, end } = requestsTo(['server', runs, peers], { patience: 240_000, ...(core === undefined ? {} : { core }), ...(id === 'former' && former !== null ? { program: former } : {}) });
  const pid = await ask<number>('pid');
  return { id, port: await ask<number>('port'), cpuSeconds: async () => cpuSecondsOf(pid) ?? ask('cpuSeconds'), memoryBytes: (collects) => ask(collects ? 'collectedBytes' : 'memoryBytes'), end };
}

/** Clock ticks a second, in which Linux counts. */
const ticks = 100;

/** What Linux says of a process: a server that is overloaded would answer too late. Null on other systems. */
function cpuSecondsOf(pid: number): number | null {
  try {
    // After the name, which may have spaces in it, the 12th and 13th are user and system time (proc(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticks;
  } catch {
    return null;
  }
}

interface Running {
  readonly port: number;
  close(): Promise<void>;
}

/** What the process of a server does, until nobody asks any more. */
export async function serve(id: Exclude<ServerId, 'former'>, peers: string): Promise<void> {
  const { port, close } = await runs[id](peers);
  await answerRequests({
    pid: async () => process.pid,
    port: async () => port,
    async cpuSeconds() {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1_000_000;
    },
    async memoryBytes() {
      return process.memoryUsage.rss();
    },
    async collectedBytes() {
      (globalThis as { gc?: () => void }).gc?.();
      return process.memoryUsage.rss();
    },
  });
  await close();
  // The peers leave timers behind.
  process.exit(0);
}

const runs: Record<Exclude<ServerId, 'former'>, (peers: string) => Promise<Running>> = {
  async rejoin() {
    const folder = await mkdtemp(join(tmpdir(), 'rejoin-bench-'));
    const store = await openLevelStore(join(folder, 'rooms'));
    const lab = await createLab({ host: '127.0.0.1', port: 0, store, report: (line) => console.error(line) });
    return {
      port: lab.port,
      async close() {
        await lab.close();
        await store.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
  async 'y-websocket'(peers) {
    const { setupWSConnection } = peer(peers, 'y-websocket/bin/utils') as { setupWSConnection: (socket: WebSocket, request: unknown) => void };
    return listening((socket, request) => setupWSConnection(socket, request));
  },
  hocuspocus: (peers) => hocuspocus(peers, {}),
  'hocuspocus-4ms': (peers) => hocuspocus(peers, { flushDelay: 4 }),
  async ws() {
    const rooms = new Map<string, Set<WebSocket>>();
    return listening((socket, { url }) => {
      const room = rooms.get(url) ?? new Set<WebSocket>();
      rooms.set(url, room.add(socket));
      socket.on('message', (frame: Buffer) => {
        for (const other of room) if (other !== socket) other.send(frame);
      });
      socket.on('close', () => room.delete(socket));
    });
  },
};

async function listening(connected: (socket: WebSocket, request: { readonly url: string }) => void): Promise<Running> {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const http = createServer();
  http.on('upgrade', (request, line, head) => sockets.handleUpgrade(request, line, head, (socket) => connected(socket, { url: request.url ?? '' })));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return { port: (http.address() as AddressInfo).port, close: async () => void http.close() };
}

async function hocuspocus(peers: string, options: Record<string, unknown>): Promise<Running> {
  const { Server } = peer(peers, '@hocuspocus/server') as { Server: new (options: Record<string, unknown>) => { listen(port: number): Promise<unknown>; httpServer: { address(): AddressInfo }; destroy(): Promise<void> } };
  const server = new Server({ address: '127.0.0.1', port: 0, quiet: true, stopOnSignals: false, ...options });
  await server.listen(0);
  return { port: server.httpServer.address().port, close: async () => {} };
}

/** A module of the peers, with the Yjs of their own: that two are here is meant, and nothing goes from one to the other. */
function peer(folder: string, name: string): unknown {
  delete (globalThis as Record<string, unknown>)['__ $YJS$ __'];
  return createRequire(join(folder, 'package.json'))(name);
}
