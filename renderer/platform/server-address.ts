/** Where the lab's server is and which room a page belongs to, from the page's own address. */
import { roomNameProblem } from '../../shared/protocol/room-name.ts';

export interface ServerAddress {
  /** "http://127.0.0.1:1234" */
  readonly origin: string;
  readonly room: string;
}

export const defaultRoom = 'lab';

/**
 * Pages that the server itself serves belong to it; only pages of the desktop program's own scheme are told another server by
 * `?server=`. Anywhere else that would let a link point our page at a stranger's server. Throws a RangeError that says what is wrong.
 */
export function serverAddress(location: Pick<Location, 'protocol' | 'origin' | 'search'>): ServerAddress {
  const query = new URLSearchParams(location.search);
  const room = query.get('room') ?? defaultRoom;
  const problem = roomNameProblem(room);
  if (problem !== null) throw new RangeError(problem);
  if (location.protocol !== 'rejoin:') return { origin: location.origin, room };
  const server = query.get('server');
  const url = server === null ? null : parsedUrl(server);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) throw new RangeError(`?server= must be an address such as http://127.0.0.1:1234, not ${server === null ? 'missing' : `"${server.slice(0, 80)}"`}`);
  return { origin: url.origin, room };
}

/** Takes the token that a page was opened with out of its address: the server has given the browser a cookie, and an address is seen, kept and shared. */
export function hideToken({ pathname, search, hash }: Pick<Location, 'pathname' | 'search' | 'hash'>, history: Pick<History, 'replaceState' | 'state'>): void {
  const query = new URLSearchParams(search);
  if (!query.has('token')) return;
  query.delete('token');
  const rest = query.toString();
  history.replaceState(history.state, '', `${pathname}${rest === '' ? '' : `?${rest}`}${hash}`);
}

/** The address of a WebSocket on that server: "ws://127.0.0.1:1234/-/control". */
export function socketAddress(server: ServerAddress, path: string): string {
  return `${server.origin.replace(/^http/, 'ws')}${path}`;
}

function parsedUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
