/**
 * Who may talk to this server at all. Checked before anything else of a request, upgrades included.
 *
 * Against DNS rebinding: the Host header must be an IP literal, localhost or a name that was configured. Against other web pages: a
 * request with an Origin must come from our own pages, from the desktop windows or from an origin that was allowed; programs that are
 * not browsers send none. Against other machines, where they can reach the server: a token.
 */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { AccessToken } from './access-token.ts';

/** Where the desktop windows' pages come from. */
export const desktopOrigin = 'rejoin://lab';

export interface GuardOptions {
  /** The address that the server listens on. */
  readonly host: string;
  /** Further names that may stand in the Host header. */
  readonly hostNames: readonly string[];
  /** Further origins, such as "http://localhost:5173", for a developer's own app. */
  readonly allowOrigins: readonly string[];
  /** What a request must bring; null: nothing. */
  readonly token: string | null;
}

/** Why a request is refused. */
export interface GuardObjection {
  readonly status: 401 | 403;
  /** One line. */
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;
}

const hostPattern = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?$/;

export class Guard {
  private readonly token: AccessToken | null;

  constructor(private readonly options: GuardOptions) {
    this.token = options.token === null ? null : new AccessToken(options.token);
  }

  /** Why this request is refused, or null. */
  objection(request: IncomingMessage): GuardObjection | null {
    const stranger = this.strangerIn(request);
    if (stranger !== null) return { status: 403, reason: stranger, headers: {} };
    if (this.token === null || this.token.placeIn(request) !== null || this.isPreflight(request)) return null;
    return { status: 401, reason: 'This server wants its token: "Authorization: Bearer TOKEN", or ?token=TOKEN in the address', headers: { 'www-authenticate': 'Bearer' } };
  }

  /** The cookie to set for a browser that brought the token in its address; null for any other. */
  cookieFor(request: IncomingMessage): string | null {
    return this.token?.placeIn(request) === 'query' ? this.token.cookieFor(request) : null;
  }

  private strangerIn(request: IncomingMessage): string | null {
    const host = request.headers.host;
    if (!this.isOwnHost(host)) return `Host "${shown(host)}" is not one that this server answers to`;
    const origin = request.headers.origin;
    if (origin !== undefined && !this.isAllowedOrigin(origin, request)) return `Origin "${shown(origin)}" may not use this server; if it is your own app, start with --allow-origin ${shown(origin)}`;
    return null;
  }

  /** Whether the origin is another one than the server's own and still allowed, so that it needs CORS answers. */
  isForeignButAllowed(origin: string): boolean {
    return origin === desktopOrigin || this.options.allowOrigins.includes(origin);
  }

  /** A browser asks so before a call of an allowed page, without the token, and is told nothing but that it may call. */
  private isPreflight({ method, headers }: IncomingMessage): boolean {
    return method === 'OPTIONS' && headers.origin !== undefined && this.isForeignButAllowed(headers.origin);
  }

  private isOwnHost(host: string | undefined): boolean {
    const name = hostPattern.exec(host ?? '')?.[1]?.toLowerCase();
    if (name === undefined) return false;
    return name === 'localhost' || isIP(name.replace(/^\[|\]$/g, '')) !== 0 || name === this.options.host.toLowerCase() || this.options.hostNames.some((each) => each.toLowerCase() === name);
  }

  private isAllowedOrigin(origin: string, request: IncomingMessage): boolean {
    return origin !== 'null' && (this.isForeignButAllowed(origin) || this.ownOrigins(request).has(origin.toLowerCase()));
  }

  /** The server's own pages: on loopback, under its names, and under the very address of this connection. */
  private ownOrigins(request: IncomingMessage): Set<string> {
    const { localPort, localAddress } = request.socket;
    const addresses = ['127.0.0.1', 'localhost', '::1', this.options.host, ...this.options.hostNames, (localAddress ?? '127.0.0.1').replace(/^::ffff:/, '')];
    const scheme = 'encrypted' in request.socket ? 'https' : 'http';
    return new Set(addresses.map((address) => originOf(scheme, isIP(address) === 6 ? `[${address}]` : address, localPort)));
  }
}

/** As a browser writes it: without the port where that is the scheme's own. */
function originOf(scheme: 'http' | 'https', host: string, port: number | undefined): string {
  return (port === (scheme === 'http' ? 80 : 443) ? `${scheme}://${host}` : `${scheme}://${host}:${port}`).toLowerCase();
}

function shown(header: string | undefined): string {
  return (header ?? '').slice(0, 80);
}
