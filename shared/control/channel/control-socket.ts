/** One connection of the control channel, as the control core sees it: a WebSocket of a server, or a port of a worker. */
export interface ControlSocket {
  /** How many bytes wait to be sent. */
  readonly waitingBytes: number;
  /** Says who is called from now on. Called once, before anything arrives. */
  listen(listener: ControlSocketListener): void;
  send(text: string): void;
  /** Asks the other end for a sign of life. */
  ping(): void;
  /** `code`, `reason`: as a WebSocket closes with. */
  close(code: number, reason: string): void;
  /** Closes without waiting for the other end. */
  terminate(): void;
}

export interface ControlSocketListener {
  /** `text` null: it was bytes, which the control channel does not take. */
  received(text: string | null): void;
  /** The other end answered a ping. */
  answered(): void;
  /** Called once. */
  closed(): void;
}
