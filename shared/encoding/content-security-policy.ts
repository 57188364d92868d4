/**
 * What a page of this program may load and talk to: its own files, and the lab's server. Nothing inline but styles, nothing evaluated.
 * `servers`: the addresses that it may talk to.
 */
export function contentSecurityPolicy(...servers: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    // data: for the icons of the component library, which it fetches.
    ['connect-src', "'self'", 'data:', ...servers].join(' '),
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
