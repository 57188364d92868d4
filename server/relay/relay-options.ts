/** What a relay is started with. */
import type { IncomingMessage, RequestListener } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ReplicaId } from '../../shared/clocks/dot.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Store } from '../../shared/ports/store.ts';
import type { SharedStore } from '../../shared/ports/shared-store.ts';
import type { TlsFiles } from './http-server.ts';
import type { RelayLimits } from '../../shared/relay/relay-limits.ts';

export interface RelayOptions extends Partial<RelayLimits> {
  /** Where rooms are kept, by this relay alone or by several together. The caller closes it, after the relay. */
  readonly store: Store | SharedStore;
  /** Address to listen on; default 127.0.0.1. One that other machines can reach needs a token. */
  readonly host?: string;
  /** Port to listen on; default 0, any free one. */
  readonly port?: number;
  /** Further names that may stand in the Host header; default none. */
  readonly hostNames?: readonly string[];
  /** Further origins whose pages may connect, such as "http://localhost:5173" or "https://*.example.com"; default none. */
  readonly allowOrigins?: readonly string[];
  /** What every client must bring that talks to this server, 16 to 512 characters; default: nothing. */
  readonly token?: string | null;
  /** A token of clients that only read; default: there is none. Needs `token`. */
  readonly readToken?: string | null;
  /** A further name for "token" in addresses, such as "auth"; default: none. */
  readonly tokenQuery?: string | null;
  /** Addresses and ranges ("10.0.0.0/8") of proxies whose X-Forwarded-For and X-Forwarded-Proto count; default: none. */
  readonly trustedProxies?: readonly string[];
  /** Certificate and key in PEM, for https and wss; default: http and ws. */
  readonly tls?: TlsFiles | null;
  /** Milliseconds between pings; a session that did not answer by the next one is closed; default 15,000. */
  readonly pingMs?: number;
  /** Whether documents forget what was deleted; default true. False where apps keep versions (Y.Snapshot). */
  readonly gc?: boolean;
  readonly clock?: Clock;
  /** Who is to be the first member of a room, by its settings; null: any replica. Default: any. */
  readonly leaderOf?: (settings: unknown) => ReplicaId | null;
  /** Gets one line for everything that a person should know: damaged data, failing store; default: nothing is said. */
  readonly report?: (line: string) => void;
  /** Answers HTTP requests that the guard let through; default 404. */
  readonly request?: RequestListener;
  /** Offered every upgrade that the guard let through, even while the relay is off. Returns whether it took it. */
  readonly upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
}
