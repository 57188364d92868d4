/** Errors of the control API, as RFC 9457 problem details. */
import { STATUS_CODES } from 'node:http';

export function problemResponse(status: number, detail: string): Response {
  const body = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail };
  return new Response(`${JSON.stringify(body)}\n`, { status, headers: { 'content-type': 'application/problem+json; charset=utf-8' } });
}
