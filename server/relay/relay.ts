/**
 * The relay: rooms behind one HTTP server. It speaks the y-websocket protocol at `/ROOM` and ours beside it (shared/protocol/PROTOCOL.md).
 * Everything it knows hangs on the object that createRelay returns: any number of relays run in one process.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Store } from '../../shared/ports/store.ts';
import type { SharedStore } from '../storage/shared-store.ts';
import { WritePace } from '../storage/write-pace.ts';
import { Guard } from './guard.ts';
import { Outgoing } from './outgoing.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import { closeCodes } from './refusal.ts';
import type { Room, RoomChange } from './room.ts';
import { receiveFrame } from './room-protocol.ts';
import { type RoomLease, Rooms } from './rooms.ts';
import { Session } from './session.ts';
import { systemClock } from './system-clock.ts';

export interface RelayOptions {
  /** Where rooms are kept, by this relay alone or by several together. The caller closes it, after the relay. */
  readonly store: Store | SharedStore;
  /** Address to listen on; default 127.0.0.1. */
  readonly host?: string;
  /** Port to listen on; default 0, any free one. */
  readonly port?: number;
  /** Further names that may stand in the Host header; default none. */
  readonly hostNames?: readonly string[];
  /** Further origins whose pages may connect; default none. */
  readonly allowOrigins?: readonly string[];
  /**
   * Largest frame, in bytes; default 16 MiB. A single edit is small, but one step 2 carries all that a replica did while it was
   * offline, and a limit near the size of an edit would lock such a replica out for ever.
   */
  readonly payloadBytesMax?: number;
  /** Most bytes that may wait for a session that does not read, before it is closed with 1013; default 32 MiB. */
  readonly bufferedBytesMax?: number;
  /** Milliseconds between pings; a session that did not answer by the next one is closed; default 15,000. */
  readonly pingMs?: number;
  readonly clock?: Clock;
  /** Gets one line for everything that a person should know: damaged data, failing store; default: nothing is said. */
  readonly report?: (line: string) => void;
  /** Answers HTTP requests that the guard let through; default 404. */
  readonly request?: RequestListener;
  /** Offered every upgrade that the guard let through, even while the relay is off. Returns whether it took it. */
  readonly upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer, url: URL) => boolean;
}

export type RelayEvent =
  | { readonly kind: 'room-changed'; readonly room: Room; readonly change: RoomChange }
  | { readonly kind: 'online-changed'; readonly online: boolean };

export interface Relay {
  /** "http://127.0.0.1:1234" */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly guard: Guard;
  /** Off: all sessions are closed with 1012 and new ones refused with 503. What is stored stays. */
  online: boolean;
  /** Names of the rooms in memory, in order. */
  roomNames(): string[];
  /** Loads a room and keeps it in memory until the lease is released. Rejects when it cannot be read. */
  lease(room: string): Promise<RoomLease>;
  /** Throws away what is in a room, for good. */
  emptyRoom(room: string): Promise<void>;
  /** Calls back after each change. Returns a function that stops it. */
  onEvent(listener: (event: RelayEvent) => void): () => void;
  /** Closes all sessions, stores what is left and frees the port. */
  close(): Promise<void>;
}

export const roomPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** How long closing waits for sessions to say goodbye, in milliseconds. */
const goodbyeMs = 500;

/** Starts a relay; rejects (EADDRINUSE and so on) when the address cannot be had. */
export async function createRelay(options: RelayOptions): Promise<Relay> {
  const relay = new RelayServer(options);
  await relay.listen();
  return relay;
}

class RelayServer implements Relay {
  readonly host: string;
  readonly guard: Guard;
  private readonly clock: Clock;
  private readonly report: (line: string) => void;
  private readonly rooms: Rooms;
  private readonly http: Server;
  private readonly sockets: WebSocketServer;
  private readonly sessions = new Set<Session>();
  private readonly outgoing = new Outgoing({ nowMs: () => performance.now() });
  private readonly listeners = new Set<(event: RelayEvent) => void>();
  private sessionCount = 0;
  private isOnline = true;
  private stopPinging = (): void => {};
  private closing: Promise<void> | null = null;

  constructor(private readonly options: RelayOptions) {
    this.host = options.host ?? '127.0.0.1';
    this.clock = options.clock ?? systemClock;
    this.report = options.report ?? (() => {});
    this.guard = new Guard({ host: this.host, hostNames: options.hostNames ?? [], allowOrigins: options.allowOrigins ?? [] });
    const changed = (room: Room, change: RoomChange): void => this.emit({ kind: 'room-changed', room, change });
    this.rooms = new Rooms({ store: options.store, clock: this.clock, pace: new WritePace({ nowMs: () => performance.now() }), report: this.report, changed });
    this.sockets = new WebSocketServer({
      noServer: true,
      // Compression costs memory per socket and opens the door to small frames that inflate to huge ones.
      perMessageDeflate: false,
      maxPayload: options.payloadBytesMax ?? 16 * 1024 * 1024,
    });
    this.http = createServer({ headersTimeout: 10_000, requestTimeout: 30_000 }, (request, response) => {
      const objection = this.guard.objection(request);
      if (objection !== null) response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' }).end(`${objection}\n`);
      else if (options.request) options.request(request, response);
      else response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('This is a relay; connect a WebSocket to /ROOM.\n');
    });
    this.http.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.http.once('error', reject);
      this.http.listen(this.options.port ?? 0, this.host, () => {
        this.http.off('error', reject);
        this.http.on('error', (error) => this.report(`the server has a problem: ${error.message}`));
        this.pingLater();
        resolve();
      });
    });
  }

  get port(): number {
    return (this.http.address() as AddressInfo).port;
  }

  get url(): string {
    // Nobody can connect to "any address"; a person on this machine can to its loopback.
    const host = this.host === '0.0.0.0' ? '127.0.0.1' : this.host === '::' ? '::1' : this.host;
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.port}`;
  }

  get online(): boolean {
    return this.isOnline;
  }

  set online(online: boolean) {
    if (this.isOnline === online || this.closing) return;
    this.isOnline = online;
    if (!online) this.endSessions(closeCodes.restarting, 'the relay was switched off');
    this.emit({ kind: 'online-changed', online });
  }

  roomNames(): string[] {
    return this.rooms.names();
  }

  lease(room: string): Promise<RoomLease> {
    if (!roomPattern.test(room)) return Promise.reject(new RangeError(roomObjection(room)));
    return this.rooms.lease(room);
  }

  async emptyRoom(name: string): Promise<void> {
    const lease = await this.lease(name);
    try {
      await lease.room.empty();
    } finally {
      lease.release();
    }
  }

  onEvent(listener: (event: RelayEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<void> {
    this.isOnline = false;
    this.stopPinging();
    const stopped = new Promise((resolve) => this.http.close(resolve));
    this.endSessions(closeCodes.goingAway, 'the relay was ended');
    await this.goodbyes();
    for (const room of await this.rooms.close()) this.report(`room ${room}: the last changes could not be stored`);
    this.http.closeAllConnections();
    await stopped;
  }

  /** Resolves when all sockets are closed; the ones that do not answer are cut. */
  private async goodbyes(): Promise<void> {
    const sockets = [...this.sockets.clients];
    const cancel = this.clock.after(goodbyeMs, () => sockets.forEach((socket) => socket.terminate()));
    await Promise.all(sockets.map((socket) => new Promise((resolve) => (socket.readyState === socket.CLOSED ? resolve(null) : socket.once('close', resolve)))));
    cancel();
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const objection = this.guard.objection(request);
    if (objection !== null) return refuseUpgrade(socket, 403, objection);
    const url = parsedUrl(request.url ?? '');
    if (!url) return refuseUpgrade(socket, 400, 'the address cannot be read');
    if (!this.closing && this.options.upgrade?.(request, socket, head, url)) return;
    const room = url.pathname.slice(1);
    if (!roomPattern.test(room)) return refuseUpgrade(socket, 404, roomObjection(room));
    if (!this.isOnline) return refuseUpgrade(socket, 503, 'the relay is switched off');
    const name = this.nameOf(url, request);
    const off = this.rooms.peek(room)?.links.objection(name);
    if (off) return refuseUpgrade(socket, 503, off);
    this.sockets.handleUpgrade(request, socket, head, (webSocket) => void this.admit(webSocket, socket, room, name));
  }

  private nameOf(url: URL, request: IncomingMessage): string {
    const number = ++this.sessionCount;
    const wanted = (url.searchParams.get('name') ?? '').replace(/[\p{C}]/gu, '').trim().slice(0, 64);
    return wanted || `${(request.socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '')} #${number}`;
  }

  private async admit(socket: WebSocket, line: Duplex, name: string, sessionName: string): Promise<void> {
    let lease: RoomLease | null = null;
    const session = new Session(socket, {
      name: sessionName,
      line,
      outgoing: this.outgoing,
      bufferedBytesMax: this.options.bufferedBytesMax ?? 32 * 1024 * 1024,
      report: this.report,
      lostFrame: () => lease?.room.links.noteLoss(session),
      ended: () => {
        this.sessions.delete(session);
        lease?.room.detach(session);
        lease?.release();
      },
    });
    this.sessions.add(session);
    try {
      lease = await this.rooms.lease(name);
    } catch (error) {
      this.report(`room ${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      return session.end(closeCodes.internal, `room ${name} cannot be read`);
    }
    const { room } = lease;
    // It may have gone while the room was loading.
    if (session.hasEnded) return lease.release();
    // So may its link, from on to off.
    const off = room.links.objection(sessionName);
    if (off) return session.end(closeCodes.restarting, off);
    room.attach(session);
    session.start((from, frame, receipt) => receiveFrame(room, from, frame, receipt));
  }

  private endSessions(code: number, reason: string): void {
    for (const session of this.sessions) session.end(code, reason);
  }

  private pingLater(): void {
    this.stopPinging = this.clock.after(this.options.pingMs ?? 15_000, () => {
      for (const session of this.sessions) session.ping();
      this.pingLater();
    });
  }

  private emit(event: RelayEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}

function roomObjection(room: string): string {
  return `"${room.slice(0, 80)}" cannot name a room: 1 to 64 of A–Z a–z 0–9 _ - are expected`;
}

function parsedUrl(path: string): URL | null {
  try {
    return new URL(path, 'http://relay');
  } catch {
    return null;
  }
}
