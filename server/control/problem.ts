/** Errors of the control API, as RFC 9457 problem details. */
import { STATUS_CODES } from 'node:http';

/** Thrown where a call cannot be answered; `message` says in one line what was wrong and what was expected. */
export class Problem extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

export function problemResponse(status: number, detail: string): Response {
  const body = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail };
  return new Response(`${JSON.stringify(body)}\n`, { status, headers: { 'content-type': 'application/problem+json; charset=utf-8' } });
}
