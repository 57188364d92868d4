/**
 * The tokens that let other machines in: one for everything, and maybe one that only reads.
 *
 * Guarantees: comparing takes as long for a wrong token as for the right one, whatever its length; no token stands in a
 * message. Over plain HTTP a reader of the network reads it too; TLS is against that.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Characters of a token. Fewer than `tokenLengthSafe`, and it may be guessed: 22 of base64url are 128 bits. */
export const tokenLength = { min: 16, safe: 22, max: 512 } as const;

/** How long a browser keeps its cookie, in seconds: 30 days. */
const cookieSeconds = 30 * 24 * 60 * 60;

export type TokenPlace = 'header' | 'query' | 'protocol' | 'cookie';

/** "read": it may join rooms and read, and change nothing. */
export type AccessRights = 'all' | 'read';

export interface FoundToken {
  readonly place: TokenPlace;
  readonly rights: AccessRights;
}

export interface AccessTokensOptions {
  /** May do everything. */
  readonly all: string;
  /** Only reads; null: there is none. */
  readonly read: string | null;
  /** A further name for "token" in addresses. */
  readonly query: string | null;
}

/** A new token of 128 bits. */
export function newToken(): string {
  return randomBytes(16).toString('base64url');
}

/** Any text that a header can carry: 16 to 512 characters, none of them a control character, no space at either end. */
export function isToken(text: string): boolean {
  const { length } = [...text];
  return length >= tokenLength.min && length <= tokenLength.max && !/\p{C}/u.test(text) && text.trim() === text;
}

/** What a token is, for messages. */
export const tokenRule = `${tokenLength.min} to ${tokenLength.max} characters, none of them a control character, without spaces at its ends`;

/** Whether a token is so short that it may be guessed. */
export function isGuessable(token: string): boolean {
  return [...token].length < tokenLength.safe;
}

export class AccessTokens {
  private readonly hashes: ReadonlyMap<AccessRights, Buffer>;

  /** Throws a RangeError, without the token in it, when one is too easily guessed or both are the same. */
  constructor(private readonly options: AccessTokensOptions) {
    const { all, read } = options;
    if (!isToken(all) || (read !== null && !isToken(read))) throw new RangeError(`a token is ${tokenRule}`);
    if (all === read) throw new RangeError('the token that only reads must be another one');
    this.hashes = new Map<AccessRights, Buffer>([['all', hashOf(all)], ...(read === null ? [] : [['read', hashOf(read)] as const])]);
  }

  /**
   * The token that a request brings: "Authorization: Bearer T", "?token=T", a WebSocket's sub-protocol or our cookie;
   * null: none, or a wrong one. A wrong one in an earlier place is not made good by a later one.
   */
  find(request: IncomingMessage): FoundToken | null {
    const { headers } = request;
    const bearer = /^Bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1];
    if (bearer !== undefined) return this.found('header', spellings(bearer));
    const asked = this.queryTokens(request.url ?? '');
    if (asked !== null) return this.found('query', asked);
    const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').flatMap((each) => spellings(each.trim()));
    return this.found('protocol', protocols) ?? this.found('cookie', cookiesNamed(cookieName(request), headers.cookie).flatMap(spellings));
  }

  /** Of the sub-protocols that a client offers, the one to answer with; false: none. The token is named only where there is no other. */
  protocolFor(offered: ReadonlySet<string>): string | false {
    const all = [...offered];
    return all.find((each) => this.found('protocol', spellings(each)) === null) ?? all[0] ?? false;
  }

  /** For a browser that came with "?token=", so that what its pages load and connect to needs no token in the address. */
  cookieFor(request: IncomingMessage, { rights }: FoundToken, isSecure: boolean): string {
    const token = rights === 'read' ? this.options.read! : this.options.all;
    const secure = isSecure ? '; Secure' : '';
    return `${cookieName(request)}=${encodeURIComponent(token)}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${cookieSeconds}${secure}`;
  }

  /** What an address brings under our name and the app's own; null: neither name is there. */
  private queryTokens(url: string): string[] | null {
    const query = /\?(.*)$/s.exec(url)?.[1] ?? '';
    const names = ['token', ...(this.options.query === null ? [] : [this.options.query])];
    const values = names.flatMap((name) => new URLSearchParams(query).getAll(name).slice(0, 1));
    if (values.length === 0) return null;
    // URLSearchParams reads "+" as a space, and many a client writes it for a plus.
    const withPlus = names.flatMap((name) => new URLSearchParams(query.replaceAll('+', '%2B')).getAll(name).slice(0, 1));
    return [...values, ...withPlus];
  }

  private found(place: TokenPlace, texts: readonly string[]): FoundToken | null {
    let found: FoundToken | null = null;
    for (const text of texts) {
      const hash = hashOf(text);
      for (const [rights, expected] of this.hashes) if (timingSafeEqual(hash, expected)) found = { place, rights };
    }
    return found;
  }
}

/** Cookies do not know ports: two labs on one machine would take each other's away. */
function cookieName(request: IncomingMessage): string {
  return `rejoin-token-${request.socket.localPort ?? 0}`;
}

function cookiesNamed(name: string, header: string | undefined): string[] {
  return (header ?? '').split(';').map((pair) => pair.trim()).filter((pair) => pair.startsWith(`${name}=`)).map((pair) => pair.slice(name.length + 1));
}

/** A header's value as it stands, as UTF-8, and percent-decoded: what clients make of characters that headers cannot carry. */
function spellings(text: string): string[] {
  const utf8 = Buffer.from(text, 'latin1').toString('utf8');
  try {
    return [text, utf8, decodeURIComponent(text)];
  } catch {
    return [text, utf8];
  }
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
