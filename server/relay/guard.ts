/**
 * Who may talk to this server at all. Checked before anything else of a request, upgrades included.
 *
 * Against DNS rebinding: the Host header must be an IP literal, localhost or a name that was configured. Against other web pages: a
 * request with an Origin must come from our own pages, from the desktop windows or from an origin that was allowed; programs that are
 * not browsers send none.
 */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** Where the desktop windows' pages come from. */
export const desktopOrigin = 'rejoin://lab';

export interface GuardOptions {
  /** The address that the server listens on. */
  readonly host: string;
  /** Further names that may stand in the Host header. */
  readonly hostNames: readonly string[];
  /** Further origins, such as "http://localhost:5173", for a developer's own app. */
  readonly allowOrigins: readonly string[];
}

const hostPattern = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?$/;

export class Guard {
  constructor(private readonly options: GuardOptions) {}

  /** Why this request is refused, in one line, or null. */
  objection(request: IncomingMessage): string | null {
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
    return new Set(addresses.map((address) => originOf(isIP(address) === 6 ? `[${address}]` : address, localPort)));
  }
}

/** As a browser writes it: without the port where that is the scheme's own. */
function originOf(host: string, port: number | undefined): string {
  return (port === 80 ? `http://${host}` : `http://${host}:${port}`).toLowerCase();
}

function shown(header: string | undefined): string {
  return (header ?? '').slice(0, 80);
}
