/**
 * A page's end of the control channel. Connects at once, and again after each loss, until it is closed.
 *
 * Guarantees: listeners get whole, well-formed messages in order, and `opened` before the first of each connection.
 * Does not guarantee that a message arrives: one sent while there is no connection is dropped, so whoever reports a state must do so
 * again on `opened`.
 */
import type { ControlMessage } from '../../shared/control/control-message.ts';
import { Listeners } from '../../shared/encoding/listeners.ts';
import { type ServerAddress, socketAddress } from '../platform/server-address.ts';

export interface ControlListener {
  opened?(): void;
  received?(message: ControlMessage): void;
  /** The connection is lost, or the server could not be reached. */
  closed?(): void;
}

export interface ControlConnectionOptions {
  readonly server: ServerAddress;
  /** The replica that this page is; none for the control room. */
  readonly replica?: string;
  /** First wait before connecting again, in milliseconds; doubles up to `retryMsMax`. Default 250. */
  readonly retryMsMin?: number;
  /** Default 4000. */
  readonly retryMsMax?: number;
  /** Default: the page's own. */
  readonly connect?: (address: string) => WebSocket;
}

const kinds: readonly string[] = ['lab', 'status', 'network', 'moment', 'emptied', 'noted', 'time', 'do', 'done'] satisfies ControlMessage['kind'][];

export class ControlConnection {
  private readonly listeners = new Listeners<ControlListener>();
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private retryMs: number;
  private ended = false;

  constructor(private readonly options: ControlConnectionOptions) {
    this.retryMs = options.retryMsMin ?? 250;
    this.connect();
  }

  get isOpen(): boolean {
    return this.socket !== null && this.socket.readyState === this.socket.OPEN;
  }

  /** Adds a listener; `opened` is called at once if there is a connection. Returns a function that removes it. */
  listen(listener: ControlListener): () => void {
    const remove = this.listeners.add(listener);
    if (this.isOpen) listener.opened?.();
    return remove;
  }

  /** Says whether the message went out. */
  send(message: ControlMessage): boolean {
    if (!this.isOpen) return false;
    this.socket?.send(JSON.stringify(message));
    return true;
  }

  /** Ends the connection for good. */
  close(): void {
    this.ended = true;
    clearTimeout(this.timer);
    this.socket?.close();
  }

  private connect(): void {
    const { server, replica, connect } = this.options;
    const query = new URLSearchParams({ room: server.room, ...(replica === undefined ? {} : { replica }) });
    const address = socketAddress(server, `/-/control?${query}`);
    const socket = connect ? connect(address) : new WebSocket(address);
    this.socket = socket;
    socket.addEventListener('open', () => {
      this.retryMs = this.options.retryMsMin ?? 250;
      this.listeners.callEach((listener) => listener.opened?.());
    });
    socket.addEventListener('message', (event) => {
      const message = parsedMessage(event.data);
      if (message) this.listeners.callEach((listener) => listener.received?.(message));
    });
    socket.addEventListener('close', () => {
      this.listeners.callEach((listener) => listener.closed?.());
      if (!this.ended) this.retry();
    });
  }

  private retry(): void {
    this.timer = setTimeout(() => this.connect(), this.retryMs);
    this.retryMs = Math.min(this.retryMs * 2, this.options.retryMsMax ?? 4000);
  }
}

/** Null for what a newer or broken server may send: a page must not fall over it. */
function parsedMessage(data: unknown): ControlMessage | null {
  if (typeof data !== 'string') return null;
  try {
    const message = JSON.parse(data) as { kind?: unknown } | null;
    return typeof message?.kind === 'string' && kinds.includes(message.kind) ? (message as ControlMessage) : null;
  } catch {
    return null;
  }
}
