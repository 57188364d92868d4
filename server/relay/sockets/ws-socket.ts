/** A session's socket as the library `ws` makes it: without closures, as there may be ten thousand of them. */
import { WebSocket } from 'ws';
import type { SessionSocket, SocketListener } from '../../../shared/relay/session/session-socket.ts';

export class WsSocket extends WebSocket implements SessionSocket {
  private listener: SocketListener | null = null;

  get isOpen(): boolean {
    return this.readyState === WebSocket.OPEN;
  }

  /** To be called once. */
  listen(listener: SocketListener): void {
    this.listener = listener;
    this.on('message', onMessage);
    // Without a listener an error (an oversized frame, a reset connection) would end the process. `close` follows it.
    this.on('error', onError);
    this.on('close', onClose);
    this.on('pong', onPong);
  }

  /** Also called by ws, with a code alone, when bytes come that it cannot take: its codes would have clients come back for ever. */
  override close(code?: number, reason?: string | Buffer): void {
    if (this.listener && code !== undefined && reason === undefined) this.listener.refuseBytes(code, this.announcedBytes);
    else super.close(code, reason);
  }

  /** How long the message is that comes in now, as far as it has said so. Not part of ws's interface: null where that changes. */
  private get announcedBytes(): number | null {
    const { _receiver } = this as unknown as { readonly _receiver?: { readonly _totalPayloadLength?: unknown } };
    const bytes = _receiver?._totalPayloadLength;
    return typeof bytes === 'number' ? bytes : null;
  }

  /** The listener of a socket that one of ws's events is called on. */
  static listenerOf(socket: WebSocket): SocketListener | null {
    return (socket as WsSocket).listener;
  }
}

function onMessage(this: WebSocket, data: Buffer, isBinary: boolean): void {
  WsSocket.listenerOf(this)?.received(data, isBinary);
}

function onClose(this: WebSocket, code: number, reason: Buffer): void {
  WsSocket.listenerOf(this)?.depart(code, reason.toString());
}

function onPong(this: WebSocket): void {
  WsSocket.listenerOf(this)?.heard();
}

function onError(): void {}
