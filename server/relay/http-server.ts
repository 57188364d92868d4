/** The server below a relay: HTTP or HTTPS, with limits on how long a client may take over a handshake. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';

/** Within this time a TLS handshake must be done, and a request's headers be there; in milliseconds. */
export const handshakeMsMax = 10_000;

const times = {
  headersTimeout: handshakeMsMax,
  requestTimeout: 30_000,
  /** How often headers and requests are looked at. */
  connectionsCheckingInterval: 1_000,
};

/** Certificate and key in PEM. */
export interface TlsFiles {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

/** `tls` null: without TLS. `handshakeMs`: how long a TLS handshake may take; default 10,000. */
export function createHttpServer(tls: TlsFiles | null, answer: RequestListener, handshakeMs = handshakeMsMax): Server {
  if (tls === null) return createServer(times, answer);
  return createTlsServer({ ...times, handshakeTimeout: handshakeMs, cert: tls.cert, key: tls.key }, answer);
}
