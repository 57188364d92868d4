/** What holds for every session: pages come from the program's own files, under the strict policy, and get no permission. */
import { readFile } from 'node:fs/promises';
import type { Session } from 'electron';
import { getMimeType } from 'hono/utils/mime';
import { contentSecurityPolicy } from '../shared/encoding/content-security-policy.ts';
import { isOwnPage, pageFile, scheme } from './page-address.ts';

/** The one permission that a page may have: to put text on the clipboard when somebody presses a button for it. */
const allowedPermission = 'clipboard-sanitized-write';

export function isPermitted(permission: string, requestingAddress: string): boolean {
  return permission === allowedPermission && isOwnPage(requestingAddress);
}

export function guardSession(session: Session, pagesFolder: string, server: string): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => answer(isPermitted(permission, details.requestingUrl)));
  session.setPermissionCheckHandler((_contents, permission, origin) => isPermitted(permission, origin));
  session.setDevicePermissionHandler(() => false);
  session.protocol.handle(scheme, (request) => answerRequest(request, pagesFolder, server));
}

/** Answers a request for a page's file; 404 for everything else. */
export async function answerRequest(request: { readonly url: string; readonly method: string }, pagesFolder: string, server: string): Promise<Response> {
  const headers = { 'content-security-policy': contentSecurityPolicy(server, server.replace(/^http/, 'ws')), 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' };
  if (request.method !== 'GET' && request.method !== 'HEAD') return new Response(null, { status: 405, headers: { ...headers, allow: 'GET, HEAD' } });
  const file = pageFile(request.url, pagesFolder);
  const body = file === null ? null : await readFile(file).catch(() => null);
  if (file === null || body === null) return new Response('There is no such page.', { status: 404, headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' } });
  return new Response(request.method === 'HEAD' ? null : new Uint8Array(body), { headers: { ...headers, 'content-type': getMimeType(file) ?? 'application/octet-stream' } });
}
