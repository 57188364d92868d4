/**
 * The relay: rooms behind one HTTP server. It speaks the y-websocket protocol at `/ROOM` and ours beside it (shared/protocol/PROTOCOL.md).
 * Everything it knows hangs on the object that createRelay returns: any number of relays run in one process.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Server as SocketServer, WebSocketServer } from 'ws';
import { errorText } from '../../shared/encoding/error-text.ts';
import { Listeners } from '../../shared/encoding/listeners.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Store } from '../../shared/ports/store.ts';
import { roomNameProblem } from '../../shared/protocol/room-name.ts';
import type { SharedStore } from '../../shared/ports/shared-store.ts';
import { storedRooms } from '../../shared/relay/storage/stored-rooms.ts';
import { troubleOf } from '../../shared/relay/storage/store-trouble.ts';
import { WritePace } from '../../shared/relay/storage/write-pace.ts';
import { Guard } from './admission/guard.ts';
import { Outgoing } from './sockets/outgoing.ts';
import { allClosed } from './sockets/all-closed.ts';
import { ReadTurns } from './sockets/read-turns.ts';
import { SendBudget } from './sockets/send-budget.ts';
import { RelayMeter } from '../../shared/relay/relay-meter.ts';
import { type RelayLimits, relayLimits } from '../../shared/relay/relay-limits.ts';
import type { RelayOptions } from './relay-options.ts';
export type { RelayOptions } from './relay-options.ts';
import { refuseUpgrade } from './admission/refuse-upgrade.ts';
import { EventLoopDelay } from './event-loop-delay.ts';
import { createHttpServer } from './http-server.ts';
import { closeCodes } from '../../shared/relay/refusal.ts';
import type { Room } from '../../shared/relay/room/room.ts';
import type { RoomChange } from '../../shared/relay/room/room-options.ts';
import { HeldRecords } from '../../shared/relay/room/held-records.ts';
import { type RoomLease, Rooms } from '../../shared/relay/room/rooms.ts';
import { ConnectionLimits, isLoopback } from './admission/connection-limits.ts';
import { acceptAndClose, type Handshake, RoomAdmission } from './admission/room-admission.ts';
import { Session, type SessionHost } from '../../shared/relay/session/session.ts';
import { SocketWriter, type SocketWriterLimits } from './sockets/socket-writer.ts';
import { WsSocket } from './sockets/ws-socket.ts';
import { systemClock } from './system-clock.ts';
import { systemRandom } from './system-random.ts';

export type RelayEvent =
  | { readonly kind: 'room-changed'; readonly room: Room; readonly change: RoomChange }
  | { readonly kind: 'online-changed'; readonly online: boolean }
  | { readonly kind: 'session-opened'; readonly room: string; readonly session: string }
  /** `code`: the close code, whoever said it; 1006 where the connection broke. */
  | { readonly kind: 'session-ended'; readonly room: string; readonly session: string; readonly code: number; readonly reason: string }
  /** A connection was refused before it became a session. `status`: of HTTP, or the close code where it was accepted to be told. */
  | { readonly kind: 'upgrade-refused'; readonly address: string; readonly status: number; readonly reason: string }
  /** An HTTP request was refused. */
  | { readonly kind: 'request-refused'; readonly address: string; readonly status: number; readonly reason: string };

export interface Relay {
  /** "http://127.0.0.1:1234" */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly guard: Guard;
  /** Off: all sessions are closed with 4503, and so are new ones. What is stored stays. */
  online: boolean;
  readonly meter: RelayMeter;
  /** Most bytes of one update, as of one message. */
  readonly updateBytesMax: number;
  /** How many sessions there are now, in all rooms. */
  readonly sessionCount: number;
  /** How many frames wait to be written to sockets. */
  readonly waitingFrames: number;
  /** Why it does not do all that it should, a line each; none where it does. Says nothing that is not for everybody. */
  troubles(): string[];
  /** How late this process comes to what is due. */
  readonly loopDelay: EventLoopDelay;
  /** The store that the rooms are in. */
  readonly store: Store | SharedStore;
  /** Whether something cannot be stored now, and since when something waits to be durable, by its clock's `nowMs`; null: nothing. */
  readonly storing: { readonly isFailing: boolean; readonly unsavedSinceMs: number | null };
  /** At most `max` names of rooms in the store, those after `after`; null: from the first. Rejects when it cannot be read. */
  storedRooms(after: string | null, max: number): Promise<string[]>;
  /** Names of the rooms in memory, in order. */
  roomNames(): string[];
  /** Loads a room and keeps it in memory until the lease is released. Rejects when it cannot be read. */
  lease(room: string): Promise<RoomLease>;
  /** Throws away what is in a room, for good, except its settings: `settings`, where given, replace them in the same write. */
  emptyRoom(room: string, settings?: object): Promise<void>;
  /** Counts and tells that a request or an upgrade was refused. */
  noteRefusal(kind: 'request' | 'upgrade', request: IncomingMessage, status: number, reason: string): void;
  /** Calls back after each change. Returns a function that stops it. */
  onEvent(listener: (event: RelayEvent) => void): () => void;
  /** Closes all sessions, stores what is left and frees the port. Resolves to the names of rooms with changes that could not be stored. */
  close(): Promise<readonly string[]>;
}

/** Says whether the relay does what it should. */
const healthPath = '/healthz';

/** Starts a relay; rejects when the address cannot be had (EADDRINUSE and so on), or needs a token (RangeError). */
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
  readonly store: Store | SharedStore;
  readonly loopDelay = new EventLoopDelay();
  private readonly rooms: Rooms;
  private readonly http: Server;
  private readonly sockets: SocketServer<typeof WsSocket>;
  /** With what keeps their rooms in memory, once it is there. */
  private readonly sessions = new Map<Session, RoomLease | null>();
  readonly meter = new RelayMeter();
  private readonly shared: SessionHost & SocketWriterLimits & { readonly outgoing: Outgoing };
  private readonly limits: RelayLimits;
  private readonly connections: ConnectionLimits;
  private readonly admission: RoomAdmission;
  private readonly listeners = new Listeners<(event: RelayEvent) => void>();
  private named = 0;
  private isOnline = true;
  private stopPinging = (): void => {};
  private closing: Promise<readonly string[]> | null = null;
  /** Sessions whose room is being loaded. */
  private readonly arriving = new Set<Promise<void>>();

  constructor(private readonly options: RelayOptions) {
    this.host = options.host ?? '127.0.0.1';
    this.store = options.store;
    this.clock = options.clock ?? systemClock;
    this.report = options.report ?? (() => {});
    const token = options.token ?? null;
    if (token === null && !isLoopback(this.host)) throw new RangeError(`other machines can reach ${this.host}, so a relay there needs a token`);
    this.limits = relayLimits(options);
    this.connections = new ConnectionLimits(this.limits);
    const { hostNames = [], allowOrigins = [], readToken = null, tokenQuery = null, trustedProxies = [] } = options;
    this.guard = new Guard({ host: this.host, hostNames, allowOrigins, token, readToken, tokenQuery, trustedProxies });
    this.shared = {
      clock: this.clock,
      turns: new ReadTurns(this.clock),
      outgoing: new Outgoing({ nowMs: () => this.clock.nowMs(), meter: this.meter }),
      meter: this.meter,
      payloadBytesMax: this.limits.payloadBytesMax,
      bufferedBytesMax: this.limits.bufferedBytesMax,
      budget: new SendBudget(this.limits.bufferedBytesMaxInAll),
      backlogFramesMax: this.limits.backlogFramesMax,
      report: this.report,
      lostFrame: (session) => this.sessions.get(session)?.room.noteLostFrame(session),
      caughtUp: (session) => this.sessions.get(session)?.room.resync(session),
      ended: (session) => this.ended(session),
    };
    const changed = (room: Room, change: RoomChange): void => this.emit({ kind: 'room-changed', room, change });
    this.rooms = new Rooms({ limits: this.limits, store: options.store, gc: options.gc ?? true, leaderOf: options.leaderOf ?? (() => null), clock: this.clock, random: systemRandom, pace: new WritePace({ clock: this.clock, afterTurn: setImmediate }), outgoing: this.shared.outgoing, meter: this.meter, heldRecords: new HeldRecords(this.limits.recordBytesMaxInAll), report: this.report, changed });
    this.sockets = new WebSocketServer({
      noServer: true,
      WebSocket: WsSocket,
      // Compression costs memory per socket and opens the door to small frames that inflate to huge ones.
      perMessageDeflate: false,
      maxPayload: this.limits.payloadBytesMax,
      // No client that we know of cuts a message into more than a few.
      maxFragments: 1_024,
      handleProtocols: (offered) => this.guard.protocolFor(offered),
    });
    this.admission = new RoomAdmission({
      clock: this.clock,
      rooms: this.rooms,
      connections: this.connections,
      isOnline: () => this.isOnline,
      refused: ({ request }, { code, reason }) => this.noteRefusal('upgrade', request, code, reason),
    });
    this.http = createHttpServer(options.tls ?? null, (request, response) => this.answer(request, response));
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
    return `${this.options.tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${this.port}`;
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

  get updateBytesMax(): number {
    return this.limits.payloadBytesMax;
  }

  get sessionCount(): number {
    return this.sessions.size;
  }

  get waitingFrames(): number {
    return this.shared.outgoing.waitingFrames;
  }

  get storing(): Pick<Rooms, 'isFailing' | 'unsavedSinceMs'> {
    return this.rooms;
  }

  troubles(): string[] {
    return [
      ...(this.isOnline ? [] : ['the relay is switched off']),
      ...(this.rooms.isFailing ? ['storing fails'] : []),
      ...(troubleOf(this.store) ? ['the store cannot be reached'] : []),
    ];
  }

  storedRooms(after: string | null, max: number): Promise<string[]> {
    return storedRooms(this.store, after, max);
  }

  roomNames(): string[] {
    return this.rooms.names();
  }

  lease(room: string): Promise<RoomLease> {
    const problem = roomNameProblem(room);
    return problem === null ? this.rooms.lease(room) : Promise.reject(new RangeError(problem));
  }

  async emptyRoom(name: string, settings?: object): Promise<void> {
    const lease = await this.lease(name);
    try {
      await lease.room.empty(settings);
    } finally {
      lease.release();
    }
  }

  onEvent(listener: (event: RelayEvent) => void): () => void {
    return this.listeners.add(listener);
  }

  close(): Promise<readonly string[]> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<readonly string[]> {
    this.isOnline = false;
    this.stopPinging();
    this.loopDelay.close();
    this.admission.close();
    const stopped = new Promise((resolve) => this.http.close(resolve));
    this.endSessions(closeCodes.goingAway, 'the relay was ended');
    await allClosed([...this.sockets.clients], this.clock);
    // What clients sent and left before their room was loaded is the room's all the same.
    await Promise.all(this.arriving);
    const unsaved = await this.rooms.close();
    for (const room of unsaved) this.report(`room ${room}: the last changes could not be stored`);
    this.http.closeAllConnections();
    await stopped;
    return unsaved;
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const text = { 'content-type': 'text/plain; charset=utf-8' };
    if (request.url === healthPath) return this.answerHealth(response);
    const objection = this.guard.objection(request);
    if (objection !== null) {
      this.noteRefusal('request', request, objection.status, objection.reason);
      return void response.writeHead(objection.status, { ...text, ...objection.headers }).end(`${objection.reason}\n`);
    }
    const cookie = this.guard.cookieFor(request);
    if (cookie !== null) response.setHeader('set-cookie', cookie);
    if (this.options.request) this.options.request(request, response);
    else response.writeHead(404, text).end('This is a relay; connect a WebSocket to /ROOM.\n');
  }

  /** For whoever watches over processes: before the guard, as those bring neither token nor name. */
  private answerHealth(response: ServerResponse): void {
    const troubles = this.troubles();
    const text = troubles.length === 0 ? 'ok' : troubles.join('; ');
    response.writeHead(troubles.length === 0 ? 200 : 503, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }).end(`${text}\n`);
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', destroy);
    const refuse = (status: number, line: string): void => {
      this.noteRefusal('upgrade', request, status, line);
      refuseUpgrade(socket, status, line);
    };
    const objection = this.guard.objection(request);
    if (objection !== null) return refuse(objection.status, objection.reason);
    const crowded = this.connections.takeForAddress(this.guard.clients.of(request), socket);
    if (crowded !== null) return refuse(429, crowded);
    if (this.closing) return refuse(503, 'the relay is ending');
    if (this.options.upgrade?.(request, socket, head)) return;
    const name = this.nameOf(request);
    const handshake: Handshake = { request, socket, head };
    const admit = (room: string): void => this.sockets.handleUpgrade(request, socket, head, (webSocket) => this.noteArrival(this.admit(webSocket, handshake, room, name)));
    this.admission.decide(handshake, name, admit, (refusal) => acceptAndClose(this.sockets, handshake, refusal, this.clock));
  }

  noteRefusal(kind: 'request' | 'upgrade', request: IncomingMessage, status: number, reason: string): void {
    this.meter.refuse(`${kind === 'request' ? 'http' : 'upgrade'}-${status}`);
    this.emit({ kind: `${kind}-refused`, address: this.guard.clients.of(request), status, reason });
  }

  private nameOf(request: IncomingMessage): string {
    const number = ++this.named;
    const wanted = (queryOf(request).get('name') ?? '').replace(/[\p{C}]/gu, '').trim().slice(0, 64);
    return wanted || `${this.guard.clients.of(request)} #${number}`;
  }

  private noteArrival(arrival: Promise<void>): void {
    this.arriving.add(arrival);
    void arrival.finally(() => this.arriving.delete(arrival));
  }

  private async admit(socket: WsSocket, { request, socket: line }: Handshake, name: string, sessionName: string): Promise<void> {
    const session = new Session(socket, (owner) => new SocketWriter(line as Socket, this.shared, owner), sessionName, name, this.shared);
    if (this.guard.rightsOf(request) === 'read') session.restrictToReading();
    this.sessions.set(session, null);
    this.meter.sessionsOpened++;
    this.emit({ kind: 'session-opened', room: name, session: sessionName });
    let lease: RoomLease;
    try {
      lease = await this.rooms.lease(name);
    } catch (error) {
      this.report(`room ${name} cannot be read: ${errorText(error)}`);
      return session.end(closeCodes.internal, `room ${name} cannot be read`);
    }
    const { room } = lease;
    // It may have gone while the room was loading; what its client sent before is the room's all the same.
    if (session.hasEnded && !session.leftFrames) return lease.release();
    if (!session.hasEnded) this.sessions.set(session, lease);
    // So may its link, from on to off.
    const off = room.objectionTo(sessionName);
    if (off && !session.hasEnded) return session.end(closeCodes.restarting, off);
    room.attach(session);
    session.start(room);
    if (session.hasDeparted) await leave(session, lease);
  }

  private ended(session: Session): void {
    const lease = this.sessions.get(session);
    this.sessions.delete(session);
    if (lease) void leave(session, lease);
    this.emit({ kind: 'session-ended', room: session.room, session: session.name, ...session.ending });
  }

  private endSessions(code: number, reason: string): void {
    for (const session of [...this.sessions.keys()]) session.end(code, reason);
  }

  private pingLater(): void {
    this.stopPinging = this.clock.after(this.options.pingMs ?? 15_000, () => {
      for (const [session, lease] of [...this.sessions]) {
        session.ping();
        lease?.room.noteCurrent(session);
      }
      this.pingLater();
    });
  }

  private emit(event: RelayEvent): void {
    this.listeners.callEach((listener) => listener(event));
  }
}

async function leave(session: Session, lease: RoomLease): Promise<void> {
  await lease.room.detach(session);
  lease.release();
}

function destroy(this: Duplex): void {
  this.destroy();
}

/** The query of a request's address. */
export function queryOf({ url = '' }: Pick<IncomingMessage, 'url'>): URLSearchParams {
  return new URLSearchParams(/\?(.*)$/s.exec(url)?.[1] ?? '');
}
