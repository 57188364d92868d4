/**
 * A transport moves frames of bytes between one replica and the relay.
 *
 * Guarantees: while open, frames arrive whole, once and in the order they were sent; `opened` is called before the first frame
 * of a connection and `closed` after the last.
 * Does not guarantee: that a frame handed to `send` arrives. A connection may end at any moment and takes with it what was
 * under way, so whoever sends must be ready to send again (the protocol's summaries say what is missing).
 */
export interface Transport {
  /** True between `opened` and `closed`. */
  readonly isOpen: boolean;
  /** Sends one frame. A frame sent while closed is dropped: nothing is queued. */
  send(frame: Uint8Array): void;
  /** Adds a listener; if the transport is open already, `opened` is called at once. Returns a function that removes it. */
  listen(listener: TransportListener): () => void;
}

export interface TransportListener {
  opened(): void;
  received(frame: Uint8Array): void;
  closed(): void;
}
