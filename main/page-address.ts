/**
 * The program's own scheme: rejoin://lab/ for the control room and rejoin://lab/replica/NAME for a replica window.
 * A scheme of its own, not file:, so that pages have an origin: their own storage, a strict policy, and no reach to the user's files.
 */
import { isAbsolute, relative, resolve } from 'node:path';
import { isReplicaId, type ReplicaId } from '../shared/clocks/dot.ts';

export const scheme = 'rejoin';
const origin = `${scheme}://lab`;

/** A window's page: the control room, or a replica by its name. */
export type PageName = { readonly kind: 'control-room' } | { readonly kind: 'replica'; readonly replica: ReplicaId };

/** The address to load in a window; it tells the page where the lab's server is. */
export function pageAddress(page: PageName, server: string, room: string): string {
  const path = page.kind === 'replica' ? `/replica/${encodeURIComponent(page.replica)}` : '/';
  return `${origin}${path}?${new URLSearchParams({ server, room }).toString()}`;
}

/** Whether an address is a page of this program. */
export function isOwnPage(address: string): boolean {
  return parse(address) !== null;
}

/** The replica that an address shows; null for any other address. */
export function replicaIn(address: string): ReplicaId | null {
  const url = parse(address);
  const name = url === null ? undefined : /^\/replica\/([^/]+)$/.exec(url.pathname)?.[1];
  if (name === undefined) return null;
  const replica = decode(name);
  return isReplicaId(replica) ? replica : null;
}

/** The file in the folder of the built pages that answers a request; null when there is none, or it lies outside of the folder. */
export function pageFile(address: string, folder: string): string | null {
  const url = parse(address);
  if (url === null) return null;
  if (url.pathname === '/') return resolve(folder, 'index.html');
  if (url.pathname.startsWith('/replica/')) return replicaIn(address) === null ? null : resolve(folder, 'replica.html');
  const path = decode(url.pathname);
  if (path === null || path.includes('\0') || path.includes('\\')) return null;
  const file = resolve(folder, `.${path}`);
  const inside = relative(folder, file);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? null : file;
}

function parse(address: string): URL | null {
  try {
    const url = new URL(address);
    // Node gives a scheme that it does not know no origin, so the parts are compared.
    return url.protocol === `${scheme}:` && url.host === 'lab' && url.username === '' && url.password === '' ? url : null;
  } catch {
    return null;
  }
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
