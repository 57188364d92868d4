/**
 * Where a request really comes from, and by which scheme, where proxies stand in between.
 *
 * Guarantees: what a request says of itself (X-Forwarded-For, X-Forwarded-Proto) counts only where it came from a proxy
 * that is trusted; of a chain of addresses the last one that is no trusted proxy counts, as a client can write anything
 * before it.
 */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** What is needed of a request. */
export type Arrival = Pick<IncomingMessage, 'headers' | 'socket'>;

/** Whether a text is an address or a range of them: "10.0.0.7", "10.0.0.0/8", "fd00::/8". */
export function isAddressRange(text: string): boolean {
  return rangeIn(text) !== null;
}

/** What proxies add, beside X-Forwarded-…: RFC 7239, RFC 9110 (7.6.3), and what nginx and content networks are set to send. */
const forwardingHeaders: ReadonlySet<string> = new Set(['forwarded', 'via', 'x-real-ip', 'cf-connecting-ip', 'true-client-ip']);

/** Whether a proxy says that it hands this request on. Such a header is no proof of where it came from. */
export function isForwarded({ headers }: Pick<Arrival, 'headers'>): boolean {
  return Object.keys(headers).some((name) => forwardingHeaders.has(name) || name.startsWith('x-forwarded-'));
}

export class ClientAddresses {
  private readonly trusted = new BlockList();

  /** Takes addresses and ranges of proxies. Throws a RangeError for a text that is neither. */
  constructor(proxies: readonly string[] = []) {
    for (const proxy of proxies) {
      const range = rangeIn(proxy);
      if (range === null) throw new RangeError(`a trusted proxy is an address or a range such as 10.0.0.0/8, not "${proxy}"`);
      this.trusted.addSubnet(range.address, range.bits, range.family);
    }
  }

  /** The client's address; the proxy's own where that is not trusted or does not say. IPv4 as such, also over IPv6. */
  of(request: Arrival): string {
    return this.told(request) ?? plain(request.socket.remoteAddress ?? 'unknown');
  }

  /** The client's address as a trusted proxy tells it; null where none does. */
  told({ headers, socket }: Arrival): string | null {
    let told: string | null = null;
    const chain = headerText(headers['x-forwarded-for']).split(',');
    while (chain.length > 0 && this.isTrusted(told ?? plain(socket.remoteAddress ?? ''))) {
      const next = plain(withoutPort(chain.pop()!.trim()));
      if (isIP(next) === 0) break;
      told = next;
    }
    return told;
  }

  /** "https" or "http", as the client sees it. */
  schemeOf({ headers, socket }: Arrival): 'http' | 'https' {
    const told = this.isFromTrustedProxy({ socket }) ? headerText(headers['x-forwarded-proto']).split(',').at(-1)!.trim() : '';
    if (told === 'http' || told === 'https') return told;
    return 'encrypted' in socket ? 'https' : 'http';
  }

  isFromTrustedProxy({ socket }: Pick<Arrival, 'socket'>): boolean {
    return this.isTrusted(plain(socket.remoteAddress ?? ''));
  }

  private isTrusted(address: string): boolean {
    const version = isIP(address);
    return version !== 0 && this.trusted.check(address, version === 4 ? 'ipv4' : 'ipv6');
  }
}

interface AddressRange {
  readonly address: string;
  readonly bits: number;
  readonly family: 'ipv4' | 'ipv6';
}

function rangeIn(text: string): AddressRange | null {
  const [, address = '', bits] = /^([^/]+)(?:\/([0-9]{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  if (version === 0 || Number(bits ?? 0) > most) return null;
  return { address, bits: Number(bits ?? most), family: version === 4 ? 'ipv4' : 'ipv6' };
}

function headerText(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' ? header : (header ?? []).join(',');
}

/** Some proxies write "10.0.0.7:5123" and "[fd00::7]:5123". */
function withoutPort(text: string): string {
  return /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([0-9.]+):\d+$/.exec(text)?.[1] ?? text;
}

function plain(address: string): string {
  return address.replace(/^::ffff:/i, '');
}
