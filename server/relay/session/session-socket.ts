/** The socket of a session, and what of its events the session hears: without closures, as there may be ten thousand of them. */
import { WebSocket } from 'ws';
import { closeCodes } from '../refusal.ts';
import type { SessionEnding } from './session-state.ts';

/** What hears of a socket. */
export interface SocketListener {
  /** A message has come. */
  received(data: Uint8Array, isBinary: boolean): void;
  /** It could not take what came: `code` is the one of RFC 6455; `announcedBytes`: how long the message says that it is, null where that is not known. */
  refuseBytes(code: number, announcedBytes: number | null): void;
  /** The other side has answered a ping. */
  heard(): void;
  /** The other side has closed it. */
  depart(code: number, reason: string): void;
}

export class SessionSocket extends WebSocket {
  private listener: SocketListener | null = null;

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
    return (socket as SessionSocket).listener;
  }
}

function onMessage(this: WebSocket, data: Buffer, isBinary: boolean): void {
  SessionSocket.listenerOf(this)?.received(data, isBinary);
}

function onClose(this: WebSocket, code: number, reason: Buffer): void {
  SessionSocket.listenerOf(this)?.depart(code, reason.toString());
}

function onPong(this: WebSocket): void {
  SessionSocket.listenerOf(this)?.heard();
}

function onError(): void {}

/** How a session ends whose socket could not take what came: the arguments are those of `refuseBytes`, and the most bytes that a message may have. */
export function bytesRefusal(code: number, announcedBytes: number | null, bytesMax: number): SessionEnding {
  if (code === 1009) {
    const isKnown = announcedBytes !== null && announcedBytes > bytesMax;
    const size = isKnown ? `a message of ${announcedBytes} bytes` : 'a message';
    return { code: closeCodes.full, reason: `${size} is too large: ${bytesMax} bytes is the most` };
  }
  if (code === 1008) return { code: closeCodes.tooMuch, reason: 'a message in too many pieces' };
  return { code: closeCodes.malformed, reason: 'malformed WebSocket frame' };
}
