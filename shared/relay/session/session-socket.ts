/** The socket of a session, and what of its events the session hears. */
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

export interface SessionSocket {
  readonly isOpen: boolean;
  /** To be called once. */
  listen(listener: SocketListener): void;
  /** Nothing is read until `resume`. */
  pause(): void;
  resume(): void;
  /** Asks the other side for an answer. */
  ping(): void;
  close(code: number, reason: string): void;
  /** Cuts it, without a goodbye. */
  terminate(): void;
}

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
