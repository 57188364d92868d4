/**
 * The origins that `--allow-origin` names: of web pages, and of the shells in which apps run (Capacitor, Tauri, Electron,
 * web views, browser extensions), whose origins have schemes of their own.
 *
 * Guarantees: "https://*.example.com" stands for names with one or more labels before example.com, never for
 * example.com itself; "*" stands for nothing else than the first labels of a host; `null` is allowed only by its name.
 */

/** Scheme, host with "*." or "*" first, port. Schemes as RFC 3986 has them. */
const originPattern = /^([a-z][a-z0-9+.-]*):\/\/(\*|(?:\*\.)?[a-z0-9._~%-]+|\[[0-9a-f:.]+\])?(:[0-9]{1,5})?$/;
/** A host ends here in what a browser sends. */
const labels = '[a-z0-9_%~-]+(?:\\.[a-z0-9_%~-]+)*';

export const originExamples = 'http://localhost:5173, https://*.example.com, capacitor://localhost, file:// or null';

/** An origin as browsers send it, so that it can be compared: in small letters, without a path; null for what is none. */
export function readOrigin(text: string): string | null {
  if (text === 'null') return text;
  const lower = text.toLowerCase();
  const [, scheme, host = '', port = ''] = originPattern.exec(lower.replace(/([^/])\/$/, '$1')) ?? [];
  if (scheme === undefined || (host === '') !== (scheme === 'file') || (host === '' && port !== '')) return null;
  if (scheme !== 'http' && scheme !== 'https') return Number(port.slice(1)) > 65_535 ? null : `${scheme}://${host}${port}`;
  return webOrigin(scheme, host, port);
}

export class AllowedOrigins {
  private readonly exact = new Set<string>();
  private readonly patterns: RegExp[] = [];

  /** Throws a RangeError for a text that is no origin. */
  constructor(texts: readonly string[]) {
    for (const text of texts) {
      const origin = readOrigin(text);
      if (origin === null) throw new RangeError(`an allowed origin is such as ${originExamples}, not "${text}"`);
      if (origin.includes('://*')) this.patterns.push(patternOf(origin));
      else this.exact.add(origin);
    }
  }

  includes(origin: string): boolean {
    const sent = readOrigin(origin);
    if (sent === null || sent.includes('*')) return false;
    return this.exact.has(sent) || this.patterns.some((pattern) => pattern.test(sent));
  }
}

/** No "*" for all hosts, nor for all of a top-level domain: anybody can have one of those. */
function webOrigin(scheme: string, host: string, port: string): string | null {
  if (host === '*' || /^\*\.(?:(?!localhost$)[^.]*|.*\.)$/.test(host)) return null;
  const wildcard = host.startsWith('*.');
  const address = `${scheme}://${wildcard ? host.slice(2) : host}${port}`;
  if (!URL.canParse(address)) return null;
  const { origin } = new URL(address);
  return wildcard ? origin.replace('://', '://*.') : origin;
}

function patternOf(origin: string): RegExp {
  const [scheme, rest] = origin.split('://*') as [string, string];
  return new RegExp(`^${escaped(scheme)}://${labels}${escaped(rest)}$`);
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
