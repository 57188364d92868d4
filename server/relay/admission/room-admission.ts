/**
 * Which rooms a session may come into, now or ever.
 *
 * Guarantees: a session hears why it may not, as close code and reason: its WebSocket is accepted and closed, since a
 * failed handshake tells a browser nothing. A refusal that may pass is told after a moment, and only if it has not
 * passed by then: clients that come back at once are slowed down without having been connected.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../../shared/ports/clock.ts';
import { roomOfPath } from '../../../shared/protocol/room-name.ts';
import { closeCodes, closeReason } from '../../../shared/relay/refusal.ts';
import type { Rooms } from '../../../shared/relay/room/rooms.ts';
import type { ConnectionLimits } from './connection-limits.ts';

export interface AdmissionRefusal {
  /** 4400 to 4499: for good; 4500 to 4599: for now. */
  readonly code: number;
  /** One line. */
  readonly reason: string;
}

/** A WebSocket handshake that was let through to the rooms. */
export interface Handshake {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

export interface RoomAdmissionOptions {
  readonly clock: Clock;
  readonly rooms: Pick<Rooms, 'peek' | 'objection'>;
  readonly connections: ConnectionLimits;
  readonly isOnline: () => boolean;
  /** A session was refused. */
  readonly refused: (handshake: Handshake, refusal: AdmissionRefusal) => void;
}

/** How long a refusal that may pass waits, in milliseconds. */
const passingMs = 500;
/** How long a refused client may take to say goodbye, in milliseconds. */
const goodbyeMs = 2_000;

export class RoomAdmission {
  private readonly waiting = new Map<Duplex, () => void>();

  constructor(private readonly options: RoomAdmissionOptions) {}

  /** Calls `admit`, now or later, if the session may come into the room of its address, and `refuse` if it may not. */
  decide(handshake: Handshake, name: string, admit: (room: string) => void, refuse: (refusal: AdmissionRefusal) => void): void {
    const { name: room, problem } = { name: '', ...roomOfPath(handshake.request.url ?? '') };
    if (problem !== undefined) return this.refuse(handshake, { code: closeCodes.badRoom, reason: problem }, refuse);
    if (this.passingObjection(room, name) === null) return this.take(handshake, room, admit);
    this.waiting.set(handshake.socket, this.options.clock.after(passingMs, () => {
      this.waiting.delete(handshake.socket);
      if (handshake.socket.destroyed) return;
      const reason = this.passingObjection(room, name);
      if (reason === null) this.take(handshake, room, admit);
      else this.refuse(handshake, { code: closeCodes.restarting, reason }, refuse);
    }));
  }

  /** Ends the handshakes that wait. */
  close(): void {
    for (const [socket, cancel] of this.waiting) {
      cancel();
      socket.destroy();
    }
    this.waiting.clear();
  }

  private take({ socket }: Handshake, room: string, admit: (room: string) => void): void {
    this.options.connections.takeInRoom(room, socket);
    admit(room);
  }

  private refuse(handshake: Handshake, refusal: AdmissionRefusal, refuse: (refusal: AdmissionRefusal) => void): void {
    this.options.refused(handshake, refusal);
    refuse(refusal);
  }

  private passingObjection(room: string, name: string): string | null {
    const { rooms, connections, isOnline } = this.options;
    if (!isOnline()) return 'the relay is switched off';
    return rooms.peek(room)?.objectionTo(name) ?? rooms.objection(room) ?? connections.roomObjection(room);
  }
}

/** Accepts a WebSocket only to say why it is closed. What it sends is not read. */
export function acceptAndClose(sockets: WebSocketServer, { request, socket, head }: Handshake, { code, reason }: AdmissionRefusal, clock: Clock): void {
  sockets.handleUpgrade(request, socket, head, (webSocket: WebSocket) => {
    const cancel = clock.after(goodbyeMs, () => webSocket.terminate());
    webSocket.on('error', () => {}).on('close', cancel);
    webSocket.close(code, closeReason(reason));
  });
}
