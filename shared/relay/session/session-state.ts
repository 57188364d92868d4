/**
 * Where a session stands: what the relay knows of its client, from the opening of the socket to its
 * end.
 *
 *   loading ──► foreign ──► awaiting-hello ──► identified ──► welcomed       any of them ──► ended
 *                  └──────────────────────────────▲
 */
import type { ReplicaId } from '../../clocks/dot.ts';

/** How the socket was closed: a close code (RFC 6455, or the relay's own) and a reason. */
export interface SessionEnding {
  readonly code: number;
  readonly reason: string;
}

/** What is known of the client. */
export type ClientState =
  /** The room is not ready: the frames that came are kept. */
  | { readonly kind: 'loading'; readonly frames: Uint8Array[] }
  /** A client that speaks y-websocket's protocol only, as far as is known. */
  | { readonly kind: 'foreign' }
  /** A window whose hello is under way on a faulty link, or was lost there. */
  | { readonly kind: 'awaiting-hello' }
  /** A window that has said hello and hears `welcome` next. */
  | { readonly kind: 'identified'; readonly replica: ReplicaId }
  /** A window that has heard `welcome` and the records that it lacked then. */
  | { readonly kind: 'welcomed'; readonly replica: ReplicaId };

export type SessionState =
  | ClientState
  /** `departed`: the client ended it, or the relay ends, so that what came before counts and may still change `client`. */
  | {
      readonly kind: 'ended';
      readonly ending: SessionEnding;
      readonly departed: boolean;
      readonly client: ClientState;
    };

/** States without anything of one session's own are shared: there may be ten thousand sessions. */
export const loading: ClientState = { kind: 'loading', frames: [] };
export const foreign: ClientState = { kind: 'foreign' };
export const awaitingHello: ClientState = { kind: 'awaiting-hello' };

/** How a session ended of which nobody has said how: abnormally (RFC 6455). */
export const lostConnection: SessionEnding = { code: 1006, reason: '' };

/** What is known of the client, whether or not the session has ended. */
export function clientOf(state: SessionState): ClientState {
  return state.kind === 'ended' ? state.client : state;
}

/** The same session when this is known of its client. */
export function withClient(state: SessionState, client: ClientState): SessionState {
  return state.kind === 'ended' ? { ...state, client } : client;
}

/** The replica that the client is a window of; null before its hello, and of any other client. */
export function replicaOf(state: SessionState): ReplicaId | null {
  const client = clientOf(state);
  return client.kind === 'identified' || client.kind === 'welcomed' ? client.replica : null;
}
