/** The control channel over WebSockets: who may connect, and one socket for each client. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { isReplicaId } from '../../shared/clocks/dot.ts';
import type { ControlChannel } from '../../shared/control/channel/control-channel.ts';
import type { ControlSocket, ControlSocketListener } from '../../shared/control/channel/control-socket.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { roomNameProblem } from '../../shared/protocol/room-name.ts';
import { closeCodes } from '../../shared/relay/refusal.ts';
import { refuseUpgrade } from '../relay/admission/refuse-upgrade.ts';
import { acceptAndClose } from '../relay/admission/room-admission.ts';
import { queryOf, type Relay } from '../relay/relay.ts';

export interface ControlSocketsOptions {
  readonly relay: () => Relay;
  readonly channel: ControlChannel;
  readonly clock: Clock;
}

export const controlPath = '/-/control';

export class ControlSockets {
  private readonly sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 65_536 });

  constructor(private readonly options: ControlSocketsOptions) {}

  /** Takes the upgrade if it is for the control channel. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    if ((request.url ?? '').split('?')[0] !== controlPath) return false;
    const relay = this.options.relay();
    const objection = relay.guard.controlObjection(request, false);
    if (objection !== null) {
      relay.noteRefusal('upgrade', request, 403, objection);
      refuseUpgrade(socket, 403, objection);
      return true;
    }
    const query = queryOf(request);
    const room = query.get('room') ?? '';
    const replica = query.get('replica');
    const problem = roomNameProblem(room) ?? (replica === null || isReplicaId(replica) ? null : `"${String(replica).slice(0, 40)}" cannot name a replica`);
    if (problem === null) this.sockets.handleUpgrade(request, socket, head, (webSocket) => void this.options.channel.admit(new NodeSocket(webSocket), room, replica));
    else {
      relay.noteRefusal('upgrade', request, closeCodes.badRoom, problem);
      acceptAndClose(this.sockets, { request, socket, head }, { code: closeCodes.badRoom, reason: problem }, this.options.clock);
    }
    return true;
  }

  /** Ends what the channel has not closed yet. */
  close(): void {
    for (const socket of this.sockets.clients) socket.terminate();
  }
}

class NodeSocket implements ControlSocket {
  constructor(private readonly socket: WebSocket) {}

  get waitingBytes(): number {
    return this.socket.bufferedAmount;
  }

  listen(listener: ControlSocketListener): void {
    this.socket.on('message', (data: Buffer, isBinary: boolean) => listener.received(isBinary ? null : data.toString()));
    // What breaks a connection closes it, too.
    this.socket.on('error', () => {});
    this.socket.on('close', () => listener.closed());
    this.socket.on('pong', () => listener.answered());
  }

  send(text: string): void {
    this.socket.send(text);
  }

  ping(): void {
    this.socket.ping();
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason);
  }

  terminate(): void {
    this.socket.terminate();
  }
}
