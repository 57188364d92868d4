/**
 * The token that lets other machines in.
 *
 * Guarantees: comparing takes as long for a wrong token as for the right one, whatever its length; the token stands in no message. Who has it may do everything: there
 * are no lesser rights. Over plain HTTP whoever reads the network reads it too; TLS is against that.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** At least 128 bits, in base64url. */
const tokenPattern = /^[A-Za-z0-9_-]{22,256}$/;
/** How long a browser keeps its cookie, in seconds: 30 days. */
const cookieSeconds = 30 * 24 * 60 * 60;

export type TokenPlace = 'header' | 'query' | 'cookie';

/** A new token of 128 bits. */
export function newToken(): string {
  return randomBytes(16).toString('base64url');
}

export function isToken(text: string): boolean {
  return tokenPattern.test(text);
}

export class AccessToken {
  private readonly hash: Buffer;

  /** Throws a RangeError, without the token in it, when it is too easily guessed. */
  constructor(private readonly token: string) {
    if (!isToken(token)) throw new RangeError('a token is 22 to 256 of A–Z a–z 0–9 _ - (128 bits or more)');
    this.hash = hashOf(token);
  }

  /** Where a request brings the token: "Authorization: Bearer T", "?token=T" or our cookie; null: nowhere, or a wrong one. */
  placeIn(request: IncomingMessage): TokenPlace | null {
    const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (bearer !== undefined) return this.isRight(bearer) ? 'header' : null;
    const asked = new URLSearchParams(/\?(.*)$/s.exec(request.url ?? '')?.[1] ?? '').get('token');
    if (asked !== null) return this.isRight(asked) ? 'query' : null;
    return cookiesNamed(cookieName(request), request.headers.cookie).some((value) => this.isRight(value)) ? 'cookie' : null;
  }

  /** For a browser that came with "?token=", so that what its pages load and connect to needs no token in the address. */
  cookieFor(request: IncomingMessage): string {
    const secure = 'encrypted' in request.socket ? '; Secure' : '';
    return `${cookieName(request)}=${this.token}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${cookieSeconds}${secure}`;
  }

  private isRight(text: string): boolean {
    return timingSafeEqual(hashOf(text), this.hash);
  }
}

/** Cookies do not know ports: two labs on one machine would take each other's away. */
function cookieName(request: IncomingMessage): string {
  return `rejoin-token-${request.socket.localPort ?? 0}`;
}

function cookiesNamed(name: string, header: string | undefined): string[] {
  return (header ?? '').split(';').map((pair) => pair.trim()).filter((pair) => pair.startsWith(`${name}=`)).map((pair) => pair.slice(name.length + 1));
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
