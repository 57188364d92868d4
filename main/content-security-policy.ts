/** What a page of this program may load and talk to: its own files, and the lab's server on this machine. Nothing inline, nothing evaluated. */
export function contentSecurityPolicy(server: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    // data: for the icons of the component library, which it fetches.
    `connect-src 'self' data: ${server} ${server.replace(/^http/, 'ws')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
