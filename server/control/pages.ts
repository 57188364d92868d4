/** The built pages: the control room at `/`, a replica's window at `/replica/NAME`, and their assets. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { COMPRESSIBLE_CONTENT_TYPE_REGEX } from 'hono/compress';
import { getMimeType } from 'hono/utils/mime';
import { contentSecurityPolicy } from '../../shared/encoding/content-security-policy.ts';

/** Names of assets: no segment may begin with a point, so that nothing outside the folder can be named. */
const assetPattern = /^(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/;

/** Answers a GET for a page; null when there is none of this path. `host` is the checked Host header. */
export async function pageResponse(folder: string, path: string, host: string, isTls: boolean): Promise<Response | null> {
  const file = fileOf(path);
  const type = file === null ? undefined : getMimeType(file);
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
