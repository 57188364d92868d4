/** The built pages: the control room at `/`, a replica's window at `/replica/NAME`, and their assets. */
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { COMPRESSIBLE_CONTENT_TYPE_REGEX } from 'hono/compress';

const contentTypes: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.mjs', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.map', 'application/json; charset=utf-8'],
  ['.webmanifest', 'application/manifest+json; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.ico', 'image/x-icon'],
  ['.jpg', 'image/jpeg'],
  ['.webp', 'image/webp'],
  ['.woff2', 'font/woff2'],
  ['.txt', 'text/plain; charset=utf-8'],
  ['.wasm', 'application/wasm'],
]);

/** Names of assets: no segment may begin with a point, so that nothing outside the folder can be named. */
const assetPattern = /^(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/;

/** Answers a GET for a page; null when there is none of this path. `host` is the checked Host header. */
export async function pageResponse(folder: string, path: string, host: string, isTls: boolean): Promise<Response | null> {
  const file = fileOf(path);
  const type = file === null ? undefined : contentTypes.get(extname(file));
  if (file === null || type === undefined) return null;
  const body = await contentOf(join(folder, file));
  if (body === null) return null;
  // Vite puts a hash of the content into the names of assets, but pages keep their names.
  const cache = file.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
  const headers = {
    'content-type': type,
    'content-length': String(body.length),
    'cache-control': cache,
    'content-security-policy': contentSecurityPolicy(`${isTls ? 'wss' : 'ws'}://${host}`),
    // Said of HEAD and of 304 too, which are never compressed.
    ...(COMPRESSIBLE_CONTENT_TYPE_REGEX.test(type) ? { vary: 'Accept-Encoding' } : {}),
  };
  return new Response(body as Uint8Array<ArrayBuffer>, { headers });
}

function fileOf(path: string): string | null {
  if (path === '/') return 'index.html';
  // Whatever the name: the page itself says what is wrong with it, in a sentence.
  if (/^\/replica\/[^/]+$/.test(path)) return 'replica.html';
  return assetPattern.test(path) ? path.slice(1) : null;
}

async function contentOf(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return null;
    throw error;
  }
}

function contentSecurityPolicy(sockets: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    // data: for the icons of the component library, which it fetches.
    `connect-src 'self' data: ${sockets}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
