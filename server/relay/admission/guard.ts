/**
 * Who may talk to this server at all. Checked before anything else of a request, upgrades included.
 *
 * Against DNS rebinding: the Host header must be an IP literal, localhost or a name that was configured. Against other
 * web pages: a request with an Origin must come from our own pages, from the desktop windows or from an origin that was
 * allowed; programs that are not browsers send none. Against other machines, where they can reach the server: a token;
 * where only a proxy lets them reach it, they have no control (docs/decisions/0022).
 */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { type AccessRights, AccessTokens } from './access-token.ts';
import { AllowedOrigins, readOrigin } from './allowed-origins.ts';
import { ClientAddresses, isForwarded } from './client-addresses.ts';
import { isLoopback } from './connection-limits.ts';

/** Where the desktop windows' pages come from. */
export const desktopOrigin = 'rejoin://lab';

export interface GuardOptions {
  /** The address that the server listens on. */
  readonly host: string;
  /** Further names that may stand in the Host header. */
  readonly hostNames: readonly string[];
  /** Further origins, as AllowedOrigins takes them. */
  readonly allowOrigins: readonly string[];
  /** What a request must bring; null: nothing. */
  readonly token: string | null;
  /** What a request may bring instead that only reads; null: there is none. */
  readonly readToken?: string | null;
  /** A further name for "token" in addresses. */
  readonly tokenQuery?: string | null;
  /** Addresses and ranges of proxies that are believed. */
  readonly trustedProxies?: readonly string[];
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
  readonly clients: ClientAddresses;
  private readonly tokens: AccessTokens | null;
  private readonly origins: AllowedOrigins;

  /** Throws a RangeError of one line for options that make no sense. */
  constructor(private readonly options: GuardOptions) {
    const { token, readToken = null, tokenQuery = null } = options;
    this.tokens = token === null ? null : new AccessTokens({ all: token, read: readToken, query: tokenQuery });
    this.clients = new ClientAddresses(options.trustedProxies);
    this.origins = new AllowedOrigins([desktopOrigin, ...options.allowOrigins]);
  }

  /** Why this request is refused, or null. */
  objection(request: IncomingMessage): GuardObjection | null {
    const stranger = this.strangerIn(request);
    if (stranger !== null) return { status: 403, reason: stranger, headers: {} };
    if (this.tokens === null || this.tokens.find(request) !== null || this.isPreflight(request)) return null;
    const places = `"Authorization: Bearer TOKEN", or ?${this.options.tokenQuery ?? 'token'}=TOKEN in the address`;
    return { status: 401, reason: `This server wants its token: ${places}`, headers: { 'www-authenticate': 'Bearer' } };
  }

  /** What a request may do that was let through. */
  rightsOf(request: IncomingMessage): AccessRights {
    return this.tokens?.find(request)?.rights ?? 'all';
  }

  /** Why a request that was let through may not use the control API, its metrics or its channel; null if it may. */
  controlObjection(request: IncomingMessage, isReading: boolean): string | null {
    if (!isReading && this.rightsOf(request) === 'read') return 'this token only reads';
    if (this.tokens !== null || !isForwarded(request)) return null;
    if (isLoopback(this.clients.told(request) ?? 'unknown')) return null;
    return 'a proxy hands this call on, and a relay without a token answers control calls only to its own machine: start it with --token';
  }

  /** The cookie to set for a browser that brought the token in its address; null for any other. */
  cookieFor(request: IncomingMessage): string | null {
    const found = this.tokens?.find(request);
    if (!this.tokens || found?.place !== 'query') return null;
    return this.tokens.cookieFor(request, found, this.clients.schemeOf(request) === 'https');
  }

  /** Of the sub-protocols that a client offers, the one to answer with. */
  protocolFor(offered: ReadonlySet<string>): string | false {
    return this.tokens ? this.tokens.protocolFor(offered) : ([...offered][0] ?? false);
  }

  private strangerIn(request: IncomingMessage): string | null {
    const host = request.headers.host;
    if (!this.isOwnHost(host)) return `Host "${shown(host)}" is not one that this server answers to`;
    const origin = request.headers.origin;
    if (origin === undefined || this.isAllowedOrigin(origin, request)) return null;
    return `Origin "${shown(origin)}" may not use this server${adviceFor(origin)}`;
  }

  /** Whether the origin is another one than the server's own and still allowed, so that it needs CORS answers. */
  isForeignButAllowed(origin: string): boolean {
    return this.origins.includes(origin);
  }

  /** A browser asks so before a call of an allowed page, without the token, and is told nothing but that it may call. */
  private isPreflight({ method, headers }: IncomingMessage): boolean {
    return method === 'OPTIONS' && headers.origin !== undefined && this.isForeignButAllowed(headers.origin);
  }

  private isOwnHost(host: string | undefined): boolean {
    const name = hostPattern.exec(host ?? '')?.[1]?.toLowerCase();
    if (name === undefined) return false;
    const names = ['localhost', this.options.host.toLowerCase(), ...this.options.hostNames.map((each) => each.toLowerCase())];
    return isIP(name.replace(/^\[|\]$/g, '')) !== 0 || names.includes(name);
  }

  private isAllowedOrigin(origin: string, request: IncomingMessage): boolean {
    return this.isForeignButAllowed(origin) || (origin !== 'null' && this.ownOrigins(request).has(origin.toLowerCase()));
  }

  /** The server's own pages: on loopback, under its names, under the very address of this connection, and as a trusted proxy serves them. */
  private ownOrigins(request: IncomingMessage): Set<string> {
    const { localPort, localAddress } = request.socket;
    const { host, hostNames } = this.options;
    const addresses = ['127.0.0.1', 'localhost', '::1', host, ...hostNames, (localAddress ?? '127.0.0.1').replace(/^::ffff:/, '')];
    const scheme = 'encrypted' in request.socket ? 'https' : 'http';
    const own = addresses.map((address) => originOf(scheme, isIP(address) === 6 ? `[${address}]` : address, localPort));
    const proxied = readOrigin(`${this.clients.schemeOf(request)}://${request.headers.host ?? ''}`);
    return new Set(this.clients.isFromTrustedProxy(request) && proxied !== null ? [...own, proxied] : own);
  }
}

/** What lets this very origin in, where anything does. */
function adviceFor(origin: string): string {
  const value = readOrigin(origin);
  return value === null || value.includes('*') ? '' : `; if it is your own app, start with --allow-origin ${value}`;
}

/** As a browser writes it: without the port where that is the scheme's own. */
function originOf(scheme: 'http' | 'https', host: string, port: number | undefined): string {
  return (port === (scheme === 'http' ? 80 : 443) ? `${scheme}://${host}` : `${scheme}://${host}:${port}`).toLowerCase();
}

function shown(header: string | undefined): string {
  return (header ?? '').slice(0, 80);
}
