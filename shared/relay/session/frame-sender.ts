/** What brings frames to the sessions of a relay. */

/** What gets frames. */
export interface Receiver {
  /** Frames that wait for it; for its sender alone, which replaces them. */
  waitingFrames: Uint8Array[];
  /** Takes bytes that together are whole frames of the socket. */
  write(bytes: readonly Uint8Array[]): void;
}

export interface FrameSender {
  /** Sends a frame, after all that was sent before. It must not change any more. */
  send(receiver: Receiver, frame: Uint8Array): void;
  /** Sends now what waits for one. */
  flushTo(receiver: Receiver): void;
  /** What waits for one is not to be sent. */
  forget(receiver: Receiver): void;
  /** Edits have been sent just now; so many deliveries are to be made of them. */
  noteEdits(deliveries: number): void;
}
